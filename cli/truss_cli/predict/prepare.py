"""From a truss and the command line to the worker's job."""

import os
import sys
from typing import TYPE_CHECKING

from truss_cli.contract.defaults import LOAD_TIMEOUT_SECONDS, STREAM_GAP_SECONDS
from truss_cli.display import wants_color
from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.options import PredictOptions, reads_stdin
from truss_cli.predict.single import Single
from truss_cli.project import Truss
from truss_cli.runtime.model.errors import ErrorReporter
from truss_cli.runtime.model.input import Payload
from truss_cli.runtime.model.loader import ModelSpec, require_deployable
from truss_cli.runtime.model.secrets import Secrets

if TYPE_CHECKING:
    from truss_cli.predict.session import Session


def prepare(options: PredictOptions, truss: Truss, payload: Payload) -> Single:
    """Return the task of one request; raise TrussError for what is known to fail without running anything."""
    if options.profile is not None:
        from truss_cli.predict.profile import require_profile  # noqa: PLC0415 - only here

        require_profile(options.profile)
    spec = prepare_spec(options, truss)
    return Single(
        spec=spec,
        payload=payload,
        load_timeout=options.load_timeout or LOAD_TIMEOUT_SECONDS,
        predict_timeout=options.predict_timeout,
        on_terminal=wants_color(sys.stdout),
        stream_gap=options.predict_timeout or _stream_gap(truss),
        profile=options.profile.absolute()
        if options.profile
        else None,  # the worker has another current folder
    )


def prepare_session(options: PredictOptions, truss: Truss) -> "Session":
    """Return the task of a session; raise TrussError without a terminal to hold it on."""
    from truss_cli.predict.session import Session  # noqa: PLC0415 - only here

    if not os.isatty(0):
        raise TrussError("`--interactive` needs a terminal", hint="For many inputs in a file, use `--jsonl`.")
    return Session(
        spec=prepare_spec(options, truss),
        max_input=options.max_input,
        load_timeout=options.load_timeout or LOAD_TIMEOUT_SECONDS,
        predict_timeout=options.predict_timeout,
        stream_gap=options.predict_timeout or _stream_gap(truss),
        on_terminal=wants_color(sys.stdout),
    )


def prepare_spec(options: PredictOptions, truss: Truss) -> ModelSpec:
    """Return what the model is loaded from; raise TrussError for a truss that cannot be run."""
    require_deployable(truss)
    _require_model_file(truss)
    secrets = Secrets(truss.secrets, _secrets_given(options, truss))
    truss = Truss(truss.folder.resolve(), truss.document)  # the worker has another current folder
    reporter = ErrorReporter(tuple(secrets.values_known()), truss, full=options.traceback == "full")
    return ModelSpec(truss, secrets, options.environment, reporter)


def _secrets_given(options: PredictOptions, truss: Truss) -> dict[str, str]:
    """Return what takes the place of the environment's values, and what of `.env` it has no value for."""
    if not truss.secrets:
        return {}
    from truss_cli.runtime.model.secrets_file import read_env_file, read_secrets  # noqa: PLC0415 - few have any

    given = read_env_file(truss.folder / ".env", truss.secrets)
    if options.secrets is not None:
        given |= read_secrets(options.secrets)
    return given | dict(_secret(text, options) for text in options.secret_values)


def _secret(text: str, options: PredictOptions) -> tuple[str, str]:
    """Return the name and value of `--secret NAME=VALUE`."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise TrussError(
            "`--secret` takes NAME=VALUE", hint="Write `--secret NAME=-` to read the value from stdin."
        )
    if value != "-":
        return name, value
    if reads_stdin(options):
        raise TrussError(
            "the input and a secret are both read from stdin", hint="Give the input with `-d` or `-f`."
        )
    return name, sys.stdin.readline().rstrip("\r\n")


def _require_model_file(truss: Truss) -> None:
    """Raise TrussError for a truss without a model file."""
    if truss.model_path.is_file():
        return
    if not truss.needs_model_file:
        message = "this truss has no model class: its own server answers requests, and cannot be run here"
        raise TrussError(message, exit_code=ExitCode.FAULT)
    path = f"{truss.module_folder}/{truss.model_path.name}"
    raise TrussError(
        f"the truss has no {path}",
        hint=f"Write it, with a class `{truss.class_name}`, or name the file that has it in config.yaml.",
        exit_code=ExitCode.FAULT,
    )


def _stream_gap(truss: Truss) -> float:
    """Seconds that the server waits for the next chunk of a stream."""
    runtime = truss.values.get("runtime")
    seconds = runtime.get("streaming_read_timeout") if isinstance(runtime, dict) else None
    if not isinstance(seconds, int | float) or seconds <= 0:
        return STREAM_GAP_SECONDS
    return float(seconds)

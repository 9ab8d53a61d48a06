"""From a truss and the command line to the worker's job."""

import sys

from truss_cli.contract.defaults import LOAD_TIMEOUT_SECONDS, STREAM_GAP_SECONDS
from truss_cli.display import wants_color
from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.options import PredictOptions
from truss_cli.predict.single import Single
from truss_cli.project import Truss
from truss_cli.runtime.model.errors import ErrorReporter
from truss_cli.runtime.model.input import Payload
from truss_cli.runtime.model.loader import ModelSpec, require_deployable
from truss_cli.runtime.model.secrets import Secrets


def prepare(options: PredictOptions, truss: Truss, payload: Payload) -> Single:
    """Return the task of one request; raise TrussError for what is known to fail without running anything."""
    spec = prepare_spec(options, truss)
    return Single(
        spec=spec,
        payload=payload,
        load_timeout=options.load_timeout or LOAD_TIMEOUT_SECONDS,
        predict_timeout=options.predict_timeout,
        on_terminal=wants_color(sys.stdout),
        stream_gap=options.predict_timeout or _stream_gap(truss),
    )


def prepare_spec(options: PredictOptions, truss: Truss) -> ModelSpec:
    """Return what the model is loaded from; raise TrussError for a truss that cannot be run."""
    require_deployable(truss)
    _require_model_file(truss)
    secrets = Secrets(truss.secrets, _secrets_given(options))
    truss = Truss(truss.folder.resolve(), truss.document)  # the worker has another current folder
    reporter = ErrorReporter(tuple(secrets.values_known()), truss, full=options.traceback == "full")
    return ModelSpec(truss, secrets, options.environment, reporter)


def _secrets_given(options: PredictOptions) -> dict[str, str]:
    if options.secrets is None:
        return {}
    from truss_cli.runtime.model.secrets_file import read_secrets  # noqa: PLC0415 - only here

    return read_secrets(options.secrets)


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

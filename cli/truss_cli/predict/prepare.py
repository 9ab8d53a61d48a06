"""From a truss and the command line to the worker's job."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from truss_cli.choices import EngineName
from truss_cli.contract.defaults import LOAD_TIMEOUT_SECONDS
from truss_cli.deployment.variables import parse_variables
from truss_cli.display import is_terminal
from truss_cli.errors import TrussError
from truss_cli.predict.options import PredictOptions, reads_stdin
from truss_cli.predict.single import Single
from truss_cli.project import Truss
from truss_cli.runtime.image.staging import in_place, in_stage
from truss_cli.runtime.model.calling.input import Payload
from truss_cli.runtime.model.loader import ModelSpec
from truss_cli.runtime.model.opening import SecretSources, model_spec, stream_gap_seconds

if TYPE_CHECKING:
    from truss_cli.predict.session import Session


def prepare(options: PredictOptions, truss: Truss, payload: Payload, cleanup: ExitStack) -> Single:
    """Return the task of one request; raise TrussError for what is known to fail without running anything."""
    if options.profile is not None:
        from truss_cli.predict.profile import require_profile  # noqa: PLC0415 - only here

        require_profile(options.profile)
    spec = prepare_spec(options, truss, cleanup)
    return Single(
        spec=spec,
        method=options.method,
        payload=payload,
        load_timeout=options.load_timeout or LOAD_TIMEOUT_SECONDS,
        predict_timeout=options.predict_timeout,
        on_terminal=is_terminal(sys.stdout),
        stream_gap=options.predict_timeout or stream_gap_seconds(truss),
        profile=options.profile.absolute()
        if options.profile
        else None,  # the worker has another current folder
    )


def prepare_session(options: PredictOptions, truss: Truss, cleanup: ExitStack) -> "Session":
    """Return the task of a session; raise TrussError without a terminal to hold it on."""
    from truss_cli.predict.session import Session  # noqa: PLC0415 - only here

    if not os.isatty(0):
        raise TrussError("`--interactive` needs a terminal", hint="For many inputs in a file, use `--jsonl`.")
    return Session(
        spec=prepare_spec(options, truss, cleanup),
        max_input=options.max_input,
        load_timeout=options.load_timeout or LOAD_TIMEOUT_SECONDS,
        predict_timeout=options.predict_timeout,
        stream_gap=options.predict_timeout or stream_gap_seconds(truss),
        on_terminal=is_terminal(sys.stdout),
    )


def prepare_python(options: PredictOptions, truss: Truss) -> Path | None:
    """Return the Python of the truss's environment if that is asked for; raise TrussError."""
    if not options.isolated:
        return None
    from truss_cli.environment.isolated import isolated_python, note_unreproduced  # noqa: PLC0415 - only here

    note_unreproduced(truss)
    return isolated_python(truss, options.isolation)


def prepare_spec(options: PredictOptions, truss: Truss, cleanup: ExitStack) -> ModelSpec:
    """Return what the model is loaded from, which `cleanup` removes; raise TrussError if it cannot be run."""
    spec = model_spec(
        truss,
        secrets=SecretSources(options.secrets, options.secret_values, stdin_is_free=not reads_stdin(options)),
        environment=options.environment,
        variables=parse_variables(options.variables),
        full_traceback=options.traceback == "full",
        method=options.method,
    )
    # Workers of Ray may be on other machines.
    place = in_place if options.in_place or options.engine is EngineName.RAY else in_stage
    spec = place(spec, cleanup)
    return spec.portable() if options.isolated else spec

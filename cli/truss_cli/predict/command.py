"""`truss predict`: the order of the work."""

import contextlib
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from truss_cli.display import is_terminal
from truss_cli.environment.isolated import Isolation
from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.options import PredictOptions, require_consistent
from truss_cli.project import Truss
from truss_cli.runtime.model.calling.input import Payload, parse_payload, read_body
from truss_cli.runtime.model.opening import open_named_truss
from truss_cli.runtime.process.standard_streams import require_standard_streams

if TYPE_CHECKING:
    from truss_cli.runtime.process.channel import Outcome
    from truss_cli.runtime.process.context import Task
    from truss_cli.runtime.process.interpreter.start import Interpreter
    from truss_cli.runtime.process.supervisor import OnPhase

__all__ = ["Isolation", "PredictOptions", "predict"]


def predict(options: PredictOptions) -> ExitCode:
    """Load the model, call it and print its answer; raise TrussError, or KeyboardInterrupt on Ctrl-C."""
    require_consistent(options)
    require_standard_streams()
    truss = _open(options.folder)
    with _built_interpreter(options, truss) as interpreter, contextlib.ExitStack() as cleanup:
        run = _run(options, truss, interpreter, cleanup)
        outcome = run(_progress())
    if options.stats and outcome.stats:
        from truss_cli.runtime.process.stats import format_stats  # noqa: PLC0415

        sys.stderr.write(format_stats(outcome.stats, options.stats) + "\n")
    if outcome.error:
        raise outcome.error
    return outcome.exit_code


def _built_interpreter(
    options: PredictOptions, truss: Truss
) -> "contextlib.AbstractContextManager[Interpreter | None]":
    """Start the Python of the truss's environment, if it is there, to be ready once the input is read."""
    if not options.isolated or options.jsonl or options.isolation.refresh:
        return contextlib.nullcontext()
    from truss_cli.environment.isolated import built_environment  # noqa: PLC0415 - only here

    python = built_environment(truss, options.isolation.python)
    if python is None:
        return contextlib.nullcontext()
    from truss_cli.runtime.process.interpreter.start import Interpreter  # noqa: PLC0415 - only here

    return contextlib.closing(Interpreter(python))


def _run(
    options: PredictOptions,
    truss: Truss,
    interpreter: "Interpreter | None",
    cleanup: contextlib.ExitStack,
) -> "Callable[[OnPhase], Outcome]":
    if options.jsonl:
        from truss_cli.predict.batch.prepare import prepare_batch  # noqa: PLC0415 - only here

        return prepare_batch(options, truss, cleanup).run
    task = _task(options, truss, cleanup)
    if options.debug:
        from truss_cli.runtime.process.unsupervised import run_unsupervised  # noqa: PLC0415 - rarely needed

        return lambda _on_phase: run_unsupervised(task)
    from truss_cli.predict.prepare import prepare_python  # noqa: PLC0415
    from truss_cli.runtime.process.supervisor import supervise  # noqa: PLC0415

    python = prepare_python(options, truss)
    if interpreter is not None:
        return functools.partial(supervise, functools.partial(interpreter.begin, task))
    from truss_cli.runtime.process.worker_process import WorkerProcess  # noqa: PLC0415

    if python is not None:
        from truss_cli.runtime.process.interpreter.start import work_in  # noqa: PLC0415 - only here

        return functools.partial(
            supervise, functools.partial(WorkerProcess, functools.partial(work_in, python, task, ()))
        )
    from truss_cli.runtime.process.worker import work  # noqa: PLC0415

    return functools.partial(supervise, functools.partial(WorkerProcess, functools.partial(work, task)))


def _task(options: PredictOptions, truss: Truss, cleanup: contextlib.ExitStack) -> "Task":
    if options.interactive:
        from truss_cli.predict.prepare import prepare_session  # noqa: PLC0415 - only here

        return prepare_session(options, truss, cleanup)
    payload = _payload(options, truss)
    from truss_cli.predict.prepare import prepare  # noqa: PLC0415 - input errors first, and fast

    return prepare(options, truss, payload, cleanup)


def _progress() -> Callable[[str | None], None]:
    if not (sys.stderr and is_terminal(sys.stderr)):
        return lambda _phase: None
    from truss_cli.runtime.output.spinner import Spinner  # noqa: PLC0415 - only on a terminal

    return Spinner()


def _open(folder: Path) -> Truss:
    is_folder = os.path.isdir(folder)  # noqa: PTH112 - pathlib raises for a name that is too long
    if not is_folder and str(folder).lstrip()[:1] in ("{", "[", '"'):
        raise TrussError("the input is given in place of the truss's folder", hint="Use `-d JSON`.")
    return open_named_truss(folder, "predict")


def _payload(options: PredictOptions, truss: Truss) -> Payload:
    if options.example:
        from truss_cli.predict.example import example_payload  # noqa: PLC0415 - only here

        return example_payload(truss)
    payload = parse_payload(*_body(options))
    if payload.error is not None:
        from truss_cli.predict.example import mentions_request  # noqa: PLC0415 - only here

        if not mentions_request(truss):
            raise payload.error
    return payload


def _body(options: PredictOptions) -> tuple[bytes, str]:
    """Return the JSON of the input, and what to call it in errors."""
    from truss_cli.predict.written_input import YAML_SUFFIXES, fields_as_json, yaml_as_json  # noqa: PLC0415

    if options.fields:
        return fields_as_json(options.fields, options.max_input), "the input of `-i`"
    body, origin = read_body(options.data, options.file, options.max_input)
    if options.file is not None and options.file.suffix.lower() in YAML_SUFFIXES:
        return yaml_as_json(body, origin), origin
    return body, origin

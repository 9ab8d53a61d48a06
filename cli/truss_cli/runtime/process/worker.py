"""The child process: does its task, and ends itself whatever threads are left."""

from __future__ import annotations

import atexit
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.output.writer import OutputClosedError
from truss_cli.runtime.process.channel import Outcome, WorkerChannel
from truss_cli.runtime.process.context import Task, WorkerContext
from truss_cli.runtime.process.lifetime.signals import StopRequestedError, stop_on_request
from truss_cli.runtime.process.stacks import answer_dump_signal
from truss_cli.runtime.process.standard_streams import claim_stdout, flush_prints, keep_stdin_from_model
from truss_cli.runtime.process.stats import Stopwatch
from truss_cli.runtime.process.unexpected import InterpreterSettings, unexpected_error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from truss_cli.runtime.process.lifetime.deadline import Deadline


def work(task: Task, channel: WorkerChannel, deadline: Deadline) -> NoReturn:
    """Do the task, send its outcome, run the model's exit handlers, and end the process."""
    signal.signal(signal.SIGINT, _ignore)
    answer_dump_signal(channel.stacks)
    stop_on_request()
    closing: list[Callable[[], None]] = []
    interpreter = InterpreterSettings.current()
    try:
        context = WorkerContext(channel, deadline, Stopwatch(), _private_stdout(channel), closing)
        outcome = _outcome(task, context)
        interpreter.restore()
        channel.outcome(outcome)
    except StopRequestedError:
        interpreter.restore()
        channel.outcome(Outcome(ExitCode.INTERRUPTED))
    except Exception as error:  # noqa: BLE001 - the supervisor reports it
        lowered_limit = interpreter.restore()
        unexpected = unexpected_error(error, lowered_limit)
        channel.outcome(Outcome(unexpected.exit_code, unexpected))
    finally:
        interpreter.restore()
        _end(closing)


def _ignore(_signal: int, _frame: FrameType | None) -> None:
    """Leave Ctrl-C to the supervisor; unlike SIG_IGN this is not inherited by programs."""


def _end(closing: Sequence[Callable[[], None]]) -> NoReturn:
    """Close what is open, and run exit handlers without waiting for threads, which may never end."""
    try:
        for close in closing:
            close()
        _join_process_pools()
        atexit._run_exitfuncs()  # noqa: SLF001 - the only way to run them and still leave by os._exit
    finally:
        flush_prints()
        os._exit(ExitCode.OK)


def _join_process_pools() -> None:
    """Let the processes of `ProcessPoolExecutor` end, as the interpreter does before its exit handlers."""
    pools = sys.modules.get("concurrent.futures.process")
    if pools is not None:
        pools._python_exit()  # noqa: SLF001 - registered with the threads, which are not waited for


def _outcome(task: Task, context: WorkerContext) -> Outcome:
    try:
        task(context)
    except OutputClosedError:
        pass
    except TrussError as error:
        return Outcome(error.exit_code, error, context.stopwatch.stats)
    return Outcome(stats=context.stopwatch.stats)


def _private_stdout(channel: WorkerChannel) -> int:
    result = claim_stdout()
    keep_stdin_from_model()

    left = False

    def leave_to_parent() -> None:
        nonlocal left
        if not left:  # a child's own children inherit this, when the numbers may be those of other files
            left = True
            os.close(result)
            channel.close()

    os.register_at_fork(after_in_child=leave_to_parent)
    return result

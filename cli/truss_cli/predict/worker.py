"""The child process: loads the model, calls it once, and ends itself whatever threads are left."""

import atexit
import os
from collections.abc import Callable, Sequence
from typing import NamedTuple, NoReturn

from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.answer import Answerer, needs_loop
from truss_cli.predict.caller import Caller
from truss_cli.predict.deadline import Deadline
from truss_cli.predict.link import Outcome, Sender
from truss_cli.predict.loader import Recipe, load_model
from truss_cli.predict.output import Output, OutputClosedError
from truss_cli.predict.payload import Payload
from truss_cli.predict.running import Run, drive, in_new_thread, in_place, run_in_loop
from truss_cli.predict.stats import Stopwatch
from truss_cli.predict.stdio import claim_stdout, flush_prints, keep_stdin_from_model
from truss_cli.predict.stopping import StopRequestedError, stop_on_request
from truss_cli.predict.stream import Streamer
from truss_cli.predict.surroundings import enter


class Job(NamedTuple):
    """All the worker needs to know; times are in seconds."""

    recipe: Recipe
    payload: Payload
    load_timeout: float
    predict_timeout: float | None
    stream_gap: float
    on_terminal: bool
    """Whether results are for people, in colour."""


class _Bench(NamedTuple):
    """What the worker works with."""

    sender: Sender
    deadline: Deadline
    stopwatch: Stopwatch
    closing: list[Callable[[], None]]
    """What is left to close once the outcome is sent."""

    def begin(self, step: str) -> None:
        """Tell everybody what is done from now on."""
        self.stopwatch.begin(step)
        self.sender.phase(step)


def work(job: Job, sender: Sender, deadline: Deadline) -> NoReturn:
    """Do the job, send its outcome, run the model's exit handlers, and end the process."""
    stop_on_request()
    bench = _Bench(sender, deadline, Stopwatch(), [])
    try:
        sender.outcome(_outcome(job, bench))
    except StopRequestedError:
        bench.sender.outcome(Outcome(ExitCode.INTERRUPTED))
    finally:
        _end(bench.closing)


def _end(closing: Sequence[Callable[[], None]]) -> NoReturn:
    """Close what is open, and run exit handlers without waiting for threads, which may never end."""
    try:
        for close in closing:
            close()
        atexit._run_exitfuncs()  # noqa: SLF001 - the only way to run them and still leave by os._exit
    finally:
        flush_prints()
        os._exit(ExitCode.OK)


def _outcome(job: Job, bench: _Bench) -> Outcome:
    stats = bench.stopwatch.stats
    try:
        output = _output(_private_stdout(bench.sender), on_terminal=job.on_terminal)
        try:
            _load_and_answer(job, bench, output)
        except OutputClosedError:
            return Outcome(stats=stats)
        finally:
            bench.deadline.start(None)
            bench.stopwatch.end(output)
            output.end()
    except TrussError as error:
        return Outcome(error.exit_code, error, stats)
    except Exception as error:  # noqa: BLE001 - the supervisor reports it
        return Outcome(ExitCode.INTERNAL, _own_fault(error))
    return Outcome(stats=stats)


def _output(descriptor: int, *, on_terminal: bool) -> Output:
    if not on_terminal:
        return Output(descriptor)
    from truss_cli.predict.terminal import TerminalOutput  # noqa: PLC0415 - only there

    return TerminalOutput(descriptor)


def _private_stdout(sender: Sender) -> int:
    result = claim_stdout()
    keep_stdin_from_model()

    def leave_to_parent() -> None:
        os.close(result)
        sender.close()

    os.register_at_fork(after_in_child=leave_to_parent)
    return result


def _load_and_answer(job: Job, bench: _Bench, output: Output) -> None:
    recipe, deadline = job.recipe, bench.deadline
    deadline.start(job.load_timeout)
    enter(recipe.truss)
    loaded = in_new_thread(load_model, recipe, bench.begin)
    deadline.start(None)
    caller = Caller(loaded, recipe.blame)
    streamer = Streamer(output, deadline, job.stream_gap, recipe.blame, bench.sender)
    answerer = Answerer(output, streamer, recipe.blame)
    deadline.start(job.predict_timeout)  # before it is told of, for the supervisor to see it then
    bench.begin("predict")

    async def exchange(run: Run) -> None:
        result = await caller.call(job.payload, run)
        deadline.start(None)
        await answerer.answer(result, run)

    def exchange_without_loop() -> None:
        result = drive(caller.call(job.payload, in_place))
        deadline.start(None)
        if needs_loop(result):
            run_in_loop(lambda run: answerer.answer(result, run), bench.closing)
        else:
            drive(answerer.answer(result, in_place))

    if caller.is_async:
        run_in_loop(exchange, bench.closing)
    else:
        in_new_thread(exchange_without_loop)


def _own_fault(error: Exception) -> TrussError:
    import traceback  # noqa: PLC0415 - for failures alone

    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119 - a name in a message
    message = f"a fault of truss itself: {type(error).__name__} at {place}: {error}"
    return TrussError(message, hint="Please report it.", exit_code=ExitCode.INTERNAL)

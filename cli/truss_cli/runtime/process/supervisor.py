"""Running the work in a child process, under a deadline, with Ctrl-C, and to its certain end."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType

from truss_cli.errors import ExitCode, TrussError
from truss_cli.quantities import format_duration
from truss_cli.runtime.process.channel import Outcome, Phase, SupervisorChannel, WorkerChannel
from truss_cli.runtime.process.deadline import Deadline
from truss_cli.runtime.process.descendants import adopt_orphans, children, die_with_parent, end_children
from truss_cli.runtime.process.signals import STOP_SIGNAL
from truss_cli.runtime.process.stacks import StackDump
from truss_cli.runtime.process.standard_streams import flush_prints, readable

_STOP_SECONDS = 0.5
"""Time for the worker to clean up and end when it is asked to, or is late."""
_LOOK_SECONDS = 1.0
"""How often to see whether the worker is alive; a process that its C code forked may hold the pipe open."""
_EXIT_SECONDS = 2.0
"""Time for exit handlers of the model's code once the result is out."""

Work = Callable[[WorkerChannel, Deadline], None]
OnPhase = Callable[[str | None], None]


def supervise(work: Work, on_phase: OnPhase) -> Outcome:
    """Run `work` in a fork of this process and give its outcome.

    `work` must send its outcome and then end the process. `on_phase` is called with
    what it does, and at the end None. Raises TrussError when the deadline passes
    or the worker dies, KeyboardInterrupt on Ctrl-C, which is ignored afterwards.
    """
    deadline, dump = Deadline(), StackDump()
    spared = children()
    adopt_orphans()
    (reader, writer), (acknowledged, acknowledge) = os.pipe(), os.pipe()
    flush_prints()
    worker = os.fork()
    if worker == 0:
        os.close(reader)
        os.close(acknowledge)
        _run(work, WorkerChannel(writer, acknowledged), deadline, dump)
    os.close(writer)
    os.close(acknowledged)
    channel = SupervisorChannel(reader, acknowledge)
    try:
        return _follow(worker, channel, deadline, dump, on_phase)
    except KeyboardInterrupt:
        _kill_after(worker, _STOP_SECONDS, STOP_SIGNAL)
        raise
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        on_phase(None)
        _kill_after(worker, 0)
        end_children(spared)
        channel.close()
        dump.close()


def _run(work: Work, channel: WorkerChannel, deadline: Deadline, dump: StackDump) -> None:
    """Be the worker."""
    try:
        signal.signal(signal.SIGINT, _ignore)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        die_with_parent()
        dump.enable()
        work(channel, deadline)
    finally:
        os._exit(ExitCode.INTERNAL)


def _ignore(_signal: int, _frame: FrameType | None) -> None:
    """Leave Ctrl-C to the supervisor; unlike SIG_IGN this is not inherited by programs."""


def _follow(
    worker: int, channel: SupervisorChannel, deadline: Deadline, dump: StackDump, on_phase: OnPhase
) -> Outcome:
    """Read the worker's messages until its outcome, its death or its deadline."""
    phase = "start"
    while True:
        remaining = deadline.remaining()
        if remaining is not None and remaining <= 0:
            error = _late(phase, deadline.period, dump.ask(worker))
            _kill_after(worker, _STOP_SECONDS, STOP_SIGNAL)
            raise error
        if not readable(channel.descriptor, min(remaining or _LOOK_SECONDS, _LOOK_SECONDS)):
            pid, status = os.waitpid(worker, os.WNOHANG)
            if pid and not readable(channel.descriptor, 0):
                raise _died(phase, status)
            continue
        for message in channel.receive():
            if isinstance(message, Phase):
                phase = message.name
                on_phase(phase)
                channel.acknowledge()
            else:
                _kill_after(worker, _EXIT_SECONDS)
                return message
        if channel.closed:
            raise _died(phase, _kill_after(worker, _EXIT_SECONDS))


def _late(phase: str, seconds: float, stack: str | None) -> TrussError:
    loading = phase in ("start", "import", "__init__", "setup_environment", "load")
    option = "--load-timeout" if loading else "--predict-timeout"
    hint = f"Allow more time with `{option}`." if phase != "close" else "Check its `finally` block."
    what = {
        "start": "starting took longer than",
        "import": "importing the model took longer than",
        "stream": "no chunk came from the stream for",
        "close": "closing the stream took longer than",
        "encode": "encoding the result took longer than",
        "response": "the response, or its background task, took longer than",
        "end": "ending after the result took longer than",
    }.get(phase, f"`{phase}` took longer than")
    return TrussError(
        f"{what} {format_duration(seconds)}",
        hint=hint,
        detail=stack,
        exit_code=ExitCode.TIMEOUT,
    )


def _died(phase: str, status: int | None) -> TrussError:
    code = os.waitstatus_to_exitcode(status) if status is not None else 0
    if code < 0:
        name = next((known.name for known in signal.Signals if known == -code), f"signal {-code}")
        message = f"the model's process was killed by {name} in {phase}"
        hint = "It may be out of memory." if -code == signal.SIGKILL else "A library's C code has crashed."
    else:
        message = f"the model's code ended the process with status {code} in {phase}"
        hint = "Raise an exception instead of calling `os._exit`."
    return TrussError(message, hint=hint, exit_code=ExitCode.FAULT)


def _kill_after(worker: int, seconds: float, first: signal.Signals | None = None) -> int | None:
    """Return the worker time to end, then kill it; give its wait status, None if it was reaped before."""
    try:
        if first is not None:
            os.kill(worker, first)
        end = time.monotonic() + seconds
        while True:
            pid, status = os.waitpid(worker, os.WNOHANG)
            if pid:
                return status
            if time.monotonic() >= end:
                break
            time.sleep(0.001)
        os.kill(worker, signal.SIGKILL)
        return os.waitpid(worker, 0)[1]
    except (ChildProcessError, ProcessLookupError):
        return None


class _Terminated(KeyboardInterrupt):
    """A signal that asks this process to end."""


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise on SIGTERM and SIGHUP, clean up, and only then end by that signal; in the end restore Ctrl-C."""
    received: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        raise _Terminated

    before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGHUP)}
    interrupt = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, interrupt)
        for number, handler in before.items():
            signal.signal(number, handler)
        if received:
            signal.signal(received[0], signal.SIG_DFL)
            os.kill(os.getpid(), received[0])

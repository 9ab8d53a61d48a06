"""A child process that does some work: how it is started, heard, timed and ended."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from truss_cli.descendants import ended_with_this
from truss_cli.errors import ExitCode, TrussError
from truss_cli.quantities import format_duration
from truss_cli.runtime.process.channel import Message, Phase, SupervisorChannel, WorkerChannel
from truss_cli.runtime.process.lifetime.deadline import Deadline
from truss_cli.runtime.process.lifetime.signals import STOP_SIGNAL
from truss_cli.runtime.process.stacks import StackDump
from truss_cli.runtime.process.standard_streams import flush_prints, readable

STOP_SECONDS = 0.5
"""Time for a worker to clean up and end when it is asked to, or is late."""
LOOK_SECONDS = 1.0
"""How often to see whether a worker is alive; a process that its C code forked may hold the pipe open."""
EXIT_SECONDS = 2.0
"""Time for exit handlers of the model's code once the result is out."""

_INTERNAL = int(ExitCode.INTERNAL)
"""A constant, since the lookup in an enum is a call, which fails under a low recursion limit of the model."""

Work = Callable[[WorkerChannel, Deadline], None]


class WorkerLostError(TrussError):
    """A worker died or was late, in a phase of its work."""

    phase = "start"


class WorkerProcess:
    """A fork of this process that does `work`, which must send its outcome and then end the process.

    `on_close` is called once it has ended.
    """

    def __init__(self, work: Work, on_close: Callable[[], None] = lambda: None) -> None:
        self._on_close = on_close
        self._deadline, self._dump = Deadline(), StackDump()
        (reader, writer), (acknowledged, acknowledge) = os.pipe(), os.pipe()
        flush_prints()
        end_with_supervisor = ended_with_this(signal.SIGKILL)
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reader)
            os.close(acknowledge)
            end_with_supervisor()
            _run(work, WorkerChannel(writer, acknowledged, self._dump.writer), self._deadline)
        os.close(writer)
        os.close(acknowledged)
        self._channel = SupervisorChannel(reader, acknowledge)
        self._phase = "start"
        self._closed = False

    @property
    def descriptor(self) -> int:
        """Readable when there is something to receive."""
        return self._channel.descriptor

    def patience(self) -> float:
        """Return for how many seconds to wait for a message; raise TrussError if the worker is late."""
        remaining = self._deadline.remaining()
        if remaining is None:
            return LOOK_SECONDS
        if remaining <= 0:
            error = _late(self._phase, self._deadline.period, self._dump.ask(self.pid))
            self.stop(STOP_SECONDS)
            raise error
        return min(remaining, LOOK_SECONDS)

    def receive(self) -> list[Message]:
        """Wait for messages and return them; raise TrussError if the worker has died.

        A phase is to be acknowledged.
        """
        messages = self._channel.receive()
        for message in messages:
            if isinstance(message, Phase):
                self._phase = message.name
        if not messages and self._channel.closed:
            raise _died(self._phase, self.end(EXIT_SECONDS))
        return messages

    def enter_phase(self, name: str) -> None:
        """Set the phase that errors name, for one that the worker does not announce."""
        self._phase = name

    def acknowledge(self) -> None:
        """Let the worker go on after a phase."""
        self._channel.acknowledge()

    def require_alive(self) -> None:
        """Raise TrussError if the worker has died and left no message."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid and not readable(self.descriptor, 0):
            raise _died(self._phase, status)

    def request_stop(self) -> None:
        """Ask the worker to clean up and end."""
        try:
            os.kill(self.pid, STOP_SIGNAL)
        except ProcessLookupError:
            return

    def stop(self, seconds: float) -> None:
        """Ask the worker to clean up and end within so many seconds, else kill it."""
        self.request_stop()
        self.end(seconds)

    def end(self, seconds: float) -> int | None:
        """Wait for the worker to end, kill it after so many seconds, and return its wait status.

        None if it was reaped before.
        """
        try:
            end = time.monotonic() + seconds
            while True:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    return status
                if time.monotonic() >= end:
                    break
                time.sleep(0.001)
            os.kill(self.pid, signal.SIGKILL)
            return os.waitpid(self.pid, 0)[1]
        except (ChildProcessError, ProcessLookupError):
            return None

    def close(self) -> None:
        """Kill it if it still runs, and close what it was heard by; do nothing the second time."""
        if self._closed:
            return
        self._closed = True  # before the rest, which Ctrl-C may cut short
        self.end(0)
        self._channel.close()
        self._dump.close()
        self._deadline.close()
        self._on_close()


def _run(work: Work, channel: WorkerChannel, deadline: Deadline) -> None:
    """Be the worker."""
    try:
        work(channel, deadline)
    finally:
        os._exit(_INTERNAL)


def _late(phase: str, seconds: float, stack: str | None) -> WorkerLostError:
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
    message = f"{what} {format_duration(seconds)}"
    return _lost(phase, WorkerLostError(message, hint=hint, detail=stack, exit_code=ExitCode.TIMEOUT))


def _died(phase: str, status: int | None) -> WorkerLostError:
    when = "while serving" if phase == "serve" else f"in {phase}"
    code = os.waitstatus_to_exitcode(status) if status is not None else 0
    if code < 0:
        name = next((known.name for known in signal.Signals if known == -code), f"signal {-code}")
        message = f"the model's process was killed by {name} {when}"
        hint = "It may be out of memory." if -code == signal.SIGKILL else "A library's C code has crashed."
    else:
        message = f"the model's code ended the process with status {code} {when}"
        hint = "Raise an exception instead of calling `os._exit`."
    return _lost(phase, WorkerLostError(message, hint=hint, exit_code=ExitCode.FAULT))


def _lost(phase: str, error: WorkerLostError) -> WorkerLostError:
    error.phase = phase
    return error

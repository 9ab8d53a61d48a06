"""What the worker reports to its supervisor: where it is, and how it ended."""

from __future__ import annotations

import contextlib
import json
import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.process.lifetime.signals import stop_requested

if TYPE_CHECKING:
    from collections.abc import Mapping


class Outcome(NamedTuple):
    """How the work ended: an exit code, or the error to raise, and what was measured."""

    exit_code: ExitCode = ExitCode.OK
    error: TrussError | None = None
    stats: Mapping[str, float] = MappingProxyType({})


class Phase(NamedTuple):
    """What the worker does now, such as `load`, in words that fit after "in"."""

    name: str


class StatusReport(NamedTuple):
    """A fact about the work while it goes on: what kind of fact, and values that JSON can hold."""

    kind: str
    values: Mapping[str, Any]  # Any: JSON


Message = Union[Phase, StatusReport, Outcome]


class WorkerChannel:
    """The worker's ends of the pipes: what it reports, what is acknowledged, and where it is stuck."""

    def __init__(self, descriptor: int, acknowledged: int, stacks: int) -> None:
        self._descriptor = descriptor
        self._acknowledged = acknowledged
        self.stacks = stacks
        """Takes the stacks that `DUMP_SIGNAL` asks for."""

    @property
    def descriptors(self) -> tuple[int, int, int]:
        """What the channel is made of, for the program that takes the worker's place."""
        return self._descriptor, self._acknowledged, self.stacks

    def phase(self, name: str) -> None:
        """Announce a phase, and wait until it is acknowledged: a result must not meet a spinner.

        A worker that was asked to stop announces nothing: nobody acknowledges any more.
        """
        if not stop_requested():
            self._send({"phase": name})
            os.read(self._acknowledged, 1)

    def report(self, kind: str, **values: object) -> None:
        """Report a fact, and go on."""
        self._send({"report": kind, "values": values})

    def outcome(self, outcome: Outcome) -> None:
        """Send how the work ended; nothing is sent after it."""
        error = outcome.error
        described = None
        if error:
            described = {"message": error.message, "hint": error.hint, "detail": error.detail}
        self._send({"exit_code": outcome.exit_code, "error": described, "stats": dict(outcome.stats)})

    def close(self) -> None:
        """Close the pipes, as a process that the model forks must."""
        os.close(self._descriptor)
        os.close(self._acknowledged)

    def _send(self, message: Mapping[str, object]) -> None:
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[os.write(self._descriptor, data) :]


class SupervisorChannel:
    """The supervisor's ends of them."""

    def __init__(self, descriptor: int, acknowledged: int) -> None:
        self.descriptor = descriptor
        self._acknowledged = acknowledged
        self._buffer = b""
        self.closed = False

    def receive(self) -> list[Message]:
        """Read what is there, waiting for it, and give the messages it completes."""
        data = os.read(self.descriptor, 1 << 16)
        self.closed = not data
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        return [_message(line) for line in lines]

    def acknowledge(self) -> None:
        """Let the worker go on after a phase that it reported."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._acknowledged, b".")

    def close(self) -> None:
        """Close the pipes."""
        os.close(self.descriptor)
        os.close(self._acknowledged)


def _message(line: bytes) -> Message:
    fields = json.loads(line)
    if "report" in fields:
        return StatusReport(fields["report"], fields["values"])
    if "phase" in fields:
        return Phase(fields["phase"])
    code = ExitCode(fields["exit_code"])
    error = TrussError(**fields["error"], exit_code=code) if fields["error"] else None
    return Outcome(code, error, fields["stats"])

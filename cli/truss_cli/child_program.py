"""Other programs that a command runs: they and their descendants end with it."""

from __future__ import annotations

import contextlib
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.descendants import adopt_orphans, children, end_children, ended_with_this
from truss_cli.interrupts import deferred_interrupts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_STOP_SECONDS = 5.0
"""Time for a program to clean up and end."""


class ProgramOutput(NamedTuple):
    """The exit status of a program, and its output."""

    status: int
    stdout: str
    stderr: str
    """Empty if it was not captured."""


def run_program(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    folder: Path | None = None,
    capture_stderr: bool = True,
) -> ProgramOutput:
    """Run a program without input and return its output; raise OSError if it cannot be started.

    Must be called in the main thread, with no other thread that holds a lock.
    """
    with started_program(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if capture_stderr else None,
        cwd=folder,
        environment=environment,
    ) as process:
        stdout, stderr = process.communicate()
    return ProgramOutput(process.returncode, _text(stdout), _text(stderr))


@contextlib.contextmanager
def started_program(  # noqa: PLR0913 - as `subprocess.Popen` names them
    command: Sequence[str | Path],
    *,
    stdin: int | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program, and end it and its descendants when the block ends before it.

    It receives SIGTERM if this process is killed. Raises OSError if it cannot be started.
    """
    adopt_orphans()
    siblings = children()
    process = None
    try:
        with deferred_interrupts():
            process = subprocess.Popen(  # noqa: S603 - without a shell
                command,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                cwd=cwd,
                env=environment,
                preexec_fn=ended_with_this(),  # noqa: PLW1509 - it imports nothing and takes no lock
            )
        yield process
    finally:
        with deferred_interrupts():
            if process is not None:
                _end(process, siblings)


def _end(process: subprocess.Popen[bytes], siblings: set[int]) -> None:
    """End a program that is still running, with its descendants; close its pipes."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        end_children(siblings)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with contextlib.suppress(BrokenPipeError):
                stream.close()


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace").replace("\r\n", "\n")

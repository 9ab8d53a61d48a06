"""Starting a worker in another Python, with the task or ahead of it."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.process.channel import Outcome, WorkerChannel
from truss_cli.runtime.process.lifetime.deadline import Deadline, open_memory
from truss_cli.runtime.process.worker_process import WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truss_cli.runtime.process.context import Task

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")


class Interpreter:
    """Another Python that is started before its task is known, and imports meanwhile what it needs."""

    def __init__(self, python: Path) -> None:
        self._memory = open_memory()
        ready, self._written = os.pipe()
        self._worker = WorkerProcess(functools.partial(_become, python, (self._memory, ready)))
        os.close(ready)

    def begin(self, task: Task) -> WorkerProcess:
        """Give it the task, as for `hand_over`, and return its process."""
        from truss_cli.runtime.process.interpreter.task import hand_over  # noqa: PLC0415 - it runs by now

        with contextlib.suppress(BrokenPipeError):  # whoever follows the process finds that it has ended
            hand_over(task, self._memory, self._written)
        return self._worker

    def close(self) -> None:
        """End it if it still runs, whether it was given a task or not."""
        self._worker.close()
        os.close(self._written)
        os.close(self._memory)


def work_in(
    python: Path, task: Task, kept: Sequence[int], channel: WorkerChannel, deadline: Deadline
) -> None:
    """Do the task in another Python, which takes this process's place; for `WorkerProcess`.

    The task is as for `hand_over`; `kept` are the descriptors that it refers to.
    """
    from truss_cli.runtime.process.interpreter.task import hand_over  # noqa: PLC0415 - imports what tasks need

    memory, (ready, written) = open_memory(), os.pipe()
    hand_over(task, memory, written)
    _become(python, (memory, ready), channel, deadline, kept)


def _become(
    python: Path, task: Sequence[int], channel: WorkerChannel, deadline: Deadline, kept: Sequence[int] = ()
) -> None:
    """Put the other Python in this process's place; a task comes by its memory and the pipe that says so."""
    descriptors = [*task, *channel.descriptors, deadline.descriptor, *kept]
    for descriptor in descriptors:
        os.set_inheritable(descriptor, True)  # noqa: FBT003 - the one argument there is
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # until the worker says what it does about it
    arguments = [str(python), "-I", str(_BOOTSTRAP), *map(str, descriptors)]
    try:
        os.execve(python, arguments, _environment(python))  # noqa: S606 - a program without a shell is what is meant
    except OSError as error:
        failure = TrussError(f"cannot run {python}: {error.strerror}", hint="Build it anew: `--refresh`.")
        channel.outcome(Outcome(failure.exit_code, failure))
        os._exit(ExitCode.OK)


def _environment(python: Path) -> dict[str, str]:
    """Return this process's variables, the programs of the other Python first, and none for Python itself."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    folders = (str(python.parent), kept.get("PATH", os.defpath))
    return {**kept, "VIRTUAL_ENV": str(python.parent.parent), "PATH": os.pathsep.join(folders)}

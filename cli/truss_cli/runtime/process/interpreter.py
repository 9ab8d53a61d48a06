"""A worker in another Python: the fork becomes a program that is given the task as a pickle."""

from __future__ import annotations

import copyreg
import os
import pickle
import signal
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from truss_cli.errors import ExitCode, TrussError
from truss_cli.garbage import resume_collection
from truss_cli.runtime.process.channel import Outcome, WorkerChannel
from truss_cli.runtime.process.lifetime.deadline import Deadline, open_memory
from truss_cli.runtime.process.worker import work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truss_cli.runtime.process.context import Task

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_OLDEST_PROTOCOL = 4
"""Of pickle, that all Pythons read which trusses ask for."""


def work_in(
    python: Path, task: Task, kept: Sequence[int], channel: WorkerChannel, deadline: Deadline
) -> None:
    """Do the task in another Python, which takes this process's place; for `WorkerProcess`.

    The task must consist of values, and of classes whose modules run in any Python that a
    truss asks for; `kept` are the descriptors that it refers to.
    """
    descriptors = [_written(task), *channel.descriptors, deadline.descriptor, *kept]
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


def run(task: int, reports: int, acknowledged: int, stacks: int, deadline: int, *others: int) -> NoReturn:
    """Be the worker, by descriptors: the pickle, the channel's, the deadline's and the task's own."""
    for descriptor in (reports, acknowledged, stacks, deadline, *others):
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - as above
    with open(task, "rb") as file:
        file.seek(0)
        loaded = pickle.load(file)  # noqa: S301 - this package has written it
    resume_collection()
    work(loaded, WorkerChannel(reports, acknowledged, stacks), Deadline(deadline))


def _written(task: Task) -> int:
    descriptor = open_memory()
    with open(descriptor, "wb", closefd=False) as file:
        pickler = pickle.Pickler(file, _OLDEST_PROTOCOL)
        # Paths go as texts: the modules of their classes differ between Pythons.
        pickler.dispatch_table = {**copyreg.dispatch_table, type(Path()): lambda path: (_path, (str(path),))}
        pickler.dump(task)
    return descriptor


def _path(text: str) -> Path:
    return Path(text)


def _environment(python: Path) -> dict[str, str]:
    """Return this process's variables, the programs of the other Python first, and none for Python itself."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    folders = (str(python.parent), kept.get("PATH", os.defpath))
    return {**kept, "VIRTUAL_ENV": str(python.parent.parent), "PATH": os.pathsep.join(folders)}

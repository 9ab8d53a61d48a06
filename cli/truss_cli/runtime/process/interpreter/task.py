"""The task on its way to another Python: a pickle in memory that both have open."""

from __future__ import annotations

import copyreg
import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from truss_cli.errors import ExitCode
from truss_cli.garbage import resume_collection
from truss_cli.runtime.process.channel import WorkerChannel
from truss_cli.runtime.process.lifetime.deadline import Deadline
from truss_cli.runtime.process.worker import work

if TYPE_CHECKING:
    from truss_cli.runtime.process.context import Task

_OLDEST_PROTOCOL = 4
"""Of pickle, that all Pythons read which trusses ask for."""
_READY = b"."


def hand_over(task: Task, memory: int, ready: int) -> None:
    """Write a task into memory, and tell the reader of a pipe that it is there; raise BrokenPipeError.

    The task must consist of values, and of classes whose modules run in any Python that a
    truss asks for.
    """
    with open(memory, "wb", closefd=False) as file:
        pickler = pickle.Pickler(file, _OLDEST_PROTOCOL)
        # Paths go as texts: the modules of their classes differ between Pythons.
        pickler.dispatch_table = {**copyreg.dispatch_table, type(Path()): lambda path: (_path, (str(path),))}
        pickler.dump(task)
    os.write(ready, _READY)


def run(memory: int, ready: int, *descriptors: int) -> NoReturn:
    """Do the task that comes by two descriptors; the others are the channel's, the deadline's and its own."""
    if os.read(ready, 1) != _READY:
        os._exit(ExitCode.OK)  # whoever started this has given up
    os.close(ready)
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - the one argument there is
    with open(memory, "rb") as file:
        file.seek(0)
        task = pickle.load(file)  # noqa: S301 - this module has written it
    resume_collection()
    reports, acknowledged, stacks, deadline, *_ = descriptors
    work(task, WorkerChannel(reports, acknowledged, stacks), Deadline(deadline))


def _path(text: str) -> Path:
    return Path(text)

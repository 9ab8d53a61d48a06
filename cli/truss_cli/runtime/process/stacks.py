"""Where the worker is stuck, as `faulthandler` reports from a signal handler, even while it is in C code."""

from __future__ import annotations

import faulthandler
import gc
import os
import re
import signal
import sys
from pathlib import Path
from types import AsyncGeneratorType, FrameType
from typing import TYPE_CHECKING

from truss_cli.runtime.process.standard_streams import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

DUMP_SIGNAL = signal.SIGUSR2
OWN_FOLDER = str(Path(__file__).parents[2]) + os.sep
"""Frames of files under it are the tool's, not the model's."""

_FRAME = re.compile(r'  File "(.*)", line (\d+|\?\?\?) in (.*)')
_ESCAPE = re.compile(r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\U([0-9a-f]{8})")
_LOOP_FOLDER = f"{os.sep}asyncio{os.sep}"
"""Its code, called by the tool itself, only waits: for its tasks, or for a record's turn."""
_GENERATOR_STEPS = ("async_generator_asend", "async_generator_athrow")
_QUIET_SECONDS = 0.1
_PATIENCE_SECONDS = 1.0
"""Enough for a worker on a busy machine; one that is stopped does not answer at all."""


class StackDump:
    """A pipe through which the worker's stacks are read; made before the worker is forked."""

    def __init__(self) -> None:
        self._reader, self.writer = os.pipe()

    def ask(self, worker: int) -> str | None:
        """In the supervisor: give the frames of the model's code, most recent last, or None."""
        os.kill(worker, DUMP_SIGNAL)
        text, patience = b"", _PATIENCE_SECONDS
        while readable(self._reader, patience):
            text += os.read(self._reader, 1 << 16)
            patience = _QUIET_SECONDS
        return format_dump(text.decode("ascii", "replace"))

    def close(self) -> None:
        """Close both ends."""
        os.close(self._reader)
        os.close(self.writer)


def answer_dump_signal(writer: int) -> None:
    """In the worker: answer `DUMP_SIGNAL` with the stacks of all threads, then of the tasks if it can."""

    def write_tasks(_signal: int, _frame: FrameType | None) -> None:
        """Write the tasks that wait, which no thread's stack shows, as `faulthandler` writes threads."""
        asyncio = sys.modules.get("asyncio")
        for task in asyncio.all_tasks() if asyncio and asyncio._get_running_loop() else ():  # noqa: SLF001
            frames = list(_awaiting(task.get_coro()))
            lines = [f'  File "{file}", line {line} in {name}\n' for file, line, name in reversed(frames)]
            text = "\n" + "".join(["Task\n", *lines])
            os.write(writer, text.encode("ascii", "backslashreplace"))

    signal.signal(DUMP_SIGNAL, write_tasks)
    faulthandler.register(DUMP_SIGNAL, writer, all_threads=True, chain=True)


def format_dump(dump: str) -> str | None:
    """Write the stack of the thread or task that runs the model's code as a traceback does."""
    for section in dump.split("\n\n"):
        frames = [match.groups() for match in map(_FRAME.fullmatch, section.splitlines()) if match]
        files = [_unescaped(file) for file, _, _ in frames]
        ours = next((index for index, file in enumerate(files) if file.startswith(OWN_FOLDER)), 0)
        if ours and _LOOP_FOLDER not in files[ours - 1]:
            lines = [_line(files[index], *frames[index][1:]) for index in reversed(range(ours))]
            return "Stuck here (most recent call last):\n" + "".join(lines)
    return None


def _awaiting(coroutine: object) -> Iterator[tuple[str, int, str]]:
    """Yield file, line and function of a coroutine, then of what it awaits, and so on."""
    while coroutine is not None:
        for prefix in ("cr", "gi", "ag"):
            frame = getattr(coroutine, f"{prefix}_frame", None)
            if isinstance(frame, FrameType):
                yield frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name
        coroutine = _awaited(coroutine)


def _awaited(coroutine: object) -> object:
    for name in ("cr_await", "gi_yieldfrom", "ag_await"):
        inner = getattr(coroutine, name, None)
        if inner is not None:
            return inner
    # What `anext` and `aclose` give does not name its generator.
    generators = (inner for inner in gc.get_referents(coroutine) if isinstance(inner, AsyncGeneratorType))
    return next(generators, None) if type(coroutine).__name__ in _GENERATOR_STEPS else None


def _line(file: str, line: str, function: str) -> str:
    import linecache  # noqa: PLC0415 - for failures alone

    text = linecache.getline(file, int(line)).strip() if line.isdigit() else ""
    return f'  File "{file}", line {line}, in {_unescaped(function)}\n' + (f"    {text}\n" if text else "")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match.group(match.lastindex or 0), 16)), text)

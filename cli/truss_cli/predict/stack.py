"""Where the worker is stuck, as `faulthandler` tells from a signal handler, even while it is in C code."""

import faulthandler
import os
import re
import select
import signal
from pathlib import Path

DUMP_SIGNAL = signal.SIGUSR2
OWN_FOLDER = str(Path(__file__).parent.parent)
"""Frames of files under it are the tool's, not the model's."""

_FRAME = re.compile(r'  File "(.*)", line (\d+|\?\?\?) in (.*)')
_ESCAPE = re.compile(r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\U([0-9a-f]{8})")
_QUIET_SECONDS = 0.05
_PATIENCE_SECONDS = 0.3


class StackDump:
    """A pipe through which the worker's stacks are read; made before the worker is forked."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()

    def enable(self) -> None:
        """In the worker: answer `DUMP_SIGNAL` with the stacks of all threads."""
        faulthandler.register(DUMP_SIGNAL, self._writer, all_threads=True)

    def ask(self, worker: int) -> str | None:
        """In the supervisor: give the frames of the model's code, most recent last, or None."""
        os.kill(worker, DUMP_SIGNAL)
        text, patience = b"", _PATIENCE_SECONDS
        while select.select([self._reader], [], [], patience)[0]:
            text += os.read(self._reader, 1 << 16)
            patience = _QUIET_SECONDS
        return format_dump(text.decode("ascii", "replace"))

    def close(self) -> None:
        """Close both ends."""
        os.close(self._reader)
        os.close(self._writer)


def format_dump(dump: str) -> str | None:
    """Write the stack of the thread that runs the model's code as a traceback does."""
    for thread in dump.split("\n\n"):
        frames = [match.groups() for match in map(_FRAME.fullmatch, thread.splitlines()) if match]
        files = [_unescaped(file) for file, _, _ in frames]
        ours = next((index for index, file in enumerate(files) if file.startswith(OWN_FOLDER)), 0)
        if ours:
            lines = [_line(files[index], *frames[index][1:]) for index in reversed(range(ours))]
            return "Stuck here (most recent call last):\n" + "".join(lines)
    return None


def _line(file: str, line: str, function: str) -> str:
    import linecache  # noqa: PLC0415 - for failures alone

    text = linecache.getline(file, int(line)).strip() if line.isdigit() else ""
    return f'  File "{file}", line {line}, in {_unescaped(function)}\n' + (f"    {text}\n" if text else "")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match.group(match.lastindex or 0), 16)), text)

"""docs/check.svg shows a run of `truss check` on a terminal; `make picture` draws it anew."""

import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).parents[2] / "docs" / "check.svg"
TRUSS = Path(sys.executable).with_name("truss")
COLUMNS = 104


def _on_terminal(*arguments: str) -> str:
    """Return what `truss` writes to a terminal, with its colours and without its times."""
    reader, terminal = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    with subprocess.Popen(
        [TRUSS, *arguments],
        cwd=Path(__file__).parent,
        env=environment,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    ):
        os.close(terminal)
        written = b""
        while block := _read(reader):
            written += block
    os.close(reader)
    return re.sub(r" \((\d+ ms|\d+\.\d s)\)", "", written.decode()).replace("\r\n", "\n")


def _read(reader: int) -> bytes:
    try:
        return os.read(reader, 1 << 16)
    except OSError:  # how Linux says that the other end is closed
        return b""


def _draw(text: str) -> str:
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(text), soft_wrap=True)
    return console.export_svg(title="truss check", unique_id="truss-check")


def test_the_picture_shows_what_a_terminal_shows(request: pytest.FixtureRequest) -> None:
    drawn = _draw("$ truss check sentiment\n" + _on_terminal("check", "sentiment"))
    if request.config.getoption("--renew"):
        PICTURE.write_text(drawn, encoding="utf-8")
    shown = re.findall(r">([^<>]+)</text>", PICTURE.read_text(encoding="utf-8"))
    assert shown == re.findall(r">([^<>]+)</text>", drawn), "if that is meant, `make picture` draws it"

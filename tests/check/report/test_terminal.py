"""Colour: on a terminal alone, and never as the user's text asks for."""

import os
import pty
import re
import sys
from pathlib import Path

import pytest

from callables import Run, WriteTruss

TRUSS = str(Path(sys.executable).with_name("truss"))
NASTY = (
    'class Model:\n    def predict(self, a, b="[bold]\x1b[31m[/]"):  '
    "# [link=http://a.b]:smile: {1, 'c'} http://d.e\n        return a\n"
)

_STYLE = re.compile(r"\x1b\[[0-9;]*m")


def _on_terminal(folder: Path, **environment: str) -> tuple[int, str]:
    """Run `truss check` with a terminal on all three streams; give its exit code and all it wrote."""
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR", "COLUMNS")}
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execve(TRUSS, [TRUSS, "check"], {**kept, "TERM": "xterm-256color", **environment})  # noqa: S606 - no shell
    written = b""
    while True:
        try:
            chunk = os.read(terminal, 1 << 16)
        except OSError:  # Linux: the other end has gone
            break
        if not chunk:
            break
        written += chunk
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), written.decode().replace("\r\n", "\n")


@pytest.fixture
def plain(run: Run, write_truss: WriteTruss) -> str:
    folder = write_truss({"model/model.py": NASTY})
    return _without_time(str(run("check", cwd=folder).stdout))


def _without_time(text: str) -> str:
    return re.sub(r"\([\d.]+ m?s\)", "", text)


def test_a_terminal_gets_the_same_text_in_colour(plain: str, write_truss: WriteTruss) -> None:
    code, screen = _on_terminal(write_truss({"model/model.py": NASTY}))
    assert code == 1
    assert _STYLE.search(screen)
    assert _without_time(_STYLE.sub("", screen)) == plain
    assert r"[bold]\x1b[31m[/]" in plain
    assert "[link=http://a.b]:smile: {1, 'c'} http://d.e" in plain


def test_source_is_not_coloured(write_truss: WriteTruss) -> None:
    _, screen = _on_terminal(write_truss({"model/model.py": NASTY}))
    (line,) = [line for line in screen.splitlines() if "def predict" in line]
    assert not _STYLE.search(line.partition("def predict")[2])


@pytest.mark.parametrize("name", ["NO_COLOR", "CI"])
def test_no_colour_where_it_is_not_wanted(name: str, plain: str, write_truss: WriteTruss) -> None:
    _, screen = _on_terminal(write_truss({"model/model.py": NASTY}), **{name: "1"})
    assert _without_time(screen) == plain


def test_long_lines_are_not_folded_by_a_narrow_terminal(write_truss: WriteTruss) -> None:
    _, screen = _on_terminal(write_truss({"model/model.py": NASTY}), COLUMNS="20")
    assert re.search(r"\| .*def predict\(self, a, b=.*http://d\.e$", _STYLE.sub("", screen), re.MULTILINE)

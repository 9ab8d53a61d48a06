"""The questions on a terminal that can draw: lists with arrow keys, numbers, and a way back."""

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from waiting import SECONDS

TRUSS = Path(sys.executable).with_name("truss")
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[()=>].?")
ENTER, DOWN, ESCAPE, CTRL_C = "\r", "\x1b[B", "\x1b", "\x03"


class Screen:
    """A `truss init` on a terminal that knows cursor movements."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.controller, terminal = pty.openpty()
        variables = {**os.environ, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "COLUMNS": "200"}
        self.process = subprocess.Popen(
            [TRUSS, "init", *arguments],
            cwd=folder,
            env=variables,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)
        self.shown = ""

    def wait_for(self, text: str) -> None:
        while text not in _ESCAPES.sub("", self.shown):
            assert select.select([self.controller], [], [], 30)[0], self.shown
            self.shown += os.read(self.controller, 10_000).decode(errors="replace")

    def answer(self, question: str, *keys: str) -> None:
        self.wait_for(question)
        self.shown = ""
        for key in keys:
            os.write(self.controller, key.encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.controller)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    running = Screen(tmp_path)
    yield running
    running.close()


def test_everything_is_asked_and_chosen_with_keys(screen: Screen, tmp_path: Path) -> None:
    screen.answer("Folder to make [my-model]:", "one", ENTER)
    screen.answer("Esc goes back", DOWN, DOWN, ENTER)
    screen.answer("Name of the truss [one]:", ENTER)
    screen.answer("Python version", ENTER)
    screen.answer("Accelerator [none]:", "l4", ENTER)
    screen.answer("expected none, or one of", "\x7f\x7f", "L4", ENTER)
    screen.answer("Add a test of the model", "y", ENTER)
    screen.answer("Add a GitHub Actions workflow", ENTER)
    screen.wait_for("truss predict --example")
    assert screen.process.wait(SECONDS) == 0
    config = yaml.safe_load((tmp_path / "one" / "config.yaml").read_text(encoding="utf-8"))
    assert (config["model_name"], config["resources"]["accelerator"]) == ("one", "L4")
    assert "chat_completions" in (tmp_path / "one" / "model" / "model.py").read_text(encoding="utf-8")
    assert (tmp_path / "one" / "tests").is_dir()


def test_escape_goes_back_and_ctrl_c_leaves_nothing(screen: Screen, tmp_path: Path) -> None:
    screen.answer("Folder to make", ENTER)
    screen.answer("Esc goes back", ENTER)
    screen.answer("Name of the truss", "first", ENTER)
    screen.answer("Python version", ESCAPE)
    screen.answer("Name of the truss [first]:", ENTER)
    screen.answer("Python version", CTRL_C)
    assert screen.process.wait(SECONDS) == 130
    assert list(tmp_path.iterdir()) == []

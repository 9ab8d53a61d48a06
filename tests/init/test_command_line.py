"""The installed `truss init`, with real pipes, a real terminal and a real shell."""

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from callables import Run
from waiting import SECONDS

TRUSS = Path(sys.executable).with_name("truss")


def test_from_nothing_to_an_answer(run: Run, tmp_path: Path) -> None:
    made = run("init", "my-model")
    assert (made.returncode, made.stderr) == (0, "")
    checked = run("check", cwd=tmp_path / "my-model")
    assert checked.returncode == 0, checked.stdout
    answered = run("predict", stdin='{"name": "Ada"}', cwd=tmp_path / "my-model")
    assert (answered.returncode, answered.stdout) == (0, '{"greeting": "Hello, Ada!"}\n')


def test_every_option_reaches_the_truss(run: Run, tmp_path: Path) -> None:
    options = ["--name", "{{ x }}: 'y'", "--python", "py313", "--accelerator", "L4:2", "--set", "style=async"]
    made = run("init", "truss", "-t", "streaming", *options, "--with-tests", "--with-ci")
    assert made.returncode == 0, made.stderr
    config = yaml.safe_load((tmp_path / "truss" / "config.yaml").read_text(encoding="utf-8"))
    assert config["model_name"] == "{{ x }}: 'y'"
    assert config["python_version"] == "py313"
    assert config["resources"]["accelerator"] == "L4:2"
    assert "AsyncIterator" in (tmp_path / "truss" / "model" / "model.py").read_text(encoding="utf-8")
    assert (tmp_path / "truss" / "tests" / "test_model.py").is_file()
    assert (tmp_path / "truss" / ".github" / "workflows" / "truss.yml").is_file()


def test_a_dry_run_and_the_list_write_nothing(run: Run, tmp_path: Path) -> None:
    assert "Would write" in run("init", "truss", "--dry-run").stdout
    assert run("init", "--list").stdout.startswith("Template")
    assert list(tmp_path.iterdir()) == []


def test_files_in_the_way_are_named_on_stderr(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("mine", encoding="utf-8")
    refused = run("init", ".")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines() == [
        "error: already there, and not overwritten: config.yaml",
        "help: Choose another directory, or replace these with --force.",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]
    assert run("init", ".", "--force").returncode == 2
    assert run("init", ".", "--force", "--yes").returncode == 0
    assert (tmp_path / "model" / "model.py").is_file()


@pytest.mark.parametrize("directory", ["", "bad\x1b[31mname", os.fsdecode(b"\xff")])
def test_a_directory_that_cannot_be_is_one_clear_message(run: Run, tmp_path: Path, directory: str) -> None:
    refused = run("init", directory)
    assert refused.returncode == 2
    assert refused.stderr.startswith("error: ")
    assert "\x1b" not in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_printed_commands_run_in_a_shell(run: Run, tmp_path: Path) -> None:
    made = run("init", 'it\'s $(a) "model"')
    script = made.stdout.partition("Next:\n")[2]
    search = {**os.environ, "PATH": f"{TRUSS.parent}:{os.environ['PATH']}"}
    pasted = subprocess.run(
        ["/bin/sh", "-e"], input=script, capture_output=True, check=False, cwd=tmp_path, env=search, text=True
    )
    assert pasted.returncode == 0, pasted.stderr
    assert pasted.stdout.endswith('{"greeting": "Hello, Ada!"}\n')


def test_without_a_terminal_it_never_waits(tmp_path: Path) -> None:
    with subprocess.Popen(
        [TRUSS, "init", "truss"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as process:
        assert process.wait(SECONDS) == 0  # with its input still open


class Terminal:
    """A `truss` that runs on a terminal of its own."""

    def __init__(self, *arguments: str, cwd: Path) -> None:
        self.controller, terminal = pty.openpty()
        self.process = subprocess.Popen(
            [TRUSS, *arguments],
            cwd=cwd,
            env={**os.environ, "TERM": "dumb"},
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)

    def wait_for(self, text: str) -> None:
        shown = ""
        while text not in shown:
            assert select.select([self.controller], [], [], 30)[0], shown
            shown += os.read(self.controller, 1000).decode()

    def type(self, text: str) -> None:
        os.write(self.controller, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C until it is noticed: one just before the wait for a key is seen only after it."""
        for _ in range(20):
            os.killpg(self.process.pid, signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=0.5)
                return

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.controller)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    running = Terminal("init", "deep/truss", cwd=tmp_path)
    yield running
    running.close()


def test_on_a_terminal_it_asks(terminal: Terminal, tmp_path: Path) -> None:
    terminal.wait_for("Template [basic]: ")
    terminal.type("1\n")
    terminal.wait_for("Name of the truss [truss]: ")
    terminal.type("Ada's\n")
    terminal.wait_for("[py313]: ")
    terminal.type("\n")
    terminal.wait_for("Accelerator [none]: ")
    terminal.type("L4\n\n\n")
    terminal.wait_for("truss predict --example")
    assert terminal.process.wait(SECONDS) == 0
    config = yaml.safe_load((tmp_path / "deep" / "truss" / "config.yaml").read_text(encoding="utf-8"))
    assert (config["model_name"], config["resources"]["accelerator"]) == ("Ada's", "L4")


def test_ctrl_c_at_a_question_leaves_nothing(terminal: Terminal, tmp_path: Path) -> None:
    terminal.wait_for("Template [basic]: ")
    terminal.interrupt()
    assert terminal.process.wait(SECONDS) == 130
    assert list(tmp_path.iterdir()) == []


def test_the_end_of_input_leaves_nothing(terminal: Terminal, tmp_path: Path) -> None:
    terminal.wait_for("Template [basic]: ")
    terminal.type("\x04")
    terminal.wait_for("error: the input ended before the last question; nothing was written")
    assert terminal.process.wait(SECONDS) == 2
    assert list(tmp_path.iterdir()) == []

"""What can be known here of Windows: its missing parts of Python are taken away, and its files are read."""

from pathlib import Path

import pytest

from callables import Run, WriteTruss

AS_ON_WINDOWS = """\
import os, select, signal, sys
for name in ("fork", "forkpty", "register_at_fork", "getuid", "geteuid", "fchmod", "mkfifo", "O_NONBLOCK"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGUSR1", "SIGUSR2", "SIGHUP", "SIGKILL", "SIGALRM", "SIGCHLD", "SIGPIPE", "SIGQUIT"):
    if hasattr(signal, name):
        delattr(signal, name)
del select.poll
for name in ("fcntl", "grp", "pty", "pwd", "readline", "resource", "termios", "tty"):
    sys.modules[name] = None
"""
MODEL = "class Model:\n    def predict(self, model_input):\n        return {model_input}\n"


@pytest.fixture
def windows(tmp_path: Path) -> dict[str, str]:
    """Return the environment variables of a Python that lacks what Python on Windows lacks."""
    folder = tmp_path / "as-on-windows"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(AS_ON_WINDOWS)
    return {"PYTHONPATH": str(folder)}


def test_init_and_check_work(run: Run, windows: dict[str, str], tmp_path: Path) -> None:
    made = run("init", "made", "--yes", env=windows)
    assert (made.returncode, made.stderr) == (0, "")
    checked = run("check", "made", "--strict", env=windows)
    assert checked.returncode == 0, checked.stderr
    (tmp_path / "made" / "model" / "model.py").write_text(MODEL)
    found = run("check", "made", "--output-format", "concise", env=windows)
    assert (found.returncode, found.stderr) == (1, "")
    assert "made/model/model.py:3:16: error[TRS206]" in found.stdout


def test_predict_says_why_it_does_not(run: Run, windows: dict[str, str], write_truss: WriteTruss) -> None:
    done = run("predict", write_truss({"model/model.py": MODEL}), "-d", "1", env=windows)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: `truss predict` needs Linux or macOS\nhelp: On Windows, use WSL.\n"


def test_line_ends_and_marks_of_windows_move_no_finding(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "truss"
    (folder / "model").mkdir(parents=True)
    config = "model_name: m\nresources:\n  memory: 16\n"
    (folder / "config.yaml").write_bytes(b"\xef\xbb\xbf" + config.replace("\n", "\r\n").encode())
    (folder / "model" / "model.py").write_bytes(b"\xef\xbb\xbf" + MODEL.replace("\n", "\r\n").encode())
    lines = run("check", folder, "--output-format", "concise", cwd=folder).stdout.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["config.yaml:3:11:", "model/model.py:3:16:"]


def test_a_console_of_another_encoding_shows_everything(run: Run, write_truss: WriteTruss) -> None:
    source = "class Model:\n    def predict(self, i):\n        return {'späť', i}\n"
    done = run("check", write_truss({"model/model.py": source}), env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert "return {'sp\\xe4\\u0165', i}" in done.stdout

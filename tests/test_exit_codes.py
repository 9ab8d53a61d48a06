"""Exit codes hold when streams are closed or full, and nothing outside is taken for a bug of the tool."""

import shlex
import subprocess
from pathlib import Path

import pytest

from callables import WriteTruss
from conftest import TRUSS
from waiting import SECONDS

MODEL = "class Model:\n    def predict(self, i): return i\n"
WRONG = "class Model:\n    def predict(self, i, j): return i\n"


@pytest.fixture
def shell(write_truss: WriteTruss, tmp_path: Path) -> "Shell":
    write_truss({"model/model.py": MODEL})
    (tmp_path / "wrong/model").mkdir(parents=True)
    (tmp_path / "wrong/config.yaml").write_text("model_name: m\n")
    (tmp_path / "wrong/model/model.py").write_text(WRONG)
    return Shell(tmp_path)


class Shell:
    """Runs a command line of `truss` with redirections, as a shell does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, line: str) -> subprocess.CompletedProcess[str]:
        line = line.replace("truss ", f"{shlex.quote(str(TRUSS))} ", 1)
        return subprocess.run(
            ["bash", "-c", line],  # noqa: S607 - the one on PATH
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("truss check wrong >&-", 1),
        ("truss check wrong 2>&-", 1),
        ("truss check wrong 2>/dev/full", 1),
        ("truss check wrong --output-format json >&-", 1),
        ("truss check truss >&-", 0),
        ("truss --help >&-", 0),
        ("truss check nowhere 2>&-", 2),
        ("truss check nowhere 2>/dev/full", 2),
        ("truss predict truss -d 1 2>&-", 0),
        ("truss predict truss -d 1 2>/dev/full", 0),
        ("truss predict truss -d 1 <&-", 0),
        ("truss predict truss -d '{' 2>/dev/full", 2),
    ],
)
def test_a_closed_or_full_stream_changes_no_exit_code(line: str, code: int, shell: Shell) -> None:
    assert shell(line).returncode == code


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("truss check wrong >/dev/full", "the output cannot be written: No space left on device"),
        ("truss check wrong --output-format sarif >/dev/full", "the output cannot be written"),
        ("truss --help >/dev/full", "the output cannot be written"),
        ("truss init --list >/dev/full", "the output cannot be written"),
        ("truss predict truss -d 1 >/dev/full", "the result cannot be written: No space left on device"),
        ("truss predict truss -d 1 >&-", "standard output is closed"),
        ("truss predict truss --max-input 64Mi </dev/zero", "the input is larger than 67,108,864 bytes"),
        (
            "truss predict truss --max-input 1M -f /dev/zero",
            "file /dev/zero is larger than 1,000,000 bytes",
        ),
        ("truss predict truss --max-input much -d 1", "'much' is not a size"),
        ("truss predict truss -f /proc/self/mem", "cannot read the input file /proc/self/mem"),
        ("ulimit -n 8; truss predict truss -d 1", "the system refused: Too many open files"),
        ("ulimit -v 1000000; truss predict truss </dev/zero", "there is not enough memory"),
        ("ln -s loop loop; truss check loop", "loop does not exist"),
        ("ln -s loop loop; truss predict truss -f loop", "Too many levels of symbolic links"),
        (f"truss check {'x' * 300}", "does not exist"),
        (f"truss init {'x' * 300} --yes", "File name too long"),
        ("mkdir gone; cd gone; rmdir ../gone; truss check", "the working folder no longer exists"),
        ("mkdir gone; cd gone; rmdir ../gone; truss predict -d 1", "the working folder no longer exists"),
        ("mkdir gone; cd gone; rmdir ../gone; truss check --stdin-filename x.py", "the working folder"),
    ],
)
def test_what_lies_outside_the_tool_is_one_clear_error(line: str, message: str, shell: Shell) -> None:
    done = shell(line)
    assert done.returncode == 2
    [error] = [text for text in done.stderr.splitlines() if text.startswith("error: ")]
    assert message in error
    assert "bug" not in done.stderr

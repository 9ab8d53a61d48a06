"""Files that commands write: a reader gets the old or the new content; streams stay streams."""

import fcntl
import os
import subprocess
import threading
from pathlib import Path

import pytest

from callables import Run, WriteTruss
from conftest import TRUSS
from truss_cli.replace_file import replace_file

WRONG = "class Model:\n    def predict(self, i, j): return i\n"


@pytest.fixture
def wrong(write_truss: WriteTruss) -> Path:
    return write_truss({"model/model.py": WRONG, "config.yaml": "model_name: m\nresources: {memory: 16}\n"})


def test_a_full_disk_leaves_the_old_report(wrong: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.sarif"
    report.write_text("old")
    line = f"ulimit -f 1; '{TRUSS}' check '{wrong}' --output-format sarif -o '{report}'"
    process = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)  # noqa: S607
    assert (process.returncode, report.read_text()) == (2, "old")
    assert f"error: {report} cannot be written: File too large" in process.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.sarif", "truss"]


def test_a_reader_sees_no_part(tmp_path: Path) -> None:
    path, contents = tmp_path / "file", {b"a" * 100_000, b"b" * 100_000}
    path.write_bytes(b"a" * 100_000)
    contents_read, end_reading = set(), threading.Event()

    def read() -> None:
        while not end_reading.is_set():
            contents_read.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(20):
        for content in contents:
            replace_file(path, content)
    end_reading.set()
    reader.join()
    assert contents_read <= contents


def test_a_leftover_of_a_killed_run_is_removed_unless_it_is_in_use(tmp_path: Path) -> None:
    leftover, in_use = (tmp_path / f".report.{digit * 16}.truss-tmp" for digit in "01")
    leftover.touch()
    with in_use.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        replace_file(tmp_path / "report", b"new")
        assert sorted(path.name for path in tmp_path.iterdir()) == [in_use.name, "report"]
    replace_file(tmp_path / "report", b"newer")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("report", b"newer")]


def test_new_files_have_the_usual_permissions_and_old_ones_keep_theirs(tmp_path: Path) -> None:
    usual, path = tmp_path / "usual", tmp_path / "file"
    usual.touch()
    replace_file(path, b"1")
    assert path.stat().st_mode == usual.stat().st_mode
    path.chmod(0o604)
    replace_file(path, b"2")
    assert path.stat().st_mode & 0o777 == 0o604


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    path = tmp_path / ("ä" * 127)
    replace_file(path, b"1")
    assert path.read_bytes() == b"1"


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder/other")
    (tmp_path / "folder/other").symlink_to("file")
    replace_file(tmp_path / "link", b"1")
    assert (tmp_path / "folder/file").read_bytes() == b"1"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "link"])
def test_a_stream_that_goes_to_a_file_is_not_replaced(name: str, wrong: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/stdout")
    log = tmp_path / "log"
    log.write_text("before\n")
    line = f"'{TRUSS}' check '{wrong}' --output-format concise -o {name} >> log"
    subprocess.run(["bash", "-c", line], cwd=tmp_path, check=False)  # noqa: S607 - the one on PATH
    assert log.read_text().startswith("before\n")
    assert "TRS106" in log.read_text()


def test_a_pipe_is_written_to(run: Run, wrong: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    texts: list[str] = []
    reader = threading.Thread(target=lambda: texts.append(pipe.read_text()))
    reader.start()
    run("check", wrong, "--output-format", "concise", "-o", pipe)
    reader.join()
    assert "TRS106" in texts[0]
    assert pipe.is_fifo()

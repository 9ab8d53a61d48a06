"""All files or none: a disk that fills up, a folder that cannot be written, Ctrl-C."""

import os
import signal
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from truss_cli.errors import TrussError
from truss_cli.init.files.plan import PlannedFile
from truss_cli.init.files.target import Place
from truss_cli.init.files.write import FileWriter


def files(folder: Path) -> list[PlannedFile]:
    return [
        PlannedFile(Place(folder, PurePosixPath("a.txt")), b"new"),
        PlannedFile(Place(folder, PurePosixPath("deep/er/b.sh")), b"#!/bin/sh\n", executable=True),
        PlannedFile(Place(folder, PurePosixPath("deep/large.bin")), b"\x00" * 100_000),
    ]


def contents(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def in_a_child(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    setup = f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    setup += "from test_write import *\n"
    return subprocess.run(
        [sys.executable, "-c", setup + code, *arguments], capture_output=True, check=False, encoding="utf-8"
    )


def test_every_file_is_written_as_it_is(tmp_path: Path) -> None:
    FileWriter(tmp_path / "new").write(files(tmp_path / "new"))
    assert contents(tmp_path) == {
        "new": None,
        "new/a.txt": b"new",
        "new/deep": None,
        "new/deep/er": None,
        "new/deep/er/b.sh": b"#!/bin/sh\n",
        "new/deep/large.bin": b"\x00" * 100_000,
    }
    assert os.access(tmp_path / "new/deep/er/b.sh", os.X_OK)
    assert not os.access(tmp_path / "new/a.txt", os.X_OK)


FULL_DISK = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    FileWriter(Path(sys.argv[1]), replace=True).write(files(Path(sys.argv[1])))
except TrussError as error:
    print(error.message, error.hint)
"""


@pytest.mark.parametrize("present", [{}, {"a.txt": b"old", "mine.txt": b"mine"}])
def test_when_the_disk_is_full_nothing_has_changed(tmp_path: Path, present: dict[str, bytes]) -> None:
    for name, content in present.items():
        (tmp_path / name).write_bytes(content)
    before = contents(tmp_path)
    ended = in_a_child(FULL_DISK, str(tmp_path))
    assert (
        ended.stdout
        == f"{tmp_path}/deep/large.bin cannot be written: File too large Nothing was left behind.\n"
    )
    assert contents(tmp_path) == before


NO_PERMISSION = """
folder = Path(sys.argv[1])
FileWriter(folder / "warm").write(files(folder / "warm"))
(folder / "locked").mkdir(mode=0o500)
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    FileWriter(folder / "locked" / "truss").write(files(folder / "locked" / "truss"))
except TrussError as error:
    print(error.message)
"""


def test_without_permission_nothing_is_made(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    ended = in_a_child(NO_PERMISSION, str(tmp_path))
    assert ended.stdout == f"{tmp_path}/locked/truss/a.txt cannot be written: Permission denied\n"
    assert list((tmp_path / "locked").iterdir()) == []


class Interrupted(PlannedFile):
    """A file during whose writing Ctrl-C is pressed."""

    def __getattribute__(self, name: str) -> object:
        if name == "content":
            signal.raise_signal(signal.SIGINT)
        return super().__getattribute__(name)


def test_ctrl_c_in_the_middle_takes_back_what_was_done(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")
    last = Interrupted(Place(tmp_path, PurePosixPath("deep/last.txt")), b"")
    with pytest.raises(KeyboardInterrupt):
        FileWriter(tmp_path, replace=True).write([*files(tmp_path), last])
    assert contents(tmp_path) == {"a.txt": b"old"}


def test_a_file_that_has_appeared_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "large.bin").write_bytes(b"mine")
    before = contents(tmp_path)
    with pytest.raises(TrussError, match="File exists"):
        FileWriter(tmp_path).write(files(tmp_path))
    assert contents(tmp_path) == before


def test_replacing_leaves_the_new_files_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("elsewhere")
    (tmp_path / "elsewhere").write_bytes(b"mine")
    FileWriter(tmp_path, replace=True).write(files(tmp_path)[:1])
    assert contents(tmp_path) == {"a.txt": b"new", "elsewhere": b"mine"}

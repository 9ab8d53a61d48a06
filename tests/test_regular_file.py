"""Reading of files that may be anything."""

import os
from pathlib import Path

import pytest

from truss_cli.regular_file import read_regular_file


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")
    (tmp_path / "link").symlink_to("file")
    assert read_regular_file(tmp_path / "file") == b"abc"
    assert read_regular_file(tmp_path / "link", limit=2) == b"ab"
    with pytest.raises(OSError, match="symbolic links"):
        read_regular_file(tmp_path / "link", follow_link=False)


@pytest.mark.parametrize("path", ["pipe", ".", "none", "/dev/zero", "/proc/self/mem"])
def test_no_other_file_is_read_or_waited_for(path: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match=r"^\[Errno"):
        read_regular_file(tmp_path / path)

"""The stage of a truss: its files, its place and its removal."""

from pathlib import Path

from truss_cli.deployment.stage import staged
from truss_cli.project import Truss, open_truss


def _truss(folder: Path, data_files: int = 1) -> Truss:
    files = ["model/model.py", "packages/tool/t.py", *(f"data/s/{number}" for number in range(data_files))]
    for name in (*files, "config.yaml", "labels.txt", "data/code.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return open_truss(folder)


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def test_a_stage_has_the_files_of_the_image_and_is_removed(tmp_path: Path) -> None:
    with staged(_truss(tmp_path / "truss"), tmp_path) as files:
        top = Path(files.truss.stage.folder)
        names = {
            "app/config.yaml",
            "app/data/code.py",
            "app/data/s/0",
            "app/model/model.py",
            "packages/tool/t.py",
        }
        assert _names(top) == names
        assert files.truss.model_path == top / "app" / "model" / "model.py"
        assert top.parent == tmp_path / "run"
    assert not top.exists()


def test_files_of_a_large_folder_are_linked_except_code(tmp_path: Path) -> None:
    with staged(_truss(tmp_path / "truss", data_files=101), tmp_path) as files:
        app = files.truss.folder
        kinds = {path.is_symlink() for path in (app / "data" / "s").iterdir()}
        assert len(kinds) == 1  # a clone of each, where the file system has clones
        assert not (app / "data" / "code.py").is_symlink()
        assert not (app / "data" / "s").is_symlink()
        assert len(files.links) == (101 if kinds == {True} else 0)


def test_copies_have_the_time_of_the_file_and_can_be_written(tmp_path: Path) -> None:
    truss = _truss(tmp_path / "truss")
    source = tmp_path / "truss" / "data" / "s" / "0"
    source.chmod(0o500)
    with staged(truss, tmp_path) as files:
        copy = (files.truss.data_folder / "s" / "0").stat()
        assert copy.st_mode & 0o700 == 0o700
        assert copy.st_mtime_ns == source.stat().st_mtime_ns


def test_stages_of_killed_runs_are_removed_and_others_stay(tmp_path: Path) -> None:
    truss = _truss(tmp_path / "truss")
    leftover = tmp_path / "run" / "0123456789abcdef"
    leftover.mkdir(parents=True)
    with staged(truss, tmp_path) as first, staged(truss, tmp_path) as second:
        assert not leftover.exists()
        assert first.truss.model_path.exists()
        assert second.truss.folder != first.truss.folder


def test_without_a_cache_the_stage_is_a_temporary_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with staged(_truss(tmp_path / "truss"), tmp_path / "file") as files:
        assert files.truss.model_path.exists()

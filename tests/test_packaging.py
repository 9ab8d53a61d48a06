"""What is built and uploaded holds all that the commands need, and works without the checkout."""

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from os import environ
from pathlib import Path

import pytest

from waiting import SECONDS

ROOT = Path(__file__).parents[1]


def _build(target: str, project: Path, into: Path) -> Path:
    """Build a wheel or an sdist with the installed backend, without the network."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(into)]
    subprocess.run(command, cwd=project, check=True, capture_output=True, timeout=SECONDS)
    (built,) = into.iterdir()
    return built


def _files(folder: Path, prefix: str) -> set[str]:
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        f"{prefix}/{path.as_posix()}"
        for path in paths
        if not path.parts[0].startswith(".") and path.suffix != ".pyc"
    }


def _outside_metadata(names: Iterable[str]) -> set[str]:
    return {name for name in names if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def wheel(wheel_file: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(wheel_file)


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build an sdist and give the folder that it unpacks to."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(_build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))) as archive:
        archive.extractall(folder, filter="data")
    (unpacked,) = folder.iterdir()
    return unpacked


def test_the_wheel_holds_the_package_and_the_templates_alone(wheel: zipfile.ZipFile) -> None:
    expected = _files(ROOT / "cli" / "truss_cli", "truss_cli") | _files(
        ROOT / "templates", "truss_cli/templates"
    )
    assert _outside_metadata(wheel.namelist()) == expected


def test_the_wheel_has_both_commands(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    lines = wheel.read(name).decode().splitlines()
    assert {"truss = truss_cli.entry_point:main", "truss-cli = truss_cli.entry_point:main"} <= set(lines)


def test_the_wheel_works_without_the_checkout(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)  # noqa: S202 - built above

    def python(*arguments: str) -> str:
        environment = {**environ, "PYTHONPATH": str(tmp_path)}
        command = [sys.executable, *arguments]
        return subprocess.check_output(command, cwd=tmp_path, env=environment, text=True, timeout=SECONDS)

    where = python("-c", "import truss_cli; print(truss_cli.__file__)")
    assert Path(where.strip()) == tmp_path / "truss_cli" / "__init__.py"
    assert "made" in python("-m", "truss_cli", "init", "made", "--yes")
    assert (tmp_path / "made" / "model" / "model.py").is_file()


def test_the_sdist_holds_the_sources_and_what_tests_them(sdist: Path) -> None:
    for name in ("Makefile", "README.md", "pyproject.toml", "tests/test_packaging.py"):
        assert (sdist / name).read_bytes() == (ROOT / name).read_bytes()


def test_a_wheel_of_the_sdist_is_the_same_to_the_byte(sdist: Path, wheel_file: Path, tmp_path: Path) -> None:
    assert _build("wheel", sdist, tmp_path).read_bytes() == wheel_file.read_bytes()

"""A build of an environment that is interrupted or killed: its processes and its files."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from callables import WriteModel
from conftest import TRUSS
from truss_cli.scratch_folder import scratch_folder
from waiting import SECONDS, wait_until
from wheels import write_source

THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
MODEL = "class Model:\n    def predict(self, model_input): return model_input\n"
BACKEND = """
import os, pathlib, time

def _write_metadata(folder):
    info = pathlib.Path(folder, "slow_library-1.0.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: slow-library\\nVersion: 1.0\\n")
    return info.name

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    return _write_metadata(folder)

def build_wheel(folder, config_settings=None, metadata_directory=None):
    part = pathlib.Path(os.environ["BUILDING"] + ".part")
    part.write_text(str(os.getpid()))
    part.rename(os.environ["BUILDING"])
    time.sleep(600)
"""


@pytest.fixture
def building(
    write_model: WriteModel, package_index: Mapping[str, str], tmp_path: Path
) -> Callable[[], subprocess.Popen[bytes]]:
    """Start `truss predict --isolated`, and wait until a package is being built; its process is in a file."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for wheel in Path(package_index["UV_FIND_LINKS"]).iterdir():
        (packages / wheel.name).symlink_to(wheel)
    write_source(packages, "slow-library", "1.0", backend=BACKEND)
    folder = write_model(MODEL, config="requirements: [slow-library]\n")
    env = {**os.environ, **package_index, "UV_FIND_LINKS": str(packages)}
    env |= {"TRUSS_CACHE_DIR": str(tmp_path / "cache"), "BUILDING": str(tmp_path / "building")}
    env |= {"UV_CACHE_DIR": str(tmp_path / "uv"), "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()

    def start() -> subprocess.Popen[bytes]:
        command: list[str | Path] = [TRUSS, "predict", folder, "-d", "1", "--isolated", "--python", THIS]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
        wait_until(lambda: (tmp_path / "building").exists() or process.poll() is not None)
        return process

    return start


def _has_ended(pid: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


def test_interrupted_build_leaves_nothing(
    building: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    process = building()
    backend = int((tmp_path / "building").read_text())
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == -signal.SIGTERM
    assert b"Traceback" not in errors
    assert _has_ended(backend)
    assert not list((tmp_path / "cache/environments").iterdir())
    assert not list((tmp_path / "tmp").glob("truss-*"))


def test_next_run_removes_the_leftover_of_a_killed_one(
    building: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    first = building()
    first.kill()
    os.kill(int((tmp_path / "building").read_text()), signal.SIGKILL)  # which uv has started
    first.communicate()
    [leftover] = (tmp_path / "cache/environments").iterdir()
    (tmp_path / "building").unlink()
    process = building()
    assert not leftover.exists()
    [in_use] = (tmp_path / "cache/environments").iterdir()
    with scratch_folder("building-", in_use.parent):
        assert in_use.exists()  # it is not this process's to remove
    process.terminate()
    process.communicate(timeout=SECONDS)

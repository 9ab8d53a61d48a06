"""The code that is checked never runs, whichever part of it is looked at."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from callables import Run, WriteTruss

EVIL = """
import os, pathlib, socket
pathlib.Path({trace!r}).write_text("written")
socket.create_connection(("127.0.0.1", {port}))
os.kill(os.getpid(), 9)
"""
CARRIER = """
{evil}
import helper
from helper import Base, decorate
from pydantic import BaseModel


def default():
    {indented}


class Meta(type):
    def __new__(cls, *arguments, **keywords):
        {indented}


class Output(BaseModel, metaclass=Meta):
    text: (lambda: [default() for _ in "a"])() = default()


@decorate(default())
class Model(Base):
    {indented}

    @decorate
    def predict(self, model_input=default()) -> "Output[default()]":
        return Output()
"""


@pytest.mark.parametrize(
    "suspect", ["model/model.py", "model/__init__.py", "packages/helper.py", "sitecustomize.py"]
)
def test_no_file_of_a_truss_is_run(suspect: str, run: Run, write_truss: WriteTruss, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        evil = EVIL.format(trace=str(trace), port=server.getsockname()[1])
        indented = "; ".join(evil.split("\n")).strip("; ")
        carrier = CARRIER.format(evil=evil, indented=indented)
        files = {
            "config.yaml": "external_package_dirs: [packages]\n",
            "model/model.py": "from helper import Base\n\n\nclass Model(Base):\n    pass\n",
            suspect: carrier,
        }
        done = run("check", "--strict", cwd=write_truss(files))
        assert done.returncode in (0, 1)
        assert (done.stderr, trace.exists()) == ("", False)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("module", ["yaml", "json", "ast", "typer", "pydantic", "truss_cli"])
def test_no_module_of_the_tool_is_taken_from_the_working_folder(
    module: str, run: Run, write_truss: WriteTruss
) -> None:
    folder = write_truss(
        {"model/model.py": "class Model:\n    def predict(self, a): ...\n", f"{module}.py": "1 / 0"}
    )
    assert run("check", cwd=folder).returncode == 0
    as_module = [sys.executable, "-P", "-m", "truss_cli", "check"]
    assert subprocess.run(as_module, cwd=folder, check=False, capture_output=True).returncode == 0


def test_config_is_data(run: Run, write_truss: WriteTruss, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    config = f"model_name: !!python/object/apply:os.system ['touch {trace}']\n"
    done = run("check", cwd=write_truss({"config.yaml": config}))
    assert done.returncode == 1
    assert not trace.exists()

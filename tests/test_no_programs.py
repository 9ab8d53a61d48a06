"""The commands for repositories of strangers start no program and open no socket, as SECURITY.md states."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from editor_client import Client
from hostile_repository import write_hostile_repository

PROGRAM = """\
import sys

FORBIDDEN = (
    "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn",
    "socket.bind", "socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen",
)


def audit(event, arguments):
    if event in FORBIDDEN:
        sys.__stderr__.write(f"audit: {event} {arguments[0]}\\n")
        sys.__stderr__.flush()


sys.addaudithook(audit)
from truss_cli.__main__ import main

main()
"""
PLANTED = "#!/bin/sh\ntouch {trace}\n"


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "trace"


@pytest.fixture
def repository(tmp_path: Path, trace: Path) -> Path:
    folder = write_hostile_repository(tmp_path / "repository", trace)
    for top in (folder, folder / "truss"):
        for name in ("bin/git", "bin/nvidia-smi", "bin/uv", "bin/python3.10", ".venv/bin/python"):
            program = top / name
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text(PLANTED.format(trace=trace))
            program.chmod(0o755)
        (top / ".venv/pyvenv.cfg").write_text("version_info = 3.10.1\n")
    return folder


@pytest.fixture
def environment(repository: Path) -> Mapping[str, str]:
    return {"PATH": f"bin:.:{repository}/truss/bin:/usr/bin:/bin", "HOME": str(repository.parent)}


def _started(command: list[str], cwd: Path, environment: Mapping[str, str]) -> list[str]:
    """Run `truss`, and return the forbidden events."""
    process = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, *command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode in (0, 1), process.stderr
    return [line for line in process.stderr.splitlines() if line.startswith("audit: ")]


@pytest.mark.parametrize(
    "command", [["check", "--strict", "."], ["check", "--diff", "."], ["schema", "truss"]]
)
def test_no_program_is_started(
    command: list[str], repository: Path, trace: Path, environment: Mapping[str, str]
) -> None:
    assert _started(command, repository, environment) == []
    assert not trace.exists()


def test_doctor_starts_only_programs_outside_the_folder(
    repository: Path, trace: Path, environment: Mapping[str, str]
) -> None:
    folder = repository / "truss"
    programs = [line.rpartition(" ")[2] for line in _started(["doctor"], folder, environment)]
    assert {Path(program).name for program in programs} <= {"nvidia-smi", "uv"}
    assert all(Path(program).is_absolute() for program in programs)
    assert not [program for program in programs if Path(program).is_relative_to(repository)]
    assert not trace.exists()


def test_the_language_server_starts_no_program(
    repository: Path, trace: Path, environment: Mapping[str, str]
) -> None:
    command = [sys.executable, "-P", "-c", PROGRAM, "lsp"]
    client = Client(repository / "truss", command=command, env=environment)
    try:
        client.initialize()
        client.open("model/model.py")
        client.diagnostics("model/model.py")
        client.request("textDocument/codeAction", client.at("model/model.py", 1, 5))
        client.request("textDocument/hover", client.at("model/model.py", 1, 5))
        assert client.close() == 0
        assert client.process.stderr
        assert client.process.stderr.read() == b""
    finally:
        client.kill()
    assert not trace.exists()

"""The machine at hand beside the one that a truss is served on: Python, GPU, environment."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from truss_cli.doctor.findings import Comparison, Verdict
from truss_cli.environment.interpreters import has_python
from truss_cli.environment.isolated import built_environment
from truss_cli.environment.requirements import python_version
from truss_cli.environment.unreproduced import unreproduced, wanted_gpu
from truss_cli.environment.uv import find_uv
from truss_cli.errors import TrussError
from truss_cli.programs import find_program
from truss_cli.project import Truss

_GPU_SECONDS = 10
_NOT_HERE = "none"


def compare_python(truss: Truss) -> Iterator[Comparison]:
    """Yield the Python."""
    wanted, here = python_version(truss), ".".join(map(str, sys.version_info[:3]))
    fits = here.startswith(f"{wanted}.")
    yield Comparison("Python", wanted, here, Verdict.FITS if fits else Verdict.DIFFERS)


def compare_gpu(truss: Truss) -> Iterator[Comparison]:
    """Yield the GPU; without one, some models run all the same."""
    wanted, here = wanted_gpu(truss), _gpus(truss.folder)
    if wanted is None:
        yield Comparison("GPU", _NOT_HERE, here or _NOT_HERE, Verdict.NEUTRAL)
        return
    fits = wanted.partition("_")[0] in here
    yield Comparison("GPU", wanted, here or _NOT_HERE, Verdict.FITS if fits else Verdict.DIFFERS)


def describe_isolation(truss: Truss) -> Iterator[Comparison]:
    """Yield what `--isolated` would run in."""
    try:
        uv = find_uv(truss.folder, offline=True)
    except TrussError as error:
        yield Comparison("uv", "for --isolated", f"none: {error.hint}", Verdict.NEUTRAL)
        return
    yield Comparison("uv", "for --isolated", uv.program, Verdict.NEUTRAL)
    python = python_version(truss)
    found = "here" if has_python(python, uv) else "not here; uv would fetch it"
    yield Comparison("Python", python, found, Verdict.NEUTRAL)
    yield Comparison("environment", "the requirements and the server's", _environment(truss), Verdict.NEUTRAL)
    for left_out in unreproduced(truss):
        yield Comparison("not reproduced", left_out, "", Verdict.NEUTRAL)


def _environment(truss: Truss) -> str:
    try:
        python = built_environment(truss)
    except TrussError as error:
        return error.message
    return f"built: {python}" if python else "not built yet; the first run builds it"


def _gpus(untrusted_folder: Path) -> str:
    """Return the names of this machine's GPUs; none if the driver's program is not installed."""
    program = find_program("nvidia-smi", untrusted_folder)
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - without a shell
            [program, "--query-gpu=name", "--format=csv,noheader"],
            capture_output=True,
            cwd=Path(program).parent,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=_GPU_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ", ".join(done.stdout.splitlines()) if done.returncode == 0 else ""

"""The Python that a truss asks for, on this machine."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from truss_cli.environment.uv import Uv, UvError
from truss_cli.errors import TrussError

OLDEST = (3, 9)
"""What the worker runs on."""


def find_python(wanted: str, uv: Uv) -> Path:
    """Return the interpreter of a version, name or path that the user or config.yaml gives.

    uv fetches a version that is not there, if it may. Raises TrussError if there is none.
    """
    this = Path(getattr(sys, "_base_executable", sys.executable))
    if wanted == f"{sys.version_info.major}.{sys.version_info.minor}":
        return this
    try:
        return _find(wanted, uv)
    except UvError as error:
        found = next(_of_pyenv(wanted), None)
        if found is not None:
            return found
        missing = error
    if not uv.offline and re.fullmatch(r"3\.\d+(\.\d+)?", wanted):
        try:
            uv.run("python", "install", "--no-bin", wanted)
            return _find(wanted, uv)
        except UvError as error:
            missing = error
    raise TrussError(
        f"there is no Python {wanted} on this machine",
        hint=f"Install it, with `uv python install {wanted}` perhaps, or name another: `--python VERSION`.",
        detail=missing.text,
    )


def _find(request: str, uv: Uv) -> Path:
    """Return the interpreter that uv finds. Raises UvError.

    uv starts the interpreters that it considers, which include those of a `.venv` in its working folder.
    """
    argument = os.path.abspath(request) if os.sep in request else request  # noqa: PTH100 - resolves links
    return Path(uv.run("python", "find", "--no-project", argument, cwd=Path(Path.cwd().anchor)).strip())


def has_python(wanted: str, uv: Uv) -> bool:
    """Whether a Python is here, or could be fetched by nobody else's doing."""
    try:
        find_python(wanted, uv._replace(offline=True))
    except TrussError:
        return False
    return True


def version_of(environment: Path) -> tuple[int, ...]:
    """Return the version of the Python of a virtual environment."""
    text = (environment / "pyvenv.cfg").read_text("utf-8")
    found = re.search(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)", text, re.MULTILINE)
    return tuple(map(int, found.groups())) if found else ()


def _of_pyenv(wanted: str) -> Iterator[Path]:
    """Yield what pyenv has of a version, newest first; uv trips over its shims."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv", "versions")
    if not re.fullmatch(r"3\.\d+(\.\d+)?", wanted) or not root.is_dir():
        return
    folders = [folder for folder in root.iterdir() if f"{folder.name}.".startswith(f"{wanted}.")]
    for folder in sorted(folders, key=_numbers, reverse=True):
        python = folder / "bin" / "python3"
        if python.is_file():
            yield python


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.name)]

"""What the image of a truss installs, step by step, as its build does it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from truss_cli.contract.defaults import PYTHON_VERSION
from truss_cli.deployment import server_packages
from truss_cli.errors import ExitCode, TrussError
from truss_cli.project import Truss
from truss_cli.regular_file import read_regular_file

_COMMENT = re.compile(r"(^|\s+)#.*")
_OWN_SERVER = "docker_server"
_LOCK_FILE, _PROJECT_FILE = "uv.lock", "pyproject.toml"


class BuildStep(NamedTuple):
    """What one command of the build installs: a text or a file of requirements, within constraints."""

    text: str
    file: Path | None = None
    constraints: str = ""


class Wanted(NamedTuple):
    """What a truss asks for: requirements, in the user's words, and a Python such as `3.11`."""

    truss: Truss
    python: str

    def texts(self) -> Iterator[str]:
        """Yield all that decides which packages are installed, to be compared with later."""
        yield self.python
        yield server_packages.RELEASE
        yield str(_OWN_SERVER in self.truss.values)
        yield "\n".join(self.truss.requirements)
        for file in _files(self.truss):
            yield file.name
            yield _read(file)

    def steps(self) -> tuple[BuildStep, ...]:
        """Return the steps, the last of which installs what the server requires beyond the truss's own."""
        truss = self.truss
        own = "".join(f"{text}\n" for text in truss.requirements)
        files = _files(truss)
        named = [*truss.requirements, *(_listed(files[0]) if files else ())]
        if _OWN_SERVER in truss.values:
            base, constraints = "", ""
        else:
            base, constraints = _without(server_packages.REQUIREMENTS, named), server_packages.CONSTRAINTS
        last = BuildStep(base + own, constraints=constraints)
        if not files:
            return (last,)
        # The build bounds only a requirements.txt by the server's constraints.
        bounds = "" if files[0].name in (_LOCK_FILE, _PROJECT_FILE) else constraints
        return (BuildStep("", files[0], bounds), last)


def wanted_by(truss: Truss, python: str | None = None) -> Wanted:
    """Return what a truss asks for, in another Python if one is named."""
    return Wanted(truss, python or python_version(truss))


def python_version(truss: Truss) -> str:
    """Return the Python that config.yaml asks for, such as `3.11`."""
    named = re.fullmatch(r"py3(\d\d?)", truss.text("python_version", PYTHON_VERSION))
    return f"3.{named[1]}" if named else python_text(PYTHON_VERSION)


def python_text(version: str) -> str:
    """Return `3.11` for `py311`."""
    return f"3.{version.removeprefix('py3')}"


def requirement_name(text: str) -> str | None:
    """Return the normalized name of a requirement; None for options, addresses and paths without one."""
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - not for what is built
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    try:
        return canonicalize_name(Requirement(_COMMENT.sub("", text).strip()).name)
    except InvalidRequirement:
        return None


def _without(requirements: str, named: list[str]) -> str:
    """Leave out the requirements that the truss names itself."""
    names = {requirement_name(text) for text in named}
    return "".join(f"{line}\n" for line in requirements.splitlines() if requirement_name(line) not in names)


def _listed(file: Path) -> list[str]:
    """Return the requirements in a file, as far as the build knows them."""
    if file.name not in (_LOCK_FILE, _PROJECT_FILE):
        return [line.strip() for line in _read(file).splitlines() if line.strip()]
    import tomllib  # noqa: PLC0415 - rarely needed

    project = file.with_name(_PROJECT_FILE)
    try:
        values = tomllib.loads(_read(project))
    except tomllib.TOMLDecodeError as error:
        raise TrussError(f"{project} is not TOML: {error}", exit_code=ExitCode.FAULT) from None
    table = values.get("project")
    listed = table.get("dependencies") if isinstance(table, dict) else None
    return [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []


def _files(truss: Truss) -> list[Path]:
    """Return the requirements file, and the project file beside it if it is a lock file."""
    if truss.requirements_file is None:
        return []
    file = truss.folder / truss.requirements_file
    return [file, file.with_name(_PROJECT_FILE)] if file.name == _LOCK_FILE else [file]


def _read(file: Path) -> str:
    try:
        return read_regular_file(file).decode("utf-8", "replace")
    except OSError as error:
        raise TrussError(f"cannot read {file}: {error.strerror}", exit_code=ExitCode.FAULT) from None

"""The modules that a truss's environment has, by what is installed in it."""

import platform
import re
import sys
from pathlib import Path

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.contract.installed import ALWAYS_INSTALLED, MAY_BE_INSTALLED
from truss_cli.environment.isolated import built_environment
from truss_cli.errors import TrussError
from truss_cli.project import Truss

_UNKNOWABLE = ("base_image", "build_commands", "docker_server", "trt_llm", "bis_llm", "system_packages")
"""Sections by which modules may come that no requirement provides."""
_DEPLOYED = ("linux", "x86_64")
_FINDS_MORE = re.compile(r"__editable__|sys\.path\b|meta_path|path_hooks")
_ADDRESS = ("://", "git+", " @ ")


def built_modules(facts: TrussFacts) -> frozenset[str] | None:
    """Return the top-level modules of the environment that was built; None if that is not all there is."""
    truss = facts.truss
    variables = truss.values.get("environment_variables")
    if any(truss.values.get(key) for key in _UNKNOWABLE):
        return None
    if isinstance(variables, dict) and "PYTHONPATH" in variables:
        return None
    if any(part in text for text in truss.requirements for part in _ADDRESS):
        return None
    # Elsewhere a requirement that is for Linux alone is not installed.
    python = _built(truss) if (sys.platform, platform.machine()) == _DEPLOYED else None
    if python is None:
        return None
    folders = list(python.parent.parent.glob("lib/python*/site-packages"))
    if len(folders) != 1 or any(_extends_path(file) for file in folders[0].glob("*.pth")):
        return None
    return frozenset(MAY_BE_INSTALLED | ALWAYS_INSTALLED | {_module(path) for path in folders[0].iterdir()})


def _built(truss: Truss) -> Path | None:
    try:
        return built_environment(truss)
    except TrussError:  # of a requirements file that cannot be read
        return None


def _module(path: Path) -> str:
    """Return the module that a file or folder is, or whatever it is called."""
    return path.name.partition(".")[0]


def _extends_path(file: Path) -> bool:
    """Whether a .pth file lets Python find more modules; some only run code when it starts."""
    return any(map(_is_extending, file.read_text("utf-8", "replace").splitlines()))


def _is_extending(line: str) -> bool:
    if line.startswith(("import ", "import\t")):
        return _FINDS_MORE.search(line) is not None
    return bool(line.strip()) and not line.startswith("#")

"""The modules that a truss's environment has, by what is installed in it."""

import sys
from pathlib import Path

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.environment.isolated import built_environment

_UNKNOWABLE = ("base_image", "build_commands", "docker_server", "trt_llm", "bis_llm", "system_packages")
"""Sections by which modules may come that no requirement provides."""
_ADDRESS = ("://", "git+", " @ ")


def built_modules(facts: TrussFacts) -> frozenset[str] | None:
    """Return the top-level modules of the environment that was built; None if that is not all there is."""
    truss = facts.truss
    if any(truss.values.get(key) for key in _UNKNOWABLE):
        return None
    if any(part in text for text in truss.requirements for part in _ADDRESS):
        return None
    python = built_environment(truss)
    if python is None:
        return None
    folders = list(python.parent.parent.glob("lib/python*/site-packages"))
    if len(folders) != 1 or any(_extends_path(file) for file in folders[0].glob("*.pth")):
        return None
    return frozenset(sys.stdlib_module_names | {_module(path) for path in folders[0].iterdir()})


def _module(path: Path) -> str:
    """Return the module that a file or folder is, or whatever it is called."""
    return path.name.partition(".")[0]


def _extends_path(file: Path) -> bool:
    """Whether a .pth file adds folders, and not only runs code as some packages have it do."""
    lines = file.read_text("utf-8", "replace").splitlines()
    return any(line.strip() and not line.startswith(("import ", "import\t", "#")) for line in lines)

"""Packages beside this one: what an extra needs and is not there, and how to install it."""

from __future__ import annotations

import re
import shlex
import sys
from importlib import metadata
from importlib.util import find_spec

from truss_cli.errors import TrussError

_DISTRIBUTION = "truss-cli"
_PLAIN = re.compile(r"[\w./=-]+")


def require_extra(extra: str, user: str) -> None:
    """Raise TrussError if libraries of an extra are missing or too old; `user` is what needs them."""
    missing = missing_requirements(extra)
    if missing:
        names = ", ".join(missing)
        raise TrussError(f"{user} needs {names}", hint=f"Run `{install_command(missing)}`.")


def how_to_install(extra: str) -> str:
    """Return a command that installs what an extra lacks.

    It names the libraries, not the extra: they can be had wherever this package came from.
    """
    return install_command(missing_requirements(extra))


def missing_requirements(extra: str) -> list[str]:
    """Return the requirements of an extra that the installed packages do not meet.

    They are read from the metadata of this package; a copy without metadata has none.
    """
    from packaging.requirements import Requirement  # noqa: PLC0415 - only where something may be missing

    try:
        lines = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return []
    found = (Requirement(line) for line in lines)
    wanted = [one for one in found if one.marker and "extra" in str(one.marker)]
    return [
        f"{one.name}{one.specifier}"
        for one in wanted
        if one.marker and one.marker.evaluate({"extra": extra}) and not _is_met(one.name, str(one.specifier))
    ]


def install_command(arguments: list[str]) -> str:
    """Return a command that installs into the Python that runs; not every environment has pip."""
    words = " ".join(one if one == "..." else _quoted(one) for one in arguments)
    if find_spec("pip") is None:
        return f"uv pip install --python {shlex.quote(sys.executable)} {words}"
    return f"{shlex.quote(sys.executable)} -m pip install {words}"


def _is_met(name: str, bounds: str) -> bool:
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415 - same reason

    try:
        return SpecifierSet(bounds).contains(metadata.version(name), prereleases=True)
    except metadata.PackageNotFoundError:
        return False


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else shlex.quote(text)

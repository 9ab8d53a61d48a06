"""What the requirements of a truss come to when it is deployed, resolved by uv."""

import contextlib
import os
import sys

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.display import visible
from truss_cli.environment.conflicts import FaultyRequirement, faulty_requirements
from truss_cli.environment.requirements import Wanted, wanted_by
from truss_cli.environment.resolution import DEPLOYED_PLATFORM, ResolutionError, ResolutionTarget, resolve
from truss_cli.environment.uv import Uv, UvError, find_uv
from truss_cli.errors import TrussError
from truss_cli.project import Truss

_OTHER_PACKAGES = ("base_image", "docker_server", "trt_llm", "bis_llm")
"""Sections that bring an image of their own, in which other packages may be installed."""


def requirement_faults(facts: TrussFacts) -> tuple[FaultyRequirement, ...]:
    """Return the requirements that cannot be met when deployed; none where that cannot be known.

    Raises TrussError if uv or the packages' indexes cannot be reached.
    """
    truss = facts.truss
    if (
        truss.document is None
        or not truss.document.readable
        or any(truss.values.get(key) for key in _OTHER_PACKAGES)
    ):
        return ()
    if truss.requirements_file is not None and not (truss.folder / truss.requirements_file).is_file():
        return ()
    wanted, uv = wanted_by(truss), find_uv(truss.folder)
    try:
        wanted.steps()
    except TrussError as error:  # of a file that cannot be read
        _note(truss, error.message)
        return ()
    try:
        return tuple(_faults(wanted, uv))
    except UvError as error:
        if error.unreachable and not _is_own_place(wanted, error):
            raise error.as_unavailable() from None
        _note(truss, error.reason)
        return ()


def _note(truss: Truss, reason: str) -> None:
    """Say that the requirements are not checked."""
    what = f"the requirements of {truss.folder} could not be resolved, and were not checked"
    sys.stderr.write(f"note: {visible(f'{what}: {reason}')}\n")


def _is_own_place(wanted: Wanted, error: UvError) -> bool:
    """Whether what could not be reached is a place that the truss itself names, which others do not need."""
    written = "\n".join(wanted.texts())
    return any(f"/{host}" in written or f"@{host}" in written for host in error.hosts)


def _faults(wanted: Wanted, uv: Uv) -> list[FaultyRequirement]:
    target = ResolutionTarget(wanted.python, DEPLOYED_PLATFORM)
    with contextlib.suppress(ResolutionError):
        resolve(wanted, target, uv)
        return []
    if os.environ.get("UV_OFFLINE"):
        raise UvError("uv is offline, and may remember old versions alone (UV_OFFLINE)")
    try:
        resolve(wanted, target, uv, refresh=True)
    except ResolutionError as failed:
        return faulty_requirements(wanted, failed.step, target, uv, failed.explanation)
    return []

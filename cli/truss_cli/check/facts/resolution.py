"""What the requirements of a truss come to when it is deployed, resolved by uv."""

import sys
from typing import NamedTuple

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.display import visible
from truss_cli.environment.conflicts import Fault, faulty_requirements
from truss_cli.environment.places import WrittenRequirement, written_requirements
from truss_cli.environment.requirements import wanted_by
from truss_cli.environment.resolution import DEPLOYED_PLATFORM, ResolutionError, ResolutionTarget, resolve
from truss_cli.environment.uv import UvError, find_uv
from truss_cli.project import Truss

_OTHER_PACKAGES = ("base_image", "docker_server", "trt_llm", "bis_llm")
"""Sections that bring an image of their own, in which other packages may be installed."""


class RequirementFault(NamedTuple):
    """A requirement that cannot be met, why, and uv's explanation."""

    requirement: WrittenRequirement
    fault: Fault
    text: str


def requirement_faults(facts: TrussFacts) -> tuple[RequirementFault, ...]:
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
    try:
        return tuple(_faults(truss))
    except UvError as error:
        if error.unreachable and not _is_own_place(truss, error):
            raise error.as_unavailable() from None
        what = f"the requirements of {truss.folder} could not be resolved, and were not checked"
        sys.stderr.write(f"note: {visible(f'{what}: {error.reason}')}\n")
        return ()


def _is_own_place(truss: Truss, error: UvError) -> bool:
    """Whether what could not be reached is a place that the truss itself names, which others do not need."""
    written = "\n".join(wanted_by(truss).texts())
    return any(f"/{host}" in written or f"@{host}" in written for host in error.hosts)


def _faults(truss: Truss) -> list[RequirementFault]:
    wanted = wanted_by(truss)
    target = ResolutionTarget(wanted.python, DEPLOYED_PLATFORM)
    uv = find_uv()
    try:
        resolve(wanted, target, uv)
    except ResolutionError as failed:
        found = faulty_requirements(wanted, failed.step, target, uv, failed.explanation)
        written = {one.text: one for one in written_requirements(truss)}
        return [RequirementFault(written[one.requirement], one.fault, one.text) for one in found]
    return []

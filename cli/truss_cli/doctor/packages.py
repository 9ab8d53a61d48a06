"""The packages that a truss requires, beside those that this Python has."""

from collections.abc import Iterator
from importlib import metadata

from truss_cli.doctor.findings import Comparison, Verdict
from truss_cli.environment.places import written_requirements
from truss_cli.project import Truss


def compare_packages(truss: Truss) -> Iterator[Comparison]:
    """Yield each requirement with the version that is installed."""
    for written in written_requirements(truss):
        compared = _compare(written.text)
        if compared is not None:
            yield compared


def _compare(text: str) -> Comparison | None:
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - only this command needs it

    try:
        requirement = Requirement(text.partition(" #")[0].strip())
    except InvalidRequirement:
        return Comparison(text, "an option, a path or an address", "", Verdict.NEUTRAL)
    if requirement.marker is not None and not requirement.marker.evaluate():
        return None
    wanted = f"at {requirement.url}" if requirement.url else str(requirement.specifier) or "any version"
    try:
        here = metadata.version(requirement.name)
    except (metadata.PackageNotFoundError, ValueError):
        return Comparison(requirement.name, wanted, "not installed", Verdict.DIFFERS)
    fits = requirement.specifier.contains(here, prereleases=True)
    return Comparison(requirement.name, wanted, here, Verdict.FITS if fits else Verdict.DIFFERS)

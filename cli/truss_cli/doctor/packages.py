"""The packages that a truss requires, beside those that this Python has."""

from collections.abc import Iterator, Sequence
from importlib import metadata

from truss_cli.doctor.findings import Comparison, Verdict
from truss_cli.environment.places import written_requirements
from truss_cli.packages import install_command
from truss_cli.project import Truss


def compare_packages(truss: Truss) -> Iterator[Comparison]:
    """Yield each requirement with the version that is installed."""
    try:
        requirements = list(written_requirements(truss))
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        yield Comparison(truss.requirements_file or "", "a file", problem, Verdict.DIFFERS)
        return
    for requirement in requirements:
        comparison = _compare(requirement.text)
        if comparison is not None:
            yield comparison


def install_line(truss: Truss, packages: Sequence[Comparison]) -> str | None:
    """Return how to install the packages that are missing or of another version; None if all fit."""
    names = {line.name for line in packages if line.verdict in (Verdict.DIFFERS, Verdict.FAILS)}
    if not names:
        return None
    if truss.requirements_file is not None:
        return f"Run `{install_command(['-r', str(truss.folder / truss.requirements_file)])}`."
    requirements = (requirement.short for requirement in written_requirements(truss))
    return f"Run `{install_command([text for text in requirements if _name(text) in names])}`."


def _name(text: str) -> str | None:
    comparison = _compare(text)
    return comparison.name if comparison else None


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
        return Comparison(requirement.name, wanted, "not installed", Verdict.FAILS)
    fits = requirement.specifier.contains(here, prereleases=True)
    return Comparison(requirement.name, wanted, here, Verdict.FITS if fits else Verdict.DIFFERS)

"""Which requirements are at fault when a resolution fails: found by resolving less, not by reading prose."""

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from truss_cli.environment.requirements import BuildStep, Wanted, requirement_name
from truss_cli.environment.resolution import LATEST_PATCH, ResolutionTarget, normalized, resolve_step
from truss_cli.environment.uv import Uv, UvError

_MOST_TRIED = 12
"""Requirements that are resolved one by one."""
_MOST_ROUNDS = 5
_PLACES = ("-i", "-f", "--index-url", "--extra-index-url", "--find-links", "--no-index", "--pre")
_MOST_STEPS = 2
"""Of an explanation; of a longer one the last of them have to do."""
_THEREFORE = ", we can conclude that "
_USELESS = re.compile(rf"{_THEREFORE}[^,]*? cannot be used$")
_CONCLUSION = re.compile(r", we can conclude that [^,]*? are (unsatisfiable|incompatible)(?=[.]?$)")
_WRONG_PYTHON = re.compile(
    r"no wheels with a matching|has no usable wheels|does not satisfy Python|requires Python"
)
_DENIED = ("could not be queried", "returned a 403 Forbidden")
"""What uv says of an index that answers those alone who have signed in."""
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


class Fault(StrEnum):
    """Why a requirement cannot be met."""

    ABSENT = "absent"
    """The indexes have no package of that name."""
    NO_VERSION = "no-version"
    """No version of the package, or of what it requires, fits."""
    NO_WHEEL = "no-wheel"
    """What fits is not there for the Python or the platform."""
    SERVER = "server"
    """It excludes what the model server requires."""
    OTHERS = "others"
    """It excludes what other requirements of the truss ask for."""


class FaultyRequirement(NamedTuple):
    """A requirement, as the user wrote it, that cannot be met; `text` is uv's explanation."""

    requirement: str
    fault: Fault
    text: str


def faulty_requirements(
    wanted: Wanted, step: BuildStep, target: ResolutionTarget, uv: Uv, error: UvError
) -> list[FaultyRequirement]:
    """Return the requirements of a step that are at fault for its failure; none if they cannot be told apart.

    Raises UvError if looking at them fails for another reason.
    """
    own = list(_own(wanted, step))
    places = [text for text in own if text.startswith(_PLACES)]
    with tempfile.TemporaryDirectory(prefix="truss-") as folder:
        trial = _Trial(step, target, uv, wanted.truss.folder, Path(folder), places)
        return list(_faulty(trial, own, trial.servers(own), error))


def _faulty(
    trial: "_Trial", own: list[str], servers: list[str], error: UvError | None
) -> Iterator[FaultyRequirement]:
    """Yield what is at fault for an error, then, without that, for the next one."""
    for _ in range(_MOST_ROUNDS):
        named = [text for text in own if error and _is_named(text, error.text)][:_MOST_TRIED]
        if error is None or not named:
            return
        found = [fault for text in named for fault in trial.alone(text, servers)]
        yield from found or [FaultyRequirement(text, Fault.OTHERS, explanation(error)) for text in named]
        faulty = {one.requirement for one in found} or set(named)
        own = [text for text in own if text not in faulty]
        error = trial.failure([*own, *servers], trial.step.constraints) if own else None


def explanation(error: UvError) -> str:
    """Return why, in uv's words, as one line."""
    text = re.sub(r"^hint:.*", "", error.text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r".*?No solution found[^\n]*\n", "", text, flags=re.DOTALL)
    text = re.sub(rf"\b(3\.\d+){re.escape(LATEST_PATCH)}\b", r"\1", text)
    words = re.sub(r"^\W*(cause:)?", " ", text, flags=re.MULTILINE).split()
    steps = _CONCLUSION.sub("", " ".join(words)).rstrip(".").split(". And because ")
    if len(steps) > 1 and re.fullmatch(r"you require \S+", steps[-1]):
        del steps[-1]  # the requirement, which is named anyhow
        steps[-1] = _USELESS.sub("", steps[-1])
    if len(steps) > _MOST_STEPS:
        steps = [steps[-2].rpartition(_THEREFORE)[2], steps[-1]]
    return ", and ".join(steps).removeprefix("Because ")


class _Trial(NamedTuple):
    """Resolves parts of a step."""

    step: BuildStep
    target: ResolutionTarget
    uv: Uv
    truss: Path
    work: Path
    places: Sequence[str]
    """The options that say where packages are to be found."""

    def alone(self, text: str, servers: Sequence[str]) -> Iterator[FaultyRequirement]:
        """Yield a requirement that cannot be met by itself, or not beside the server's."""
        alone = [text, *self.places]
        failed = self.failure(alone)
        if failed is not None:
            self.require_readable_indexes(alone)
            yield FaultyRequirement(text, _kind(text, failed.text), explanation(failed))
            return
        failed = self.failure([*alone, *servers], self.step.constraints)
        if failed is not None:
            yield FaultyRequirement(text, Fault.SERVER, explanation(failed))

    def servers(self, own: Iterable[str]) -> list[str]:
        """Return the requirements of the step that are the server's."""
        mine = set(own)
        return [line for line in self.step.text.splitlines() if line not in mine]

    def require_readable_indexes(self, requirements: Sequence[str]) -> None:
        """Raise UvError if an index does not say what it has, which shows when the first one decides."""
        first = self._replace(target=self.target._replace(index_strategy="first-index"))
        failed = first.failure(requirements)
        if failed is not None and any(text in failed.text for text in _DENIED):
            raise failed

    def failure(self, requirements: Sequence[str], constraints: str = "") -> UvError | None:
        """Return why requirements cannot be met, None if they can; raise UvError for what is not known."""
        step = BuildStep("".join(f"{text}\n" for text in requirements), constraints=constraints)
        output = self.work / "resolved.txt"
        output.unlink(missing_ok=True)
        try:
            resolve_step(step, self.target, self.uv, self.truss, output)
        except UvError as error:
            if not error.unsolved:
                raise
            return error
        return None


def _own(wanted: Wanted, step: BuildStep) -> Iterator[str]:
    """Yield the requirements of a step that the truss has written."""
    if step.file is None:
        yield from wanted.truss.requirements
    elif step.file.suffix == ".txt":
        yield from (
            line.strip() for line in step.file.read_text("utf-8", "replace").splitlines() if line.strip()
        )


def _is_named(requirement: str, text: str) -> bool:
    name = requirement_name(requirement)
    return name is not None and name in {normalized(word.rstrip(".")) for word in _NAME.findall(text)}


def _kind(requirement: str, text: str) -> Fault:
    name = requirement_name(requirement) or ""
    if re.search(
        rf"\b{re.escape(name)} was not found in the (package registry|provided package locations)", text
    ):
        return Fault.ABSENT
    return Fault.NO_WHEEL if _WRONG_PYTHON.search(text) else Fault.NO_VERSION

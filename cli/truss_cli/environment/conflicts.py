"""Which requirements are at fault when a resolution fails: found by resolving less, not by reading prose."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from truss_cli.environment.places import WrittenRequirement, written_file, written_requirements
from truss_cli.environment.requirements import BuildStep, Wanted, requirement_name
from truss_cli.environment.resolution import LATEST_PATCH, ResolutionTarget, normalized, resolve_step
from truss_cli.environment.uv import Uv, UvError
from truss_cli.scratch_folder import scratch_folder

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
    """A requirement, or a whole file of them, that cannot be met; `text` is uv's explanation."""

    requirement: WrittenRequirement
    fault: Fault
    text: str


def faulty_requirements(
    wanted: Wanted, step: BuildStep, target: ResolutionTarget, uv: Uv, error: UvError
) -> list[FaultyRequirement]:
    """Return the requirements of a step that are at fault for its failure.

    Raises UvError if they cannot be told apart, or if looking at them fails for another reason.
    """
    written = written_requirements(wanted.truss)
    own = [one for one in written if (one.path == wanted.truss.config_path) is (step.file is None)]
    places = [one.text for one in own if one.text.startswith(_PLACES)]
    with scratch_folder("truss-resolution-") as folder:
        trial = _Trial(step, target, uv, wanted.truss.folder, folder, places)
        found = list(_faulty(trial, own, _servers(step, own), error))
        whole = written_file(wanted.truss) if step.file is not None else None
        if not found and whole is not None:
            trial.require_readable_indexes(step)
            found = [FaultyRequirement(whole, Fault.NO_VERSION, explanation(error))]
    if not found:
        raise error
    return found


def _faulty(
    trial: "_Trial", own: list[WrittenRequirement], servers: list[str], error: UvError | None
) -> Iterator[FaultyRequirement]:
    """Yield what is at fault for an error, then, without that, for the next one."""
    for _ in range(_MOST_ROUNDS):
        named = [one for one in own if error and _is_named(one.text, error.text)][:_MOST_TRIED]
        if error is None or not named:
            return
        found = [fault for one in named for fault in trial.alone(one, servers)]
        if any(one.fault is Fault.SERVER for one in found):
            trial.require_server(servers)
        yield from found or [FaultyRequirement(one, Fault.OTHERS, explanation(error)) for one in named]
        faulty = {fault.requirement for fault in found} or set(named)
        own = [one for one in own if one not in faulty]
        texts = [one.text for one in own]
        error = trial.failure([*texts, *servers], trial.step.constraints) if own else None


def _servers(step: BuildStep, own: Iterable[WrittenRequirement]) -> list[str]:
    """Return the requirements of a step that are the server's."""
    mine = {line for one in own for line in one.text.splitlines()}
    return [line for line in step.text.splitlines() if line not in mine]


def explanation(error: UvError) -> str:
    """Return why, in uv's words, as one line."""
    text = re.sub(r"^\W*hint:.*", "", error.text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r".*?No solution found[^\n]*\n", "", text, flags=re.DOTALL)
    text = re.sub(rf"\b(3\.\d+){re.escape(LATEST_PATCH)}\b", r"\1", text)
    steps = _CONCLUSION.sub("", _as_one_line(text)).rstrip(".").split(". And because ")
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

    def alone(self, one: WrittenRequirement, servers: Sequence[str]) -> Iterator[FaultyRequirement]:
        """Yield a requirement that cannot be met by itself, or not beside the server's."""
        alone = [one.text, *self.places]
        failed = self.failure(alone)
        if failed is not None:
            self.require_readable_indexes(_step(alone))
            yield FaultyRequirement(one, _kind(one.text, failed.text), explanation(failed))
            return
        failed = self.failure([*alone, *servers], self.step.constraints)
        if failed is not None:
            yield FaultyRequirement(one, Fault.SERVER, explanation(failed))

    def require_server(self, servers: Sequence[str]) -> None:
        """Raise UvError if what the server requires cannot be met even by itself."""
        failed = self.failure(servers, self.step.constraints)
        if failed is not None:
            raise failed

    def require_readable_indexes(self, step: BuildStep) -> None:
        """Raise UvError if an index does not say what it has, which shows when the first one decides."""
        first = self._replace(target=self.target._replace(index_strategy="first-index"))
        failed = first.failure_of(step)
        if failed is not None and any(text in failed.text for text in _DENIED):
            raise failed

    def failure(self, requirements: Sequence[str], constraints: str = "") -> UvError | None:
        """Return why requirements cannot be met, None if they can; raise UvError for what is not known."""
        return self.failure_of(_step(requirements, constraints))

    def failure_of(self, step: BuildStep) -> UvError | None:
        """Return why a step fails, None if it does not; raise UvError for what is not known."""
        output = self.work / "resolved.txt"
        output.unlink(missing_ok=True)
        try:
            resolve_step(step, self.target, self.uv, self.truss, output)
        except UvError as error:
            if not error.unsolved:
                raise
            return error
        return None


def _step(requirements: Sequence[str], constraints: str = "") -> BuildStep:
    return BuildStep("".join(f"{text}\n" for text in requirements), constraints=constraints)


def _is_named(requirement: str, text: str) -> bool:
    name = requirement_name(requirement)
    return name is not None and name in {normalized(word.rstrip(".")) for word in _NAME.findall(text)}


def _as_one_line(text: str) -> str:
    return " ".join(re.sub(r"^\W*(cause:)?", " ", text, flags=re.MULTILINE).split())


def _kind(requirement: str, explained: str) -> Fault:
    name, text = requirement_name(requirement) or "", _as_one_line(explained)
    if re.search(
        rf"\b{re.escape(name)} was not found in the (package registry|provided package locations)", text
    ):
        return Fault.ABSENT
    return Fault.NO_WHEEL if _WRONG_PYTHON.search(text) else Fault.NO_VERSION

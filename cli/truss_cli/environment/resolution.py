"""Which versions of which packages the requirements of a truss come to."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from truss_cli.environment.requirements import BuildStep, Wanted
from truss_cli.environment.uv import Uv, UvError
from truss_cli.scratch_folder import scratch_folder

DEPLOYED_PLATFORM = "x86_64-manylinux_2_40"
"""uv's name of the platform that a truss is deployed to: Linux on x86-64, with the newest glibc it may have.

Images with Debian's Python have a newer one than those with a GPU's CUDA, of which not each has the same.
"""
LATEST_PATCH = ".99"
"""Stands for the newest release of a Python's minor version; uv takes `3.11` alone for 3.11.0, the oldest."""
_TOO_LARGE = ("torch", "tensorflow", "jax", "jaxlib", "tensorrt")
"""Packages of gigabytes, not to be installed only to learn what another package requires."""

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_COMPILE = (
    "pip",
    "compile",
    "--quiet",
    "--no-header",
    "--no-annotate",
    "--emit-index-url",
    "--emit-find-links",
)


class ResolutionError(Exception):
    """A step of the build whose requirements cannot be met, and uv's explanation."""

    def __init__(self, step: BuildStep, explanation: UvError) -> None:
        super().__init__(explanation.text)
        self.step = step
        self.explanation = explanation


class Resolution(NamedTuple):
    """Lines of requirements, each for one version of one package, in the order that they are installed in."""

    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All lines."""
        return "".join(f"{line}\n" for line in self.lines)

    @property
    def versions(self) -> dict[str, str]:
        """Versions by the normalized names of the packages; that of an address is empty."""
        found = {}
        for line in self.lines:
            name, _, version = line.partition(" ")[0].partition("==")
            if not line.startswith("-"):
                found[normalized(name)] = version
        return found


class ResolutionTarget(NamedTuple):
    """What is resolved for: a Python by version or path, and, if not for this machine, a platform."""

    python: str
    platform: str | None = None
    index_strategy: str = "unsafe-best-match"
    """Uv's name for how indexes are searched; this is how the image's build does it."""

    @property
    def options(self) -> list[str]:
        """Uv's options."""
        strategy = ["--index-strategy", self.index_strategy]
        if self.platform is None:
            return [*strategy, "--python", self.python]
        # Any Python will do to resolve for another; uv would look through all there are, or fetch one.
        here = [*strategy, "--python", sys.executable, "--no-python-downloads"]
        version = f"{self.python}{LATEST_PATCH}" if self.python.count(".") == 1 else self.python
        return [*here, "--python-version", version, "--python-platform", self.platform]


def resolve(wanted: Wanted, target: ResolutionTarget, uv: Uv, *, refresh: bool = False) -> Resolution:
    """Resolve the steps of the build one after the other.

    Raises ResolutionError for one whose requirements cannot be met, UvError for any other failure.
    """
    steps = wanted.steps()
    with scratch_folder("truss-resolution-") as folder:
        lines: dict[str, str] = {}
        for index, step in enumerate(steps):
            # What an earlier step has installed stays where it will do.
            output = folder / f"resolved-{index}.txt"
            output.write_text("".join(f"{line}\n" for line in lines.values()), encoding="utf-8")
            try:
                resolve_step(step, target, uv, wanted.truss.folder, output, refresh=refresh)
            except UvError as error:
                raise ResolutionError(step, error) if error.unsolved else error from None
            lines |= {_key(line): line for line in _lines(output)}
        return Resolution(tuple(lines.values()))


def resolve_step(  # noqa: PLR0913 - all that decides
    step: BuildStep, target: ResolutionTarget, uv: Uv, folder: Path, output: Path, *, refresh: bool = False
) -> None:
    """Write the versions that a step comes to into a file, which may hold those to prefer; raise UvError."""
    work = output.parent
    source = step.file or work / "requirements.txt"
    if step.file is None:
        source.write_text(step.text, encoding="utf-8")
    elif step.file.name == "uv.lock":
        arguments = (
            "export",
            "--quiet",
            "--frozen",
            "--no-hashes",
            "--no-emit-project",
            "--no-python-downloads",
            "--output-file",
            output,
        )
        uv.run(*arguments, cwd=step.file.parent.resolve())
        return
    constraints = work / "constraints.txt"
    constraints.write_text(step.constraints, encoding="utf-8")
    options = [*target.options, *(["--refresh", "--upgrade"] if refresh else [])]
    if target.platform is not None:
        options += ["--build-constraint", str(_build_constraints(work))]
    # The build sees no more of a project than the file that config.yaml names.
    project = work if step.file is None or step.file.suffix == ".txt" else step.file.parent.resolve()
    files = (source.resolve(), "--constraints", constraints, "--output-file", output)
    uv.run(*_COMPILE, "--project", project, *options, *files, cwd=folder.resolve())


def normalized(name: str) -> str:
    """Return a package's name as indexes compare it; extras do not count."""
    return re.sub(r"[-_.]+", "-", name.partition("[")[0].strip()).lower()


def _build_constraints(work: Path) -> Path:
    """Write what keeps packages from being built with others of gigabytes; return the file."""
    file = work / "build-constraints.txt"
    file.write_text("".join(f"{name}<0\n" for name in _TOO_LARGE), encoding="utf-8")
    return file


def _lines(file: Path) -> Iterator[str]:
    for line in file.read_text("utf-8").splitlines():
        text = re.sub(r"\s+#.*", "", line).strip()
        if text and not text.startswith("#"):
            yield text


def _key(line: str) -> str:
    """Return what a line decides: the package's name, or itself for an option."""
    match = _NAME.match(line)
    return normalized(match[0]) if match else line

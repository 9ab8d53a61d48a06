"""Which files a new truss will have, and then what is in them."""

import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from truss_cli.errors import TrussError
from truss_cli.init.files import supporting
from truss_cli.init.files.staging import STAGING, has_link
from truss_cli.init.files.target import Place, Target
from truss_cli.init.files.usage import Usage, usage
from truss_cli.init.paths import VERSION_CONTROL, inside_path, is_run_by_tools
from truss_cli.init.template import question
from truss_cli.init.template.gallery import SUFFIX, Template, templates_folder
from truss_cli.init.template.manifest import MANIFEST
from truss_cli.init.template.question import Answer
from truss_cli.init.template.render import Variables, render
from truss_cli.init.template.yaml_text import load_yaml
from truss_cli.project import CONFIG_NAME

_NEVER = {MANIFEST, STAGING, ".DS_Store", "__pycache__", *VERSION_CONTROL}

Sources = Mapping[PurePosixPath, Path]
"""Path in the truss -> file of the template."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file to be written."""

    place: Place
    content: bytes
    executable: bool = False

    @property
    def path(self) -> PurePosixPath:
        """Its path in the truss, or for a workflow in the repository."""
        return self.place.path


@dataclass(frozen=True, slots=True)
class Plan:
    """A truss to be made: where, from which files of a template, and what is added to them."""

    template: Template
    target: Target
    sources: Sources
    with_tests: bool
    with_ci: bool

    @property
    def places(self) -> list[Place]:
        """Where files will be written, the workflow last."""
        paths = sorted({*self.sources, *self._added(), supporting.RECORD})
        workflow = [supporting.workflow_place(self.target)] if self.with_ci else []
        return [*(Place(self.target.folder, path) for path in paths), *workflow]

    def runnable(self) -> dict[PurePosixPath, str]:
        """Return a label for each file of the template that may be run without a command of the user."""
        labels = {}
        for path, source in self.sources.items():
            if is_run_by_tools(path):
                labels[path] = "  (tools run commands from it)"
            elif _is_executable(source):
                labels[path] = "  (executable)"
        return labels

    def _added(self) -> set[PurePosixPath]:
        return {supporting.README, supporting.GITIGNORE, supporting.SCHEMA} - self.sources.keys()

    def fill(self, answers: Mapping[str, Answer]) -> tuple[list[PlannedFile], Usage]:
        """Render or copy every file but the record, in memory; return them, and what works."""
        own = _fill(self.sources, self.target.folder, {**answers, **_facts(answers, self.sources)})
        works = usage({file.path: file.content for file in own}, with_tests=self.with_tests)
        contents: dict[PurePosixPath, Callable[[], bytes]] = {
            supporting.README: lambda: supporting.readme(self.template, answers, works),
            supporting.GITIGNORE: lambda: supporting.render_shared(supporting.GITIGNORE, {}),
            supporting.SCHEMA: supporting.schema,
        }
        added = [PlannedFile(Place(self.target.folder, path), contents[path]()) for path in self._added()]
        files = {file.place: file for file in (*own, *added)}
        if self.with_ci:
            place = supporting.workflow_place(self.target)
            files[place] = PlannedFile(place, supporting.workflow(self.target, answers, works))
        return [files[place] for place in self.places if place in files], works


def make_plan(template: Template, target: Target, *, with_tests: bool, with_ci: bool) -> Plan:
    """Find the files that a truss from this template will have; nothing of them is read yet."""
    try:
        sources = _choose(template, with_tests=with_tests)
    except OSError as error:
        raise TrussError(f"{error.filename} cannot be read: {error.strerror}") from error
    return Plan(template, target, sources, with_tests, with_ci)


def _choose(template: Template, *, with_tests: bool) -> Sources:
    manifest, folder = template.manifest, template.folder
    listed = [folder] if manifest.files is None else [_source(folder, path) for path in manifest.files]
    tests = [_source(folder, path) for path in manifest.tests]
    chosen = {path: source for top in listed for path, source in _walk(folder, top)}
    added = {path: source for top in tests for path, source in _walk(folder, top)}
    chosen = {path: source for path, source in chosen.items() if path not in added}
    if with_tests and not added:
        raise TrussError(f"the template {template.name} has no tests", hint="Leave out --with-tests.")
    if with_tests:
        pytest_ini = templates_folder() / "_shared" / f"{supporting.PYTEST}{SUFFIX}"
        chosen = {supporting.PYTEST: pytest_ini} | chosen | added
    if not chosen:
        raise TrussError(f"the template {template.name} has no files")
    return dict(sorted(chosen.items()))


def _facts(answers: Mapping[str, Answer], sources: Sources) -> Variables:
    """Return what a template may know besides the answers."""
    accelerator = answers["accelerator"]
    return {
        "accelerator": "" if accelerator == question.NO_ACCELERATOR else accelerator,
        "python_version": str(answers.get("python", "")).replace("py3", "3."),
        "files": [str(path) for path in sources],
    }


def _fill(sources: Sources, folder: Path, variables: Variables) -> list[PlannedFile]:
    return [
        PlannedFile(
            Place(folder, path),
            supporting.add_modeline(path, _content(source, variables)),
            _is_executable(source),
        )
        for path, source in sources.items()
    ]


def _is_executable(source: Path) -> bool:
    return bool(source.stat().st_mode & stat.S_IXUSR)


def _content(source: Path, variables: Variables) -> bytes:
    try:
        if source.suffix != SUFFIX:
            return source.read_bytes()
        text = render(source, variables)
    except OSError as error:
        raise TrussError(f"{source} cannot be read: {error.strerror}") from error
    if source.name == f"{CONFIG_NAME}{SUFFIX}":
        _verify_config(source, text)
    return text.encode("utf-8")


def _source(folder: Path, path: str) -> Path:
    for source in (folder / f"{path}{SUFFIX}", folder / path):
        if source.exists():
            return source
    raise TrussError(f"{folder / MANIFEST} names {path}, which is not in the template")


def _walk(folder: Path, top: Path) -> Iterator[tuple[PurePosixPath, Path]]:
    """Yield files at or under `top`, each with its path in the truss; a symbolic link is an error."""
    inside = top.relative_to(folder)
    if has_link(folder, PurePosixPath(inside) / "file"):
        raise TrussError(f"{top} is a symbolic link; a template holds files of its own")
    if top.is_dir():
        for child in sorted(top.iterdir()):
            if child.name not in _NEVER:
                yield from _walk(folder, child)
        return
    if not top.is_file():
        raise TrussError(f"{top} is not a file that can be copied")
    if not str(inside).isprintable():
        raise TrussError(f"{str(inside)!r} is not a file name that can be shown")
    path = PurePosixPath(inside.as_posix())
    path = path.with_suffix("") if path.suffix == SUFFIX else path
    try:
        yield PurePosixPath(inside_path(str(path))), top
    except ValueError as error:
        raise TrussError(f"{top} cannot be part of a template: its path in the truss {error}") from error


def _verify_config(template: Path, text: str) -> None:
    """Raise `TrussError` if the text is not a YAML mapping: the template put an answer in it unquoted."""
    try:
        values = load_yaml(text, f"the output of {template}")
    except TrussError as error:
        raise TrussError(error.message, hint=_HINT) from error
    if not isinstance(values, dict | type(None)):
        raise TrussError(f"{template} renders YAML that is not a mapping", hint=_HINT)


_HINT = "A template writes an answer into YAML as {{ name | quoted }}."

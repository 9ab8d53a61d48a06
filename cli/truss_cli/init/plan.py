"""Which files a new truss will have, and then what is in them."""

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml

from truss_cli.errors import TrussError
from truss_cli.init.gallery import Template, templates_folder
from truss_cli.init.manifest import MANIFEST
from truss_cli.init.render import Variables, render
from truss_cli.project import CONFIG_NAME

SUFFIX = ".jinja"
PYTEST = PurePosixPath("pytest.ini")
WORKFLOW = PurePosixPath(".github/workflows/truss.yml")
_NEVER = {MANIFEST, ".git", ".hg", ".DS_Store", "__pycache__"}

Sources = Mapping[PurePosixPath, Path]
"""Path in the truss -> file of the template."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file to be written."""

    path: PurePosixPath
    content: bytes
    executable: bool


def choose_files(template: Template, *, with_tests: bool, with_ci: bool) -> Sources:
    """Find the files that a truss from this template will have, by path; nothing is read yet."""
    try:
        return _choose(template, with_tests=with_tests, with_ci=with_ci)
    except OSError as error:
        raise TrussError(f"{error.filename} cannot be read: {error.strerror}") from error


def _choose(template: Template, *, with_tests: bool, with_ci: bool) -> Sources:
    manifest, folder = template.manifest, template.folder
    listed = [folder] if manifest.files is None else [_source(folder, path) for path in manifest.files]
    tests = [_source(folder, path) for path in manifest.tests]
    chosen = {path: source for top in listed for path, source in _walk(folder, top)}
    added = {path: source for top in tests for path, source in _walk(folder, top)}
    chosen = {path: source for path, source in chosen.items() if path not in added}
    if with_tests and not added:
        raise TrussError(f"the template {template.name} has no tests", hint="Leave out --with-tests.")
    if with_tests:
        chosen |= added
    shared = [path for path, wanted in ((PYTEST, with_tests), (WORKFLOW, with_ci)) if wanted]
    chosen = {path: templates_folder() / "_shared" / f"{path}{SUFFIX}" for path in shared} | chosen
    if not chosen:
        raise TrussError(f"the template {template.name} has no files")
    return dict(sorted(chosen.items()))


def fill(sources: Sources, variables: Variables) -> list[PlannedFile]:
    """Render or copy every file, in memory."""
    return [
        PlannedFile(path, _content(source, variables), bool(source.stat().st_mode & stat.S_IXUSR))
        for path, source in sources.items()
    ]


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
    """Files at or under `top`, each with its path in the truss; a symbolic link is an error."""
    inside = top.relative_to(folder)
    if top.resolve() != folder.resolve() / inside:
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
    yield (path.with_suffix("") if path.suffix == SUFFIX else path), top


def _verify_config(template: Path, text: str) -> None:
    """Raise `TrussError` if the text is not a YAML mapping: the template put an answer in it unquoted."""
    try:
        values = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1} of it" if mark else ""
        raise TrussError(f"{template} renders what is not YAML{where}", hint=_HINT) from error
    if not isinstance(values, dict | type(None)):
        raise TrussError(f"{template} renders YAML that is not a mapping", hint=_HINT)


_HINT = "A template writes an answer into YAML as {{ name | quoted }}."

"""Finding trusses: at a path, under a folder, or around a file."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from truss_cli.config.text.document import Document, read_document
from truss_cli.contract.defaults import MODEL_FILE, MODEL_FOLDER
from truss_cli.project import CONFIG_NAME, open_truss
from truss_cli.regular_file import read_regular_file
from truss_cli.source import ON_DISK, Overlay

_NOT_SEARCHED = frozenset({"node_modules", "site-packages", "__pycache__", "venv"})
_DEFAULT_MODEL = Path(MODEL_FOLDER, MODEL_FILE)
_TRUSS_KEYS = (
    "base_image",
    "bis_llm",
    "build_commands",
    "bundled_packages_dir",
    "docker_server",
    "examples_filename",
    "external_data",
    "external_package_dirs",
    "model_cache",
    "model_class_filename",
    "model_class_name",
    "model_framework",
    "model_metadata",
    "model_module_dir",
    "model_name",
    "python_version",
    "spec_version",
    "system_packages",
    "training_checkpoints",
    "trt_llm",
    "weights",
)
"""Top-level keys that only the config.yaml of a truss has; other programs read files of that name, too."""
_KEY_AT_LINE_START = re.compile(rf"""^\ufeff?["']?(?:{"|".join(_TRUSS_KEYS)})["']?[ \t]*:""", re.MULTILINE)
_MOST_CHARACTERS = 1_000_000

Excluded = Callable[[Path], bool]
"""Whether a folder is left out of a search."""


def find_trusses(
    paths: Sequence[Path],
    unreadable: list[OSError],
    excluded: Excluded = lambda _path: False,
    overlay: Overlay = ON_DISK,
) -> Iterator[Path]:
    """Yield the folder of each truss that the paths name: sorted under each path, each folder once.

    A file stands for the nearest truss above it, unless that is `excluded`; what
    `overlay` holds counts. A folder is searched, and what is found must look like
    a truss; a folder under which nothing is found is given itself. Hidden folders,
    virtual environments, what git ignores and what is `excluded` are not searched;
    symbolic links are not followed. Folders that cannot be listed are added to
    `unreadable`.
    """
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found = list(_not_ignored(path, _search(path, unreadable, excluded)))
            if is_truss(path) or not found:
                found.insert(0, path)
        else:
            nearest = truss_above(path, overlay)
            found = [nearest] if nearest and not excluded(nearest) else []
        for folder in found:
            resolved = folder.resolve()
            if resolved not in seen:
                seen.add(resolved)
                yield folder


def is_truss(folder: Path, overlay: Overlay = ON_DISK) -> bool:
    """Whether a folder's config.yaml is a truss's: by a key that only trusses have, or by its model file.

    A config.yaml that cannot be read is taken for one, so that it is reported. One
    beside a model file is none if it has other keys alone and the file is no server's.
    """
    path = folder / CONFIG_NAME
    try:
        head = _head(path, overlay)
    except OSError:
        return os.path.lexists(path)
    if _KEY_AT_LINE_START.search(head):
        return True
    model = folder / _DEFAULT_MODEL
    has_model = overlay.is_file(model)
    if not has_model and not head.lstrip().startswith("{"):
        return False
    document = read_document(path, overlay)
    has_key = not document.values.keys().isdisjoint(_TRUSS_KEYS)
    return has_key or (
        has_model and (not document.readable or _has_known_key(document) or _is_servers(model, overlay))
    )


def _head(path: Path, overlay: Overlay) -> str:
    """Return the start of a text file. Raises OSError, also if it is no plain file."""
    if overlay.holds(path):
        return overlay.read(path).decode("utf-8", "replace").replace("\r", "\n")
    return read_regular_file(path, limit=_MOST_CHARACTERS).decode("utf-8", "replace").replace("\r", "\n")


def _has_known_key(document: Document) -> bool:
    """Whether a config.yaml has a key that trusses may have, or none at all."""
    from truss_cli.config.schema.root import Config  # noqa: PLC0415 - takes long, and few ask for it

    known = {*Config.model_fields, *Config.former_keys}
    return not document.values or not document.values.keys().isdisjoint(known)


def _is_servers(model: Path, overlay: Overlay) -> bool:
    """Whether a model file speaks of what the server looks for, rather than of a neural network alone."""
    try:
        source = overlay.read(model).decode("utf-8", "replace")
    except OSError:
        return True
    return bool(re.search(r"\bModel\b", source) and re.search(r"\b(?:predict|websocket)\b", source))


def truss_above(path: Path, overlay: Overlay = ON_DISK) -> Path | None:
    """Return the nearest truss that contains a file or folder; None if there is none."""
    outermost = None
    for folder in _above(path):
        if is_truss(folder, overlay):
            if _has_model(folder, overlay):
                return folder
            outermost = folder
    return outermost


def _has_model(folder: Path, overlay: Overlay = ON_DISK) -> bool:
    """Return whether a truss has the model file that its config.yaml names, or needs none.

    In a truss, a folder without one is not another truss: its config.yaml belongs to the model.
    """
    if overlay.is_file(folder / _DEFAULT_MODEL):
        return True
    try:
        truss = open_truss(folder, overlay)
    except OSError:
        return False
    return overlay.is_file(truss.model_path) or not truss.needs_model_file


def excluded_by(patterns: Sequence[str], base: Path) -> Excluded:
    """Return a test of folders: whether one, or one above it, matches by its name or its path from `base`."""
    if not patterns:
        return lambda _path: False
    top = os.path.realpath(base)

    def excluded(path: Path) -> bool:
        resolved = Path(os.path.realpath(path))
        if not resolved.is_relative_to(top):
            return False
        inside = resolved.relative_to(top)
        return any(
            fnmatch(part.name, pattern) or fnmatch(part.as_posix(), pattern)
            for part in (inside, *inside.parents)
            for pattern in (text.rstrip("/").removeprefix("./") for text in patterns)
        )

    return excluded


def _above(path: Path) -> Iterator[Path]:
    """Yield the folders around a file or folder, nearest first, as far up as they are named or lead."""
    yield from path.parents
    if not path.is_absolute():
        yield from (Path(os.path.relpath(folder)) for folder in Path.cwd().parents)


def _search(path: Path, unreadable: list[OSError], excluded: Excluded) -> Iterator[Path]:
    in_truss = {path} if is_truss(path) else set()
    for name, names, files in os.walk(path, onerror=unreadable.append):
        folder = Path(name)
        if folder.parent in in_truss:
            in_truss.add(folder)
        if "pyvenv.cfg" in files:
            names.clear()
            continue
        if folder != path and CONFIG_NAME in files and is_truss(folder):
            if folder not in in_truss or _has_model(folder):
                yield folder
            in_truss.add(folder)
        names[:] = sorted(
            inner
            for inner in names
            if not inner.startswith(".") and inner not in _NOT_SEARCHED and not excluded(folder / inner)
        )


def _not_ignored(top: Path, folders: Iterator[Path]) -> Iterator[Path]:
    """Yield the folders whose config.yaml git does not ignore."""
    from truss_cli.gitignore.worktree import GitIgnore  # noqa: PLC0415 - only a search for trusses needs it

    rules = None
    for folder in folders:
        rules = rules or GitIgnore(top)
        if not rules.ignores(folder / CONFIG_NAME):
            yield folder

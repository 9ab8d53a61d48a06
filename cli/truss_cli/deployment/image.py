"""The files that the image of a truss has, and why it lacks the others.

A truss passes two filters in turn. The upload applies `.truss_ignore`, or else the default list; the
build applies the default list followed by `.truss_ignore`. Of the remaining files, the image has those in
the folders of the model, the data and the packages.
"""

# Thousands of paths are handled as strings, without resolving links.
# ruff: noqa: PTH100, PTH110, PTH112, PTH114, PTH115, PTH117, PTH118, PTH120

from __future__ import annotations

import os
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Union

from truss_cli.contract.defaults import DATA_FOLDER, MODEL_FOLDER
from truss_cli.deployment.ignore import USER_FILE, IgnoreFilter, IgnorePattern, read_lines
from truss_cli.project import CONFIG_NAME
from truss_cli.source import ON_DISK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from truss_cli.project import Truss
    from truss_cli.source import Overlay

APP_FOLDER = "/app"
PACKAGES_FOLDER = "/packages"
_BY_DEFAULT = IgnoreFilter()


class DropReason(Enum):
    """The reason why a file of a truss is not in the image."""

    PATTERN = "an ignore list drops it"
    NOT_COPIED = "it is not in a folder that is copied"
    LINKED_FOLDER = "it is a link to a folder"
    LINK_OUTSIDE = "it is a link to a file that is not uploaded"
    BROKEN_LINK = "it is a broken link, which fails the upload"


class Copied(NamedTuple):
    """The path that a file or folder has in the image."""

    path: str


class Dropped(NamedTuple):
    """A file or folder that the image lacks; `pattern` is the responsible line of an ignore list, if any."""

    reason: DropReason
    pattern: IgnorePattern | None = None

    def __str__(self) -> str:
        return str(self.pattern) if self.pattern else self.reason.value


Placement = Union[Copied, Dropped]  # an expression, evaluated on Python 3.9


class ImageTree(NamedTuple):
    """A folder that is copied to the image, and its place there."""

    source: str
    """Absolute path."""
    destination: str
    uploaded_as: str
    """Path in the uploaded truss."""
    is_external: bool = False
    """True for `external_package_dirs`, whose content is copied over the bundled packages."""


class ImageEntry(NamedTuple):
    """A file, or a dropped folder, of a truss."""

    source: str
    """Absolute path."""
    name: str
    """Path relative to the truss; ends in `/` for a folder."""
    placement: Placement


class Image:
    """The image of a truss; files are looked up on disk, `.truss_ignore` also in an overlay."""

    def __init__(self, truss: Truss, overlay: Overlay = ON_DISK) -> None:
        self._top = os.path.abspath(truss.folder)
        self.trees = tuple(_trees(truss, self._top))
        lines = _user_lines(truss.folder / USER_FILE, overlay)
        self._upload = IgnoreFilter(lines or (), defaults=lines is None)
        self._is_gathered = any(tree.is_external for tree in self.trees)
        self._filters = self._filters_for(lines or [])

    def _filters_for(self, lines: list[str]) -> tuple[IgnoreFilter, ...]:
        """Return the filters that a file passes; the build also drops all that the upload drops."""
        if not lines:
            return (_BY_DEFAULT,)
        if self._upload.dropped_by(USER_FILE) is not None:  # then the build does not see it
            return self._upload, _BY_DEFAULT
        # A truss with external packages is first copied without regard to its `.truss_ignore`.
        return (*((_BY_DEFAULT,) if self._is_gathered else ()), IgnoreFilter(lines))

    def locate(self, path: str | Path, *, is_folder: bool | None = None) -> Placement:
        """Return the place of a file or folder in the image, or why it is dropped.

        The path is absolute or relative to the truss, and need not exist; `is_folder` is looked up if None.
        """
        absolute = os.path.normpath(os.path.join(self._top, path))
        if is_folder is None:
            is_folder = os.path.isdir(absolute)
        if absolute == os.path.join(self._top, CONFIG_NAME):
            return Copied(f"{APP_FOLDER}/{CONFIG_NAME}")
        inside = [tree for tree in self.trees if is_inside(absolute, tree.source)]
        placement: Placement = Dropped(DropReason.NOT_COPIED)
        for tree in inside:
            placement = self._locate_in(tree, absolute, is_folder=is_folder)
            if isinstance(placement, Copied):
                break
        return placement

    def files(self, tree: ImageTree) -> Iterator[tuple[str, str]]:
        """Yield the absolute path of each file that is copied from a folder, and its path in the image."""
        for entry in self.entries(tree):
            if isinstance(entry.placement, Copied):
                yield entry.source, entry.placement.path

    def entries(self, tree: ImageTree) -> Iterator[ImageEntry]:
        """Yield the files in a folder that is copied, and the dropped folders without their content."""
        top = self._locate_in(tree, tree.source, is_folder=True)
        if isinstance(top, Dropped):
            yield ImageEntry(tree.source, self._name(tree.source, is_folder=True), top)
        elif os.path.isdir(tree.source):
            yield from self._walk(tree, tree.source)

    def other_entries(self) -> Iterator[ImageEntry]:
        """Yield the files and folders of the truss outside the folders that are copied."""
        yield from self._others(self._top)

    def _others(self, folder: str) -> Iterator[ImageEntry]:
        for item in _scan(folder):
            if item.path == os.path.join(self._top, CONFIG_NAME):
                yield ImageEntry(item.path, CONFIG_NAME, Copied(f"{APP_FOLDER}/{CONFIG_NAME}"))
            elif any(item.path == tree.source for tree in self.trees):
                continue
            elif any(is_inside(tree.source, item.path) for tree in self.trees):
                yield from self._others(item.path)
            else:
                is_folder = item.is_dir()
                yield ImageEntry(
                    item.path, self._name(item.path, is_folder=is_folder), Dropped(DropReason.NOT_COPIED)
                )

    def _walk(self, tree: ImageTree, folder: str) -> Iterator[ImageEntry]:
        for item in _scan(folder):
            is_link = item.is_symlink()
            is_folder = item.is_dir()
            drop = self._drop(tree, item.path, is_folder=is_folder, is_link=is_link)
            if drop is not None:
                yield ImageEntry(item.path, self._name(item.path, is_folder=is_folder), drop)
            elif is_folder:
                yield from self._walk(tree, item.path)
            else:
                yield ImageEntry(
                    item.path, self._name(item.path, is_folder=False), _copied_to(tree, item.path)
                )

    def _locate_in(self, tree: ImageTree, path: str, *, is_folder: bool) -> Placement:
        """Return the placement of a path by a folder that is above it, or the same."""
        for above in (*self._folders_above(tree, path), path):
            as_folder = above != path or is_folder
            is_link = os.path.islink(above)
            drop = self._drop(tree, above, is_folder=as_folder, is_link=is_link)
            if drop is not None:
                return drop
        return _copied_to(tree, path)

    def _folders_above(self, tree: ImageTree, path: str) -> list[str]:
        """Return the folders above a path that are filtered, outermost first."""
        top = tree.source if tree.is_external else self._top
        folders = []
        while path != top:
            path = os.path.dirname(path)
            folders.append(path)
        return folders[-2::-1]

    def _drop(self, tree: ImageTree, path: str, *, is_folder: bool, is_link: bool) -> Dropped | None:
        """Return why a path is dropped whose parent folders are copied; None if it is not."""
        if tree.is_external and path == tree.source:
            return None
        pattern = self._pattern(tree, path, is_folder=is_folder)
        if pattern is not None:
            return Dropped(DropReason.PATTERN, pattern)
        if not is_link:
            return None
        if is_folder:
            # The content of a linked folder directly in a folder of external packages is copied.
            is_top = tree.is_external and os.path.dirname(path) == tree.source
            return None if is_top else Dropped(DropReason.LINKED_FOLDER)
        return self._link_drop(path)

    def _link_drop(self, path: str) -> Dropped | None:
        target = os.path.realpath(path)
        if not os.path.exists(target):
            return Dropped(DropReason.BROKEN_LINK)
        if self._is_gathered:  # then links are replaced by their content before the upload
            return None
        top = os.path.realpath(self._top)
        # An absolute target is looked up on another machine.
        is_uploaded = (
            not os.path.isabs(os.readlink(path))
            and is_inside(target, top)
            and self._upload.dropped_by(_relative(target, top)) is None
        )
        return None if is_uploaded else Dropped(DropReason.LINK_OUTSIDE)

    def _pattern(self, tree: ImageTree, path: str, *, is_folder: bool) -> IgnorePattern | None:
        if not tree.is_external:
            return self._matched(_relative(path, self._top), is_folder=is_folder)
        inside = _relative(path, tree.source)
        # Each folder directly in it is also filtered as a root.
        below = inside.partition("/")[2]
        by_default = _BY_DEFAULT.matched_by(below, is_folder=is_folder) if below else None
        return by_default or self._matched(f"{tree.uploaded_as}/{inside}", is_folder=is_folder)

    def _matched(self, path: str, *, is_folder: bool) -> IgnorePattern | None:
        matches = (ignore.matched_by(path, is_folder=is_folder) for ignore in self._filters)
        return next((pattern for pattern in matches if pattern is not None), None)

    def _name(self, path: str, *, is_folder: bool) -> str:
        return os.path.relpath(path, self._top).replace(os.sep, "/") + "/" * is_folder


def _trees(truss: Truss, top: str) -> Iterator[ImageTree]:
    """Yield the folders that are copied, later ones over earlier ones."""
    folders = (
        (truss.folder / truss.module_folder, f"{APP_FOLDER}/{MODEL_FOLDER}"),
        (truss.data_folder, f"{APP_FOLDER}/{DATA_FOLDER}"),
        (truss.packages_folder, PACKAGES_FOLDER),
    )
    for folder, destination in folders:
        source = os.path.abspath(folder)
        if is_inside(source, top):  # the build refuses others
            yield ImageTree(source, destination, _relative(source, top))
    upload_path = _relative(os.path.abspath(truss.packages_folder), top)
    for folder in reversed(truss.package_folders[:-1]):
        source = os.path.abspath(folder)
        yield ImageTree(source, PACKAGES_FOLDER, upload_path, is_external=True)


def _user_lines(path: Path, overlay: Overlay) -> list[str] | None:
    """Return the lines of `.truss_ignore`; None if there is none."""
    if not overlay.is_file(path):
        return None
    try:
        return read_lines(overlay.read(path).decode("utf-8", "replace"))
    except OSError:
        return None


def _copied_to(tree: ImageTree, path: str) -> Copied:
    inside = _relative(path, tree.source)
    return Copied(f"{tree.destination}/{inside}" if inside else tree.destination)


def _relative(path: str, top: str) -> str:
    return path[len(top) :].lstrip(os.sep).replace(os.sep, "/")


def is_inside(path: str, top: str) -> bool:
    """Return whether an absolute path is a folder or in it."""
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)


def _scan(folder: str) -> list[os.DirEntry[str]]:
    """Return the content of a folder by name; nothing of one that cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []

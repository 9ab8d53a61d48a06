"""A stage: a folder that has the files of the image, in which a model runs as in a deployment.

All folders in it are real. Files are copies, except large ones, which are links to the files of the truss.
"""

# Thousands of paths are handled as strings, without resolving links.
# ruff: noqa: PTH100, PTH103, PTH118, PTH120

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.contract.defaults import DATA_FOLDER, MODEL_FOLDER
from truss_cli.deployment.image import APP_FOLDER, PACKAGES_FOLDER, Image, is_inside
from truss_cli.project import CONFIG_NAME, Truss

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from truss_cli.deployment.copying import FileCopy

_RUN_FOLDER = "run"
_PREFIX = "truss-run-"
_PATH_END = r"[^\s'\"`,;:()<>\[\]]*"


class StagedTree(NamedTuple):
    """A folder of the truss, and its place in the stage; both paths are absolute."""

    source: str
    target: str


class Stage(NamedTuple):
    """A stage of a truss; it can be sent to another process."""

    folder: str
    """Absolute path without links."""
    truss: str
    """Absolute path of the folder of the truss."""
    trees: tuple[StagedTree, ...]
    """In the order in which they are copied."""

    @property
    def app(self) -> str:
        """The folder that stands for the server's working folder."""
        return self.folder + APP_FOLDER

    def source_of(self, path: str) -> str:
        """Return the path that a path in the stage has in the truss; other paths as they are."""
        candidates = [
            tree.source + path[len(tree.target) :]
            for tree in reversed(self.trees)
            if is_inside(path, tree.target)
        ]
        if not candidates:
            return self.truss + path[len(self.app) :] if is_inside(path, self.app) else path
        return next((source for source in candidates if os.path.lexists(source)), candidates[-1])

    def has_source(self, path: str) -> bool:
        """Return whether the stage has a copy of a file or folder of the truss."""
        if path == os.path.join(self.truss, CONFIG_NAME):
            return True
        targets = (
            tree.target + path[len(tree.source) :] for tree in self.trees if is_inside(path, tree.source)
        )
        return any(os.path.lexists(target) for target in targets)

    def with_source_paths(self, text: str) -> str:
        """Replace the paths of the stage in a string by those of the truss."""
        if self.folder not in text:
            return text
        return re.sub(re.escape(self.folder) + _PATH_END, lambda match: self.source_of(match[0]), text)


class StagedTruss(Truss):
    """A truss as its stage has it: the folders have the names that they have in the image."""

    def __init__(self, stage: Stage, truss: Truss) -> None:
        super().__init__(Path(stage.app), truss.document, truss.values)
        self.stage = stage

    @property
    def module_folder(self) -> str:
        """The name of the model's folder."""
        return MODEL_FOLDER

    @property
    def packages_folder(self) -> Path:
        """The folder of the packages, which also has those of external folders."""
        return Path(self.stage.folder + PACKAGES_FOLDER)

    @property
    def data_folder(self) -> Path:
        """The folder of the data."""
        return self.folder / DATA_FOLDER

    @property
    def package_folders(self) -> tuple[Path, ...]:
        """The folders whose contents are importable by bare name."""
        return (self.packages_folder,)

    def without_document(self) -> StagedTruss:
        """Return the same for a process that cannot read YAML."""
        return StagedTruss(self.stage, super().without_document())


class StagedFiles(NamedTuple):
    """A truss in its stage, and the files that are linked to those of the user."""

    truss: StagedTruss
    links: Sequence[FileCopy]


@contextlib.contextmanager
def staged(truss: Truss, parent: Path) -> Iterator[StagedFiles]:
    """Yield a truss in a new stage, which is removed afterwards. Raises OSError.

    The stage is in the folder `run` of `parent`, or in the system's folder for temporary files if that
    cannot be written. Stages of killed runs are removed.
    """
    from truss_cli.scratch_folder import scratch_folder  # noqa: PLC0415 - not in workers

    with contextlib.ExitStack() as cleanup:
        try:
            folder = parent / _RUN_FOLDER
            folder.mkdir(parents=True, exist_ok=True)
            top = cleanup.enter_context(scratch_folder("", folder))
        except OSError:
            top = cleanup.enter_context(scratch_folder(_PREFIX, Path(tempfile.gettempdir())))
        yield _fill(truss, os.path.realpath(top))


def _fill(truss: Truss, folder: str) -> StagedFiles:
    from truss_cli.deployment.copying import FileCopy, copy_tree  # noqa: PLC0415 - not in workers

    image = Image(truss)
    trees = tuple(StagedTree(tree.source, folder + tree.destination) for tree in image.trees)
    stage = Stage(folder, os.path.abspath(truss.folder), trees)
    for name in (f"{APP_FOLDER}/{MODEL_FOLDER}", f"{APP_FOLDER}/{DATA_FOLDER}", PACKAGES_FOLDER):
        os.makedirs(folder + name)
    links = copy_tree([FileCopy(str(truss.config_path), f"{stage.app}/{CONFIG_NAME}")])
    copies: dict[str, FileCopy] = {}
    for tree in image.trees:
        for source, place in image.files(tree):
            copies[place] = FileCopy(source, folder + place)
    for destination in dict.fromkeys(tree.destination for tree in image.trees):
        links += copy_tree(_with_folders(copies, destination))
    return StagedFiles(StagedTruss(stage, truss), links)


def _with_folders(copies: dict[str, FileCopy], destination: str) -> list[FileCopy]:
    """Return the copies under a place in the image; create their folders."""
    tree_copies = [copy for place, copy in copies.items() if place.startswith(f"{destination}/")]
    for folder in {os.path.dirname(copy.target) for copy in tree_copies}:
        os.makedirs(folder, exist_ok=True)
    return tree_copies

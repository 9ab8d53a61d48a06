"""A truss on disk: its config, its model file and the folders its code is imported from."""

from __future__ import annotations

import errno
import stat
from functools import cached_property
from typing import TYPE_CHECKING

from truss_cli.contract.defaults import DATA_FOLDER, MODEL_CLASS, MODEL_FILE, MODEL_FOLDER, PACKAGES_FOLDER
from truss_cli.source import ON_DISK, Overlay

if TYPE_CHECKING:
    from pathlib import Path

    from truss_cli.config.text.document import Document

CONFIG_NAME = "config.yaml"
SERVER_SECTIONS = ("docker_server", "trt_llm", "bis_llm")
"""Sections of config.yaml that bring a server of their own, so that no model file is needed."""
LEFT_OUT = frozenset(
    {
        ".eggs",
        "build",
        "cover",
        "develop-eggs",
        "dist",
        "downloads",
        "eggs",
        "env",
        "htmlcov",
        "instance",
        "lib",
        "lib64",
        "parts",
        "sdist",
        "target",
        "var",
        "venv",
        "wheels",
        "ENV",
    }
)
"""Folders that are not copied to the server, wherever in the truss they stand (measured)."""


class Truss:
    """A folder that is, or should be, a truss; `document` is None when it has no config.yaml.

    With `values` given instead, it can be sent to a process that cannot read YAML.
    """

    def __init__(
        self, folder: Path, document: Document | None, values: dict[str, object] | None = None
    ) -> None:
        self.folder = folder
        self.document = document
        self._values = values or {}

    def without_document(self) -> Truss:
        """Return the same for a process that cannot read YAML."""
        return Truss(self.folder, None, self.values)

    @property
    def config_path(self) -> Path:
        """Where config.yaml is or should be."""
        return self.folder / CONFIG_NAME

    @property
    def values(self) -> dict[str, object]:
        """The plain mapping of config.yaml; empty when there is none or it cannot be read."""
        return self.document.values if self.document else self._values

    def text(self, key: str, default: str) -> str:
        """Return a config value that is a string, else the default."""
        value = self.values.get(key)
        return value if isinstance(value, str) else default

    @property
    def class_name(self) -> str:
        """Name of the model's class."""
        return self.text("model_class_name", MODEL_CLASS)

    @property
    def module_folder(self) -> str:
        """Name of the folder, inside the truss, that holds the model's module."""
        return self.text("model_module_dir", MODEL_FOLDER)

    @property
    def model_path(self) -> Path:
        """Where the model's source is or should be."""
        return self.folder / self.module_folder / self.text("model_class_filename", MODEL_FILE)

    @property
    def needs_model_file(self) -> bool:
        """Whether a truss without the model's source is refused: not with a section, even an empty one."""
        return not any(section in self.values for section in SERVER_SECTIONS)

    @property
    def packages_folder(self) -> Path:
        """Folder whose contents are importable by bare name."""
        return self.folder / self.text("bundled_packages_dir", PACKAGES_FOLDER)

    @property
    def data_folder(self) -> Path:
        """Folder that `__init__` is given as `data_dir`."""
        return self.folder / self.text("data_dir", DATA_FOLDER)

    @cached_property
    def package_folders(self) -> tuple[Path, ...]:
        """All folders whose contents are importable by bare name, in import order.

        A deployment copies them one over the other, the external ones in order over the bundled.
        """
        external = self.values.get("external_package_dirs")
        names = [name for name in external if isinstance(name, str)] if isinstance(external, list) else []
        return (*(self.folder / name for name in reversed(names)), self.packages_folder)

    @property
    def requirements(self) -> list[str]:
        """The Python requirements that config.yaml lists."""
        listed = self.values.get("requirements")
        return [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []

    @property
    def requirements_file(self) -> str | None:
        """The file, relative to the truss, that has the requirements instead."""
        return self.text("requirements_file", "") or None

    @property
    def secrets(self) -> dict[str, object]:
        """Secrets that config.yaml declares: name to default value."""
        declared = self.values.get("secrets")
        return {str(name): value for name, value in declared.items()} if isinstance(declared, dict) else {}


def open_truss(folder: Path, overlay: Overlay = ON_DISK) -> Truss:
    """Read the truss in a folder. Raises OSError if config.yaml is there but cannot be read."""
    from truss_cli.config.text.document import read_document  # noqa: PLC0415 - not in the worker of `--isolated`

    path = folder / CONFIG_NAME
    try:
        # Reading a pipe or a device might never end.
        if not overlay.is_file(path) and not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        return Truss(folder, read_document(path, overlay))
    except FileNotFoundError:
        return Truss(folder, None)

"""Where the requirements of a truss are written."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from truss_cli.environment.requirements import requirement_name
from truss_cli.environment.resolution import normalized
from truss_cli.project import Truss
from truss_cli.regular_file import read_regular_file
from truss_cli.source import SourceText, Span

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_REST = re.compile(r"\s+#|\s+--hash|\s*\\$")
_MARK = "\ufeff"
"""With which some editors begin a file."""


class WrittenRequirement(NamedTuple):
    """A requirement in config.yaml or in a requirements file, and where it stands."""

    text: str
    path: Path
    span: Span

    @property
    def short(self) -> str:
        """The requirement without its comment and its hashes."""
        return _REST.split(self.text.strip(), maxsplit=1)[0]


def written_requirements(truss: Truss) -> Iterator[WrittenRequirement]:
    """Yield the requirements that the truss lists, in their order; none of a project or lock file."""
    listed = truss.values.get("requirements")
    for index, text in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(text, str) and truss.document is not None:
            yield WrittenRequirement(text, truss.config_path, truss.document.span(("requirements", index)))
    name = truss.requirements_file
    if name is None or not name.endswith(".txt"):
        return
    path = truss.folder / name
    source = SourceText(path, read_regular_file(path).decode("utf-8", "replace"))
    goes_on = False
    for number in range(1, source.line_count + 1):
        text = source.line(number).removeprefix(_MARK).strip()
        if text and not text.startswith("#") and not goes_on:
            yield WrittenRequirement(text.removesuffix("\\").strip(), path, source.line_span(number))
        goes_on = text.endswith("\\")


def written_file(truss: Truss) -> WrittenRequirement | None:
    """Return where config.yaml names a requirements file, for what is in it as a whole."""
    if truss.requirements_file is None or truss.document is None:
        return None
    span = truss.document.span(("requirements_file",))
    return WrittenRequirement(truss.requirements_file, truss.config_path, span)


def named_in(text: str, requirements: Iterator[WrittenRequirement]) -> list[WrittenRequirement]:
    """Return the requirements whose packages an explanation of uv's names."""
    names = {normalized(word.rstrip(".")) for word in _NAME.findall(text)}
    return [one for one in requirements if requirement_name(one.text) in names]

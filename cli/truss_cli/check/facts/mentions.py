"""Mentions of a name anywhere in the Python files of a truss, imported or not."""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from truss_cli.check.facts.truss import TrussFacts

_MOST_ENTRIES = 5_000
"""Entries of a folder that are searched for Python files."""
_MOST_BYTES = 1024 * 1024


def count_mentions(facts: TrussFacts, name: str) -> int:
    """Return how often the files have a name as a word: in code, strings and comments.

    Files that cannot be read, and those of folders with thousands of entries, are skipped.
    """
    word = re.compile(rf"\b{re.escape(name)}\b")
    texts = {file.source.path: file.source.text for file in facts.python_files}
    for path in _python_paths(facts):
        if path not in texts:
            with suppress(OSError):
                texts[path] = facts.overlay.read(path)[:_MOST_BYTES].decode("utf-8", "replace")
    return sum(len(word.findall(text)) for text in texts.values())


def _python_paths(facts: TrussFacts) -> Iterator[Path]:
    for folder in (facts.truss.model_path.parent, *facts.truss.package_folders):
        for path in islice(folder.rglob("*"), _MOST_ENTRIES):
            if path.suffix == ".py":
                yield path

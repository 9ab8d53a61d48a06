"""The table of the standard library, generated from the stubs that mypy contains."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from library_tables.records import module_records
from library_tables.stubs import Stubs
from library_tables.versions import merge
from truss_cli.static.library.records import Record

MINORS = (10, 11, 12, 13, 14)
"""Minor versions that the stubs tell apart; older ones have the stubs of 3.10."""
OMITTED = re.compile(
    r"(_curses|_tkinter|_win|asyncio\.windows|curses|distutils|ensurepip|idlelib|lib2to3|mailbox|msilib"
    r"|email\._header|nntplib|pdb|pydoc|pyexpat|sre_|this|tkinter|turtle|winreg|xml\.dom|xml\.sax|xmlrpc)"
)
"""Modules that models hardly use: their names are known, their types are not worth the space."""
_BUILTINS = re.compile(r"(?<![\w.])builtins\.")


def stubs_folder() -> Path:
    """Return the folder of the stubs that the installed mypy contains."""
    specification = find_spec("mypy")
    assert specification is not None
    assert specification.origin is not None
    return Path(specification.origin).parent / "typeshed" / "stdlib"


def stdlib_records(modules: Collection[str] = ()) -> Iterator[tuple[str, dict[str, Record]]]:
    """Yield the records of each module, or of those that are named."""
    versions = {minor: Stubs(stubs_folder(), (3, minor)) for minor in MINORS}
    names = {name for stubs in versions.values() for name in stubs.module_names()}
    for module in sorted(modules or names):
        if not OMITTED.match(module):
            records = {
                minor: module_records(stubs, module) if stubs.exists(module) else {}
                for minor, stubs in versions.items()
            }
            yield module, merge(records)


def write_table(path: Path, source: str, records: Iterable[tuple[str, Mapping[str, Record]]]) -> None:
    """Write a line for each module, after a line with the source and the length of each of them."""
    lines = {module: encode(names) for module, names in records}
    lengths = {module: len(line.encode()) + 1 for module, line in lines.items()}
    header = {"source": source, "modules": lengths}
    text = "\n".join([json.dumps(header, separators=(",", ":")), *lines.values(), ""])
    path.write_text(text, encoding="utf-8", newline="\n")


def encode(record: object) -> str:
    """Return a record as compact JSON, with built-in classes abbreviated."""
    return _BUILTINS.sub(".", json.dumps(record, separators=(",", ":"), ensure_ascii=False))

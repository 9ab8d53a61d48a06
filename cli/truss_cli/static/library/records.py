"""Records of `stdlib.jsonl`: a line with `{name: record}` for each module that the first line lists.

A record is one of

- `"module.name"`: the name is defined elsewhere;
- `["f", signature, ...]`: a function or method, `"k"` a class method, `"s"` a static method;
- `["v", type]`: a value, `["p", type]` a property;
- `["c", bases, type parameters, {name: record}]`: a class;
- `["r", since, until, record, ...]`: records for spans of minor versions of Python 3.

A signature is `[returns, name, type, ...]`. `async ` precedes the result of a coroutine function, `<` a type
of the receiver. A parameter's name starts with `/` (positional-only), `-` (keyword-only), `*` or `**`, and
ends with `=` if it is optional. A leading dot in a type abbreviates `builtins.`.
"""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from truss_cli.static.library.entries import LibraryParameter, Member, ParameterKind, Signature

Record = Any
"""JSON of the shapes above, which only the generator writes."""

_FOLDER = Path(__file__).parent
_ABBREVIATED = re.compile(r"(?<![\w.'\"])\.(?=\w)")
_KINDS: Mapping[str, ParameterKind] = {"": "normal", "/": "positional", "-": "keyword", "*": "*", "**": "**"}
_METHODS: Mapping[str, Literal["method", "classmethod", "staticmethod"]] = {
    "f": "method",
    "k": "classmethod",
    "s": "staticmethod",
}


@cache
def _positions(file: str) -> Mapping[str, tuple[int, int]]:
    """Return the offset and the length of each module's line in a table."""
    with (_FOLDER / file).open("rb") as table:
        lengths = json.loads(table.readline())["modules"]
        starts = itertools.accumulate(lengths.values(), initial=table.tell())
        return dict(zip(lengths, zip(starts, lengths.values(), strict=False), strict=False))


@cache
def module_record(file: str, module: str) -> Record:
    """Return the line of a module in a table; None if the table lacks the module."""
    position = _positions(file).get(module)
    if position is None:
        return None
    with (_FOLDER / file).open("rb") as table:
        table.seek(position[0])
        return json.loads(table.read(position[1]))


def records(module: str) -> Mapping[str, Record] | None:
    """Return the records of a module by name; None if the table lacks the module."""
    encoded_names: Mapping[str, Record] | None = module_record("stdlib.jsonl", module)
    return encoded_names


def select(record: Record, minor: int) -> Record:
    """Return the record for a minor version of Python 3; None if the name does not exist there."""
    if not isinstance(record, list) or record[0] != "r":
        return record
    spans = zip(record[1::3], record[2::3], record[3::3], strict=True)
    return next((inner for since, until, inner in spans if since <= minor <= until), None)


def is_class(record: Record) -> bool:
    """Return whether a record describes a class, not the place where one is defined."""
    return isinstance(record, list) and record[0] == "c"


def read_type(text: str) -> str:
    """Return a type expression without abbreviations."""
    return _ABBREVIATED.sub("builtins.", text)


def read_member(record: Record) -> Member:
    """Return the member that a record describes."""
    kind, *fields = record
    if kind == "p":
        return Member("property", type=read_type(fields[0]))
    if kind == "v":
        return Member("value", type=read_type(fields[0]))
    return Member(_METHODS[kind], read_signatures(fields))


class Members(Mapping[str, Member]):
    """The members of a class in one version of Python, decoded when they are looked up."""

    def __init__(self, json_value: Mapping[str, Record], minor: int) -> None:
        self._encoded = json_value
        self._minor = minor

    def __getitem__(self, name: str) -> Member:
        record = select(self._encoded.get(name), self._minor)
        if record is None:
            raise KeyError(name)
        return read_member(record)

    def __iter__(self) -> Iterator[str]:
        return (name for name, record in self._encoded.items() if select(record, self._minor) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def read_signatures(json_value: list[list[str]]) -> tuple[Signature, ...]:
    """Return the signatures of a function."""
    return tuple(_signature(signature) for signature in json_value)


def _signature(json_value: list[str]) -> Signature:
    returns, *fields = json_value
    receiver = read_type(fields.pop(0)[1:]) if fields and fields[0].startswith("<") else ""
    parameters = tuple(_parameter(name, kind) for name, kind in zip(fields[::2], fields[1::2], strict=True))
    is_async = returns.startswith("async ")
    return Signature(parameters, read_type(returns.removeprefix("async ")), is_async, receiver)


def _parameter(text: str, annotation: str) -> LibraryParameter:
    name = text.lstrip("/-*")
    prefix = text[: len(text) - len(name)]
    is_required = not name.endswith("=") and not prefix.startswith("*")
    return LibraryParameter(name.removesuffix("="), _KINDS[prefix], read_type(annotation), is_required)

"""Results of calls of NumPy, pandas, Pillow and other packages, by the shape of the call.

`packages.jsonl` has a line for each module and class. They come from the oldest and the newest
supported release; results that differ are left out, and so are those that depend on values.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from truss_cli.static.library.records import Record, module_record, read_type

_TABLE = "packages.jsonl"
_LOOKUPS = 4096


@lru_cache(_LOOKUPS)
def call_result(name: str, arguments: tuple[str, ...], keywords: tuple[str, ...]) -> str | None:
    """Return the type that a function or method returns; None if that is not known for this shape of call.

    `arguments` are the types of the positional arguments without the receiver, `keywords` the sorted names
    of the keyword arguments.
    """
    owner, _, attribute = name.rpartition(".")
    shape = f"{','.join(arguments)};{','.join(keywords)}"
    for record in _records(owner):
        shapes: Mapping[str, str] | None = record.get("calls", {}).get(attribute)
        if shapes is not None:
            return next((read_type(key) for key, text in shapes.items() if shape in _shapes(text)), None)
    return None


def attribute_result(class_name: str, attribute: str) -> str | None:
    """Return the type of an attribute of the instances of a class; None if it is not known."""
    types = (record.get("attributes", {}).get(attribute) for record in _records(class_name))
    return next((read_type(text) for text in types if text is not None), None)


def class_bases(class_name: str) -> tuple[str, ...]:
    """Return the direct bases of a class; empty if it is not known or has none but `object`."""
    record = module_record(_TABLE, class_name)
    return () if record is None else tuple(read_type(base) for base in record.get("bases", ()))


def _records(owner: str) -> Iterator[Record]:
    """Yield the records of a module or class, then those of the bases of a class."""
    record = module_record(_TABLE, owner)
    if record is not None:
        yield record
    for base in class_bases(owner):
        yield from _records(base)


@lru_cache(_LOOKUPS)
def _shapes(text: str) -> frozenset[str]:
    return frozenset(read_type(shape) for shape in text.split(" "))

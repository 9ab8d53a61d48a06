"""Type expressions of live objects."""

import importlib
import itertools
import types
from collections.abc import Iterator, Sequence

ITERATORS = (types.GeneratorType, zip, map, enumerate, itertools.chain)
MOST_ITEMS = 3
SPELLINGS = {
    "numpy.bool_": "numpy.bool",
    "builtins.NoneType": "None",
    "PIL.PngImagePlugin.PngImageFile": "PIL.ImageFile.ImageFile",
}
"""Names that differ between releases, None, and the class of an image, which depends on its format."""


def type_expression(value: object) -> str:
    """Return the type of a value, with that of its items where they have one type."""
    if isinstance(value, ITERATORS):
        items = [type_expression(item) for item in itertools.islice(value, MOST_ITEMS)]
        return f"typing.Iterator[{merge(items) or '?'}]"
    name = class_name(type(value))
    if type(value) is dict and value:
        keys, values = (merge([type_expression(item) for item in part]) for part in (value, value.values()))
        return f"{name}[{keys or '?'}, {values or '?'}]"
    if type(value) in (list, set, frozenset) and value:
        return f"{name}[{merge([type_expression(item) for item in value]) or '?'}]"  # type: ignore[attr-defined]
    if type(value) is tuple and value:
        items = [type_expression(item) for item in value]
        is_uniform = len(set(items)) == 1
        return f"{name}[{items[0]}, ...]" if is_uniform else f"{name}[{', '.join(items)}]"
    return name


def class_name(cls: type) -> str:
    """Return the shortest name under which a class can be imported."""
    parts = cls.__module__.split(".")
    name = f"{cls.__module__}.{cls.__qualname__}"
    for length in range(1, len(parts) + 1):
        module = importlib.import_module(".".join(parts[:length]))
        if getattr(module, cls.__name__, None) is cls:
            name = f"{module.__name__}.{cls.__name__}"
            break
    return "numpy.dtype" if name.startswith("numpy.dtypes.") else SPELLINGS.get(name, name)


def merge(expressions: Sequence[str]) -> str:
    """Return the one type of several results; empty if they disagree.

    Scalars of several NumPy types are `numpy.generic`. Types of items that differ are unknown.
    """
    distinct = list(dict.fromkeys(expressions))
    if len(distinct) == 1:
        return distinct[0]
    if distinct and all(_is_scalar(expression) for expression in distinct):
        return "numpy.generic"
    parts = [_parts(expression) for expression in distinct]
    heads = {head for head, _ in parts}
    if len(heads) != 1:
        return ""
    (head,) = heads
    if len({len(arguments) for _, arguments in parts}) != 1 or not parts[0][1]:
        return head
    columns = (merge(column) or "?" for column in zip(*(arguments for _, arguments in parts), strict=True))
    return f"{head}[{', '.join(columns)}]"


def _is_scalar(expression: str) -> bool:
    module, _, name = expression.partition(".")
    cls = getattr(importlib.import_module("numpy"), name, None) if module == "numpy" else None
    if name == "bool":
        return module == "numpy"
    return isinstance(cls, type) and issubclass(cls, importlib.import_module("numpy").generic)


def _parts(expression: str) -> tuple[str, list[str]]:
    head, bracket, arguments = expression.partition("[")
    return head, list(_split(arguments[:-1])) if bracket else []


def _split(text: str) -> Iterator[str]:
    depth = start = 0
    for index, character in enumerate(text):
        depth += {"[": 1, "]": -1}.get(character, 0)
        if character == "," and not depth:
            yield text[start:index].strip()
            start = index + 1
    yield text[start:].strip()

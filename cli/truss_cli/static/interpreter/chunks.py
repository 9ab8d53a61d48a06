"""Chunks of streams: only text and bytes can be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.events import UnsendablePart
from truss_cli.static.values.values import (
    AbstractValue,
    Container,
    Instance,
    Pending,
    TupleValue,
    members,
    type_name,
)

if TYPE_CHECKING:
    import ast

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter

_TEXT = ("builtins.str", "builtins.bytes", "builtins.memoryview")
_HELP = "Yield text: `json.dumps(...)` makes it of any JSON value."


def unsendable_chunks(
    run: AbstractInterpreter, element: AbstractValue, node: ast.AST
) -> tuple[tuple[UnsendablePart, ...], bool]:
    """Return the chunks that are neither text nor bytes, and whether all of them are."""
    refusals = [(member, _shown(run, member)) for member in members(element)]
    chunks = tuple(
        UnsendablePart(run.frame.module, node, "", label, _HELP) for _, label in refusals if label is not None
    )
    return chunks, bool(chunks) and all(label is not None for _, label in refusals)


def _shown(run: AbstractInterpreter, value: AbstractValue) -> str | None:
    """Return the name of a type that cannot be a chunk; None if the value may be one."""
    if isinstance(value, Pending):
        return value.kind
    if isinstance(value, Instance):
        is_plain = value.cls.kind in ("plain", "dataclass", "pydantic") and not run.operation(
            "is open", value.cls
        )
        return value.cls.node.name if is_plain else None
    if isinstance(value, Container | TupleValue):
        return (type_name(value) or "").rpartition(".")[2]
    name = type_name(value)
    if name == "builtins.NoneType":
        return "None"
    if name is None or not run.operation("mro", name) or name.startswith(("typing.", "collections.abc.")):
        return None
    is_text = name in _TEXT or any(base in _TEXT for base in run.operation("mro", name))
    return None if is_text else name.rpartition(".")[2]

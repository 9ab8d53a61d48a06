"""What one expression gives: a type, and the values that are visibly inside it."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from truss_cli.contract.shape import UNKNOWN_TYPE, Form, Type

DISPLAYS = {
    ast.Dict: "builtins.dict",
    ast.DictComp: "builtins.dict",
    ast.GeneratorExp: "types.GeneratorType",
    ast.JoinedStr: "builtins.str",
    ast.Lambda: "types.FunctionType",
    ast.List: "builtins.list",
    ast.ListComp: "builtins.list",
    ast.Set: "builtins.set",
    ast.SetComp: "builtins.set",
    ast.Tuple: "builtins.tuple",
}
"""What displays, comprehensions and the like give."""

FORMS = {
    Form.COROUTINE: "types.CoroutineType",
    Form.GENERATOR: "types.GeneratorType",
    Form.ASYNC_GENERATOR: "types.AsyncGeneratorType",
}
"""What calling a function of a form gives, if not what it returns."""


class Value(NamedTuple):
    """What an expression gives: its type, and the values it visibly holds.

    `own`: made by code of the truss that could not be followed to its end.
    `certain` is about a value that is held: whether it always is.
    """

    node: ast.expr
    type: Type = UNKNOWN_TYPE
    held: tuple["Value", ...] = ()
    own: bool = False
    certain: bool = True

    def parts(self, *, whole: bool = True) -> Iterator[tuple["Value", bool]]:
        """Yield the value and all that it holds, each with whether it is the whole."""
        yield self, whole
        for inner in self.held:
            part = inner if self.certain else inner._replace(certain=False)
            yield from part.parts(whole=False)

    def at(self, node: ast.expr) -> "Value":
        """Return the value as if the expression `node` gave it."""
        return self._replace(node=node, held=tuple(inner.at(node) for inner in self.held))


def builtin(name: str) -> Type:
    """Return a class that is always there as a type."""
    bases = {"builtins.bool": {"builtins.int"}, "builtins.Exception": {"builtins.BaseException"}}
    return Type(name, ancestors=frozenset(bases.get(name, ())))


def join(node: ast.expr, values: Sequence[Value]) -> Value:
    """Return what is known of an expression that gives one of several values."""
    if len(values) == 1:
        return values[0]
    own = any(value.own for value in values)
    if any(value.type != values[0].type for value in values):
        return Value(node, own=own)
    held = tuple(inner._replace(certain=False) for value in values for inner in value.held)
    return Value(node, values[0].type, held, own)


def element_of(node: ast.expr, iterable: Value) -> Value:
    """Return what a loop over a value binds its variable to."""
    if iterable.type.name == "builtins.range":
        return Value(node, builtin("builtins.int"))
    if iterable.type.name not in ("builtins.list", "builtins.tuple") or not iterable.held:
        return Value(node)
    return join(node, iterable.held).at(node)

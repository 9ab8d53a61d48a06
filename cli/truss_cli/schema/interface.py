"""What a model takes and gives, by the annotations of its methods."""

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

from truss_cli.check.facts.model.model_class import ModelClass
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.contract import returning_method
from truss_cli.contract.schema import input_parameter
from truss_cli.contract.terms import REQUEST, STREAMS
from truss_cli.schema.classes import Classes
from truss_cli.schema.source.expressions import Expressions, union
from truss_cli.schema.source.known import UNKNOWN
from truss_cli.static.syntax.nodes import Function

_STREAMING = frozenset({"AsyncGenerator", "AsyncIterator", "Generator", "Iterator"})
_STREAMING_WITH_YIELD = frozenset({"AsyncIterable", "Iterable"})
_AWAITED = frozenset({"Awaitable", "Coroutine"})
_UNIONS = frozenset({"Optional", "Union"})
_MODULES = ("typing.", "typing_extensions.", "collections.abc.")


class Interface(NamedTuple):
    """The types of a model's input and of a whole result, and whether it streams or gives a whole result.

    A type that is not known is UNKNOWN.
    """

    input: Any  # a type expression, as the next
    output: Any
    streams: bool
    whole: bool = True


def read_interface(facts: TrussFacts) -> Interface:
    """Return what the route of `predict` takes and gives."""
    model = facts.model
    if model is None:
        return Interface(UNKNOWN, UNKNOWN, streams=False)
    classes = Classes(facts.types)
    returning = model.function(returning_method(model.shape))
    if returning is None:
        return Interface(_input(facts, model, classes), UNKNOWN, streams=False)
    module, function = returning
    shape = model.shape.shape(returning_method(model.shape))
    yields = shape is not None and shape.form in STREAMS
    results = (
        [] if function.returns is None else list(_results(classes.expressions(module), function.returns))
    )
    kept = [node for node in results if not _is_stream(classes.expressions(module), node, yields=yields)]
    output = union(*map(classes.expressions(module).read, kept)) if kept and not yields else UNKNOWN
    streams = yields or len(kept) < len(results)
    return Interface(
        _input(facts, model, classes), output, streams, whole=not yields and (bool(kept) or not results)
    )


def _input(facts: TrussFacts, model: ModelClass, classes: Classes) -> Any:  # noqa: ANN401 - a type expression
    found = input_parameter(model.shape)
    written = model.function(found[0]) if found else None
    if found is None or written is None:
        return UNKNOWN
    module, function = written
    annotation = _annotation(function, found[1].name)
    if annotation is None or facts.types.of(module, annotation).is_a(REQUEST):
        return UNKNOWN
    return classes.expressions(module).read(annotation)


def _annotation(function: Function, parameter: str) -> ast.expr | None:
    arguments = (*function.args.posonlyargs, *function.args.args)
    return next((one.annotation for one in arguments if one.arg == parameter), None)


def _results(reader: Expressions, node: ast.expr) -> Iterator[ast.expr]:
    """Yield the members of a union, each as it is once awaited."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value.strip(), mode="eval").body
        except SyntaxError:
            return
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _results(reader, node.left)
        yield from _results(reader, node.right)
        return
    name = _typing_name(reader, node)
    if not isinstance(node, ast.Subscript) or name not in _UNIONS | _AWAITED:
        yield node
        return
    members = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for member in members[-1:] if name in _AWAITED else members:
        yield from _results(reader, member)
    if name == "Optional":
        yield ast.Constant(None)


def _is_stream(reader: Expressions, node: ast.expr, *, yields: bool) -> bool:
    name = _typing_name(reader, node)
    return name in _STREAMING or (yields and name in _STREAMING_WITH_YIELD)


def _typing_name(reader: Expressions, node: ast.expr) -> str:
    """Return the name of a form of `typing` or `collections.abc`; empty for anything else."""
    name = reader.name_of(node.value if isinstance(node, ast.Subscript) else node)
    return name.rpartition(".")[2] if name.startswith(_MODULES) else ""

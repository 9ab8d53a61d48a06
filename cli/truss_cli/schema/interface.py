"""The types of a model's input and result, by the annotations of its methods."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.contract import returning_method
from truss_cli.contract.schema import input_parameter
from truss_cli.contract.terms import REQUEST, STREAMS
from truss_cli.schema.model_source import ModelSource, TrussSource
from truss_cli.static.pydantic.annotations import parameter_annotation, union
from truss_cli.static.pydantic.body_names import BodyNames
from truss_cli.static.pydantic.classes import ClassBuilder
from truss_cli.static.pydantic.external import UNKNOWN, TypeForm

_STREAMING = frozenset({"AsyncGenerator", "AsyncIterator", "Generator", "Iterator"})
_STREAMING_WITH_YIELD = frozenset({"AsyncIterable", "Iterable"})
_AWAITED = frozenset({"Awaitable", "Coroutine"})
_UNIONS = frozenset({"Optional", "Union"})
_MODULES = ("typing.", "typing_extensions.", "collections.abc.")


class Interface(NamedTuple):
    """The types of a model's input and of a complete result; UNKNOWN if source does not show them.

    `streams` if the model can return a stream, `whole` if it can return a complete result.
    """

    input: TypeForm
    output: TypeForm
    streams: bool
    whole: bool = True


def read_interface(source: TrussSource) -> Interface:
    """Return the types of requests and responses of the `predict` route."""
    model = source.model
    if model is None:
        return Interface(UNKNOWN, UNKNOWN, streams=False)
    classes = ClassBuilder(source.types)
    method = returning_method(model.shape)
    definition = model.function(method)
    if definition is None:
        return Interface(_input(source, model, classes), UNKNOWN, streams=False)
    module, function = definition
    shape = model.shape.shape(method)
    yields = shape is not None and shape.form in STREAMS
    reader = classes.annotations(module)
    results = [] if function.returns is None else list(_results(reader.names, function.returns))
    complete = [node for node in results if not _is_stream(reader.names, node, yields=yields)]
    return Interface(
        _input(source, model, classes),
        union(*map(reader.read, complete)) if complete and not yields else UNKNOWN,
        streams=yields or len(complete) < len(results),
        whole=not yields and (bool(complete) or not results),
    )


def _input(source: TrussSource, model: ModelSource, classes: ClassBuilder) -> TypeForm:
    target = input_parameter(model.shape)
    definition = model.function(target[0]) if target else None
    if target is None or definition is None:
        return UNKNOWN
    module, function = definition
    annotation = parameter_annotation(function, target[1].name)
    if annotation is None or source.types.of(module, annotation).is_a(REQUEST):
        return UNKNOWN
    return classes.annotations(module).read(annotation)


def _results(names: BodyNames, node: ast.expr) -> Iterator[ast.expr]:
    """Yield the members of a union, without the awaitables around them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value.strip(), mode="eval").body
        except SyntaxError:
            return
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _results(names, node.left)
        yield from _results(names, node.right)
        return
    name = _typing_name(names, node)
    if not isinstance(node, ast.Subscript) or name not in _UNIONS | _AWAITED:
        yield node
        return
    members = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for member in members[-1:] if name in _AWAITED else members:
        yield from _results(names, member)
    if name == "Optional":
        yield ast.Constant(None)


def _is_stream(names: BodyNames, node: ast.expr, *, yields: bool) -> bool:
    name = _typing_name(names, node)
    return name in _STREAMING or (yields and name in _STREAMING_WITH_YIELD)


def _typing_name(names: BodyNames, node: ast.expr) -> str:
    """Return the name of a type in `typing` or `collections.abc`; empty for anything else."""
    name = names.external_name(node.value if isinstance(node, ast.Subscript) else node)
    return name.rpartition(".")[2] if name.startswith(_MODULES) else ""

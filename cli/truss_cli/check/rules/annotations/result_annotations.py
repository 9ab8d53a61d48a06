"""Return annotations of types that cannot be sent, compared with the values that are returned."""

import ast
import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.check.rules.annotations.result_methods import ResultMethod, result_methods
from truss_cli.check.rules.annotations.unsendable_types import Unsendable, find_unsendable
from truss_cli.contract.terms import PYDANTIC_MODEL
from truss_cli.diagnostic import Finding
from truss_cli.static.events import Returned, ReturnedValue
from truss_cli.static.syntax.nodes import branches

_CONVERTING = re.compile(
    r"convert|dict|dump|encode|decode|export|format|get|hex|item|json|list|loads|numpy|plain|read|render"
    r"|serial|structure"
    r"|^as_|^to_|_to_"
)


class Confirmation(Enum):
    """Relation of an annotation whose type cannot be sent to the returned values."""

    CONTRADICTED = auto()
    """Some `return` returns a value that can be sent."""
    OPEN = auto()
    """No value is known, or one comes from code of the truss that is not known, or may be converted."""
    UNDISPUTED = auto()


class RefusedAnnotation(NamedTuple):
    """An annotation of a type that cannot be sent."""

    method: ResultMethod
    unsendable: Unsendable
    confirmation: Confirmation
    returned: ReturnedValue | None
    """The value that contradicts it."""


def refused_annotations(facts: TrussFacts) -> tuple[RefusedAnnotation, ...]:
    """Return the annotations of results that cannot be sent."""
    return tuple(_refused_annotations(facts))


def _refused_annotations(facts: TrussFacts) -> Iterator[RefusedAnnotation]:
    for method in result_methods(facts):
        returns = method.shape.returns
        if returns is None or not method.main or method.streams:
            continue
        unsendable = find_unsendable(facts, returns.type)
        if unsendable is None:
            continue
        events = method.returned(facts)
        sendable_value = next((v for event in events for v in _sent(event, inside=unsendable.inside)), None)
        unsure = not events or any(_may_be_sent(method, unsendable, event) for event in events)
        confirmation = Confirmation.OPEN if unsure else Confirmation.UNDISPUTED
        if sendable_value:
            confirmation = Confirmation.CONTRADICTED
        yield RefusedAnnotation(method, unsendable, confirmation, sendable_value)


def _sent(event: Returned, *, inside: bool) -> Iterator[ReturnedValue]:
    """Yield the values of a `return` that can be sent; `inside`: as far as their parts are known."""
    if isinstance(event.node, ast.FunctionDef | ast.AsyncFunctionDef):
        return  # None, where the end of the function is reached
    for value in event.values:
        if value.is_sendable and (value.parts_known if inside else not value.type.open):
            yield value


def _may_be_sent(method: ResultMethod, unsendable: Unsendable, event: Returned) -> bool:
    """Return whether a value that is not known may be of another type than annotated."""
    if not any(value.type.open for value in event.values):
        unknown_parts = any(value.is_sendable and not value.parts_known for value in event.values)
        return unsendable.inside and unknown_parts
    if not isinstance(event.node, ast.expr) or any(_may_convert(call) for call in event.calls):
        return True
    if any(_is_part(branch) or _is_parameter(method, branch) for branch in branches(event.node)):
        return True
    library = unsendable.type.name.partition(".")[0]
    return event.from_truss or event.library not in ("", library)


def _is_parameter(method: ResultMethod, node: ast.expr) -> bool:
    """Return whether an expression is a parameter, whose annotation the server does not enforce."""
    arguments = method.function.args
    parameters = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return isinstance(node, ast.Name) and any(parameter.arg == node.id for parameter in parameters)


def _is_part(node: ast.expr) -> bool:
    """Return whether an expression is neither a name nor a call, such as an attribute or an item."""
    return not isinstance(node, ast.Name | ast.Call)


def _may_convert(call: ast.Call) -> bool:
    """Return whether a function may convert a value of the annotated type, by its name.

    Any other call of a model or a library is taken to return the annotated type.
    """
    function = call.func
    name = (
        function.attr
        if isinstance(function, ast.Attribute)
        else function.id
        if isinstance(function, ast.Name)
        else ""
    )
    return _CONVERTING.search(name) is not None


def find_unsendable_annotation(*, pydantic: bool) -> Find:
    """Return the `find` of a rule that reports annotations with Pydantic models inside, or the others."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        for refused in facts.analysis(refused_annotations):
            unsendable = refused.unsendable
            is_model = unsendable.type.is_a(PYDANTIC_MODEL)
            if refused.confirmation is Confirmation.UNDISPUTED and is_model is pydantic:
                message = f"{describe(refused)}, which cannot be sent as JSON"
                method = refused.method
                node = method.function.returns or method.function
                yield method.module.finding(node, message, unsendable.help)

    return find


def describe(refused: RefusedAnnotation) -> str:
    """Return the part of a message that says which method is annotated with what."""
    where = "inside the result" if refused.unsendable.inside else "as a result"
    return f"`{refused.method.name}` is annotated with `{refused.unsendable.type}` {where}"

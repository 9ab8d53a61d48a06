"""Return annotations of what the server cannot send, held against what the body returns."""

import ast
import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from truss_cli.check.facts.results.result_methods import (
    ResultMethod,
    Unsendable,
    find_unsendable,
    gives_stream,
    is_visibly_sent,
    result_methods,
)
from truss_cli.check.facts.results.value import Value
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.contract.shape import Type
from truss_cli.contract.terms import PYDANTIC_MODEL
from truss_cli.diagnostic import Finding
from truss_cli.static.names.symbols import External

_CONVERTING = re.compile(
    r"convert|dict|dump|encode|decode|export|format|get|json|list|loads|plain|read|render|serial|structure"
    r"|^as_|^to_|_to_"
)


class Confirmation(Enum):
    """What the body says of an annotation whose type cannot be sent."""

    CONTRADICTED = auto()
    """Some `return` visibly gives something that can be sent."""
    OPEN = auto()
    """What is returned comes from the truss's own code, which could not be followed, or may be converted."""
    UNDISPUTED = auto()


class RefusedAnnotation(NamedTuple):
    """An annotation of a type that cannot be sent."""

    method: ResultMethod
    unsendable: Unsendable
    confirmation: Confirmation
    returned: Value | None
    """The value that contradicts it."""


def refused_annotations(facts: TrussFacts) -> tuple[RefusedAnnotation, ...]:
    """Return the annotations of results that cannot be sent."""
    return tuple(_refused_annotations(facts))


def _refused_annotations(facts: TrussFacts) -> Iterator[RefusedAnnotation]:
    for method in result_methods(facts):
        returns = method.shape.returns
        if returns is None or not method.main or gives_stream(method):
            continue
        found = find_unsendable(facts, returns.type)
        if found is None:
            continue
        values = method.returned()
        sent = next((v for v in values if is_visibly_sent(facts, v, inside=found.inside)), None)
        unsure = any(value.type.open and _may_be_other(method, found.type, value) for value in values)
        confirmation = Confirmation.OPEN if unsure or method.decorated else Confirmation.UNDISPUTED
        yield RefusedAnnotation(method, found, Confirmation.CONTRADICTED if sent else confirmation, sent)


def _may_be_other(method: ResultMethod, annotated: Type, value: Value) -> bool:
    """Whether a value of unknown type may well be something else than what the annotation says."""
    if value.own or _may_convert(value.node) or _is_parameter(method, value.node):
        return True
    called = method.values.names.symbol(value.node.func) if isinstance(value.node, ast.Call) else None
    library = annotated.name.partition(".")[0]
    return isinstance(called, External) and called.name.partition(".")[0] != library


def _is_parameter(method: ResultMethod, node: ast.AST) -> bool:
    """Whether an expression is the very argument, of whose annotation the server takes no notice."""
    return isinstance(node, ast.Name) and node.id in method.values.names.parameters


def _may_convert(node: ast.AST) -> bool:
    """Whether an expression of unknown type may well make JSON of what the annotation speaks of.

    A part of something may, and a call by a name such as `to_json`; a plain call of a
    model or of a library gives what the annotation says.
    """
    if not isinstance(node, ast.Call):
        return not isinstance(node, ast.Name)
    called = node.func
    name = (
        called.attr
        if isinstance(called, ast.Attribute)
        else called.id
        if isinstance(called, ast.Name)
        else ""
    )
    return _CONVERTING.search(name) is not None


def find_unsendable_annotation(*, pydantic: bool) -> Find:
    """Return the `find` of a rule that reports annotations with Pydantic models inside, or the others."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        for refused in facts.analysis(refused_annotations):
            found = refused.unsendable
            is_model = found.type.is_a(PYDANTIC_MODEL)
            if refused.confirmation is Confirmation.UNDISPUTED and is_model is pydantic:
                message = f"{describe(refused)}, which cannot be sent as JSON"
                method = refused.method
                yield method.module.finding(method.function.returns or method.function, message, found.help)

    return find


def describe(refused: RefusedAnnotation) -> str:
    """Return the part of a message that says which method is annotated with what."""
    where = "inside the result" if refused.unsendable.inside else "as a result"
    return f"`{refused.method.name}` is annotated with `{refused.unsendable.type}` {where}"

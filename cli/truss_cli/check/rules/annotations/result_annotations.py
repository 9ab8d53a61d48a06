"""Return annotations of what the server cannot send."""

from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding
from truss_cli.check.facts.result_methods import (
    ResultMethod,
    Unsendable,
    find_unsendable,
    gives_stream,
    result_methods,
)
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.contract.terms import PYDANTIC_MODEL


def find_unsendable_annotation(*, pydantic: bool) -> Find:
    """Return the `find` of a rule that reports annotations with Pydantic models inside, or the others."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        for method in result_methods(facts):
            found = _unsendable_annotation(facts, method)
            if found is None or found.type.is_a(PYDANTIC_MODEL) is not pydantic:
                continue
            where = "inside the result" if found.inside else "as a result"
            message = (
                f"`{method.name}` is annotated with `{found.type}` {where}, which cannot be sent as JSON"
            )
            node = method.function.returns or method.function
            span = method.module.file.span(node)
            yield Finding(method.module.file.source.path, span, message, found.help)

    return find


def _unsendable_annotation(facts: TrussFacts, method: ResultMethod) -> Unsendable | None:
    """Return what cannot be sent, unless the body visibly gives something else, or the method streams."""
    returns = method.shape.returns
    if returns is None or not method.main or gives_stream(method):
        return None
    found = find_unsendable(facts, returns.type)
    return None if found and _visibly_sent(facts, method, inside=found.inside) else found


def _visibly_sent(facts: TrussFacts, method: ResultMethod, *, inside: bool) -> bool:
    """Whether some `return` gives what is known and can be sent, so that the annotation is what is wrong."""
    for value in method.values.returned():
        parts = list(method.values.parts(value))
        if any(find_unsendable(facts, part, whole=whole) for _, part, whole in parts):
            continue
        leaves = (parts[1:] or parts) if inside else parts[:1]
        if all(not part.open for _, part, _ in leaves):
            return True
    return False

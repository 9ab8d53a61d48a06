"""TRS202 and TRS203: return annotations of what the server cannot send."""

from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding, Severity
from truss_cli.check.facts.results import Refused, Sender, gives_stream, refused, senders
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find, Rule, model
from truss_cli.contract.terms import PYDANTIC_MODEL


def _find(*, pydantic: bool) -> Find:
    def find(facts: TrussFacts) -> Iterator[Finding]:
        for sender in senders(facts):
            found = _refused_annotation(facts, sender)
            if found is None or found.type.is_a(PYDANTIC_MODEL) is not pydantic:
                continue
            where = "inside the result" if found.inside else "as a result"
            message = (
                f"`{sender.name}` is annotated with `{found.type}` {where}, which cannot be sent as JSON"
            )
            node = sender.function.returns or sender.function
            span = sender.module.file.span(node)
            yield Finding(sender.module.file.source.path, span, message, found.help)

    return find


def _refused_annotation(facts: TrussFacts, sender: Sender) -> Refused | None:
    """Give what cannot be sent, unless the body visibly gives something else, or the method streams."""
    returns = sender.shape.returns
    if returns is None or not sender.main or gives_stream(sender):
        return None
    found = refused(facts, returns.type)
    return None if found and _visibly_sent(facts, sender, inside=found.inside) else found


def _visibly_sent(facts: TrussFacts, sender: Sender, *, inside: bool) -> bool:
    """Whether some `return` gives what is known and can be sent, so that the annotation is what is wrong."""
    for value in sender.values.returned():
        parts = list(sender.values.parts(value))
        if any(refused(facts, part, whole=whole) for _, part, whole in parts):
            continue
        leaves = (parts[1:] or parts) if inside else parts[:1]
        if all(not part.open for _, part, _ in leaves):
            return True
    return False


UNSENDABLE_ANNOTATION = Rule(
    code="TRS202",
    name="unsendable-annotation",
    severity=Severity.ERROR,
    summary="The return annotation is of a type that cannot be sent as JSON",
    explanation="""\
The server encodes the result as JSON. Of what is not JSON it takes NumPy numbers and
arrays, and one Pydantic object as the whole result; with anything else (a set, bytes,
a datetime, a Decimal, a tensor, a dataclass, ...) every request is answered with
status 500.

Convert the value before it is returned, and annotate what it then is.""",
    find=_find(pydantic=False),
    good=(
        model(
            "class Model:\n    def predict(self, inputs) -> list[str]:\n        return sorted({*inputs})\n"
        ),
        model(
            """\
import numpy as np


class Model:
    def predict(self, model_input) -> dict[str, np.ndarray]:
        return {"scores": np.zeros(3)}
"""
        ),
    ),
    bad=(
        model(
            "class Model:\n    def predict(self, model_input) -> set[str]:\n        return set(model_input)\n"
        ),
        model(
            """\
from datetime import datetime


class Model:
    def predict(self, model_input) -> dict[str, datetime]:
        return {"when": datetime.now()}
"""
        ),
    ),
)

MODEL_INSIDE_ANNOTATION = Rule(
    code="TRS203",
    name="model-inside-annotation",
    severity=Severity.ERROR,
    summary="The return annotation has a Pydantic model inside a container",
    explanation="""\
The server converts a Pydantic object only when it is the whole result. Inside a list
or a dict it meets an object that JSON does not have, and answers with status 500.

Return `[item.model_dump() for item in items]`, or one Pydantic object that holds the
list.""",
    find=_find(pydantic=True),
    good=(
        model(
            """\
import pydantic


class Box(pydantic.BaseModel):
    label: str


class Boxes(pydantic.BaseModel):
    boxes: list[Box]


class Model:
    def predict(self, model_input) -> Boxes:
        return Boxes(boxes=[Box(label="a")])
"""
        ),
    ),
    bad=(
        model(
            """\
import pydantic


class Box(pydantic.BaseModel):
    label: str


class Model:
    def predict(self, model_input) -> list[Box]:
        return [Box(label="a")]
"""
        ),
    ),
)

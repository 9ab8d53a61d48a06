"""TRS205: a return annotation that the body contradicts."""

from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding, Severity
from truss_cli.check.facts.results import Sender, gives_stream, is_stream_type, senders
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule, model
from truss_cli.contract.shape import Form, Type
from truss_cli.contract.terms import PYDANTIC_MODEL

_ALIASES = {"typing.Dict": "builtins.dict", "typing.List": "builtins.list", "typing.Tuple": "builtins.tuple"}
_PLAIN = frozenset(
    {
        "builtins.dict",
        "builtins.list",
        "builtins.tuple",
        "builtins.str",
        "builtins.int",
        "builtins.float",
        "builtins.bool",
    }
)
_NUMBERS = ("builtins.int", "builtins.float", "builtins.bool")


def _find(facts: TrussFacts) -> Iterator[Finding]:
    for sender in senders(facts):
        returns = sender.shape.returns
        if returns is None or sender.function.returns is None:
            continue
        given = _contradiction(sender, returns.type)
        if given:
            message = f"`{sender.name}` is annotated `{returns.type}`, but {given}"
            span = sender.module.file.span(sender.function.returns)
            yield Finding(
                sender.module.file.source.path, span, message, "Annotate what it gives, or give what it says."
            )


def _contradiction(sender: Sender, annotated: Type) -> str | None:
    """Say what the method gives instead of what it is annotated with, if that is certain."""
    name = _ALIASES.get(annotated.name, annotated.name)
    if gives_stream(sender):
        plain = name in _PLAIN or name == "builtins.None" or annotated.is_a(PYDANTIC_MODEL)
        return "it is a generator and streams its result" if plain else None
    if sender.shape.form is Form.UNKNOWN:
        return None
    for value in sender.values.returned():
        given = sender.values.type_of(value)
        if given.name not in _PLAIN:
            continue
        streams = is_stream_type(annotated) and not name.endswith("Iterable")
        if streams or (name in _PLAIN and not _fits(given.name, name)):
            return f"returns a `{given}`"
    return None


def _fits(given: str, annotated: str) -> bool:
    return given == annotated or (given in _NUMBERS and annotated in _NUMBERS)


CONTRADICTION = Rule(
    code="TRS205",
    name="annotation-contradicted",
    severity=Severity.WARNING,
    summary="The return annotation and the body contradict each other",
    explanation="""\
The method is annotated with one type and visibly gives another: a `-> str` with `yield`,
which streams, or a `-> str` that returns a dict. The server follows the body; people and
clients that read the annotation, or the schema made from it, are misled.

Annotate what the method gives: `-> Iterator[str]` for a generator of text, say.""",
    find=_find,
    good=(
        model(
            """\
from collections.abc import Iterator


class Model:
    def predict(self, model_input) -> Iterator[str]:
        yield "a"
"""
        ),
        model("class Model:\n    def predict(self, model_input) -> float:\n        return 1\n"),
    ),
    bad=(
        model('class Model:\n    def predict(self, model_input) -> str:\n        yield "a"\n'),
        model('class Model:\n    def predict(self, model_input) -> str:\n        return {"a": 1}\n'),
    ),
)

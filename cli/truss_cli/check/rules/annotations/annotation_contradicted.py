"""TRS205: a return annotation that the body contradicts."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.annotations.result_annotations import describe, refused_annotations
from truss_cli.check.rules.annotations.result_methods import ResultMethod, result_methods
from truss_cli.check.rules.annotations.unsendable_types import is_stream_type
from truss_cli.contract.shape import Form, Type
from truss_cli.contract.terms import PYDANTIC_MODEL, Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.events import JSON_TYPE

_HELP = "Annotate what it returns, or return what the annotation says."
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
    for refused in facts.analysis(refused_annotations):
        method, value = refused.method, refused.returned
        if value is not None and method.function.returns is not None:
            value_text = "JSON data" if value.type == JSON_TYPE else f"`{value.type}`"
            contents = f" with no `{refused.unsendable.type}` in it" if refused.unsendable.inside else ""
            message = f"{describe(refused)}, but returns {value_text}{contents}"
            yield method.module.finding(method.function.returns, message, _HELP)
    for method in result_methods(facts):
        returns = method.shape.returns
        if returns is None or method.function.returns is None:
            continue
        contradiction = _contradiction(facts, method, returns.type)
        if contradiction:
            message = f"`{method.name}` is annotated `{returns.type}`, but {contradiction}"
            yield method.module.finding(method.function.returns, message, _HELP)


def _contradiction(facts: TrussFacts, method: ResultMethod, annotated: Type) -> str | None:
    """Return what the method returns instead of the annotated type, if it always does in some `return`."""
    name = _ALIASES.get(annotated.name, annotated.name)
    if method.streams:
        plain = name in _PLAIN or name == "builtins.None" or annotated.is_a(PYDANTIC_MODEL)
        return "it is a generator and streams its result" if plain else None
    if method.shape.form is Form.UNKNOWN:
        return None
    is_stream = is_stream_type(annotated) and not name.endswith("Iterable")
    if not is_stream and name not in _PLAIN:
        return None
    for event in method.returned(facts):
        types = [value.type for value in event.values]
        if all(kind.name in _PLAIN and (is_stream or not _fits(kind.name, name)) for kind in types):
            return f"returns `{types[0]}`"
    return None


def _fits(returned: str, annotated: str) -> bool:
    return returned == annotated or (returned in _NUMBERS and annotated in _NUMBERS)


CONTRADICTION = Rule(
    code="TRS205",
    name="annotation-contradicted",
    severity=Severity.WARNING,
    summary="The return annotation and the body contradict each other",
    explanation="""\
The method is annotated with one type and visibly returns another: a `-> str` with `yield`,
which streams, or a `-> str` that returns a dict. The server follows the body; people and
clients that read the annotation, or the schema generated from it, are misled.

Annotate what the method returns: `-> Iterator[str]` for a generator of text, say.""",
    find=_find,
    good=(
        """\
from collections.abc import Iterator


class Model:
    def predict(self, model_input) -> Iterator[str]:
        yield "a"
""",
        """\
class Model:
    def predict(self, model_input) -> float:
        return 1
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input) -> str:
        yield "a"
""",
        """\
class Model:
    def predict(self, model_input) -> str:
        return {"a": 1}
""",
        """\
class Model:
    def predict(self, model_input) -> set[str]:
        return sorted({"a"})
""",
    ),
)

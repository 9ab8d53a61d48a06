"""TRS209: a result without annotation."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.annotations.result_methods import result_methods
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding


def _find(facts: TrussFacts) -> Iterator[Finding]:
    for method in result_methods(facts):
        if method.function.returns is None:
            message = f"`{method.name}` has no return annotation"
            help_text = "Annotate what it returns, such as `-> dict[str, str]`."
            yield method.module.finding(method.function, message, help_text)


MISSING_ANNOTATION = Rule(
    code="TRS209",
    name="missing-annotation",
    severity=Severity.WARNING,
    summary="A method whose result is sent has no return annotation",
    explanation="""\
Without a return annotation the server can publish no schema of the result, and neither
this check nor a type checker can tell whether the result can be sent.

Annotate the method: `def predict(self, model_input: dict) -> dict:`.""",
    find=_find,
    good=(
        """\
class Model:
    def predict(self, model_input) -> dict:
        return {}
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        return {}
""",
    ),
    opt_in=True,
)

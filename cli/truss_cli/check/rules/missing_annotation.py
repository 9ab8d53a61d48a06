"""TRS209: a result without annotation."""

from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding, Severity
from truss_cli.check.facts.results import senders
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule, model


def _find(facts: TrussFacts) -> Iterator[Finding]:
    for sender in senders(facts):
        if sender.function.returns is None:
            message = f"`{sender.name}` has no return annotation"
            help_text = "Annotate what it gives, such as `-> dict[str, str]`."
            span = sender.module.file.span(sender.function)
            yield Finding(sender.module.file.source.path, span, message, help_text)


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
    good=(model("class Model:\n    def predict(self, model_input) -> dict:\n        return {}\n"),),
    bad=(model("class Model:\n    def predict(self, model_input):\n        return {}\n"),),
    opt_in=True,
)

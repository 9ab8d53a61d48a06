"""TRS213: an annotation of what cannot be sent, on a result of the truss's own code."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.annotations.result_annotations import Confirmation, describe, refused_annotations
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding


def _find(facts: TrussFacts) -> Iterator[Finding]:
    for refused in facts.analysis(refused_annotations):
        if refused.confirmation is Confirmation.OPEN:
            method = refused.method
            message = f"{describe(refused)}, which cannot be sent as JSON unless your code converts it"
            yield method.module.finding(
                method.function.returns or method.function, message, refused.unsendable.help
            )


ANNOTATION_UNCONFIRMED = Rule(
    code="TRS213",
    name="annotation-unconfirmed",
    severity=Severity.WARNING,
    summary="The annotation is of a type that cannot be sent; what is returned is not known",
    explanation="""\
The return annotation names a type that the server cannot encode as JSON, and what is
returned comes from a function of the truss that returns an unknown value, or from an
expression that may convert it. If the annotation is right, every request is answered
with status 500. If the value is converted, the annotation misleads.

Convert the value, and annotate what it then is.""",
    find=_find,
    good=(
        """\
class Model:
    def to_list(self, model_input) -> list[str]:
        return sorted(model_input)

    def predict(self, model_input) -> list[str]:
        return self.to_list(model_input)
""",
    ),
    bad=(
        """\
import torch


class Model:
    def load(self):
        self.network = torch.load("network.pt")

    def run(self, inputs):
        return self.network(inputs)

    def predict(self, model_input) -> torch.Tensor:
        return self.run(model_input)
""",
    ),
)

"""TRS706 and TRS716: a class cannot be created."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.failures.failures import find_failures
from truss_cli.contract.terms import Severity
from truss_cli.static.events import FailureKind

_GOOD = """\
from dataclasses import dataclass, field


@dataclass
class Settings:
    labels: list = field(default_factory=list)


class Model:
    def predict(self, model_input):
        return Settings().labels
"""

FAILING_DEFINITION = Rule(
    code="TRS706",
    name="failing-definition",
    severity=Severity.ERROR,
    summary="A class cannot be created",
    explanation="""\
The server imports this class, and its definition raises: a dataclass field has a mutable
default, for instance.

Add a `default_factory` to the field.""",
    find=find_failures(FailureKind.DEFINITION, certain=True),
    good=(_GOOD,),
    bad=(
        """\
from dataclasses import dataclass


@dataclass
class Settings:
    labels: list = []


class Model:
    def predict(self, model_input):
        return Settings().labels
""",
    ),
)

FAILING_DEFINITION_LATER = Rule(
    code="TRS716",
    name="failing-definition-later",
    severity=Severity.WARNING,
    summary="A class cannot be created, in some case",
    explanation="""\
As TRS706, but the line runs in some cases only: behind an `if`, or for some inputs.
Other requests succeed.""",
    find=find_failures(FailureKind.DEFINITION, certain=False),
    good=(_GOOD,),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        if model_input.get("labels"):
            from dataclasses import dataclass

            @dataclass
            class Settings:
                labels: list = []

            return Settings().labels
        return []
""",
    ),
)

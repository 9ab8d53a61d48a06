"""TRS202: the return annotation is of a type that cannot be sent as JSON."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.annotations.result_annotations import find_unsendable_annotation
from truss_cli.contract.terms import Severity

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
    find=find_unsendable_annotation(pydantic=False),
    good=(
        """\
class Model:
    def predict(self, inputs) -> list[str]:
        return sorted({*inputs})
""",
        """\
import numpy as np


class Model:
    def predict(self, model_input) -> dict[str, np.ndarray]:
        return {"scores": np.zeros(3)}
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input) -> set[str]:
        return set(model_input)
""",
        """\
from datetime import datetime


class Model:
    def predict(self, model_input) -> dict[str, datetime]:
        return {"when": datetime.now()}
""",
    ),
)

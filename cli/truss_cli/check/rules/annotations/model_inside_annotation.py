"""TRS203: the return annotation has a Pydantic model inside a container."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.annotations.result_annotations import find_unsendable_annotation
from truss_cli.contract.terms import Severity

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
    find=find_unsendable_annotation(pydantic=True),
    good=(
        """\
import pydantic


class Box(pydantic.BaseModel):
    label: str


class Boxes(pydantic.BaseModel):
    boxes: list[Box]


class Model:
    def predict(self, model_input) -> Boxes:
        return Boxes(boxes=[Box(label="a")])
""",
    ),
    bad=(
        """\
import pydantic


class Box(pydantic.BaseModel):
    label: str


class Model:
    def predict(self, model_input) -> list[Box]:
        return [Box(label="a")]
""",
    ),
)

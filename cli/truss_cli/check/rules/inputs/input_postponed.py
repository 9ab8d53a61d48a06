"""TRS208: a Pydantic input is not parsed: its annotation is a string."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

INPUT_POSTPONED = contract_rule(
    Kind.INPUT_POSTPONED,
    code="TRS208",
    name="input-postponed",
    summary="A Pydantic input is not parsed: its annotation is a string",
    explanation="""\
If the first parameter of `preprocess` (else of `predict`) is annotated with a Pydantic
model, the server parses the input into it. It does not resolve strings: with quotes, or
under `from __future__ import annotations`, the method silently gets a plain dict.

Remove the quotes or the import, or parse the dict yourself.""",
    good=(
        """\
import pydantic


class Input(pydantic.BaseModel):
    text: str


class Model:
    def predict(self, model_input: Input) -> str:
        return model_input.text
""",
    ),
    bad=(
        """\
from __future__ import annotations

import pydantic


class Input(pydantic.BaseModel):
    text: str


class Model:
    def predict(self, model_input: Input) -> str:
        return model_input.text
""",
    ),
)

"""TRS204 and TRS208: annotations that the server cannot read, or reads as mere strings."""

from truss_cli.check.contract_rule import breaches_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, model
from truss_cli.contract.terms import Kind

RETURN_UNREADABLE = Rule(
    code="TRS204",
    name="unreadable-annotation",
    severity=Severity.ERROR,
    summary="The server cannot read the return annotation",
    explanation="""\
The server looks into an `Awaitable` or `Coroutine` in the return annotation and expects
exactly one type in it. A bare `typing.Awaitable`, or `Coroutine[A, B, C]`, makes the model
fail to load.

Annotate an `async def` with what it gives when awaited: `-> dict`.""",
    find=breaches_of(Kind.RETURN_UNREADABLE),
    good=(
        model(
            """\
class Model:
    async def predict(self, model_input) -> dict:
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
from typing import Awaitable


class Model:
    async def predict(self, model_input) -> Awaitable:
        return model_input
"""
        ),
        model(
            """\
from collections.abc import Coroutine
from typing import Any


class Model:
    async def predict(self, model_input) -> Coroutine[Any, Any, dict]:
        return model_input
"""
        ),
    ),
)

INPUT_POSTPONED = Rule(
    code="TRS208",
    name="input-postponed",
    severity=Severity.WARNING,
    summary="A Pydantic input is not parsed: its annotation is a string",
    explanation="""\
If the first parameter of `preprocess` (else of `predict`) is annotated with a Pydantic
model, the server parses the input into it. It does not resolve strings: with quotes, or
under `from __future__ import annotations`, the method silently gets a plain dict.

Remove the quotes or the import, or parse the dict yourself.""",
    find=breaches_of(Kind.INPUT_POSTPONED),
    good=(
        model(
            """\
import pydantic


class Input(pydantic.BaseModel):
    text: str


class Model:
    def predict(self, model_input: Input) -> str:
        return model_input.text
"""
        ),
    ),
    bad=(
        model(
            """\
from __future__ import annotations

import pydantic


class Input(pydantic.BaseModel):
    text: str


class Model:
    def predict(self, model_input: Input) -> str:
        return model_input.text
"""
        ),
    ),
)

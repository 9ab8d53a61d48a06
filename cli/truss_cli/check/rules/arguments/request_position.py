"""TRS106: of two parameters, the second must be annotated as the request."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

REQUEST_POSITION = contract_rule(
    Kind.REQUEST_FIRST,
    Kind.SECOND_NOT_REQUEST,
    code="TRS106",
    name="request-position",
    summary="Of two parameters, the second must be annotated as the request",
    explanation="""\
A method with two parameters besides `self` gets the input and the request, in this
order. The server recognises the request by the annotation: starlette's `Request` (which
is FastAPI's), or a class derived from it. A string, `Optional[Request]`, and any
annotation under `from __future__ import annotations` do not count. The model fails to load.

Annotate the second parameter with `starlette.requests.Request`, or keep one parameter
and read the rest from the input.""",
    good=(
        """\
from starlette.requests import Request


class Model:
    def predict(self, model_input, request: Request):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, prompt, temperature=0.7):
        return prompt
""",
        """\
from fastapi import Request


class Model:
    def predict(self, request: Request, model_input):
        return model_input
""",
        """\
from __future__ import annotations

from fastapi import Request


class Model:
    def predict(self, model_input, request: Request):
        return model_input
""",
    ),
)

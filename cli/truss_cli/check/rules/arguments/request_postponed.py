"""TRS118: a lone request parameter gets the input instead: its annotation is a string."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

REQUEST_POSTPONED = contract_rule(
    Kind.REQUEST_POSTPONED,
    code="TRS118",
    name="request-postponed",
    summary="A lone request parameter gets the input instead: its annotation is a string",
    explanation="""\
The server recognises the request by its annotation, and does not resolve strings. With
quotes around it, or under `from __future__ import annotations`, the parameter gets the
parsed input, a dict for instance, and not the request.

Remove the quotes or the import.""",
    good=(
        """\
from starlette.requests import Request


class Model:
    async def predict(self, request: Request):
        return await request.json()
""",
    ),
    bad=(
        """\
from __future__ import annotations

from starlette.requests import Request


class Model:
    async def predict(self, request: Request):
        return str(request)
""",
    ),
)

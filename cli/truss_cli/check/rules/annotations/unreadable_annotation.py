"""TRS204: the server cannot read the return annotation."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

RETURN_UNREADABLE = contract_rule(
    Kind.RETURN_UNREADABLE,
    code="TRS204",
    name="unreadable-annotation",
    summary="The server cannot read the return annotation",
    explanation="""\
The server looks into an `Awaitable` or `Coroutine` in the return annotation and expects
exactly one type in it. A bare `typing.Awaitable`, or `Coroutine[A, B, C]`, makes the model
fail to load.

Annotate an `async def` with what it returns when awaited: `-> dict`.""",
    good=(
        """\
class Model:
    async def predict(self, model_input) -> dict:
        return model_input
""",
    ),
    bad=(
        """\
from typing import Awaitable


class Model:
    async def predict(self, model_input) -> Awaitable:
        return model_input
""",
        """\
from collections.abc import Coroutine
from typing import Any


class Model:
    async def predict(self, model_input) -> Coroutine[Any, Any, dict]:
        return model_input
""",
    ),
)

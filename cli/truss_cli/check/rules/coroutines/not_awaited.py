"""TRS302: a coroutine is called and not awaited."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.coroutines.calls import not_awaited
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.events import Remark

if TYPE_CHECKING:
    import ast

    from truss_cli.static.names.symbols import Module


def _find_not_awaited(facts: TrussFacts) -> Iterator[Finding]:
    if facts.model is None:
        return
    coroutines: dict[ast.AST, Module] = {
        node: module for module, node in not_awaited(facts.types, facts.model)
    }
    for event in facts.run.events:
        if isinstance(event, Remark) and event.kind == "not awaited":
            coroutines.pop(event.node, None)
            yield event.module.finding(event.node, event.message, event.help)
    for node, module in coroutines.items():
        message = "the coroutine is neither awaited nor kept: it never runs"
        yield module.finding(node, message, "Write `await` before the call.")


NOT_AWAITED = Rule(
    code="TRS302",
    name="not-awaited",
    severity=Severity.WARNING,
    summary="A coroutine is called and not awaited",
    explanation="""\
Calling an `async def` only makes a coroutine; it runs when it is awaited. A statement
that calls one and drops the result does nothing.

Write `await` before the call. In a plain `def`, use `asyncio.run`.""",
    find=_find_not_awaited,
    good=(
        """\
class Model:
    async def log(self, model_input):
        return model_input

    async def predict(self, model_input):
        await self.log(model_input)
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    async def log(self, model_input):
        return model_input

    async def predict(self, model_input):
        self.log(model_input)
        return model_input
""",
    ),
)

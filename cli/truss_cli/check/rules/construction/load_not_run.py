"""TRS116: `load` is a coroutine or a generator, whose body never runs."""

import ast

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rules.breaches import contract_rule
from truss_cli.check.rules.construction.load_calls import may_call_load
from truss_cli.contract.terms import Kind
from truss_cli.diagnostic import Fix
from truss_cli.static.names.symbols import Module
from truss_cli.static.syntax.edits import remove_async
from truss_cli.static.syntax.nodes import is_generator, own_nodes


def _make_plain(facts: TrussFacts, module: Module, node: ast.AST) -> Fix | None:
    """Return the fix that drops `async` where nothing is awaited and no other code calls `load`."""
    if not isinstance(node, ast.AsyncFunctionDef) or node.decorator_list or is_generator(node):
        return None
    if any(own_nodes(node, kind) for kind in (ast.Await, ast.AsyncFor, ast.AsyncWith)) or any(
        loop.is_async for loop in own_nodes(node, ast.comprehension)
    ):
        return None
    if may_call_load(facts):
        return None
    edit = remove_async(module.file, node)
    return Fix("Make `load` a plain function", (edit,)) if edit else None


LOAD_NOT_RUN = contract_rule(
    Kind.LOAD_NOT_RUN,
    code="TRS116",
    name="load-not-run",
    summary="`load` is a coroutine or a generator, whose body never runs",
    explanation="""\
The server calls `load`, and neither awaits nor iterates what it returns. An `async def`,
or a function with `yield`, then only creates an object: nothing is loaded, and the model
answers requests as it was after `__init__`.

Write a plain `def load(self)`; run a coroutine in it with `asyncio.run`.""",
    fix=_make_plain,
    good=(
        """\
import asyncio


class Model:
    def load(self):
        asyncio.run(self.connect())

    async def connect(self):
        self.ready = True

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    async def load(self):
        self.ready = True

    def predict(self, model_input):
        return model_input
""",
        """\
class Model:
    def load(self):
        self.ready = True
        yield

    def predict(self, model_input):
        return model_input
""",
    ),
)

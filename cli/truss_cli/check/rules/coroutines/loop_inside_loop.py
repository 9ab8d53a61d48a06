"""TRS304: a coroutine starts an event loop inside the one that runs it."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.function_names import FunctionNames
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.symbols import External, Module
from truss_cli.static.syntax.nodes import Function, own_nodes, walk

_RUN = External("asyncio.run")
_LOOPS = (External("asyncio.get_event_loop"), External("asyncio.get_running_loop"))
_HELP = "Write `await` before the coroutine."


def _find(facts: TrussFacts) -> Iterator[Finding]:
    for module, function in facts.model.functions() if facts.model else ():
        if facts.model and isinstance(function, ast.AsyncFunctionDef) and not _nests(module):
            names = FunctionNames(facts.types, facts.model, module, function)
            for call in _starts(names, function):
                message = f"`{function.name}` runs on an event loop, where `{ast.unparse(call.func)}` fails"
                yield module.finding(call, message, _HELP)


def _starts(names: FunctionNames, function: Function) -> Iterator[ast.Call]:
    """Yield the calls that start a loop, or run one that is running."""
    tried = {id(node) for one in own_nodes(function, ast.Try) for node in walk(one)}
    for call, symbol in names.calls():
        if id(call) not in tried and (symbol == _RUN or _runs_current_loop(names, call)):
            yield call


def _runs_current_loop(names: FunctionNames, call: ast.Call) -> bool:
    """Whether a call is `asyncio.get_event_loop().run_until_complete(...)`."""
    method = call.func
    if not isinstance(method, ast.Attribute) or method.attr not in ("run_forever", "run_until_complete"):
        return False
    return isinstance(method.value, ast.Call) and names.symbol(method.value.func) in _LOOPS


def _nests(module: Module) -> bool:
    return "nest_asyncio" in module.file.source.text


LOOP_INSIDE_LOOP = Rule(
    code="TRS304",
    name="loop-inside-loop",
    severity=Severity.WARNING,
    summary="A coroutine starts an event loop inside the one that runs it",
    explanation="""\
The server runs `async def` methods on its event loop. `asyncio.run(...)` and
`asyncio.get_event_loop().run_until_complete(...)` raise RuntimeError there, as a loop
cannot run inside another.

Write `await` before the coroutine, or make the method a plain `def`.""",
    find=_find,
    good=(
        """\
import asyncio


class Model:
    async def fetch(self):
        return 1

    def load(self):
        self.value = asyncio.run(self.fetch())

    async def predict(self, model_input):
        return await self.fetch()
""",
    ),
    bad=(
        """\
import asyncio


class Model:
    async def fetch(self):
        return 1

    async def predict(self, model_input):
        return asyncio.run(self.fetch())
""",
        """\
import asyncio


class Model:
    async def fetch(self):
        return 1

    async def predict(self, model_input):
        return asyncio.get_event_loop().run_until_complete(self.fetch())
""",
    ),
)

"""TRS303: a method that runs in a thread asks for the thread's event loop."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.function_names import FunctionNames
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import ENDPOINTS, PIPELINE, Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.symbols import External
from truss_cli.static.syntax.nodes import Function, walk

_IN_A_THREAD = ("__init__", "load", *PIPELINE, *ENDPOINTS)
_NEED_RUNNING = frozenset({"asyncio.create_task", "asyncio.get_running_loop"})
"""Functions that need the event loop to be running in the thread, not just to be there."""
_ASKS = _NEED_RUNNING | {"asyncio.get_event_loop"}
_MAKES_A_LOOP = frozenset({"new_event_loop", "set_event_loop", "set_event_loop_policy", "nest_asyncio"})


def _find(facts: TrussFacts) -> Iterator[Finding]:
    for method in _IN_A_THREAD:
        found = facts.model.function(method) if facts.model else None
        if found is None or facts.model is None or not isinstance(found[1], ast.FunctionDef):
            continue
        module, function = found
        for call, symbol in FunctionNames(facts.types, facts.model, module, function).calls():
            if not isinstance(symbol, External) or symbol.name not in _ASKS or _is_in_try(call, function):
                continue
            makes = module.file.tree is not None and _makes_a_loop(module.file.tree)
            if symbol.name in _NEED_RUNNING or not makes:
                message = f"`{method}` runs in a thread, which has no event loop: this raises RuntimeError"
                yield module.finding(call, message, "Write `asyncio.run(...)`, or an `async def` method.")


def _is_in_try(call: ast.Call, function: Function) -> bool:
    return any(isinstance(one, ast.Try) and call in walk(one) for one in walk(function))


def _makes_a_loop(tree: ast.Module) -> bool:
    names = (getattr(node, "attr", getattr(node, "id", getattr(node, "name", ""))) for node in walk(tree))
    return any(name in _MAKES_A_LOOP for name in names)


NO_EVENT_LOOP = Rule(
    code="TRS303",
    name="no-event-loop",
    severity=Severity.WARNING,
    summary="A method that runs in a thread asks for the thread's event loop",
    explanation="""\
The server runs `__init__`, `load` and each method that is not a coroutine in a thread of
its own, not in the main thread. `asyncio.get_event_loop()` finds no event loop there and
raises RuntimeError, and so do `asyncio.create_task(...)` and `asyncio.get_running_loop()`.

Write `asyncio.run(...)`, which makes a loop, or make `predict` an `async def`.""",
    find=_find,
    good=(
        """\
import asyncio


class Model:
    async def fetch(self):
        return 1

    def load(self):
        self.value = asyncio.run(self.fetch())

    def predict(self, model_input):
        return self.value
""",
        """\
import asyncio


class Model:
    def load(self):
        try:
            self.loop = asyncio.get_event_loop()
        except RuntimeError:
            self.loop = None

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
import asyncio


class Model:
    async def poll(self):
        await asyncio.sleep(1)

    def load(self):
        self.task = asyncio.create_task(self.poll())

    def predict(self, model_input):
        return model_input
""",
        """\
import asyncio


class Model:
    async def fetch(self):
        return 1

    def load(self):
        self.value = asyncio.get_event_loop().run_until_complete(self.fetch())

    def predict(self, model_input):
        return self.value
""",
    ),
)

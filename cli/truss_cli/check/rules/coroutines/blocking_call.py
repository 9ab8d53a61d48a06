"""TRS301: a coroutine makes a blocking call."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.coroutines.calls import BlockingCall, blocking_calls
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Applicability, Edit, Finding, Fix, Related
from truss_cli.static.syntax.edits import import_module


def _find_blocking(facts: TrussFacts) -> Iterator[Finding]:
    if facts.model is None:
        return
    for call in blocking_calls(facts.types, facts.model):
        name = call.name.removeprefix("builtins.")
        message = f"`{name}` blocks the server's event loop: no other request is served meanwhile"
        related: tuple[Related, ...] = ()
        if call.through:
            inner, node = call.through
            related = (
                Related(inner.file.source.path, inner.file.span(node), f"`{call.name}` is called here"),
            )
        yield call.module.finding(call.node, message, call.help, related, _await_sleep(call))


def _await_sleep(call: BlockingCall) -> Fix | None:
    """Return the fix of a `time.sleep` that stands alone."""
    file, arguments = call.module.file, call.node.args
    if call.name != "time.sleep" or call.through or not call.statement or len(arguments) != 1:
        return None
    imports = import_module(file, "asyncio")
    if imports is None or call.node.keywords:
        return None
    edit = Edit(file.source.path, file.span(call.node.func), "await asyncio.sleep")
    return Fix("Write `await asyncio.sleep(...)`", (*imports, edit), Applicability.UNSAFE)


BLOCKING_CALL = Rule(
    code="TRS301",
    name="blocking-call",
    severity=Severity.WARNING,
    summary="A coroutine makes a blocking call",
    explanation="""\
The server runs all coroutines on one event loop. While one of them sleeps with
`time.sleep`, downloads with `requests`, or reads a file, no other request is served, and
health checks go unanswered. The call may stand in the coroutine, or in a function that
it calls.

Await a library made for it, or run the call in a thread with `asyncio.to_thread`. A
plain `def predict` is run in a thread by the server, and may block.""",
    find=_find_blocking,
    good=(
        """\
import asyncio
import time


class Model:
    async def predict(self, model_input):
        await asyncio.to_thread(time.sleep, 1)
        return model_input
""",
        """\
import time


class Model:
    def predict(self, model_input):
        time.sleep(1)
        return model_input
""",
    ),
    bad=(
        """\
import time


class Model:
    async def predict(self, model_input):
        time.sleep(1)
        return model_input
""",
        """\
import requests


class Model:
    def download(self, url):
        return requests.get(url).text

    async def predict(self, model_input):
        return self.download(model_input["url"])
""",
    ),
)

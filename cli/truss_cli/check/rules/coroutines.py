"""TRS301 and TRS302: coroutines that block, or that are never run."""

from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding, Related, Severity
from truss_cli.check.facts.blocking import blocking_calls, not_awaited
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule, model


def _find_blocking(facts: TrussFacts) -> Iterator[Finding]:
    if facts.model is None:
        return
    for call in blocking_calls(facts.types, facts.model):
        file = call.module.file
        name = call.name.removeprefix("builtins.")
        message = f"`{name}` blocks the server's event loop: no other request is served meanwhile"
        related: tuple[Related, ...] = ()
        if call.through:
            inner, node = call.through
            related = (
                Related(inner.file.source.path, inner.file.span(node), f"`{call.name}` is called here"),
            )
        yield Finding(file.source.path, file.span(call.node), message, call.help, related)


def _find_not_awaited(facts: TrussFacts) -> Iterator[Finding]:
    if facts.model is None:
        return
    for module, node in not_awaited(facts.types, facts.model):
        message = "the coroutine is neither awaited nor kept: it never runs"
        yield Finding(
            module.file.source.path, module.file.span(node), message, "Write `await` before the call."
        )


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
        model(
            """\
import asyncio
import time


class Model:
    async def predict(self, model_input):
        await asyncio.to_thread(time.sleep, 1)
        return model_input
"""
        ),
        model(
            """\
import time


class Model:
    def predict(self, model_input):
        time.sleep(1)
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
import time


class Model:
    async def predict(self, model_input):
        time.sleep(1)
        return model_input
"""
        ),
        model(
            """\
import requests


class Model:
    def download(self, url):
        return requests.get(url).text

    async def predict(self, model_input):
        return self.download(model_input["url"])
"""
        ),
    ),
)

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
        model(
            """\
class Model:
    async def log(self, model_input):
        return model_input

    async def predict(self, model_input):
        await self.log(model_input)
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    async def log(self, model_input):
        return model_input

    async def predict(self, model_input):
        self.log(model_input)
        return model_input
"""
        ),
    ),
)

"""TRS116: `load` is a coroutine or a generator, whose body never runs."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

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

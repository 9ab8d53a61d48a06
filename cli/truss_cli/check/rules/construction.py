"""TRS112 to TRS116: what `__init__` and `load` may take and be."""

from truss_cli.check.contract_rule import breaches_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, model
from truss_cli.contract.terms import Kind

INIT_ARGUMENT = Rule(
    code="TRS112",
    name="init-argument",
    severity=Severity.ERROR,
    summary="`__init__` requires an argument that the server does not give",
    explanation="""\
The server makes the model with the arguments that `__init__` asks for, of those it knows:
`config`, `data_dir`, `secrets` and `environment` (and `lazy_data_resolver`, and `trt_llm`
when config.yaml has such a section). Any other required parameter makes this fail.

Rename the parameter, give it a default, or take `**kwargs`.""",
    find=breaches_of(Kind.INIT_ARGUMENT),
    good=(
        model(
            """\
class Model:
    def __init__(self, config, secrets, **kwargs):
        self.config = config

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def __init__(self, model_path):
        self.model_path = model_path

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
)

INIT_POSITIONAL_ONLY = Rule(
    code="TRS113",
    name="init-positional-only",
    severity=Severity.ERROR,
    summary="`__init__` takes an argument by position only",
    explanation="""\
The server passes `config`, `data_dir`, `secrets` and `environment` by keyword. A parameter
before a `/` cannot be passed so, and the model cannot be made.

Remove the `/`.""",
    find=breaches_of(Kind.INIT_POSITIONAL_ONLY),
    good=(
        model(
            """\
class Model:
    def __init__(self, config):
        self.config = config

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def __init__(self, config, /):
        self.config = config

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
)

LOAD_ARGUMENTS = Rule(
    code="TRS115",
    name="load-arguments",
    severity=Severity.ERROR,
    summary="`load` requires an argument",
    explanation="""\
The server calls `load` without arguments, so one that requires any fails, and the model
never becomes ready.

Keep what `load` needs on `self` in `__init__`.""",
    find=breaches_of(Kind.LOAD_ARGUMENTS),
    good=(
        model(
            """\
class Model:
    def __init__(self, data_dir):
        self.data_dir = data_dir

    def load(self):
        self.weights = self.data_dir

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def load(self, data_dir):
        self.weights = data_dir

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
)

LOAD_NOT_RUN = Rule(
    code="TRS116",
    name="load-not-run",
    severity=Severity.ERROR,
    summary="`load` is a coroutine or a generator, whose body never runs",
    explanation="""\
The server calls `load`, and neither awaits nor iterates what it returns. An `async def`,
or a function with `yield`, only makes an object then: nothing is loaded, and the model
answers requests as it was after `__init__`.

Write a plain `def load(self)`; run a coroutine in it with `asyncio.run`.""",
    find=breaches_of(Kind.LOAD_NOT_RUN),
    good=(
        model(
            """\
import asyncio


class Model:
    def load(self):
        asyncio.run(self.connect())

    async def connect(self):
        self.ready = True

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    async def load(self):
        self.ready = True

    def predict(self, model_input):
        return model_input
"""
        ),
        model(
            """\
class Model:
    def load(self):
        self.ready = True
        yield

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
)

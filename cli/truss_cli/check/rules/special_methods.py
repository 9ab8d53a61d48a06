"""TRS109 to TRS111: methods with a form of their own."""

from truss_cli.check.contract_rule import breaches_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, model
from truss_cli.contract.terms import Kind

WEBSOCKET = Rule(
    code="TRS109",
    name="websocket",
    severity=Severity.ERROR,
    summary="`websocket` does not have the form that the server takes",
    explanation="""\
A model with `websocket` serves a connection instead of requests. It must be a coroutine
that takes exactly the connection, and cannot stand beside `predict`, `preprocess` or
`postprocess`. Otherwise the model fails to load.

Write `async def websocket(self, websocket: fastapi.WebSocket)` and remove the others.""",
    find=breaches_of(Kind.WEBSOCKET_CONFLICT, Kind.WEBSOCKET_ARGUMENTS, Kind.WEBSOCKET_SYNC),
    good=(
        model(
            """\
import fastapi


class Model:
    async def websocket(self, websocket: fastapi.WebSocket):
        await websocket.send_text(await websocket.receive_text())
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def websocket(self, websocket):
        pass
"""
        ),
        model(
            """\
class Model:
    def predict(self, model_input):
        return model_input

    async def websocket(self, websocket):
        pass
"""
        ),
        model(
            """\
class Model:
    async def websocket(self, websocket, user):
        pass
"""
        ),
    ),
)

IS_HEALTHY_ARGUMENTS = Rule(
    code="TRS110",
    name="is-healthy-arguments",
    severity=Severity.ERROR,
    summary="`is_healthy` takes an argument",
    explanation="""\
The server calls `is_healthy` without arguments. If it takes any, even with a default,
the model fails to load.

Write `def is_healthy(self) -> bool`.""",
    find=breaches_of(Kind.IS_HEALTHY_ARGUMENTS),
    good=(
        model(
            """\
class Model:
    def is_healthy(self) -> bool:
        return True

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def is_healthy(self, timeout=1) -> bool:
        return True

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
)

SETUP_ENVIRONMENT_ARGUMENTS = Rule(
    code="TRS111",
    name="setup-environment-arguments",
    severity=Severity.WARNING,
    summary="`setup_environment` cannot be called with the environment alone",
    explanation="""\
When the model is deployed to an environment, the server calls `setup_environment` with
it: one argument. Where it takes none, or needs two, the model loads outside
environments, and fails in one.

Write `def setup_environment(self, environment)`.""",
    find=breaches_of(Kind.SETUP_ENVIRONMENT_ARGUMENTS),
    good=(
        model(
            """\
class Model:
    def setup_environment(self, environment):
        self.environment = environment

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def setup_environment(self):
        pass

    def predict(self, model_input):
        return model_input
"""
        ),
    ),
)

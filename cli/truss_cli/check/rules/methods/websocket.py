"""TRS109: `websocket` does not have the form that the server requires."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

WEBSOCKET = contract_rule(
    Kind.WEBSOCKET_CONFLICT,
    Kind.WEBSOCKET_ARGUMENTS,
    Kind.WEBSOCKET_SYNC,
    code="TRS109",
    name="websocket",
    summary="`websocket` does not have the form that the server requires",
    explanation="""\
A model with `websocket` serves a connection instead of requests. It must be a coroutine
that takes exactly one argument, the connection, and cannot be combined with `predict`,
`preprocess` or `postprocess`. Otherwise the model fails to load.

Write `async def websocket(self, websocket: fastapi.WebSocket)` and remove the others.""",
    good=(
        """\
import fastapi


class Model:
    async def websocket(self, websocket: fastapi.WebSocket):
        await websocket.send_text(await websocket.receive_text())
""",
    ),
    bad=(
        """\
class Model:
    def websocket(self, websocket):
        pass
""",
        """\
class Model:
    def predict(self, model_input):
        return model_input

    async def websocket(self, websocket):
        pass
""",
        """\
class Model:
    async def websocket(self, websocket, user):
        pass
""",
    ),
)

"""TRS206: what is returned can never be sent as JSON."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.results.returned_values import find_unsendable_result
from truss_cli.contract.terms import Severity

UNSENDABLE_RESULT = Rule(
    code="TRS206",
    name="unsendable-result",
    severity=Severity.ERROR,
    summary="What is returned can never be sent as JSON",
    explanation="""\
Every `return` of the method visibly returns something that the server cannot encode as
JSON: a set, bytes, a datetime, a plain enumeration member, a Pydantic object inside a
dict, a coroutine that is not awaited, ... Every request is answered with status 500.

Convert the value before it is returned.""",
    find=find_unsendable_result(always=True),
    good=(
        """\
class Model:
    def predict(self, model_input):
        return sorted({1, 2})
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input):
        return {1, 2}
""",
        """\
import datetime


class Model:
    def predict(self, model_input):
        return {"when": datetime.datetime.now()}
""",
        """\
import pydantic


class Output(pydantic.BaseModel):
    text: str


class Model:
    def predict(self, model_input):
        return {"output": Output(text="a")}
""",
        """\
class Model:
    async def answer(self, model_input):
        return model_input

    async def predict(self, model_input):
        return self.answer(model_input)
""",
    ),
)

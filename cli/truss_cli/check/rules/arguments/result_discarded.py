"""TRS108: a method takes the request alone, and would lose the result before it."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

RESULT_DISCARDED = contract_rule(
    Kind.RESULT_DISCARDED,
    code="TRS108",
    name="result-discarded",
    summary="A method takes the request alone, and would lose the result before it",
    explanation="""\
`predict` gets the result of `preprocess`, and `postprocess` that of `predict`. If such a
method takes only the request, that result has nowhere to go, and the model fails to load.

Take the input first, and the request second.""",
    good=(
        """\
from starlette.requests import Request


class Model:
    def preprocess(self, model_input):
        return model_input

    def predict(self, model_input, request: Request):
        return model_input
""",
    ),
    bad=(
        """\
from starlette.requests import Request


class Model:
    def preprocess(self, model_input):
        return model_input

    def predict(self, request: Request):
        return 1
""",
    ),
)

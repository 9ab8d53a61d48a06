"""TRS105: a method takes more than an input and a request."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

TOO_MANY_ARGUMENTS = contract_rule(
    Kind.TOO_MANY_ARGUMENTS,
    code="TRS105",
    name="too-many-arguments",
    summary="A method takes more than an input and a request",
    explanation="""\
The server calls `predict`, and the other methods that answer requests, with the parsed
input and, if asked for, the request. A method with more than two parameters besides
`self` (those with a default, `*args` and `**kwargs` count too) makes the model fail to load.

Take one input, usually a dict, and read the rest from it.""",
    good=(
        """\
class Model:
    def predict(self, model_input):
        return model_input.get("temperature", 0.7)
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, prompt, temperature=0.7, top_p=1.0):
        return prompt
""",
    ),
)

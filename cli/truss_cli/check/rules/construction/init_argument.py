"""TRS112: `__init__` requires an argument that the server does not give."""

from truss_cli.check.rules.breaches import contract_rule
from truss_cli.contract.terms import Kind

INIT_ARGUMENT = contract_rule(
    Kind.INIT_ARGUMENT,
    code="TRS112",
    name="init-argument",
    summary="`__init__` requires an argument that the server does not give",
    explanation="""\
The server passes `__init__` the arguments that it names, of those that the server knows:
`config`, `data_dir`, `secrets` and `environment` (and `lazy_data_resolver`, and `trt_llm`
when config.yaml has such a section). Any other required parameter makes this fail.

Rename the parameter, give it a default, or take `**kwargs`.""",
    good=(
        """\
class Model:
    def __init__(self, config, secrets, **kwargs):
        self.config = config

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def __init__(self, model_path):
        self.model_path = model_path

    def predict(self, model_input):
        return model_input
""",
    ),
)

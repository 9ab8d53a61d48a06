"""TRS404: a secret is printed or logged."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.function_names import FunctionNames
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.symbols import External, Symbol

_READS = """\
class Model:
    def __init__(self, secrets):
        self.token = secrets["hf_access_token"]

    def predict(self, model_input):
        return model_input
"""
_DECLARED = "secrets:\n  hf_access_token: null\n"

_PRINTS = """\
class Model:
    def __init__(self, secrets):
        print("token:", secrets["hf_access_token"])

    def predict(self, model_input):
        return model_input
"""


_LEVELS = ("debug", "info", "warning", "error", "exception", "critical")
_SHOWING = ("builtins.print", *(f"logging.{level}" for level in _LEVELS))


def _find_shown(facts: TrussFacts) -> Iterator[Finding]:
    reads = {read.node: read for read in facts.secret_uses.reads}
    if not reads or facts.model is None:
        return
    for module, function in facts.model.functions():
        for call, symbol in FunctionNames(facts.types, facts.model, module, function).calls():
            if not _shows(call, symbol):
                continue
            for node in ast.walk(call):
                if node in reads and not isinstance(node, ast.Compare):
                    message = f"secret `{reads[node].name}` is written to the log"
                    yield module.finding(node, message, "Leave its value out.")


def _shows(call: ast.Call, symbol: Symbol | None) -> bool:
    if isinstance(symbol, External):
        return symbol.name in _SHOWING
    owner = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr in _LEVELS else None
    return owner is not None and "log" in ast.unparse(owner).lower()


SECRET_SHOWN = Rule(
    code="TRS404",
    name="secret-shown",
    severity=Severity.WARNING,
    summary="A secret is printed or logged",
    explanation="""\
The value of a secret is passed to `print` or to a logger. Logs are kept, and read by
people who should not know it.

Leave the value out of the log.""",
    find=_find_shown,
    good=({"config.yaml": _DECLARED, "model/model.py": _READS},),
    bad=({"config.yaml": _DECLARED, "model/model.py": _PRINTS},),
)

"""TRS610: an environment variable is read that nothing sets."""

import ast
import re
from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.secret_names import is_secret_name
from truss_cli.contract.terms import Severity
from truss_cli.deployment.variables import configured_variables, is_image_variable
from truss_cli.diagnostic import Finding
from truss_cli.static.events import ServerStep, VariableRead
from truss_cli.static.names.symbols import Module
from truss_cli.static.syntax.nodes import nodes_in

_OTHER_SOURCES = ("base_image", "docker_server", "trt_llm", "bis_llm")
"""Keys of config.yaml by which an image may set any variable."""
_SETTING = re.compile(
    r"load_dotenv|dotenv_values|environ\s*\.\s*update|environ\s*\|=|putenv|read_env|import_module|exec\("
)
"""Code that sets variables whose names cannot be seen."""


def _find(facts: TrussFacts) -> Iterator[Finding]:
    truss = facts.truss
    reads = [
        event
        for event in facts.run.events
        if isinstance(event, VariableRead) and event.certain and event.phase is not ServerStep.REQUEST
    ]
    if not reads or not facts.config_is_readable or any(truss.values.get(key) for key in _OTHER_SOURCES):
        return
    modules = list(facts.symbols.loaded())
    if any(_SETTING.search(module.file.source.text) for module in modules):
        return
    configured_names = configured_variables(truss)
    assigned_names = {name for module in modules for name in _assigned(module)}
    for event in reads:
        name = event.name
        if name not in configured_names and name not in assigned_names and not is_image_variable(name):
            yield event.module.finding(event.node, f"a deployment has no variable `{name}`", _help(name))


def _help(name: str) -> str:
    if is_secret_name(name):
        secret = name.lower()
        return (
            f"Declare the secret `{secret}: null` under `secrets`, and read it from the argument `secrets`."
        )
    return f"Set `{name}` under `environment_variables`, or read it with a default."


def _assigned(module: Module) -> Iterator[str]:
    """Yield the names of the variables that a file may set by `environ[...] =` or `setdefault`."""
    if module.file.tree is None or "environ" not in module.file.source.text:
        return
    for subscript in nodes_in(module.file.tree, ast.Subscript):
        if isinstance(subscript.ctx, ast.Store) and isinstance(subscript.slice, ast.Constant):
            yield str(subscript.slice.value)
    for call in nodes_in(module.file.tree, ast.Call):
        is_method = isinstance(call.func, ast.Attribute) and call.func.attr == "setdefault"
        if is_method and call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


UNSET_VARIABLE = Rule(
    code="TRS610",
    name="unset-variable",
    severity=Severity.WARNING,
    summary="An environment variable is read that a deployment does not have",
    explanation="""\
The code reads the variable without a default when the model is loaded. Neither config.yaml nor
the server nor the truss sets it: it may be set in your shell, but in a deployment
the model fails to load with `KeyError`.

Set it under `environment_variables`, or read it with a default. Declare passwords, keys and tokens
under `secrets` instead, and read them from the argument `secrets` of `__init__`.""",
    find=_find,
    good=(
        {
            "config.yaml": "environment_variables: {MODEL_SIZE: small}\n",
            "model/model.py": """\
import os


class Model:
    def load(self):
        self.size = os.environ["MODEL_SIZE"]
        self.device = os.environ.get("MODEL_DEVICE", "cpu")

    def predict(self, model_input):
        return [self.size, self.device]
""",
        },
    ),
    bad=(
        """\
import os


class Model:
    def load(self):
        self.size = os.environ["MODEL_SIZE"]

    def predict(self, model_input):
        return self.size
""",
        """\
import os

TOKEN = os.environ["HF_TOKEN"]


class Model:
    def predict(self, model_input):
        return len(TOKEN)
""",
    ),
)

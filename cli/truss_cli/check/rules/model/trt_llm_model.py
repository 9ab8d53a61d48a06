"""TRS522: a model's code beside `trt_llm`."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.source import START_OF_FILE
from truss_cli.static.names.symbols import Module

_CONFIG = """\
resources: {accelerator: H100}
trt_llm:
  build:
    base_model: decoder
    checkpoint_repository: {source: HF, repo: owner/name}
"""
_HELP = "Add the parameter `trt_llm` to `__init__`, or remove the file to serve the engine without code."


def _find(facts: TrussFacts) -> Iterator[Finding]:
    module = facts.model_module if facts.truss.values.get("trt_llm") is not None else None
    if module is None or module.file.tree is None:
        return
    name = facts.truss.class_name
    # The toolchain reads the file without running it, and sees what is written at its top level alone.
    classes = [node for node in module.file.tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    if not classes:
        message = f"with `trt_llm`, class `{name}` must be written at the top level of the model file"
        yield Finding(module.file.source.path, START_OF_FILE, message, _HELP)
    for node in classes:
        yield from _inits(module, node)


def _inits(module: Module, model: ast.ClassDef) -> Iterator[Finding]:
    inits = [node for node in model.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
    if not inits:
        message = f"with `trt_llm`, class `{model.name}` must have an `__init__` of its own"
        yield module.finding(model, message, _HELP)
    for init in inits:
        if "trt_llm" not in (argument.arg for argument in init.args.args):
            message = "`__init__` has no plain parameter `trt_llm`, through which it gets the engine"
            yield module.finding(init, message, _HELP)


TRT_LLM_MODEL = Rule(
    code="TRS522",
    name="trt-llm-model",
    severity=Severity.ERROR,
    summary="A model beside `trt_llm` does not take the engine",
    explanation="""\
With `trt_llm` in config.yaml no code is needed. If there is a model file all the same, the
toolchain reads it and requires the class to have an `__init__` of its own, with a parameter
named `trt_llm`, neither keyword-only nor positional-only; `**kwargs` does not count, and
neither does an inherited `__init__`. Otherwise it refuses to open the truss.

Add the parameter, or remove the model file.""",
    find=_find,
    good=(
        {
            "config.yaml": _CONFIG,
            "model/model.py": """\
class Model:
    def __init__(self, trt_llm):
        self.engine = trt_llm["engine"]

    async def predict(self, model_input):
        return await self.engine.predict(model_input)
""",
        },
    ),
    bad=(
        {
            "config.yaml": _CONFIG,
            "model/model.py": """\
class Model:
    def __init__(self, **kwargs):
        self.engine = kwargs["trt_llm"]["engine"]

    async def predict(self, model_input):
        return await self.engine.predict(model_input)
""",
        },
    ),
)

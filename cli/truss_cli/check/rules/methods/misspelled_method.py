"""TRS123: a method whose name is almost one that the server looks for."""

import ast
from collections.abc import Iterator
from difflib import SequenceMatcher

from truss_cli.check.facts.mentions import count_mentions
from truss_cli.check.facts.model.model_class import ModelClass
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import METHODS, Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.syntax.nodes import Function, nodes_in, root_name

_SIMILAR, _VERY_SIMILAR = 0.75, 0.9
"""Ratios of `difflib`: of `laod` and `load`, and of a misspelling next to the right name."""
_OTHER_SERVERS = {"initialise": "load", "initialize": "load", "load_model": "load"}
"""Names by which other servers and tutorials call these methods."""


def _find(facts: TrussFacts) -> Iterator[Finding]:
    model = facts.model
    if model is None or not model.shape.complete:
        return
    for module, function in model.functions():
        name = _intended_name(model, function)
        if name and not function.decorator_list and not _is_mentioned(facts, function.name):
            message = f"nothing calls `{function.name}`; the server looks for `{name}`"
            help_text = f"Rename it to `{name}`; the server calls only that name."
            yield module.finding(function, message, help_text)


def _intended_name(model: ModelClass, function: Function) -> str | None:
    """Return the method of the contract that a name is almost, unless the model defines both on purpose."""
    name = function.name
    if name in METHODS or name.startswith("__"):
        return None
    synonym = _OTHER_SERVERS.get(name.lstrip("_"))
    scores = {method: 1.0 if synonym == method else _similarity(name, method) for method in METHODS}
    closest = max(METHODS, key=scores.__getitem__)
    is_defined = closest in model.shape.members
    if closest == "predict" and not is_defined:
        return None  # an error of another rule
    if is_defined:
        is_misspelled = _letters(name) != _letters(closest) and not name.startswith("_") and synonym is None
        return closest if is_misspelled and scores[closest] >= _VERY_SIMILAR else None
    return closest if scores[closest] >= _SIMILAR else None


def _letters(name: str) -> str:
    """Return a name without what people write in other ways: underscores, capitals and the ending `ing`."""
    return name.replace("_", "").lower().removesuffix("ing")


def _similarity(name: str, method: str) -> float:
    """Return the ratio of two names, 0 if more than one letter was added: `unload` is not `load`."""
    first, second = _letters(name), _letters(method)
    if abs(len(first) - len(second)) > 1:
        return 0
    return 1 if sorted(first) == sorted(second) else SequenceMatcher(None, first, second).ratio()


def _is_mentioned(facts: TrussFacts, name: str) -> bool:
    """Return whether the truss has a name apart from one definition of it, or computes such names."""
    trees = (file.tree for file in facts.python_files if file.tree)
    return any(_gets_by_name(tree) for tree in trees) or count_mentions(facts, name) != 1


def _gets_by_name(tree: ast.Module) -> bool:
    """Return whether a file computes names of attributes, as `getattr(self, f"{step}_process")` does."""
    return any(
        root_name(call.func) == "getattr"
        and not (len(call.args) > 1 and isinstance(call.args[1], ast.Constant))
        for call in nodes_in(tree, ast.Call)
    )


MISSPELLED_METHOD = Rule(
    code="TRS123",
    name="misspelled-method",
    severity=Severity.WARNING,
    summary="A method has almost the name that the server looks for",
    explanation="""\
The server calls `load`, `preprocess`, `predict`, `postprocess` and a few more methods by
these exact names, and ignores all others. A method called `laod` or `pre_process`, which
no code of the truss calls either, never runs.

Rename it, or call it.""",
    find=_find,
    good=(
        """\
class Model:
    def load(self):
        self.pre_process = str.lower

    def predict(self, model_input):
        return self.pre_process(model_input["text"])
""",
        """\
class Model:
    def predict(self, model_input):
        return self.pre_process(model_input)

    def pre_process(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def laod(self):
        self.scale = 2

    def predict(self, model_input):
        return model_input
""",
        """\
class Model:
    def predict(self, model_input):
        return model_input

    def post_processing(self, result):
        return {"result": result}
""",
    ),
)

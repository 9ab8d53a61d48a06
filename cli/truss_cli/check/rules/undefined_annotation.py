"""TRS201: a name in an annotation that does not exist when Python gets there."""

from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding, Severity
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.facts.undefined import undefined_names
from truss_cli.check.rule import Rule, model

_LAZY_SINCE = (3, 14)


def _find(facts: TrussFacts) -> Iterator[Finding]:
    if facts.model_module is None:
        return
    modules = [facts.model_module]
    for definition in facts.model.lineage if facts.model else ():
        if definition and definition.module not in modules:
            modules.append(definition.module)
    in_order = (facts.python_version or (0, 0)) < _LAZY_SINCE
    for module in modules:
        for undefined in undefined_names(facts.symbols, module, in_order=in_order):
            message = f"the annotation's name `{undefined.node.id}` {undefined.reason}: importing fails"
            yield Finding(module.file.source.path, module.file.span(undefined.node), message, undefined.help)


UNDEFINED_ANNOTATION = Rule(
    code="TRS201",
    name="undefined-annotation",
    severity=Severity.ERROR,
    summary="A name in an annotation is not defined",
    explanation="""\
Python evaluates annotations when it imports the file. A name in one that is neither
imported nor defined above it raises NameError, and the model fails to load. So does a
name that is imported under `if TYPE_CHECKING` only.

Import it, define it further up, or write the annotation as a string: `-> "Result"`.""",
    find=_find,
    good=(
        model('class Model:\n    def predict(self, model_input) -> "Result":\n        return model_input\n'),
        model(
            """\
from __future__ import annotations


class Model:
    def predict(self, model_input) -> Result:
        return model_input
"""
        ),
    ),
    bad=(
        model("class Model:\n    def predict(self, model_input) -> Dict:\n        return model_input\n"),
        model(
            """\
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


class Model:
    def predict(self, model_input: np.ndarray) -> dict:
        return {"size": len(model_input)}
"""
        ),
        model(
            """\
class Model:
    def predict(self, model_input) -> "dict":
        return model_input

    def score(self, result: Result) -> float:
        return result.score


class Result:
    score: float
"""
        ),
    ),
)

"""TRS006: the model file has a relative import."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.imports.imports import relative_imports
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding

_MODEL = """\
from {module} import clean


class Model:
    def predict(self, model_input):
        return clean(model_input)
"""
_HELPER = "def clean(text):\n    return text\n"


def _find_relative(facts: TrussFacts) -> Iterator[Finding]:
    file = facts.model_file
    if file is None:
        return
    for node in relative_imports(file):
        target = f"{facts.truss.module_folder}.{node.module}" if node.module else facts.truss.module_folder
        message = "relative imports in the model file do not work in all releases of the server"
        yield Finding(file.source.path, file.span(node), message, f"Write `from {target} import ...`.")


RELATIVE_IMPORT = Rule(
    code="TRS006",
    name="relative-import",
    severity=Severity.WARNING,
    summary="The model file has a relative import",
    explanation="""\
Whether `from .name import ...` works in the model file has changed between releases of
the server: in some the model fails to load.

Write `from model.name import ...`. In other files of the folder relative imports are fine.""",
    find=_find_relative,
    good=({"model/model.py": _MODEL.format(module="model.cleaning"), "model/cleaning.py": _HELPER},),
    bad=(
        {
            "model/__init__.py": "",
            "model/cleaning.py": _HELPER,
            "model/model.py": _MODEL.format(module=".cleaning"),
        },
    ),
)

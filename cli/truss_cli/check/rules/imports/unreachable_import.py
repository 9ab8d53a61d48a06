"""TRS005: an import finds nothing where the server looks."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.imports.imports import find_unreachable
from truss_cli.contract.terms import Severity

_MODEL = """\
from {module} import clean


class Model:
    def predict(self, model_input):
        return clean(model_input)
"""
_HELPER = "def clean(text):\n    return text\n"

UNREACHABLE_IMPORT = Rule(
    code="TRS005",
    name="unreachable-import",
    severity=Severity.ERROR,
    summary="An import finds nothing where the server looks",
    explanation="""\
On the server, the model file imports its neighbours as `model.<name>`, and what is in
`packages/` (or a folder of `external_package_dirs`) by bare name. A bare name of a
neighbour, a name that begins with `packages.`, and anything else in the truss are not
found: the model fails to load, even though it works in a notebook or a test.

Import neighbours as `model.<name>`; move shared code to `packages/` and import it by
bare name.""",
    find=find_unreachable(lambda found: not found.left_out and not found.found.later, certain=True),
    good=(
        {"model/model.py": _MODEL.format(module="model.cleaning"), "model/cleaning.py": _HELPER},
        {"model/model.py": _MODEL.format(module="cleaning"), "packages/cleaning.py": _HELPER},
    ),
    bad=(
        {"model/model.py": _MODEL.format(module="cleaning"), "model/cleaning.py": _HELPER},
        {"model/model.py": _MODEL.format(module="packages.cleaning"), "packages/cleaning.py": _HELPER},
        {"model/model.py": _MODEL.format(module="cleaning"), "cleaning.py": _HELPER},
    ),
)

"""TRS011: a package has the name of a folder that is not copied to the server."""

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

LEFT_OUT_FOLDER = Rule(
    code="TRS011",
    name="left-out-folder",
    severity=Severity.WARNING,
    summary="A package has the name of a folder that is not copied to the server",
    explanation="""\
Folders with the name of a build product or an environment (`lib`, `build`, `dist`, `env`,
`target`, ...) are left out when a truss is packed, wherever in it they stand. A package of
such a name is missing on the server: its import fails there, and works here.

Give the folder another name.""",
    find=find_unreachable(lambda found: found.left_out),
    good=({"model/model.py": _MODEL.format(module="lib"), "packages/lib.py": _HELPER},),
    bad=({"model/model.py": _MODEL.format(module="lib.cleaning"), "packages/lib/cleaning.py": _HELPER},),
)

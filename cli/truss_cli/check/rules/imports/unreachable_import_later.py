"""TRS010: an import inside a function finds nothing where the server looks."""

from truss_cli.check.rule import Rule
from truss_cli.check.rules.imports.imports import find_unreachable
from truss_cli.contract.terms import Severity

_HELPER = "def clean(text):\n    return text\n"

_LATER = """\
class Model:
    def predict(self, model_input):
        from {module} import clean

        return clean(model_input)
"""


UNREACHABLE_IMPORT_LATER = Rule(
    code="TRS010",
    name="unreachable-import-later",
    severity=Severity.WARNING,
    summary="An import inside a function finds nothing where the server looks",
    explanation="""\
As TRS005, but the import stands in a function: the model loads, and fails when that
function is called.

Import neighbours as `model.<name>`; move shared code to `packages/` and import it by
bare name.""",
    find=find_unreachable(lambda found: not found.left_out and found.found.later, certain=False),
    good=({"model/model.py": _LATER.format(module="cleaning"), "packages/cleaning.py": _HELPER},),
    bad=({"model/model.py": _LATER.format(module="cleaning"), "model/cleaning.py": _HELPER},),
)

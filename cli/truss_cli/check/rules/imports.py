"""TRS005, TRS006, TRS010 and TRS011: imports that the server's layout of folders cannot satisfy."""

from collections.abc import Callable, Iterator

from truss_cli.check.diagnostic import Finding, Severity
from truss_cli.check.facts.imports import Unreachable, relative_imports
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Example, Find, Rule

_MODEL = """\
from {module} import clean


class Model:
    def predict(self, model_input):
        return clean(model_input)
"""
_LATER = """\
class Model:
    def predict(self, model_input):
        from {module} import clean

        return clean(model_input)
"""
_HELPER = "def clean(text):\n    return text\n"


def _find(wanted: Callable[[Unreachable], bool]) -> Find:
    def find(facts: TrussFacts) -> Iterator[Finding]:
        file = facts.model_file
        for unreachable in facts.unreachable_imports:
            if file is not None and wanted(unreachable):
                span = file.span(unreachable.found.node)
                yield Finding(file.source.path, span, unreachable.message, unreachable.help)

    return find


def _find_relative(facts: TrussFacts) -> Iterator[Finding]:
    file = facts.model_file
    if file is None:
        return
    for node in relative_imports(file):
        target = f"{facts.truss.module_folder}.{node.module}" if node.module else facts.truss.module_folder
        message = "relative imports do not work in the model file of all server releases"
        yield Finding(file.source.path, file.span(node), message, f"Write `from {target} import ...`.")


UNREACHABLE_IMPORT = Rule(
    code="TRS005",
    name="unreachable-import",
    severity=Severity.ERROR,
    summary="An import finds nothing where the server looks",
    explanation="""\
On the server, the model file finds its neighbours as `model.<name>`, and what is in
`packages/` (or a folder of `external_package_dirs`) by bare name. A bare name of a
neighbour, a name that begins with `packages.`, and anything else in the truss are not
found: the model fails to load, even though it works in a notebook or a test.

Import neighbours as `model.<name>`; move shared code to `packages/` and import it by
bare name.""",
    find=_find(lambda found: not found.left_out and not found.found.later),
    good=(
        Example({"model/model.py": _MODEL.format(module="model.cleaning"), "model/cleaning.py": _HELPER}),
        Example({"model/model.py": _MODEL.format(module="cleaning"), "packages/cleaning.py": _HELPER}),
    ),
    bad=(
        Example({"model/model.py": _MODEL.format(module="cleaning"), "model/cleaning.py": _HELPER}),
        Example(
            {"model/model.py": _MODEL.format(module="packages.cleaning"), "packages/cleaning.py": _HELPER}
        ),
        Example({"model/model.py": _MODEL.format(module="cleaning"), "cleaning.py": _HELPER}),
    ),
)

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
    find=_find(lambda found: not found.left_out and found.found.later),
    good=(Example({"model/model.py": _LATER.format(module="cleaning"), "packages/cleaning.py": _HELPER}),),
    bad=(Example({"model/model.py": _LATER.format(module="cleaning"), "model/cleaning.py": _HELPER}),),
)

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
    good=(Example({"model/model.py": _MODEL.format(module="model.cleaning"), "model/cleaning.py": _HELPER}),),
    bad=(
        Example(
            {
                "model/__init__.py": "",
                "model/cleaning.py": _HELPER,
                "model/model.py": _MODEL.format(module=".cleaning"),
            }
        ),
    ),
)

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
    find=_find(lambda found: found.left_out),
    good=(Example({"model/model.py": _MODEL.format(module="lib"), "packages/lib.py": _HELPER}),),
    bad=(
        Example(
            {"model/model.py": _MODEL.format(module="lib.cleaning"), "packages/lib/cleaning.py": _HELPER}
        ),
    ),
)

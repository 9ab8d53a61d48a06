"""TRS608 and TRS609: the model imports a package that is not required."""

import ast
from collections.abc import Callable, Iterator

from truss_cli.check.facts.load_imports import missing_imports, requires_nothing
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find, Rule
from truss_cli.check.rules.imports.imports import imports_of
from truss_cli.check.rules.imports.path_changes import may_change_path
from truss_cli.contract.distributions import distributions_of
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.project import CONFIG_NAME

_MODEL = """\
import {module}


class Model:
    def predict(self, model_input):
        return str({module}.{function}(model_input))
"""


def _find(message: Callable[[str], str], *, nothing_required: bool) -> Find:
    def find(facts: TrussFacts) -> Iterator[Finding]:
        if requires_nothing(facts) is not nothing_required:
            return
        events = facts.analysis(missing_imports)
        if not events or any(may_change_path(facts, module) for module in facts.symbols.loaded()):
            return
        unguarded_nodes = {
            statement.node
            for module in facts.symbols.loaded()
            for statement in imports_of(facts.symbols, module)
        }
        for event in events:
            if isinstance(event.node, ast.Import | ast.ImportFrom) and event.node in unguarded_nodes:
                yield event.module.finding(event.node, message(event.name), _help(facts, event.name))

    return find


def _help(facts: TrussFacts, module: str) -> str:
    place = f"`{facts.truss.requirements_file}`" if facts.truss.requirements_file else "`requirements`"
    names = distributions_of(module)
    package = f"`{names[-1]}`" if names else f"the package that provides `{module}`"
    return f"Add {package} to {place}."


MISSING_REQUIREMENT = Rule(
    code="TRS608",
    name="missing-requirement",
    severity=Severity.WARNING,
    summary="The model imports a package, but config.yaml requires none",
    explanation="""\
The module is neither in the truss nor in the standard library nor in a package that the
server requires, and config.yaml has no requirements. It may be installed here; in a deployment
the model fails to load.

Add the package that provides it to `requirements`. The rule skips imports that are guarded by
`try` or `if`, and trusses with a base image, build commands, system packages, wheels in
`packages/`, or code that installs packages or changes `sys.path`.""",
    find=_find(
        lambda module: f"`{module}` is not installed in a deployment: config.yaml requires no packages",
        nothing_required=True,
    ),
    good=(
        {
            CONFIG_NAME: "requirements: [pandas]\n",
            "model/model.py": _MODEL.format(module="pandas", function="Series"),
        },
        {CONFIG_NAME: "", "model/model.py": _MODEL.format(module="numpy", function="array")},
    ),
    bad=({CONFIG_NAME: "", "model/model.py": _MODEL.format(module="pandas", function="DataFrame")},),
)

UNREQUIRED_IMPORT = Rule(
    code="TRS609",
    name="unrequired-import",
    severity=Severity.WARNING,
    summary="The model imports a package that no requirement brings",
    explanation="""\
None of the required packages provides the module or depends on a package that does. It may be
installed here; in a deployment the model fails to load.

Add the package that provides it to the requirements. The rule only applies if the
dependencies of all requirements are known to it, which holds for popular packages; run
`truss check --resolve` for others.""",
    find=_find(
        lambda module: f"no required package provides `{module}`",
        nothing_required=False,
    ),
    good=(
        {
            CONFIG_NAME: "requirements: [torchvision]\n",
            "model/model.py": _MODEL.format(module="torch", function="tensor"),
        },
    ),
    bad=(
        {
            CONFIG_NAME: "requirements: [torch]\n",
            "model/model.py": _MODEL.format(module="cv2", function="imdecode"),
        },
    ),
)

"""TRS014: no installed package provides an import."""

import re
from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.imports.imports import imports_of
from truss_cli.check.rules.imports.path_changes import may_change_path
from truss_cli.contract.defaults import DATA_FOLDER
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.imported import imported_modules
from truss_cli.static.names.symbols import Module

_INSTALLER = re.compile(r"\b(?:pip3?|ensurepip|easy_install|conda|mamba|apt|apt-get|git clone|clone_from)\b")


def _find(facts: TrussFacts) -> Iterator[Finding]:
    from truss_cli.check.facts.built_modules import built_modules  # noqa: PLC0415 - few checks resolve

    model, symbols, truss = facts.model_module, facts.symbols, facts.truss
    provided = facts.analysis(built_modules)
    if model is None or provided is None:
        return
    modules = imported_modules(symbols, model)
    if any(may_change_path(facts, module) or _may_install(module) for module in symbols.loaded()):
        return
    for module in modules:
        for found in imports_of(facts.symbols, module):
            top = found.module.partition(".")[0]
            if (
                found.later
                or top in provided
                or top in (truss.module_folder, DATA_FOLDER)
                or symbols.module(top) is not None
            ):
                continue
            place = f"`{truss.requirements_file}`" if truss.requirements_file else "`requirements`"
            message = f"no package that config.yaml requires provides `{top}`"
            yield module.finding(found.node, message, f"Add the package that has it to {place}.")


def _may_install(module: Module) -> bool:
    """Whether a module names a program that installs packages, and may run it before it imports them."""
    return _INSTALLER.search(module.file.source.text) is not None


UNPROVIDED_IMPORT = Rule(
    code="TRS014",
    name="unprovided-import",
    severity=Severity.WARNING,
    summary="No installed package provides an import",
    explanation="""\
The environment that config.yaml describes has been built by `truss predict --isolated`, and
none of the packages in it has this module: the model would fail to load.

Add the package that has it to the requirements. Nothing is reported where more may be
installed: with a base image, build commands, system packages or addresses as requirements,
where the model installs packages or changes `sys.path`, and on other machines than Linux
on x86-64.""",
    find=_find,
    good=(
        "import msgpack\n\n\nclass Model:\n    def predict(self, model_input):\n        return model_input\n",
    ),
    bad=("import not_required\n\n\nclass Model:\n    def predict(self, model_input):\n        return 1\n",),
    resolves=True,
)

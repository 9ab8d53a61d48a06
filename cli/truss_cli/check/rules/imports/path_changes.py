"""Code that may let Python import from further folders."""

import ast
import re

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.static.names.symbols import External, Module
from truss_cli.static.syntax.nodes import walk

_PATH = re.compile(r"\bsys\s*(?:\.|,\s*[\"'])\s*(?:path|modules|meta_path|path_hooks)\b|\baddsitedir\b")
_NAMES = frozenset({"meta_path", "modules", "path", "path_hooks", "path_importer_cache"})
_ONLY_READING = ("builtins.", "os.", "pathlib.", "logging.", "inspect.", "importlib.resources.")


def may_change_path(facts: TrussFacts, module: Module) -> bool:
    """Whether a module may add to what Python imports from, by `sys.path` or by a library."""
    if _PATH.search(module.file.source.text):
        return True
    for node in walk(module.file.tree) if module.file.tree else ():
        if isinstance(node, ast.Import):
            if any(alias.name == "sys" and alias.asname for alias in node.names):
                return True
        elif isinstance(node, ast.ImportFrom):
            if node.module == "sys" and any(alias.name in _NAMES | {"*"} for alias in node.names):
                return True
        elif isinstance(node, ast.Call) and _may_set_root(facts, module, node):
            return True
    return False


def _may_set_root(facts: TrussFacts, module: Module, call: ast.Call) -> bool:
    """Whether a call shows a library where the project stands, as `rootutils.setup_root(__file__)` does."""
    if any(keyword.arg == "pythonpath" for keyword in call.keywords):
        return True
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not any(isinstance(argument, ast.Name) and argument.id == "__file__" for argument in given):
        return False
    symbol = facts.outside_functions(module, call.func)
    return isinstance(symbol, External) and not symbol.name.startswith(_ONLY_READING)

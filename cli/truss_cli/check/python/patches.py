"""Code that puts something else in the place of what it, or another file, defines."""

import ast
import re
from collections.abc import Collection
from functools import lru_cache

from truss_cli.check.python.nodes import rebound_names, root_name, walk
from truss_cli.check.python.symbols import Module

_REMEMBERED = 64
_SETS_BY_NAME = re.compile(r"\bglobals\(\)|\bvars\(|__dict__|\bsetattr\b|\bpatch\b|\bsys\.modules\b")


def may_patch(module: Module, name: str) -> bool:
    """Whether a file may replace a function of a module that has that name."""
    tree = module.file.tree
    rebound = tree is not None and (name in patched_attributes(tree) or name in rebound_names(tree))
    return rebound or may_set_by_name(module, name)


def may_set_by_name(module: Module, name: str) -> bool:
    """Whether a file may set an attribute whose name is data to it, as `vars(module)["run"] = ...` does."""
    text = module.file.source.text
    return name in text and bool(
        _SETS_BY_NAME.search(text) and re.search(rf"""["'](?:[\w.]+\.)?{name}["']|\b{name}\s*=(?!=)""", text)
    )


@lru_cache(_REMEMBERED)
def patched_attributes(tree: ast.Module) -> Collection[str]:
    """Return the attributes that a file sets on what it imports, wherever in the file."""
    imports = [node for node in walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = {(a.asname or a.name).partition(".")[0] for node in imports for a in node.names}
    found: set[str] = set()
    for node in walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.update([node.attr] if root_name(node) in imported else [])
        elif isinstance(node, ast.Call) and root_name(node.func) == "setattr" and len(node.args) > 1:
            name = node.args[1]
            is_patch = root_name(node.args[0]) in imported and isinstance(name, ast.Constant)
            found.update([str(name.value)] if is_patch and isinstance(name, ast.Constant) else [])
    return found

"""Code that puts something else in the place of what it, or another file, defines."""

import ast
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import chain

from truss_cli.static.names.symbols import Module
from truss_cli.static.syntax.nodes import nodes_in, rebound_names, root_name

_REMEMBERED = 64
_SETTERS = ("globals()", "vars(", "__dict__", "setattr", "patch", "sys.modules")
"""What sets by name; looked for as it stands first, since to look for whole words is slow."""
_SETS_BY_NAME = re.compile("|".join(rf"\b{re.escape(setter)}(?!\B\w)" for setter in _SETTERS))


def may_patch(module: Module, name: str) -> bool:
    """Whether a file may replace a function of a module that has that name."""
    tree = module.file.tree
    rebound = tree is not None and (name in patched_attributes(tree) or name in rebound_names(tree))
    return rebound or may_set_by_name(module, name)


def may_set_by_name(module: Module, name: str) -> bool:
    """Whether a file may set an attribute whose name is data to it, as `vars(module)["run"] = ...` does."""
    text = module.file.source.text
    return (
        name in text
        and _sets_by_name(text)
        and re.search(rf"""["'](?:[\w.]+\.)?{name}["']|\b{name}\s*=(?!=)""", text) is not None
    )


@lru_cache(_REMEMBERED)
def _sets_by_name(text: str) -> bool:
    return any(setter in text for setter in _SETTERS) and _SETS_BY_NAME.search(text) is not None


@lru_cache(_REMEMBERED)
def patched_attributes(tree: ast.Module) -> Collection[str]:
    """Return the attributes that a file sets on what it imports, wherever in the file."""
    imports: Iterator[ast.Import | ast.ImportFrom] = chain(
        nodes_in(tree, ast.Import), nodes_in(tree, ast.ImportFrom)
    )
    imported = {(a.asname or a.name).partition(".")[0] for node in imports for a in node.names}
    found = {
        node.attr
        for node in nodes_in(tree, ast.Attribute)
        if isinstance(node.ctx, ast.Store) and root_name(node) in imported
    }
    for call in nodes_in(tree, ast.Call):
        if root_name(call.func) == "setattr" and len(call.args) > 1 and root_name(call.args[0]) in imported:
            name = call.args[1]
            found.update([str(name.value)] if isinstance(name, ast.Constant) else [])
    return found

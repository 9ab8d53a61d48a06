"""Calls of `load` in the truss itself."""

import ast

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.static.syntax.nodes import walk


def may_call_load(facts: TrussFacts) -> bool:
    """Return whether a file of the truss may call `load` of the model, or passes it on."""
    class_name = facts.truss.class_name
    return any(_may_call_load(file.tree, class_name) for file in facts.python_files if file.tree)


def _may_call_load(tree: ast.Module, class_name: str) -> bool:
    owners = ("self", "cls", "model", "super", class_name)
    return any(
        (isinstance(node, ast.Attribute) and node.attr == "load" and _root(node) in owners)
        or (isinstance(node, ast.Await) and "load" in ast.unparse(node))
        or (isinstance(node, ast.Name) and node.id == "load" and isinstance(node.ctx, ast.Load))
        for node in walk(tree)
    )


def _root(node: ast.Attribute) -> str | None:
    owner = node.value.func if isinstance(node.value, ast.Call) else node.value
    return owner.id if isinstance(owner, ast.Name) else None

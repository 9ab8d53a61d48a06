"""Where `__init__` has the `data_dir` that the server gives it, which is a `Path`."""

import ast

from truss_cli.check.facts.function_names import FunctionNames
from truss_cli.static.syntax.nodes import Function, own_nodes


def is_data_folder(names: FunctionNames, node: ast.Name | ast.Subscript) -> bool:
    """Whether an expression is `data_dir` or `kwargs["data_dir"]` in the `__init__` that the server calls."""
    init, function = names.model.function("__init__"), names.function
    if init is None or init[1] is not function or function.decorator_list:
        return False
    if isinstance(node, ast.Name):
        return node.id == "data_dir" and node.id in names.parameters and node.id not in names.scope.bindings
    taken = function.args.kwarg
    return (
        taken is not None
        and isinstance(node.value, ast.Name)
        and node.value.id == taken.arg
        and names.text(node.slice) == "data_dir"
        and _is_only_read(function, taken.arg)
    )


def _is_only_read(function: Function, name: str) -> bool:
    """Whether a dict is used in a function for nothing but `name["key"]` and `name.get("key")`."""
    used = {node for node in own_nodes(function, ast.Name) if node.id == name}
    read: set[ast.expr] = {
        node.value for node in own_nodes(function, ast.Subscript) if isinstance(node.ctx, ast.Load)
    }
    read |= {node.value for node in own_nodes(function, ast.Attribute) if node.attr == "get"}
    return used <= read

"""The argument `config` of a model's `__init__`: what it is, and whether it may be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

    from truss_cli.project import Truss

_NAME = "config"


def config_argument(truss: Truss) -> dict[str, object]:
    """Return config.yaml as a dict, with the defaults filled in; takes long for so small a thing."""
    from truss_cli.config.defaults import deployed_config  # noqa: PLC0415 - few models ask for it

    return deployed_config(truss.document) if truss.document else {}


def may_ask_for_config(truss: Truss) -> bool:
    """Whether `__init__` may take `config`: unless a class without bases or decorators shows the contrary."""
    import ast  # noqa: PLC0415 - only here

    try:
        tree = ast.parse(truss.model_path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return True
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == truss.class_name]
    if len(classes) != 1 or classes[0].bases or classes[0].keywords or classes[0].decorator_list:
        return True
    named = [node for node in classes[0].body if getattr(node, "name", None) in ("__init__", "__new__")]
    plain = all(
        isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Expr)) for node in classes[0].body
    )
    return not plain or any(_takes_config(node) for node in named)


def _takes_config(node: ast.stmt) -> bool:
    import ast  # noqa: PLC0415 - as above

    if not isinstance(node, ast.FunctionDef) or node.decorator_list or node.name != "__init__":
        return True
    arguments = node.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return arguments.kwarg is not None or _NAME in names

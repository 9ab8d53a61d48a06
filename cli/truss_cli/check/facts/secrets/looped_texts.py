"""The strings that the variable of a loop goes through, where they are written out."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.function_names import FunctionNames
from truss_cli.static.syntax.nodes import own_nodes


def looped_texts(names: FunctionNames, node: ast.expr) -> list[str]:
    """Return the strings that an expression is in turn; none unless it is the variable of one known loop."""
    if not isinstance(node, ast.Name) or node.id in names.parameters:
        return []
    loops: list[ast.For | ast.comprehension] = [
        *own_nodes(names.function, ast.For),
        *own_nodes(names.function, ast.comprehension),
    ]
    found = [loop for loop in loops if any(_is_variable(part, node.id) for part in ast.walk(loop.target))]
    bound = names.scope.bindings.get(node.id, ())
    if len(found) != 1 or any(binding.node is not found[0] for binding in bound):
        return []
    texts = [names.text(element) for element in _elements(names, found[0], node.id)]
    return [text for text in texts if text is not None]


def _elements(names: FunctionNames, loop: ast.For | ast.comprehension, variable: str) -> Iterator[ast.expr]:
    target, iterable = loop.target, loop.iter
    if not isinstance(target, ast.Name):
        called = iterable.func if isinstance(iterable, ast.Call) else None
        pairs = _display(names, called.value) if isinstance(called, ast.Attribute) else None
        is_items = isinstance(called, ast.Attribute) and called.attr == "items"
        match target:
            case ast.Tuple(elts=[ast.Name(), ast.Name(value)]) if is_items and isinstance(pairs, ast.Dict):
                yield from pairs.values if value == variable else filter(None, pairs.keys)
        return
    display = _display(names, iterable)
    if isinstance(display, ast.List | ast.Tuple | ast.Set):
        yield from display.elts
    elif isinstance(display, ast.Dict):
        yield from filter(None, display.keys)


def _display(names: FunctionNames, node: ast.expr) -> ast.expr | None:
    """Return the display that an expression is, or that the constant has that it names."""
    if not isinstance(node, ast.Name | ast.Attribute):
        return node
    bindings = names.scope.bindings.get(node.id, ()) if isinstance(node, ast.Name) else ()
    if bindings:
        what = bindings[0].what if len(bindings) == 1 else None
        return what if isinstance(what, ast.expr) else None
    return names.constant(node)


def _is_variable(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name

"""The names that a function, class body or comprehension binds."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from truss_cli.static.syntax.nodes import children

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass
class FunctionScope:
    """The names bound in one body, less those of functions, classes and comprehensions inside."""

    bound: set[str] = field(default_factory=set)
    elsewhere: dict[str, str] = field(default_factory=dict)
    """Names declared `global` or `nonlocal`, and which of the two."""
    yields: bool = False
    captured: bool = False
    """True if a function inside may use the names later."""
    tests: dict[str, int] = field(default_factory=dict)
    """Number of times that each test of an `if` occurs."""


def scope_of_body(body: Sequence[ast.stmt], arguments: ast.arguments | None = None) -> FunctionScope:
    """Return the names that a body binds, with the parameters of its function."""
    scope = FunctionScope()
    if arguments is not None:
        parameters = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        scope.bound.update(parameter.arg for parameter in parameters)
        scope.bound.update(star.arg for star in (arguments.vararg, arguments.kwarg) if star)
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        _bind(scope, node)
        if isinstance(node, _NESTED):
            stack += _evaluated_outside(node)
        elif isinstance(node, ast.comprehension):
            stack += [node.iter, *node.ifs]  # its targets are bound in a scope inside
        else:
            stack += reversed(children(node))
    scope.bound -= scope.elsewhere.keys()
    return scope


def _bind(scope: FunctionScope, node: ast.AST) -> None:
    if isinstance(node, ast.Name):
        scope.bound.update([] if isinstance(node.ctx, ast.Load) else [node.id])
    elif isinstance(node, _NESTED):
        scope.captured = True
        scope.bound.update([] if isinstance(node, ast.Lambda) else [node.name])
    elif isinstance(node, ast.Import | ast.ImportFrom):
        scope.bound.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        scope.bound.update([node.name] if node.name else [])
    elif isinstance(node, ast.Global | ast.Nonlocal):
        kind = "global" if isinstance(node, ast.Global) else "nonlocal"
        scope.elsewhere.update(dict.fromkeys(node.names, kind))
    elif isinstance(node, ast.Yield | ast.YieldFrom):
        scope.yields = True
    else:
        _count(scope, node)


def _count(scope: FunctionScope, node: ast.AST) -> None:
    if isinstance(node, ast.If | ast.IfExp):
        text = ast.dump(node.test)
        scope.tests[text] = scope.tests.get(text, 0) + 1
    scope.captured = scope.captured or isinstance(node, ast.GeneratorExp)


def _evaluated_outside(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a definition that run in the scope around it."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    outside: list[ast.AST] = []
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        outside = [*node.args.defaults, *(value for value in node.args.kw_defaults if value)]
        outside += getattr(node, "decorator_list", [])
    return outside

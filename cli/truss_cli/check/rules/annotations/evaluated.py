"""The annotations that importing the model evaluates, so that a fault in one fails the import."""

import ast
from collections.abc import Iterator, Sequence

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.static.names.imported import imported_modules
from truss_cli.static.names.scopes import Scope, scope_of
from truss_cli.static.names.symbols import Module


def modules_of_model(facts: TrussFacts) -> Sequence[Module]:
    """Return the model's module, those it surely imports, and those that write its base classes."""
    if facts.model_module is None:
        return ()
    modules = imported_modules(facts.symbols, facts.model_module)
    for definition in facts.model.lineage if facts.model else ():
        if definition and definition.module not in modules:
            modules.append(definition.module)
    return modules


def evaluated_annotations(module: Module) -> Iterator[tuple[ast.expr, tuple[Scope, ...], ast.stmt]]:
    """Yield the annotations, with the class bodies they stand in and the statement at the top around them."""
    if module.file.tree is None or module.postpones_annotations:
        return
    for statement in module.file.tree.body:
        for annotation, scopes in _in_statement(statement, ()):
            yield annotation, scopes, statement


def _in_statement(
    statement: ast.stmt, scopes: tuple[Scope, ...]
) -> Iterator[tuple[ast.expr, tuple[Scope, ...]]]:
    """Yield the annotations that importing evaluates, with the class bodies they stand in."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        if not getattr(statement, "type_params", None):
            for annotation in _signature(statement):
                yield annotation, scopes
    elif isinstance(statement, ast.ClassDef):
        if not getattr(statement, "type_params", None):
            scope = scope_of(statement)
            for inner in statement.body:
                yield from _in_statement(inner, () if scope.open else (*scopes, scope))
    elif isinstance(statement, ast.AnnAssign):
        yield statement.annotation, scopes


def _signature(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr]:
    arguments = function.args
    every = [
        *arguments.posonlyargs,
        *arguments.args,
        arguments.vararg,
        *arguments.kwonlyargs,
        arguments.kwarg,
    ]
    for argument in every:
        if argument is not None and argument.annotation is not None:
            yield argument.annotation
    if function.returns is not None:
        yield function.returns

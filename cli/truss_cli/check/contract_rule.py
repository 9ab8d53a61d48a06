"""Findings of the rules that are the contract's: each breach, at the place in source that it speaks of."""

import ast
from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding
from truss_cli.check.facts.model_class import ModelClass
from truss_cli.check.facts.symbols import Module
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.contract.terms import Breach, Kind


def breaches_of(*kinds: Kind) -> Find:
    """Give the `find` of a rule that reports breaches of these kinds."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        for breach in facts.breaches:
            if breach.kind in kinds and facts.model is not None:
                yield _finding(facts.model, breach)

    return find


def _finding(model: ModelClass, breach: Breach) -> Finding:
    module, node = _place(model, breach)
    return Finding(module.file.source.path, module.file.span(node), breach.message, breach.help)


def _place(model: ModelClass, breach: Breach) -> tuple[Module, ast.AST]:
    definition = model.definitions.get(breach.method or "")
    if definition is None:
        return model.module, model.node
    node = definition.node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and breach.parameter:
        return definition.module, _argument(node.args, breach.parameter) or node
    if breach.kind is Kind.RETURN_UNREADABLE and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return definition.module, node.returns or node
    return definition.module, node


def _argument(arguments: ast.arguments, name: str) -> ast.arg | None:
    every = [
        *arguments.posonlyargs,
        *arguments.args,
        arguments.vararg,
        *arguments.kwonlyargs,
        arguments.kwarg,
    ]
    return next((argument for argument in every if argument is not None and argument.arg == name), None)

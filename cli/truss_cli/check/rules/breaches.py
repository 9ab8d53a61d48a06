"""The rules that the contract states: each breach is reported at the place in source that it names."""

import ast
from collections.abc import Callable, Iterator, Sequence

from truss_cli.check.facts.model.model_class import ModelClass
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Example, Find, Rule
from truss_cli.contract.terms import Breach, Kind
from truss_cli.diagnostic import Finding, Fix
from truss_cli.static.names.symbols import Module

MakeFix = Callable[[TrussFacts, Module, ast.AST], Fix | None]
"""Returns the fix of a breach at a node of a module."""


def contract_rule(  # noqa: PLR0913 - one parameter for each field of a rule
    *kinds: Kind,
    code: str,
    name: str,
    summary: str,
    explanation: str,
    good: Sequence[Example],
    bad: Sequence[Example],
    fix: MakeFix | None = None,
) -> Rule:
    """Return the rule that reports breaches of these kinds, which have one severity."""
    find = find_breaches(*kinds, fix=fix)
    return Rule(code, name, kinds[0].severity, summary, explanation, find, tuple(good), tuple(bad))


def find_breaches(*kinds: Kind, fix: MakeFix | None = None) -> Find:
    """Return the `find` of a rule that reports breaches of these kinds."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        for breach in facts.breaches:
            if breach.kind in kinds and facts.model is not None:
                module, node = _place(facts.model, breach)
                made = fix(facts, module, node) if fix else None
                yield module.finding(node, breach.message, breach.help, fix=made)

    return find


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

"""All rules, found in the package `rules` itself."""

import importlib
import pkgutil
from functools import cache

from truss_cli.check import rules
from truss_cli.check.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, by code."""
    found = {
        id(value): value
        for module in pkgutil.walk_packages(rules.__path__, f"{rules.__name__}.")
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, Rule)
    }
    return tuple(sorted(found.values(), key=lambda rule: rule.code))


def static_rules() -> tuple[Rule, ...]:
    """Return every rule that looks at the truss alone, and resolves no requirements."""
    return tuple(rule for rule in all_rules() if not rule.resolves)

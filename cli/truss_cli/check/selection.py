"""Which rules run: `--select`, `--ignore` and `--strict`."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from truss_cli.check.registry import all_rules
from truss_cli.check.rule import Rule, matches
from truss_cli.errors import TrussError


class Selection(NamedTuple):
    """The rules to run, as the user named them: codes, names or prefixes of codes; no `select` means all."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    resolve: bool = False

    def rules(self) -> tuple[Rule, ...]:
        """Return the selected rules. Raises TrussError for a name that matches no rule."""
        for pattern in (*self.select, *self.ignore):
            rules_named(pattern)
        return tuple(rule for rule in all_rules() if self._includes(rule))

    def _includes(self, rule: Rule) -> bool:
        if rule.resolves and not self.resolve:
            return False
        if any(matches(rule, pattern) for pattern in self.ignore):
            # The more exact of two wins: `--select TRS209 --ignore TRS2` keeps TRS209.
            return _longest(rule, self.select) > _longest(rule, self.ignore)
        if self.select:
            return any(matches(rule, pattern) for pattern in self.select) and (
                not rule.opt_in or self.strict or any(_exactly(rule, pattern) for pattern in self.select)
            )
        return not rule.opt_in or self.strict


def rules_named(pattern: str) -> list[Rule]:
    """Return the rules that a code, prefix or name means; raise TrussError if there is none."""
    found = [rule for rule in all_rules() if pattern and matches(rule, pattern)]
    if not found:
        hint = "`truss rule` lists all rules."
        raise TrussError(f"no rule has the code, prefix or name `{pattern}`", hint=hint)
    return found


def split_codes(values: Iterable[str]) -> tuple[str, ...]:
    """Read the values of a repeatable option, each a comma-separated list."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _exactly(rule: Rule, pattern: str) -> bool:
    return pattern.upper() == rule.code or pattern.lower() == rule.name


def _longest(rule: Rule, patterns: Sequence[str]) -> int:
    """Return how exactly the closest pattern names a rule; a name counts as its code."""
    matching = (pattern for pattern in patterns if matches(rule, pattern))
    return max((len(rule.code) if _exactly(rule, p) else len(p) for p in matching), default=0)

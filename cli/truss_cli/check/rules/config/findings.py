"""The rules on config.yaml: each reports one kind of problem that reading the file has found."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Example, Find, Rule
from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.diagnostic import Edit, Finding, Fix, Related
from truss_cli.project import CONFIG_NAME


def config_rule(  # noqa: PLR0913 - one parameter for each field of a rule
    problem: Problem,
    *,
    code: str,
    name: str,
    summary: str,
    explanation: str,
    good: Sequence[Example],
    bad: Sequence[Example],
) -> Rule:
    """Return the rule that reports one kind of problem; its plain examples are config.yaml files."""
    return Rule(
        code,
        name,
        problem.severity,
        summary,
        explanation,
        _find_problem(problem),
        tuple(good),
        tuple(bad),
        example_file=CONFIG_NAME,
    )


def _find_problem(problem: Problem) -> Find:
    def find(facts: TrussFacts) -> Iterator[Finding]:
        path = facts.truss.config_path
        for found in facts.config_findings:
            if found.problem is problem:
                related = tuple(Related(path, span, text) for span, text in found.related)
                yield Finding(path, found.span, found.message, found.help, related, _fix(path, found))

    return find


def _fix(path: Path, found: ConfigFinding) -> Fix | None:
    if found.replacement is None:
        return None
    return Fix(f"Write `{found.replacement}`", (Edit(path, found.span, found.replacement),))

"""Findings of the rules on config.yaml: those of one kind of problem, with their places."""

from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding, Related
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.config.finding import Problem


def findings_of(problem: Problem) -> Find:
    """Give the `find` of a rule that reports one kind of problem."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        path = facts.truss.config_path
        for found in facts.config_findings:
            if found.problem is problem:
                related = tuple(Related(path, span, text) for span, text in found.related)
                yield Finding(path, found.span, found.message, found.help, related)

    return find

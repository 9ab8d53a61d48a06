"""Remarks of the abstract run, as findings."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.diagnostic import Finding
from truss_cli.static.events import Remark


def find_remarks(kind: str) -> Find:
    """Return the `find` of a rule that reports the remarks of one kind."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        for event in facts.run.events:
            if isinstance(event, Remark) and event.kind == kind:
                yield event.module.finding(event.node, event.message, event.help)

    return find

"""Failures of the abstract run, as findings."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.diagnostic import Finding
from truss_cli.static.events import CodeFailure, FailureKind, ServerStep

_WHEN = {
    ServerStep.IMPORT: "the model cannot be imported",
    ServerStep.CONSTRUCT: "the model cannot be created",
    ServerStep.LOAD: "`load` fails",
    ServerStep.REQUEST: "the request fails",
}


def find_failures(*problems: FailureKind, certain: bool) -> Find:
    """Return the `find` of a rule that reports certain, or possible, failures of some kinds."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        for event in facts.run.events:
            if isinstance(event, CodeFailure) and event.problem in problems and event.certain is certain:
                consequence = _WHEN[event.phase] if certain else f"{_WHEN[event.phase]} where this is reached"
                message = f"{event.message}: {consequence}"
                yield event.module.finding(event.node, message, event.help)

    return find

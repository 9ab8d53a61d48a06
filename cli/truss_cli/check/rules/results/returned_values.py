"""Results of the abstract run that cannot be sent."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.check.rules.results.conversions import conversion_fix
from truss_cli.diagnostic import Finding
from truss_cli.static.events import Result


def find_unsendable_result(*, always: bool) -> Find:
    """Return the `find` of a rule that reports methods all of whose results fail (`always`), or some."""

    def find(facts: TrussFacts) -> Iterator[Finding]:
        if facts.replaces_encoder:
            return
        for result in facts.run.events:
            if isinstance(result, Result) and not result.streamed and result.always is always:
                yield _finding(facts, result)

    return find


def _finding(facts: TrussFacts, result: Result) -> Finding:
    part = result.unsendable[0]
    where = f" at `{part.path}`" if part.path else ""
    may = "returns" if result.certain else "may return"
    message = f"`{result.method}` {may} `{part.type}`{where}, which cannot be sent as JSON"
    return result.module.finding(part.node, message, part.help, fix=conversion_fix(facts, result))

"""The rules on requirements that cannot be met: each reports one fault that resolving them has found."""

from collections.abc import Iterator, Mapping, Sequence

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Example, Find, Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.project import CONFIG_NAME


def resolved_rule(  # noqa: PLR0913 - one parameter for each field of a rule
    messages: Mapping[str, tuple[str, str]],
    *,
    code: str,
    name: str,
    summary: str,
    explanation: str,
    good: Sequence[Example],
    bad: Sequence[Example],
) -> Rule:
    """Return the rule that reports some faults; `messages` has for each what is said, and how to fix it."""
    return Rule(
        code,
        name,
        Severity.ERROR,
        summary,
        explanation,
        _find_faults(messages),
        tuple(good),
        tuple(bad),
        resolves=True,
        example_file=CONFIG_NAME,
    )


def _find_faults(messages: Mapping[str, tuple[str, str]]) -> Find:
    def find(facts: TrussFacts) -> Iterator[Finding]:
        from truss_cli.check.facts.resolution import requirement_faults  # noqa: PLC0415 - few checks resolve

        for found in facts.analysis(requirement_faults):
            if found.fault in messages:
                what, help_text = messages[found.fault]
                written = found.requirement
                message = f"`{written.short}` {what}: {found.text}"
                yield Finding(written.path, written.span, message, help_text)

    return find

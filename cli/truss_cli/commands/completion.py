"""What a shell offers to complete an option with, beyond the choices that typer knows."""

from collections.abc import Iterator


def complete_template(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the names of templates that begin so, and their titles."""
    from truss_cli.init.template.gallery import gallery  # noqa: PLC0415 - only when a shell asks

    yield from (
        (template.name, template.manifest.title)
        for template in gallery()
        if template.name.startswith(incomplete)
    )


def complete_rules(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the rules whose code begins like the last of the codes given, and their summaries."""
    from truss_cli.check.registry import all_rules  # noqa: PLC0415 - only when a shell asks

    before, comma, last = incomplete.rpartition(",")
    yield from (
        (f"{before}{comma}{rule.code}", rule.summary)
        for rule in all_rules()
        if rule.code.startswith(last.upper())
    )

"""The requirements of a truss by the names of their packages."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.regular_file import read_regular_file
from truss_cli.source import SourceText, Span

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*([^;#\s]*)")


class NamedRequirement(NamedTuple):
    """A requirement: its package, normalized, what follows it, and where it is written."""

    name: str
    version: str
    """Such as `==2.0.1+cu118`; empty for any."""
    text: str
    source: SourceText
    span: Span


def named_requirements(facts: TrussFacts) -> tuple[NamedRequirement, ...]:
    """Return what config.yaml or its requirements.txt lists; options and addresses have an empty name."""
    return tuple(_requirements(facts))


def _requirements(facts: TrussFacts) -> Iterator[NamedRequirement]:
    truss = facts.truss
    listed = truss.values.get("requirements")
    for index, text in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(text, str) and truss.document is not None:
            yield _named(text, truss.document.source, truss.document.span(("requirements", index)))
    name = truss.requirements_file
    path = truss.folder / name if name is not None and name.endswith(".txt") else None
    if path is None or not path.is_file():
        return
    source = SourceText(path, read_regular_file(path).decode("utf-8", "replace"))
    for number in range(1, source.line_count + 1):
        text = source.line(number).strip()
        if text and not text.startswith("#"):
            yield _named(text, source, source.line_span(number))


def _named(text: str, source: SourceText, span: Span) -> NamedRequirement:
    match = _REQUIREMENT.match(text)
    if match is None or "://" in text or "@" in text:
        return NamedRequirement("", "", text, source, span)
    return NamedRequirement(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2], text, source, span)

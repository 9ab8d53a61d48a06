"""What PyYAML says of a text it cannot read, for people who do not write YAML every day."""

import re

import yaml

from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.config.text.spans import character_span
from truss_cli.source import START_OF_FILE, SourceText, Span

# Part of PyYAML's text, the kind of finding, what it means, and how to fix it.
_MEANINGS: tuple[tuple[str, Problem, str, str | None], ...] = (
    (
        r"character '\\t'",
        Problem.YAML_SYNTAX,
        "a tab where YAML allows only spaces",
        "Replace the tab with spaces.",
    ),
    (
        r"character '[@`%]'",
        Problem.YAML_SYNTAX,
        "a value cannot start with this character",
        "Put the value in quotes.",
    ),
    (
        "mapping values are not allowed",
        Problem.YAML_SYNTAX,
        "a second `:` in one value, or a wrong indentation",
        "Put a value that contains `: ` in quotes, and indent keys of one mapping alike.",
    ),
    (
        "could not find expected ':'",
        Problem.YAML_SYNTAX,
        "a key without `:`",
        "Write `key: value`, and indent the further lines of a long value.",
    ),
    (
        r"expected ',' or '\]'",
        Problem.YAML_SYNTAX,
        "a list that starts with `[` is not closed, or lacks a comma",
        "Close it with `]`.",
    ),
    (
        r"expected ',' or '\}'",
        Problem.YAML_SYNTAX,
        "a mapping that starts with `{` is not closed, or lacks a comma",
        "Close it with `}`, and put a value that contains `?` in quotes.",
    ),
    ("unexpected end of stream", Problem.YAML_SYNTAX, "a quote is not closed", "Close the quote."),
    (
        "expected <block end>",
        Problem.YAML_SYNTAX,
        "the indentation fits no line above",
        "Indent items of one level alike.",
    ),
    (
        "undefined alias",
        Problem.YAML_SYNTAX,
        "`*` names an anchor that is not defined above",
        "Put a value that starts with `*` in quotes.",
    ),
    (
        "duplicate anchor",
        Problem.YAML_SYNTAX,
        "an anchor is defined twice",
        "Give each anchor a name of its own.",
    ),
    (
        "unknown escape character",
        Problem.YAML_SYNTAX,
        "an unknown escape in double quotes",
        "Use single quotes, or write `\\\\`.",
    ),
    (
        "another document",
        Problem.YAML_DOCUMENT,
        "a second document starts here",
        "Keep one document, and remove `---`.",
    ),
    (
        "for merging",
        Problem.YAML_SYNTAX,
        "`<<` merges mappings, and this is none",
        "Give `<<` an alias of a mapping.",
    ),
    ("decode base64|convert base64", Problem.YAML_TAG, "the value is not valid base64", None),
)


def explain(error: yaml.YAMLError, source: SourceText) -> ConfigFinding:
    """Turn PyYAML's error into a finding at the place it was met."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return ConfigFinding(Problem.YAML_SYNTAX, "not YAML", None, START_OF_FILE)
    problem = error.problem or error.context or "not YAML"
    span = _span(error.problem_mark or error.context_mark, source)
    related: tuple[tuple[Span, str], ...] = ()
    if error.context and error.context_mark and error.problem_mark:
        opening = _span(error.context_mark, source)
        related = ((opening, f"{error.context}"),) if opening.start.line != span.start.line else ()
    tag = re.search(r"constructor for the tag (.+)", problem)
    if tag:
        name = tag.group(1).strip("'").replace("tag:yaml.org,2002:", "!!")
        if name == "!!value":
            return ConfigFinding(Problem.YAML_TAG, "a lone `=` is not a value", "Put it in quotes.", span)
        message = f"tag `{name}` is not allowed in config.yaml"
        return ConfigFinding(
            Problem.YAML_TAG, message, "Remove the tag, or put a value that starts with `!` in quotes.", span
        )
    for pattern, kind, meaning, advice in _MEANINGS:
        if re.search(pattern, problem):
            return ConfigFinding(kind, meaning, advice, span, related)
    return ConfigFinding(Problem.YAML_SYNTAX, f"not valid YAML: {problem}", None, span, related)


def _span(mark: yaml.Mark | None, source: SourceText) -> Span:
    if mark is None:
        return START_OF_FILE
    offset = min(mark.index, max(len(source.text.rstrip("\r\n")) - 1, 0))
    return character_span(source, offset)

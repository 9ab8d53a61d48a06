"""The texts of the rules, for the terminal and for the documentation."""

import shutil
import textwrap
from collections.abc import Sequence
from pathlib import PurePosixPath

from truss_cli.check.registry import all_rules
from truss_cli.check.rule import Example, Rule
from truss_cli.check.selection import rules_named

_WIDEST = 100
"""Columns beyond which lines are hard to read."""


def explain(patterns: Sequence[str]) -> str:
    """Return the full text of the rules named by code, prefix or name, wrapped to the terminal.

    Raises TrussError for what names no rule.
    """
    columns = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    texts: list[str] = []
    for pattern in patterns:
        texts.extend(_explain(rule, columns) for rule in rules_named(pattern))
    return "\n".join(texts)


def list_rules() -> str:
    """Return one line a rule: code, severity, name and summary."""
    widest = max(len(rule.name) for rule in all_rules())
    lines = [f"{rule.code}  {_severity(rule):8} {rule.name:{widest}}  {rule.summary}" for rule in all_rules()]
    return "\n".join([*lines, ""])


def _wrapped(text: str, columns: int) -> str:
    """Return a text with its paragraphs filled to a width."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        textwrap.fill(paragraph, columns, break_long_words=False, break_on_hyphens=False)
        for paragraph in paragraphs
    )


def markdown_page() -> str:
    """Return the page of all rules: a table, then what `--explain` says of each under its own heading."""
    rows = [
        f"| [{rule.code}](#{rule.code.lower()}) | {rule.name} | {_severity(rule)} | {rule.summary} |"
        for rule in all_rules()
    ]
    table = "\n".join(["| code | name | severity | finds |", "|---|---|---|---|", *rows, ""])
    return "\n".join([table, *map(_section, all_rules())])


def _section(rule: Rule) -> str:
    title, _, text = _explain(rule).partition("\n\n")
    return f"## {rule.code}\n\n`{title.removeprefix(f'{rule.code} ').replace(' ', '` ', 1)}\n\n{text}"


def _severity(rule: Rule) -> str:
    return f"{rule.severity}{'*' if rule.opt_in else ''}"


def _explain(rule: Rule, columns: int | None = None) -> str:
    when = ", only when selected or with --strict" if rule.opt_in else ""
    when += ", only with --resolve" if rule.resolves else ""
    text = f"{rule.code} {rule.name} ({rule.severity}{when})\n\n{rule.summary}.\n\n{rule.explanation}"
    parts = [(_wrapped(text, columns) if columns else text) + "\n"]
    parts += [_example("Reported", rule, example) for example in rule.bad[:1]]
    parts += [_example("Accepted", rule, example) for example in rule.good[:1]]
    return "\n".join(parts)


def _example(title: str, rule: Rule, example: Example) -> str:
    blocks = []
    for name, text in rule.example_files(example).items():
        comment = f"# {PurePosixPath(name)}"
        blocks.append("\n".join(f"    {line}".rstrip() for line in (comment, *text.splitlines())))
    return f"{title}:\n\n" + "\n\n".join(blocks) + "\n"

"""Where to write a new entry into config.yaml, and how, leaving everything around it as it is."""

import json
import re

import yaml

from truss_cli.config.text.document import Document
from truss_cli.config.text.spans import node_span
from truss_cli.source import Position, SourceText, Span

Addition = tuple[Span, str]
"""A span, and the text to write in place of it; line ends are newlines."""

_PLAIN = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_NULL = "tag:yaml.org,2002:null"


def add_null(document: Document, section: str, key: str) -> Addition | None:
    """Return how to add `key: null` to a section at the top, which is made if absent.

    None where the text is none that the entry can surely be written into.
    """
    source, root = document.source, document.root
    if not document.readable or "<<" in source.text:  # what is merged stands elsewhere
        return None
    if root is None:
        return _append(source, len(source.text), f"{section}:\n  {_scalar(key)}: null\n")
    if not isinstance(root, yaml.MappingNode):
        return None
    for key_node, value in root.value:
        if isinstance(key_node, yaml.ScalarNode) and key_node.value == section:
            return _into(source, root, key_node, value, key)
    if root.flow_style:
        quoted = bool(root.value) and root.value[0][0].style == '"'
        entry = f"{_scalar(section, quoted=quoted)}: {{{_scalar(key, quoted=quoted)}: null}}"
        return _into_flow(source, root, entry)
    return _after_block(source, root, f"{section}:\n", f"  {_scalar(key)}: null\n")


def _into(
    source: SourceText, root: yaml.MappingNode, key_node: yaml.ScalarNode, value: yaml.Node, key: str
) -> Addition | None:
    """Return how to add an entry to a section that is there."""
    entry = f"{_scalar(key)}: null"
    if value.start_mark.index < key_node.end_mark.index or source.text[value.start_mark.index] in "&!*":
        return None  # an alias, an anchor or a tag
    span = node_span(value, source)
    if isinstance(value, yaml.ScalarNode) and value.tag == _NULL:
        if span.start != span.end:
            return span, f"{{{entry}}}"
        return None if root.flow_style else _new_line(source, node_span(key_node, source).start, entry)
    if not isinstance(value, yaml.MappingNode):
        return None
    if value.flow_style:
        quoted = bool(value.value) and value.value[0][0].style == '"'
        return _into_flow(source, value, f"{_scalar(key, quoted=quoted)}: null")
    return _line_after(source, span.end, f"{' ' * value.start_mark.column}{entry}")


def _into_flow(source: SourceText, mapping: yaml.MappingNode, entry: str) -> Addition | None:
    if not mapping.value:
        place = source.at_offset(mapping.start_mark.index + 1)
        return (Span(place, place), entry) if source.text[mapping.start_mark.index] == "{" else None
    last = mapping.value[-1][1]
    place = node_span(last, source).end
    inside = mapping.start_mark.index < source.offset(place) < mapping.end_mark.index
    empty = last.start_mark.index == last.end_mark.index
    return (Span(place, place), f", {entry}") if inside and not empty else None


def _after_block(source: SourceText, root: yaml.MappingNode, *lines: str) -> Addition | None:
    """Return how to write lines after the last entry of the document, and the comments that follow it."""
    indent = " " * root.start_mark.column
    return _append(source, root.end_mark.index, "".join(f"{indent}{line}" for line in lines))


def _append(source: SourceText, offset: int, text: str) -> Addition | None:
    place = source.at_offset(offset)
    if place.column == 1:
        return Span(place, place), text
    if offset < len(source.text) or re.search(r"[|>][-+0-9]*[ \t]*(#.*)?$", source.text, re.MULTILINE):
        return None  # a line end would become a part of the text that stands last
    return Span(place, place), f"\n{text}"


def _new_line(source: SourceText, section: Position, entry: str) -> Addition:
    return _line_after(source, section, f"{' ' * (section.column - 1)}  {entry}")


def _line_after(source: SourceText, position: Position, line: str) -> Addition:
    end = Position(position.line, len(source.line(position.line)) + 1)
    return Span(end, end), f"\n{line}"


def _scalar(text: str, *, quoted: bool = False) -> str:
    """Return a text as YAML that reads as that text."""
    plain = _PLAIN.fullmatch(text) and yaml.safe_load(text) == text and not quoted
    return text if plain else json.dumps(text)

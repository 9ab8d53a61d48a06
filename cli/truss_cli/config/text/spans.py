"""Where a YAML node, or a fault, lies in its text."""

import yaml

from truss_cli.source import SourceText, Span


def node_span(node: yaml.Node, source: SourceText) -> Span:
    """Return a node's span without the white space and comments that follow a block."""
    start = node.start_mark.index
    return Span(source.at_offset(start), source.at_offset(max(_end(node, source.text), start)))


def character_span(source: SourceText, offset: int) -> Span:
    """Return the span of one character; nothing at a line end or after the text."""
    if source.text[max(offset - 1, 0) : offset + 1] == "\r\n":
        offset -= 1
    at_end = source.text[offset : offset + 1] in ("", "\r", "\n")
    start = source.at_offset(offset)
    return Span(start, start if at_end else source.at_offset(offset + 1))


def _end(node: yaml.Node, text: str) -> int:
    """Offset after the last character; a block's end mark lies at the next token, lines further down."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
        # An alias or a merged value lies elsewhere; what starts later in the text cannot lead back here.
        if not node.start_mark.index < last.start_mark.index <= last.end_mark.index <= node.end_mark.index:
            break
        node = last
    start: int = node.start_mark.index
    end: int = node.end_mark.index
    return start + len(text[start:end].rstrip())

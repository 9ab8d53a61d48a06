"""config.yaml as read: its values, and a position for each."""

import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from truss_cli.config.finding import ConfigFinding, Problem, kind_of
from truss_cli.config.text.compose import Unreadable, compose
from truss_cli.config.text.construct import Constructor
from truss_cli.config.text.encoding import decode
from truss_cli.config.text.spans import node_span
from truss_cli.source import ON_DISK, START_OF_FILE, Overlay, SourceText, Span

__all__ = ["ConfigFinding", "Document", "Problem", "read_document"]


_Pair = tuple[yaml.Node | None, yaml.Node]


class Document:
    """The one mapping of a config.yaml, as PyYAML's safe loader gives it, with the findings of reading it."""

    def __init__(self, source: SourceText) -> None:
        self.path = source.path
        self.source = source
        self.values: dict[str, object] = {}
        """{} when the file is empty or cannot be read."""
        self.readable = True
        """Whether the file is YAML and one mapping (or empty)."""
        self.findings: tuple[ConfigFinding, ...] = ()
        """What is wrong with the YAML itself."""
        self.root: yaml.Node | None = None
        self._pairs: dict[yaml.Node, dict[object, _Pair]] = {}

    def span(self, path: Sequence[object], *, key: bool = False) -> Span:
        """Return the span of the value, or of the key, at a path such as `("resources", "cpu")`.

        A path that leads nowhere gives its nearest ancestor, by its key if it has one; the
        empty path gives the start of the file.
        """
        key_node, node = None, self.root
        for step in path:
            found = self._child(node, step)
            if found is None:
                key = True
                break
            key_node, node = found
        if node is None or node is self.root:
            return START_OF_FILE
        span = node_span(node, self.source)
        at_key = key_node is not None and (key or span.start == span.end)  # an empty value has no place
        return node_span(key_node, self.source) if key_node is not None and at_key else span

    def scalar(self, path: Sequence[object], *, key: bool = False) -> str | None:
        """Return the scalar (or the key) at a path as written, without quotes; None for a collection."""
        node, key_node = self.root, None
        for step in path:
            found = self._child(node, step)
            if found is None:
                return None
            key_node, node = found
        wanted = key_node if key else node
        return str(wanted.value) if isinstance(wanted, yaml.ScalarNode) else None

    def requoted(self, span: Span, text: str) -> str | None:
        """Return a text in the quotes, if any, of the scalar at a span; None if that is no simple one."""
        written = self.source.text[self.source.offset(span.start) : self.source.offset(span.end)]
        quote = written[:1] if written[:1] in ("'", '"') else ""
        plain = all(character.isalnum() or character in "-_.:+" for character in written.strip("'\""))
        return f"{quote}{text}{quote}" if plain and written else None

    def plain_entry(self, path: Sequence[object]) -> Span | None:
        """Return the span of a key with its value, if both are written plainly beside each other."""
        start, end = self.span(path, key=True).start, self.span(path).end
        written = self.source.text[self.source.offset(start) : self.source.offset(end)]
        return Span(start, end) if re.fullmatch(r"\w+:[ ]\w+", written) else None

    def _child(self, node: yaml.Node | None, step: object) -> _Pair | None:
        """Return the key node and value node of one step; of duplicate keys the last, which counts."""
        if isinstance(node, yaml.SequenceNode):
            inside = isinstance(step, int) and 0 <= step < len(node.value)
            return (None, node.value[step]) if inside else None
        if not isinstance(node, yaml.MappingNode):
            return None
        if node not in self._pairs:
            scalars = ((key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode))
            self._pairs[node] = {_plain_key(key): (key, value) for key, value in scalars}
        return self._pairs[node].get(step if isinstance(step, str) else (type(step), step))


def read_document(path: Path, overlay: Overlay = ON_DISK) -> Document:
    """Read a config.yaml; what is wrong with it becomes findings. Raises `OSError` alone."""
    source, undecodable = decode(path, overlay.read(path))
    document = Document(source)
    if undecodable is not None:
        document.readable, document.findings = False, (undecodable,)
        return document
    try:
        _fill(document)
    except Unreadable as unreadable:
        document.readable, document.findings = False, (unreadable.finding,)
        document.values = {}
    return document


def _fill(document: Document) -> None:
    loader, document.root = compose(document.source)
    if document.root is None:
        return
    constructor = Constructor(loader, document.source)
    values = constructor.construct(document.root) or {}
    if not isinstance(values, dict):
        kind = {"list": "a list", "str": "a text"}.get(type(values).__name__, "one plain value")
        span = document.source.line_span(document.source.at_offset(document.root.start_mark.index).line)
        message = f"the file is {kind}, but must be a mapping"
        raise Unreadable(ConfigFinding(Problem.YAML_DOCUMENT, message, "Write `key: value` lines.", span))
    for key in [key for key in values if not isinstance(key, str)]:
        del values[key]
        written = document.scalar((key,), key=True)
        message = f"key `{written}` is {kind_of(key)}, but must be a string"
        span = document.span((key,), key=True)
        quoted = document.requoted(span, f'"{written}"')
        constructor.findings.append(
            ConfigFinding(Problem.KEY_TYPE, message, "Put the key in quotes.", span, replacement=quoted)
        )
    document.values = values
    document.findings = tuple(sorted(constructor.findings, key=lambda finding: finding.span))


def _plain_key(node: yaml.ScalarNode) -> object:
    """Return a key that is a string as such, and any other with its type: 1 and true are equal in Python."""
    if node.tag == "tag:yaml.org,2002:str":
        return node.value
    key: object = yaml.SafeLoader("").construct_object(node)
    return type(key), key

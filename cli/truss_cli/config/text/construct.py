"""Nodes as plain values, exactly as PyYAML's safe loader builds them, and what is odd about the keys."""

from collections.abc import Iterator
from typing import Any

import yaml

from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.config.text.compose import MAX_DEPTH, Loader, Unreadable, too_deep
from truss_cli.config.text.spans import node_span
from truss_cli.config.text.syntax_error import explain
from truss_cli.source import SourceText

MOST_DUPLICATES = 500
"""Nobody reads more findings of one kind."""
MAX_EXPANDED = 200_000
"""Values a file may have once every alias is written out."""

_STR = "tag:yaml.org,2002:str"
_MAP = "tag:yaml.org,2002:map"
_SEQ = "tag:yaml.org,2002:seq"
_MERGE = "tag:yaml.org,2002:merge"


class Constructor:
    """Builds the values of one document; `findings` holds its duplicate keys."""

    def __init__(self, loader: Loader, source: SourceText) -> None:
        self.findings: list[ConfigFinding] = []
        self._loader = loader
        self._source = source
        self._built: dict[yaml.Node, object] = {}

    def construct(self, root: yaml.Node) -> object:
        """Return the value of the root; raise `Unreadable`."""
        try:
            if "*" in self._source.text:
                self._weigh(root)
            return self._value(root)
        except yaml.YAMLError as error:
            raise Unreadable(explain(error, self._source)) from None
        except RecursionError:
            raise Unreadable(too_deep(node_span(root, self._source))) from None

    def _value(self, node: yaml.Node) -> object:
        if node.tag == _STR and isinstance(node, yaml.ScalarNode):
            return node.value
        if node in self._built:
            return self._built[node]
        value: object
        if node.tag == _MAP and isinstance(node, yaml.MappingNode):
            value = self._mapping(node)
        elif node.tag == _SEQ and isinstance(node, yaml.SequenceNode):
            value = [self._value(item) for item in node.value]
        else:
            value = self._other(node)
        self._built[node] = value
        return value

    def _mapping(self, node: yaml.MappingNode) -> dict[object, object]:
        self._find_duplicates(node)
        if any(key.tag == _MERGE for key, _ in node.value):
            self._loader.flatten_mapping(node)
        result: dict[object, object] = {}
        for key_node, value_node in node.value:
            key = self._value(key_node)
            try:
                result[key] = self._value(value_node)
            except TypeError:
                message = "a list or mapping cannot be a key"
                advice = "Put the key in quotes, or a value that starts with `{` or `[`."
                raise Unreadable(self._finding(Problem.KEY_TYPE, message, advice, key_node)) from None
        return result

    def _other(self, node: yaml.Node) -> object:
        """Numbers, booleans, null, dates, and values with a tag."""
        try:
            return self._loader.construct_object(node, deep=True)
        except (ValueError, TypeError, LookupError, OverflowError) as error:
            text = str(node.value)[:40] if isinstance(node, yaml.ScalarNode) else "value"
            message = f"`{text}` cannot be read as {node.tag.rpartition(':')[2]}: {error}"
            raise Unreadable(self._finding(Problem.YAML_SYNTAX, message, "Put it in quotes.", node)) from None

    def _find_duplicates(self, node: yaml.MappingNode) -> None:
        if len({key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)}) == len(node.value):
            return
        first: dict[tuple[str, Any], yaml.Node] = {}  # Any: a scalar's value, always a str, is untyped
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == _MERGE:
                continue
            before = first.setdefault((key.tag, key.value), key)
            if before is not key and len(self.findings) < MOST_DUPLICATES:
                related = ((node_span(before, self._source), "first given here"),)
                message = f"key `{key.value}` is given twice; the last one counts"
                span = node_span(key, self._source)
                self.findings.append(
                    ConfigFinding(Problem.DUPLICATE_KEY, message, "Remove one of them.", span, related)
                )

    def _weigh(self, root: yaml.Node) -> None:
        """Refuse aliases that are endless, multiply beyond `MAX_EXPANDED`, or stack up beyond `MAX_DEPTH`."""
        measured: dict[yaml.Node, tuple[int, int]] = {}
        entered: set[yaml.Node] = set()

        def measure(node: yaml.Node) -> tuple[int, int]:
            if node in measured:
                return measured[node]
            if node in entered:
                message = "an alias refers to a value that it is part of"
                raise Unreadable(self._finding(Problem.YAML_UNBOUNDED, message, "Write the value out.", node))
            entered.add(node)
            inner = [measure(child) for child in _children(node)]
            weight = 1 + sum(weight for weight, _ in inner)
            depth = 1 + max((depth for _, depth in inner), default=0)
            if weight > MAX_EXPANDED:
                message = f"aliases multiply to more than {MAX_EXPANDED:,} values"
                raise Unreadable(self._finding(Problem.YAML_UNBOUNDED, message, "Write fewer aliases.", node))
            if depth > MAX_DEPTH + 1:
                raise Unreadable(too_deep(node_span(node, self._source)))
            measured[node] = weight, depth
            return weight, depth

        measure(root)

    def _finding(self, problem: Problem, message: str, advice: str, node: yaml.Node) -> ConfigFinding:
        return ConfigFinding(problem, message, advice, node_span(node, self._source))


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value

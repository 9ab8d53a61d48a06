"""YAML text as nodes: safe, bounded, and read as PyYAML's safe loader in Python reads it.

The server's toolchain reads config.yaml with that loader. The one in C is thirty
times faster, but takes texts that the other refuses (a tab before a value, say),
so it is used only where both are known to agree.
"""

import contextlib
import re
from typing import TYPE_CHECKING

import yaml

from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.config.text.spans import character_span
from truss_cli.config.text.syntax_error import explain
from truss_cli.source import START_OF_FILE, SourceText, Span

MAX_CHARACTERS = 10_000_000
MAX_EVENTS = 100_000
MAX_DEPTH = 200
_SURELY_FEW = 20_000
"""A text of so many characters can hold no more than `MAX_EVENTS` events."""

if TYPE_CHECKING:
    Loader = yaml.SafeLoader | yaml.CSafeLoader
else:  # PyYAML may be built without libyaml
    Loader = yaml.SafeLoader

_PURE = yaml.SafeLoader
_FAST: type[Loader] = getattr(yaml, "CSafeLoader", _PURE)

_READ_DIFFERENTLY = re.compile("[\t\ufeff]|[|>][-+0-9]*#|(?<![^\\s,\\[\\]{}-])!(?!\\S)")


class Unreadable(Exception):  # noqa: N818 - it carries a finding
    """The text cannot be read; `finding` says why."""

    def __init__(self, finding: ConfigFinding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def compose(source: SourceText) -> tuple[Loader, yaml.Node | None]:
    """Return the root node, or None without a document, and its loader; raise `Unreadable`."""
    text = source.text
    _bound(source)
    fast = not (_READ_DIFFERENTLY.search(text) or ("?" in text and ("{" in text or "[" in text)))
    if fast:
        try:
            return _single_node(_FAST, text)
        except (yaml.YAMLError, RecursionError):
            pass  # read again for the pure loader's verdict and its better marks
    try:
        return _single_node(_PURE, text)
    except yaml.YAMLError as error:
        raise Unreadable(explain(error, source)) from None
    except RecursionError:
        raise Unreadable(too_deep(START_OF_FILE)) from None


def too_deep(span: Span) -> ConfigFinding:
    """Say that values are nested beyond `MAX_DEPTH`."""
    message = f"values are nested more than {MAX_DEPTH} levels deep"
    return ConfigFinding(Problem.YAML_UNBOUNDED, message, "Flatten the structure.", span)


def _single_node(loader_class: type[Loader], text: str) -> tuple[Loader, yaml.Node | None]:
    loader = loader_class(text)
    node: yaml.Node | None = loader.get_single_node()
    return loader, node


def _bound(source: SourceText) -> None:
    """Refuse a text that would take long, much memory, or a deep stack; cheap for an ordinary one."""
    text = source.text
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(_too_large(f"{len(text):,} characters"))
    if len(text) <= _SURELY_FEW and _deepest_possible(text) <= MAX_DEPTH:
        return
    try:
        _bound_events(source, _FAST)
    except yaml.YAMLError:  # libyaml looks ahead, and has limits of its own
        with contextlib.suppress(yaml.YAMLError):  # what comes before the fault is within bounds
            _bound_events(source, _PURE)


def _bound_events(source: SourceText, loader_class: type[Loader]) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(source.text, Loader=loader_class)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            offset = event.start_mark.index if event.start_mark else 0
            raise Unreadable(too_deep(character_span(source, offset)))
        if count > MAX_EVENTS:
            raise Unreadable(_too_large(f"more than {MAX_EVENTS:,} values and marks"))


def _deepest_possible(text: str) -> int:
    # A block collection lies to the right of the one it is in (a sequence may lie under its key), a flow
    # collection takes a bracket.
    longest = max(map(len, re.split("[\r\n\x85\u2028\u2029]", text)))
    return (
        text.count("[")
        + text.count("{")
        + 2 * min(longest, text.count(":") + text.count("-") + text.count("?"))
    )


def _too_large(what: str) -> ConfigFinding:
    message = f"the file is too large for a configuration: {what}"
    return ConfigFinding(
        Problem.YAML_UNBOUNDED, message, "Move data into files under `data/`.", START_OF_FILE
    )

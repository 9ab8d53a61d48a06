"""What reading config.yaml can find, before it is a diagnostic with a code and a severity."""

from enum import StrEnum
from typing import NamedTuple

from truss_cli.contract.terms import Severity
from truss_cli.source import Span


class Problem(StrEnum):
    """A kind of finding; each has one severity."""

    YAML_SYNTAX = "yaml-syntax"
    """The text is not YAML, or YAML that a safe reader refuses."""
    YAML_ENCODING = "yaml-encoding"
    """The bytes are not UTF-8, or hold characters that YAML forbids."""
    YAML_DOCUMENT = "yaml-document"
    """It is YAML, but not one mapping: a list, a text, several documents."""
    YAML_TAG = "yaml-tag"
    """A tag that names a type safe loading does not build."""
    YAML_UNBOUNDED = "yaml-unbounded"
    """Too large, too deep, or endless through its aliases."""
    DUPLICATE_KEY = "duplicate-key"
    KEY_TYPE = "key-type"
    """A key that is a number, a boolean, null or a collection, where keys are strings."""
    UNKNOWN_KEY = "unknown-key"
    """RefusedValueError when the truss is pushed."""
    IGNORED_KEY = "ignored-key"
    """Unknown where unknown keys are let through."""
    MISSING_KEY = "missing-key"
    WRONG_TYPE = "wrong-type"
    BAD_VALUE = "bad-value"
    CONFLICT = "conflict"
    """Keys or values that exclude or require each other."""
    REQUIREMENT = "invalid-requirement"
    """A Python requirement that cannot be installed as written."""
    MISSING_FILE = "missing-file"
    """A file or folder that is named but absent."""
    SECRET_VALUE = "secret-value"  # noqa: S105 - the name of a kind of finding
    """The value of a secret, written into the file."""
    ABSENT_FOLDER = "absent-folder"
    """A folder that is named and may be absent, but hardly was meant to be."""
    OUTSIDE = "outside-truss"
    """A file or folder outside the truss, which is not uploaded with it."""
    DEPRECATED = "deprecated"
    SUSPECT_VALUE = "suspect-value"
    """Accepted, but hardly what was meant."""
    RESERVED_VARIABLE = "reserved-variable"

    @property
    def severity(self) -> Severity:
        """Whether a deployment refuses the config, or survives it."""
        return Severity.WARNING if self in _WARNINGS else Severity.ERROR


_WARNINGS = frozenset(
    {
        Problem.ABSENT_FOLDER,
        Problem.DEPRECATED,
        Problem.DUPLICATE_KEY,
        Problem.IGNORED_KEY,
        Problem.OUTSIDE,
        Problem.REQUIREMENT,
        Problem.RESERVED_VARIABLE,
        Problem.SECRET_VALUE,
        Problem.SUSPECT_VALUE,
    }
)


class ConfigFinding(NamedTuple):
    """One fault of a config.yaml, at the key or item that has it."""

    problem: Problem
    message: str
    help: str | None
    span: Span
    related: tuple[tuple[Span, str], ...] = ()
    replacement: str | None = None
    """What the text of the span should read; None where that is not known."""


def kind_of(value: object) -> str:
    """Return the kind of a value, as messages name it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    kinds = {int: "a number", float: "a number", str: "a string", list: "a list", dict: "a mapping"}
    return kinds.get(type(value), f"a {type(value).__name__}")

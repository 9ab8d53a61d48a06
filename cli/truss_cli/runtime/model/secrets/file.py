"""Secrets in a file: YAML, JSON or dotenv."""

import json
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from truss_cli.contract.terms import SECRET_VARIABLE_PREFIX
from truss_cli.display import visible
from truss_cli.errors import TrussError
from truss_cli.regular_file import read_regular_file

_ASSIGNMENT = re.compile(r"(?:export\s+)?([\w.-]+)\s*=\s*(.*)")
_OTHERS = stat.S_IRGRP | stat.S_IROTH


def read_secrets(path: Path) -> dict[str, str]:
    """Return the secrets in a file by name; raise TrussError if it cannot be read, warn if others can.

    The suffix decides the format: `.json`, `.yaml` or `.yml`, else dotenv. A name
    may bear the prefix of the environment variables.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_ISREG(mode) and mode & _OTHERS:
                name = visible(str(path))
                sys.stderr.write(f"warning: {name} can be read by other users; run `chmod 600 {name}`\n")
            text = file.read().decode("utf-8-sig")
    except OSError as error:
        raise TrussError(f"cannot read the secrets file {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TrussError(f"the secrets file {path} is not UTF-8") from None
    suffix = path.suffix.lower()
    values = (
        _json(text, path) if suffix == ".json" else _yaml(text, path) if suffix in (".yaml", ".yml") else None
    )
    if values is None:
        values = dict(_dotenv(text, path))
    return {name.removeprefix(SECRET_VARIABLE_PREFIX): value for name, value in values.items()}


def read_env_file(path: Path, declared: Mapping[str, object]) -> dict[str, str]:
    """Return the values that a dotenv file has for declared secrets and the environment has not.

    The file may serve other programs as well: what is not an assignment, or names
    nothing that is declared, is passed over, and so is a file that is not there.
    """
    try:
        text = read_regular_file(path).decode("utf-8-sig") if path.is_file() else ""
    except (OSError, UnicodeDecodeError):
        return {}
    assignments = filter(None, map(_ASSIGNMENT.fullmatch, map(str.strip, text.splitlines())))
    found = {match[1].removeprefix(SECRET_VARIABLE_PREFIX): _unquoted(match[2]) for match in assignments}
    return {
        name: value
        for name, value in found.items()
        if name in declared and f"{SECRET_VARIABLE_PREFIX}{name}" not in os.environ
    }


def _json(text: str, path: Path) -> dict[str, str]:
    try:
        return _strings(json.loads(text), path)
    except json.JSONDecodeError as error:
        raise TrussError(
            f"the secrets file {path} is not JSON: line {error.lineno}, column {error.colno}"
        ) from None


def _yaml(text: str, path: Path) -> dict[str, str]:
    import yaml  # noqa: PLC0415 - only here

    try:
        root = yaml.compose(text, yaml.SafeLoader)
        if root is not None and not isinstance(root, yaml.MappingNode):
            raise _not_a_mapping(path)
        return dict(_scalars(root.value if root else (), path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f": line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise TrussError(f"the secrets file {path} is not YAML{place}") from None


def _scalars(pairs: Iterable[tuple[Any, Any]], path: Path) -> Iterator[tuple[str, str]]:  # Any: yaml's nodes
    """Take values as they are written: `0123` and `yes` are secrets, not a number and a truth."""
    for name, value in pairs:
        if not isinstance(value.value, str):
            raise _not_a_text(name.value, path)
        if value.tag != "tag:yaml.org,2002:null":
            yield str(name.value), value.value


def _not_a_mapping(path: Path) -> TrussError:
    return TrussError(f"the secrets file {path} is not a mapping of names to values")


def _not_a_text(name: str, path: Path) -> TrussError:
    return TrussError(f"secret {name!r} in {path} is not a text")


def _strings(values: object, path: Path) -> dict[str, str]:
    """Take a mapping of names to scalars; nothing of it is ever shown."""
    if not isinstance(values, dict):
        raise _not_a_mapping(path)
    for name, value in values.items():
        if isinstance(value, dict | list):
            raise _not_a_text(name, path)
    return {str(name): str(value) for name, value in values.items() if value is not None}


def _dotenv(text: str, path: Path) -> list[tuple[str, str]]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _ASSIGNMENT.fullmatch(stripped)
        if match is None:
            raise TrussError(f"the secrets file {path} is not dotenv: line {number} is not `NAME=value`")
        found.append((match.group(1), _unquoted(match.group(2))))
    return found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), value[1:-1])
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1]
    return re.split(r"\s#", value, maxsplit=1)[0].rstrip()

"""Validation of values against rebuilt types, and locations of the invalid parts."""

import json
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from truss_cli.static.pydantic.external import UNKNOWN, TypeForm

ValuePath = tuple[str | int, ...]
_SHOWN_MESSAGES = 3
"""Messages of union members that are joined into one."""


class Mismatch(NamedTuple):
    """A part of a value that its type rejects."""

    path: ValuePath
    message: str
    missing: bool = False
    """True if the value has no such part; `path` then ends with the missing key."""


class _Rejection(NamedTuple):
    """An error of Pydantic; `member` is the union member that rejects the value at `path`, if any."""

    path: ValuePath
    member: str
    inner_path: ValuePath
    message: str
    missing: bool


def mismatches(annotation: TypeForm, value: object) -> Iterator[Mismatch]:
    """Yield the parts of a value that a rebuilt type rejects; none if the value cannot be sent as JSON."""
    if annotation is UNKNOWN:
        return
    try:
        request = json.loads(json.dumps(value))
    except (TypeError, ValueError, RecursionError):
        return
    for path, group in groupby(_rejections(annotation, request), key=lambda rejection: rejection.path):
        rejections = list(group)
        if len({rejection.member for rejection in rejections}) > 1:
            yield Mismatch(path, _joined(rejections))
        else:
            for _, _, inner_path, message, missing in rejections:
                yield Mismatch((*path, *inner_path), message, missing)


def dotted(path: ValuePath) -> str:
    """Return a path as text, such as `items[0].name`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _rejections(annotation: TypeForm, value: object) -> Iterator[_Rejection]:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - it takes as long as a check

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the author sees them when the model is imported
            adapter: TypeAdapter[object] = TypeAdapter(annotation)
            adapter.validate_python(value)
    except ValidationError as error:
        for details in error.errors(include_url=False, include_context=False, include_input=False):
            missing = details["type"] == "missing"
            yield _located(value, details["loc"], _lower_first(details["msg"]), missing=missing)
    except Exception:  # noqa: BLE001 - a type that Pydantic cannot use rejects nothing
        return


def _located(value: object, location: Iterable[str | int], message: str, *, missing: bool) -> _Rejection:
    """Return a rejection with its path in a value; the location also contains the names of union members."""
    steps = list(location)
    missing_key = (steps.pop(),) if missing else ()
    path: list[str | int] = []
    inner_path: list[str | int] = []
    member = ""
    for step in steps:
        if _has(value, step):
            value = value[step]  # type: ignore[index]  # as just checked
            (inner_path if member else path).append(step)
        else:
            member = member or str(step)
    if member:
        return _Rejection(tuple(path), member, (*inner_path, *missing_key), message, missing)
    return _Rejection((*path, *missing_key), "", (), message, missing)


def _lower_first(message: str) -> str:
    """Return a message that can follow a colon; one that starts with an acronym stays as it is."""
    return message[:1].lower() + message[1:] if message[1:2].islower() else message


def _has(value: object, step: str | int) -> bool:
    if isinstance(value, Mapping):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _joined(rejections: Sequence[_Rejection]) -> str:
    """Return the messages of union members, which reject a value separately, as one."""
    messages = [
        f"`{dotted(rejection.inner_path)}`: {rejection.message}"
        if rejection.inner_path
        else rejection.message
        for rejection in rejections
    ]
    return " or ".join(list(dict.fromkeys(messages))[:_SHOWN_MESSAGES])

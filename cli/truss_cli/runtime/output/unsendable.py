"""Where in a result the value is that cannot be sent, and what to write instead."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from truss_cli.contract.results import DATACLASS_HELP, KEY_HELP, refusal
from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.model.annotations import type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DEEPEST = 2000
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


def unsendable(result: object, to_plain: Callable[[object], object]) -> TrussError | None:
    """Return the error for the first value, in order, that JSON cannot hold; None if there is none.

    `to_plain` gives what is sent in place of a value that is not JSON's own, or raises TypeError.
    """
    entered: list[object] = []
    levels = [iter([("$", result)])]
    while levels:
        path, value = next(levels[-1], ("", None))
        if not path:
            levels.pop()
            del entered[-1:]
            continue
        problem = _problem(value, path, entered, to_plain)
        if problem is not None:
            return problem
        inner = _children(value, path, to_plain)
        if inner is not None:
            levels.append(inner)
            entered.append(value)
    return None


def _problem(
    value: object, path: str, entered: list[object], to_plain: Callable[[object], object]
) -> TrussError | None:
    """Return the error of a value itself, leaving aside what it holds."""
    if value is None or isinstance(value, (str, bool)):
        return None
    if isinstance(value, (int, float)):
        return _number_problem(value, path)
    if any(value is outer for outer in entered):
        return _error(f"{path} contains itself", "Return a structure without circular references.")
    if len(entered) > _DEEPEST:
        return _error("it is nested too deeply", "Return a flatter structure.")
    if isinstance(value, dict):
        return _key_problem(value, path)
    return None if isinstance(value, (list, tuple)) else _foreign_problem(value, path, to_plain)


def _key_problem(value: dict[object, object], path: str) -> TrussError | None:
    for key in value:
        if key is not None and not isinstance(key, (str, int, float)):
            problem = f"{path} has a key of type {type(key).__name__}: {_shortened(key)}"
            return _error(problem, KEY_HELP)
    return None


def _foreign_problem(value: object, path: str, to_plain: Callable[[object], object]) -> TrussError | None:
    try:
        to_plain(value)
    except TypeError:
        return _error(f"{path}: {type(value).__name__} is not JSON serializable", _fix(value))
    return None


def _children(
    value: object, path: str, to_plain: Callable[[object], object]
) -> Iterator[tuple[str, object]] | None:
    """Return what a value holds, with paths; None for a value that holds nothing."""
    if value is None or isinstance(value, (str, int, float)):
        return None
    if isinstance(value, dict):
        return ((path + _step(key), item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ((f"{path}[{index}]", item) for index, item in enumerate(value))
    return iter([(path, to_plain(value))])


def _number_problem(value: float, path: str) -> TrussError | None:
    if isinstance(value, int):
        try:
            int.__repr__(value)
        except ValueError:
            return _error(f"{path} is an integer with too many digits", "Return it as a string or a float.")
    elif not math.isfinite(value):
        name = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return _error(
            f"{path} is {name}, which JSON does not have", "Return None or a finite number instead."
        )
    return None


def _error(problem: str, fix: str) -> TrussError:
    return TrussError(f"the result cannot be sent: {problem}", hint=fix, exit_code=ExitCode.FAULT)


def _step(key: object) -> str:
    return f".{key}" if isinstance(key, str) and _IDENTIFIER.fullmatch(key) else f"[{_shortened(key)}]"


def _shortened(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - one line's worth


def _fix(value: object) -> str:
    """Return what to write instead of a value, by its class."""
    help_text = refusal(type_of(type(value)), whole=False)
    if help_text is None and hasattr(value, "__dataclass_fields__"):
        return DATACLASS_HELP
    return help_text or "Return dicts, lists, strings, numbers, booleans and None."

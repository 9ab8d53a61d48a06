"""What pydantic says of a value, in words for the author of a config.yaml."""

from collections.abc import Callable, Mapping
from typing import Any

from truss_cli.config.finding import Problem
from truss_cli.config.schema.section import Refused

Explained = tuple[Problem, str, str | None]

_WANTED = {
    "string_type": "a string",
    "list_type": "a list",
    "dict_type": "a mapping",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
_LIMITS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}
_EMPTY = {"list_type": "[]", "dict_type": "{}", "string_type": '""'}


def explain_error(
    error: Mapping[str, Any],  # Any: pydantic's own record of an error
    name: str,
    written: str | None,
    meant: Callable[[str], str] | None,
) -> Explained:
    """Explain one of pydantic's errors at the key `name`.

    `written` is the value as it stands in the file, if it may be shown; `meant`
    turns a number that should be a string into the string.
    """
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind in _WANTED:
        message = f"`{name}` must be {_WANTED[kind]}, but is {what(value)}"
        return Problem.WRONG_TYPE, message, _way_out(kind, name, value, written, meant)
    if kind == "value_error" and isinstance(context["error"], Refused):
        return Problem.BAD_VALUE, f"`{name}`: {context['error']}", context["error"].advice
    if kind == "literal_error":
        return _choice(name, value, context["expected"])
    if kind in _LIMITS:
        limit, words = _LIMITS[kind]
        return Problem.BAD_VALUE, f"`{name}` must be {words} {context[limit]}, but is {value}", None
    if kind in ("string_too_short", "too_short"):
        return Problem.BAD_VALUE, f"`{name}` must not be empty", None
    if kind == "string_pattern_mismatch":
        return Problem.BAD_VALUE, f"`{name}` may not be written so", f"it must match {context['pattern']}"
    return Problem.BAD_VALUE, f"`{name}`: {error['msg']}", None


def what(value: object) -> str:
    """Name the kind of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    kinds = {int: "a number", float: "a number", str: "a string", list: "a list", dict: "a mapping"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def _way_out(
    kind: str, name: str, value: object, written: str | None, meant: Callable[[str], str] | None
) -> str | None:
    key = name.split("[", maxsplit=1)[0]
    if value is None and kind in _EMPTY:
        return f"remove the key, or write {key}: {_EMPTY[kind]}"
    if written is None:
        return "put it in quotes" if kind == "string_type" and not isinstance(value, list | dict) else None
    if kind == "string_type" and value is not None:
        text = meant(written) if meant else written
        return f'write {key}: "{text}"' if key == name else f'put it in quotes: "{text}"'
    if kind == "list_type" and isinstance(value, str):
        return f"write {key}: [{written}]"
    return None


def _choice(name: str, value: object, expected: str) -> Explained:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a finding

    choices = [choice.strip("' ") for choice in expected.replace(" or ", ", ").split(",")]
    message = (
        f"`{name}` cannot be `{_short(value)}`"
        if isinstance(value, str)
        else f"`{name}` cannot be {what(value)}"
    )
    lower = {choice.lower(): choice for choice in choices}
    near = get_close_matches(str(value).lower(), lower, n=1)
    advice = f"did you mean {lower[near[0]]}?" if near else f"write one of {', '.join(choices)}"
    return Problem.BAD_VALUE, message, advice


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a line's worth

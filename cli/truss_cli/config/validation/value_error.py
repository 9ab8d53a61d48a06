"""What pydantic says of a value, in words for the author of a config.yaml."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from truss_cli.config.fields.section import RefusedValueError
from truss_cli.config.finding import Problem, kind_of


class Explained(NamedTuple):
    """What is wrong with a value; `replacement`: what it must surely read."""

    problem: Problem
    message: str
    advice: str | None
    replacement: str | None = None


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
        message = f"`{name}` must be {_WANTED[kind]}, but is {kind_of(value)}"
        advice = _way_out(kind, name, value, written, meant)
        return Explained(Problem.WRONG_TYPE, message, advice, _quoted(kind, value, written, meant))
    if kind == "value_error" and isinstance(context["error"], RefusedValueError):
        said = str(context["error"])
        return Explained(
            Problem.BAD_VALUE,
            said if f"`{name}`" in said else f"`{name}`: {said}",
            context["error"].advice,
        )
    if kind == "literal_error":
        return _choice(name, value, context["expected"])
    return Explained(Problem.BAD_VALUE, _limit(error, name), None)


def _limit(error: Mapping[str, Any], name: str) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _LIMITS:
        limit, words = _LIMITS[kind]
        return f"`{name}` must be {words} {context[limit]}, but is {error['input']}"
    if kind in ("string_too_short", "too_short"):
        return f"`{name}` must not be empty"
    if kind == "string_pattern_mismatch":
        return f"`{name}` does not match {context['pattern']}"
    return f"`{name}`: {error['msg']}"


def _way_out(
    kind: str, name: str, value: object, written: str | None, meant: Callable[[str], str] | None
) -> str | None:
    key = name.split("[", maxsplit=1)[0]
    if value is None and kind in _EMPTY:
        return f"Remove the key, or write `{key}: {_EMPTY[kind]}`."
    if written is None:
        return "Put it in quotes." if kind == "string_type" and not isinstance(value, list | dict) else None
    if kind == "string_type" and value is not None:
        text = meant(written) if meant else written
        return f'Write `{key}: "{text}"`.' if key == name else f'Put it in quotes: `"{text}"`.'
    if kind == "list_type" and isinstance(value, str):
        return f"Write `{key}: [{written}]`."
    return None


def _quoted(kind: str, value: object, written: str | None, meant: Callable[[str], str] | None) -> str | None:
    """Return a plain value that must be a string as one."""
    if kind != "string_type" or value is None or written is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and written != str(value):
        return None  # `010` and `1_000` mean other numbers than they show
    if isinstance(value, float) and not written.replace(".", "", 1).lstrip("-").isdecimal():
        return None
    text = meant(written) if meant else written
    return f'"{text}"' if text.isprintable() and not set(text) & set('\\"') else None


def _choice(name: str, value: object, expected: str) -> Explained:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a finding

    choices = [choice.strip("' ") for choice in expected.replace(" or ", ", ").split(",")]
    message = (
        f"`{name}` cannot be `{_short(value)}`"
        if isinstance(value, str)
        else f"`{name}` cannot be {kind_of(value)}"
    )
    lower = {choice.lower(): choice for choice in choices}
    near = get_close_matches(str(value).lower(), lower, n=1)
    advice = f"Did you mean `{lower[near[0]]}`?" if near else f"Write one of {', '.join(choices)}."
    return Explained(Problem.BAD_VALUE, message, advice)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a line's worth

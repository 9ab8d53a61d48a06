"""Pieces of JSON Schema for what a field's type alone does not say; only editors read them."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import WithJsonSchema

JsonSchema = dict[str, Any]  # Any: JSON of any shape

NOT_EMPTY: JsonSchema = {"not": {"enum": [None, False, 0, "", [], {}]}}
TRUE_TEXTS = ("1", "on", "t", "true", "y", "yes")
FALSE_TEXTS = ("0", "off", "f", "false", "n", "no")


def any_case_pattern(texts: Iterable[str]) -> str:
    """Return a pattern that matches the texts in any case."""
    return f"^({'|'.join(''.join(map(_letter, text)) for text in texts)})$"


def any_case(texts: Iterable[str]) -> WithJsonSchema:
    """Offer texts for completion, and take them in any case."""
    known = list(texts)
    return WithJsonSchema(
        {"anyOf": [{"enum": known}, {"type": "string", "pattern": any_case_pattern(known)}]}
    )


def not_both(one: str, other: str) -> JsonSchema:
    """Refuse two keys that both have a value."""
    return {"not": filled(one, other)}


def filled(*keys: str) -> JsonSchema:
    """Ask for keys that have a value."""
    return {"required": list(keys), "properties": dict.fromkeys(keys, NOT_EMPTY)}


def by_method(needs: Mapping[str, tuple[str, ...]], secret: str) -> JsonSchema:
    """Ask for the keys of a way to log in, and refuse those of others."""
    every = {*(key for keys in needs.values() for key in keys), secret}
    return {
        "allOf": [
            {
                "if": {
                    "required": ["auth_method"],
                    "properties": {"auth_method": {"pattern": any_case_pattern([name])}},
                },
                "then": {
                    "allOf": [
                        filled(*keys),
                        {"properties": {key: {"not": NOT_EMPTY} for key in sorted(every - set(keys))}},
                    ]
                },
            }
            for name, keys in needs.items()
        ]
    }


def _letter(character: str) -> str:
    upper, lower = character.upper(), character.lower()
    return f"[{upper}{lower}]" if upper != lower else character

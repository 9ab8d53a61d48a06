"""What the author of an unknown key may have meant."""

from collections.abc import Container
from difflib import SequenceMatcher, get_close_matches

from truss_cli.config.fields.nesting import nested
from truss_cli.config.fields.section import Section
from truss_cli.config.schema.root import Config

_SECTIONS = ("resources", "runtime", "build", "base_image")
_NEAR = 0.8
"""How alike a key and the one that is surely meant are, of 1."""
_NEARER = 0.1
"""By how much it is nearer than any other."""


def how_to_fix(section: type[Section], key: str) -> str:
    """Return what to do about an unknown key of a section."""
    if key in section.refused_keys:
        return section.refused_keys[key]
    near = get_close_matches(key.lower(), section.model_fields, n=1, cutoff=0.6)
    elsewhere = [place for place in _SECTIONS if key in _fields(place)]
    if elsewhere:
        return f"Move it under `{elsewhere[0]}`."
    if section is not Config and key in Config.model_fields:
        return "Move it to the top of the file."
    if near:
        return f"Did you mean `{near[0]}`?"
    known = ", ".join(section.model_fields)
    return (
        f"Known keys are {known}."
        if section is not Config
        else "Remove it, or move it under `model_metadata`."
    )


def surely_meant(section: type[Section], key: str, given: Container[str]) -> str | None:
    """Return the one key of a section that an unknown key must be a slip of; None if there is no such key.

    `given` are the section's keys in the file, of which none can be meant twice.
    """
    if not how_to_fix(section, key).startswith("Did you mean"):
        return None
    ratios = sorted(
        ((SequenceMatcher(None, key.lower(), name).ratio(), name) for name in section.model_fields),
        reverse=True,
    )
    (ratio, name), others = ratios[0], ratios[1:]
    alone = not others or ratio - others[0][0] > _NEARER
    return name if ratio >= _NEAR and alone and name not in given else None


def _fields(place: str) -> set[str]:
    inside = nested(Config, place)
    return {name for section in inside.classes for name in section.model_fields} if inside else set()

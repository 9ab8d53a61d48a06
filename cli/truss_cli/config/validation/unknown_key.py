"""What the author of an unknown key may have meant."""

from difflib import get_close_matches

from truss_cli.config.fields.nesting import nested
from truss_cli.config.fields.section import Section
from truss_cli.config.schema.root import Config

_SECTIONS = ("resources", "runtime", "build", "base_image")


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


def _fields(place: str) -> set[str]:
    inside = nested(Config, place)
    return {name for section in inside.classes for name in section.model_fields} if inside else set()

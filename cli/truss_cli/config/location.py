"""Places in a config: paths of keys and indices."""

from typing import Any

Path = tuple[Any, ...]  # Any: a mapping in YAML may have any key
_NOWHERE = object()


def name_of(path: Path) -> str:
    """Return a value's own name: its key, with the index if it is an item of a list."""
    name = ""
    for step in path:
        name = (
            f"{name}[{step}]" if isinstance(step, int) and not isinstance(step, bool) and name else str(step)
        )
    return name


def follow(value: object, location: tuple[int | str, ...]) -> Path:
    """Follow pydantic's location into a value, as far as it goes without the names of union members."""
    path: list[object] = []
    for step in location:
        inner = _step(value, step)
        if inner is not _NOWHERE:
            path.append(step)
            value = inner
    return tuple(path)


def _step(value: object, step: int | str) -> object:
    if isinstance(value, dict):
        return value.get(step, _NOWHERE)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return _NOWHERE

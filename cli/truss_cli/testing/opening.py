"""The truss under test: found around the tests, with values of its config.yaml replaced."""

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from truss_cli.config.text.document import read_document
from truss_cli.discovery import is_truss, truss_above
from truss_cli.errors import TrussError
from truss_cli.project import CONFIG_NAME, Truss, open_truss


def find_truss(places: Iterable[Path]) -> Path:
    """Return the nearest truss that one of the places is or lies in; raise `TrussError` if none does."""
    for place in places:
        found = place if is_truss(place) else truss_above(place)
        if found is not None:
            return found.resolve()
    raise TrussError(
        "no truss lies around these tests",
        hint="Run pytest in the truss's folder, or override the fixture `truss_folder`.",
    )


def open_with(folder: Path, replaced: Mapping[str, Any], scratch: Path) -> Truss:  # Any: values of YAML
    """Open the truss in a folder as if its config.yaml had other values; `scratch` takes the one it has then.

    Mappings are merged, and other values are replaced. Raises `TrussError` if there is no truss.
    """
    truss = open_truss(folder)
    if truss.document is None:
        raise TrussError(f"{folder} is not a truss: it has no config.yaml")
    if not replaced:
        return truss
    path = scratch / CONFIG_NAME
    merged = merge(truss.values, replaced)
    path.write_text(yaml.safe_dump(merged, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return Truss(folder, read_document(path))


def merge(values: Mapping[str, Any], replaced: Mapping[str, Any]) -> dict[str, Any]:  # Any: values of YAML
    """Return the values with some replaced, at any depth of mappings."""
    merged = copy.deepcopy(dict(values))
    for key, value in replaced.items():
        inner = merged.get(key)
        if isinstance(inner, dict) and isinstance(value, Mapping):
            merged[key] = merge(inner, value)
        else:
            merged[key] = value
    return merged

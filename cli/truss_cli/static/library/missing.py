"""Names that the standard library of a version of Python lacks."""

from collections.abc import Mapping
from functools import cache

from truss_cli.static.library.records import module_record, records, select
from truss_cli.static.library.version import Version, minor_version

_OLDEST, _NEWEST = 8, 14
"""Minor versions of Python 3 whose names the tables have."""
_OLDEST_STUBS = 10
"""First minor version that the stubs tell apart; for older ones, the names that are newer are listed."""


def stdlib_modules(version: Version) -> frozenset[str]:
    """Return the names of all top-level modules; those of the neaattribute version that the tables have."""
    return _top_level_modules(_clamped(minor_version(version)))


def is_missing(name: str, version: Version) -> bool:
    """Return whether a module of the standard library, or a name in one, does not exist in this version.

    Names of other packages, names that start with an underscore, attributes of classes and versions without
    a table are never reported.
    """
    minor = minor_version(version)
    if not _OLDEST <= minor <= _NEWEST or any(part.startswith("_") for part in name.split(".")):
        return False
    module, attribute = _split(name)
    if not module:
        return False
    if module not in _modules(minor):
        return True
    return bool(attribute) and not _has(module, attribute.partition(".")[0], minor)


def is_newer(module: str, name: str, minor: int) -> bool:
    """Return whether the stubs have a name that this version, older than all stubs, lacks."""
    if minor >= _OLDEST_STUBS:
        return False
    since = (module_record("names.jsonl", module) or {}).get("since", {})
    return any(int(first) > minor and name in names.split() for first, names in since.items())


def exists(module: str, version: Version) -> bool:
    """Return whether a version has a module; True if no version has it, and thus nothing is known."""
    minor = _clamped(minor_version(version))
    return module in _modules(minor) or module not in _all_modules()


def _has(module: str, name: str, minor: int) -> bool:
    """Return whether a module has a name, or might have it."""
    other_names = module_record("names.jsonl", module)
    stub_names = records(module) or {}
    if other_names is None or "__getattr__" in stub_names:
        return True
    if select(stub_names.get(name), max(minor, _OLDEST_STUBS)) is not None:
        return not is_newer(module, name, minor)
    return name in _in_spans(other_names["names"], minor)


def _split(name: str) -> tuple[str, str]:
    """Split a name into the longest module that any version has, and the attribute."""
    module, attribute = name, ""
    while module and module not in _all_modules():
        module, _, last = module.rpartition(".")
        attribute = f"{last}.{attribute}" if attribute else last
    return module, attribute


def _clamped(minor: int) -> int:
    return min(max(minor, _OLDEST), _NEWEST)


@cache
def _modules(minor: int) -> frozenset[str]:
    # `os.path` is a name that `os` binds to another module.
    return frozenset({*_in_spans(module_record("names.jsonl", ""), minor), "os.path"})


@cache
def _top_level_modules(minor: int) -> frozenset[str]:
    return frozenset(name for name in _modules(minor) if "." not in name)


@cache
def _all_modules() -> frozenset[str]:
    spans: Mapping[str, str] = module_record("names.jsonl", "")
    return frozenset(name for names in spans.values() for name in names.split())


def _in_spans(spans: Mapping[str, str], minor: int) -> list[str]:
    """Return the names in the spans, such as `-11`, that contain a minor version."""
    names = []
    for span, text in spans.items():
        since, _, until = span.partition("-")
        if int(since or 0) <= minor <= int(until or _NEWEST):
            names += text.split()
    return names

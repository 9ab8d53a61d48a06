"""The names that the modules of each Python have at runtime, in addition to those in the stubs."""

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from stdlib_list import stdlib_list

from library_tables.stubs import Stubs
from library_tables.table import MINORS, stubs_folder
from truss_cli.static.library.records import Record, module_record, select

PROGRAM = Path(__file__).with_name("cpython_names.py")
MEASURED = (8, 9, 10, 11, 12, 13)
"""Minor versions whose interpreters are asked; they need to be installed where uv finds them."""
OLDEST, NEWEST = MEASURED[0], MINORS[-1]
STUBS_ONLY = {"_typeshed", "typing_extensions"}
"""Modules that have stubs, but are not part of the standard library."""

Names = Mapping[str, set[str]]
"""Public names by module."""


class Measurement(NamedTuple):
    """Modules of one Python, and the names of those that can be imported."""

    modules: set[str]
    names: Names


def measure() -> dict[int, Measurement]:
    """Ask each interpreter for its names, and then for the names that the others have."""
    first = {minor: _run(minor, {}) for minor in MEASURED}
    candidates: dict[str, set[str]] = defaultdict(set)
    for measurement in first.values():
        for module, names in measurement.names.items():
            candidates[module] |= names
    return {minor: _run(minor, candidates) for minor in MEASURED}


def _run(minor: int, candidates: Names) -> Measurement:
    find = ["uv", "python", "find", "--no-project", f"3.{minor}"]
    python = subprocess.run(find, check=True, capture_output=True, text=True).stdout.strip()
    request = json.dumps({module: sorted(names) for module, names in candidates.items()})
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    output = subprocess.run(
        [python, "-I", str(PROGRAM)],
        check=True,
        capture_output=True,
        text=True,
        input=request,
        env=environment,
        timeout=120,
    )
    result = json.loads(output.stdout)
    names = {module: set(module_names) for module, module_names in result["names"].items()}
    return Measurement(set(result["modules"]), names)


def name_records() -> Iterable[tuple[str, dict[str, Record]]]:
    """Yield the modules with their versions under an empty name, then the names of each measured module."""
    measurements = measure()
    stubs = {minor: Stubs(stubs_folder(), (3, minor)) for minor in MINORS}
    yield (
        "",
        _spans({minor: _modules(minor, measurements, stubs) for minor in range(OLDEST, NEWEST + 1)}, NEWEST),
    )
    for module in sorted({name for measurement in measurements.values() for name in measurement.names}):
        record = {"names": _untyped(module, measurements, stubs), "since": _since(module, measurements)}
        yield module, {key: value for key, value in record.items() if value or key == "names"}


def _modules(minor: int, measurements: Mapping[int, Measurement], stubs: Mapping[int, Stubs]) -> set[str]:
    """Return the modules that exist according to any source: one too many is harmless."""
    modules = {name for name in stdlib_list(f"3.{minor}") if "." not in name}
    if minor in measurements:
        modules |= measurements[minor].modules
    if minor in stubs:
        modules |= set(stubs[minor].module_names())
    modules = {name for name in modules if name.partition(".")[0] not in STUBS_ONLY}
    return {name for name in modules if not name.startswith(("test.", "idlelib.", "lib2to3."))}


def _untyped(
    module: str, measurements: Mapping[int, Measurement], stubs: Mapping[int, Stubs]
) -> dict[str, str]:
    """Return the names that exist in a version for which the table has no record of them."""
    existing: dict[int, set[str]] = {}
    names_without_record: set[str] = set()
    stub_names = (module_record("stdlib.jsonl", module) or {}).items()
    for minor in range(OLDEST, NEWEST + 1):
        names = set(measurements[minor].names.get(module, ())) if minor in measurements else set()
        if minor in stubs and stubs[minor].exists(module):
            names |= {name for name in stubs[minor].public(module) if not name.startswith("_")}
        existing[minor] = names
        names_without_record |= names - {
            name for name, record in stub_names if select(record, minor) is not None
        }
    # Names without a stub are not known for the newest version.
    return _spans({minor: names & names_without_record for minor, names in existing.items()}, MEASURED[-1])


def _spans(versions: Mapping[int, set[str]], last: int) -> dict[str, str]:
    """Return names by the first and the last minor version that has them, empty if that is open."""
    spans: dict[str, list[str]] = defaultdict(list)
    for name in sorted({name for names in versions.values() for name in names}):
        minors = [minor for minor, names in versions.items() if name in names]
        since = "" if minors[0] == OLDEST else str(minors[0])
        until = "" if minors[-1] >= last else str(minors[-1])
        spans[f"{since}-{until}"].append(name)
    return {span: " ".join(names) for span, names in sorted(spans.items())}


def _since(module: str, measurements: Mapping[int, Measurement]) -> dict[str, str]:
    """Return the names that came with 3.9 or 3.10: the stubs have them in every version."""
    stub_names = module_record("stdlib.jsonl", module) or {}
    since = {}
    for minor in range(OLDEST + 1, MINORS[0] + 1):
        before, names = (measurements[version].names.get(module) for version in (minor - 1, minor))
        if before is not None and names is not None:
            new = sorted(
                name for name in names - before if select(stub_names.get(name), MINORS[0]) is not None
            )
            since[str(minor)] = " ".join(new)
    return {minor: names for minor, names in since.items() if names}

"""The table of packages: results that the oldest and the newest supported release agree on."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from truss_cli.static.library.records import Record

HERE = Path(__file__).parent
RELEASES = {"3.10": "packages-oldest.txt", "3.12": "packages-newest.txt"}
"""Versions of Python and the requirements of the packages that are measured with it."""
PACKAGES = ("numpy", "pandas", "PIL", "sklearn")
SECONDS = 900

Tables = Mapping[str, Record]


def package_records() -> Iterator[tuple[str, Record]]:
    """Yield the records of the modules and classes."""
    with tempfile.TemporaryDirectory() as folder:
        oldest, newest = (
            _measure(Path(folder, python), python, HERE / requirements)
            for python, requirements in RELEASES.items()
        )
    yield from agreeing(oldest, newest)


def _measure(environment: Path, python: str, requirements: Path) -> Tables:
    """Create an environment and measure the packages in it, each in a process."""
    create = ["uv", "venv", "--quiet", "--python", python, str(environment)]
    subprocess.run(create, check=True)
    interpreter = str(environment / "bin" / "python")
    install = ["uv", "pip", "install", "--quiet", "--python", interpreter, "-r", str(requirements)]
    subprocess.run(install, check=True)
    tables: dict[str, Record] = {}
    for package in PACKAGES:
        output = subprocess.run(
            [interpreter, "-m", "library_tables.measured", package],
            check=True,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(HERE.parent), "OMP_NUM_THREADS": "1"},
            timeout=SECONDS,
        )
        tables |= json.loads(output.stdout)
    return tables


def agreeing(oldest: Tables, newest: Tables) -> Iterator[tuple[str, Record]]:
    """Yield the records on which both releases agree."""
    for name in sorted(oldest.keys() & newest.keys()):
        first, second = oldest[name], newest[name]
        attributes = dict(sorted(first["attributes"].items() & second["attributes"].items()))
        bases = first["bases"] if first["bases"] == second["bases"] else []
        calls = {
            attribute: results
            for attribute in sorted(first["calls"].keys() & second["calls"].keys())
            if (results := _common(first["calls"][attribute], second["calls"][attribute]))
        }
        record = {"calls": calls, "attributes": attributes, "bases": bases}
        record = {key: value for key, value in record.items() if value}
        if record:
            yield name, record


def _common(first: Mapping[str, list[str]], second: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the shapes of calls by the result on which both releases agree."""
    common = {result: sorted({*shapes} & {*second.get(result, ())}) for result, shapes in first.items()}
    return {result: " ".join(shapes) for result, shapes in common.items() if shapes}

"""Regenerates the tables of the library: `make tables`, or `python -m library_tables packages` for one."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from library_tables.packages import RELEASES, package_records
from library_tables.runtime_names import MEASURED, name_records
from library_tables.table import stdlib_records, write_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Path(__file__).parent
LIBRARY = HERE.parents[1] / "cli" / "truss_cli" / "static" / "library"


def main() -> None:
    """Write the tables with the pinned sources; that of names needs the one of the stubs."""
    pins = dict(line.split("==") for line in (HERE / "requirements.txt").read_text().split())
    if version("mypy") != pins["mypy"]:
        sys.exit(f"install mypy=={pins['mypy']}, whose stubs the table is generated from")
    pythons = f"CPython 3.{MEASURED[0]} to 3.{MEASURED[-1]}"
    packages = "; ".join(" ".join((HERE / name).read_text().split()) for name in RELEASES.values())
    tables: Mapping[str, Callable[[], None]] = {
        "stdlib": lambda: write_table(
            LIBRARY / "stdlib.jsonl", f"stubs of mypy {pins['mypy']}", stdlib_records()
        ),
        "names": lambda: write_table(
            LIBRARY / "names.jsonl", f"{pythons}, stdlib-list {pins['stdlib-list']}", name_records()
        ),
        "packages": lambda: write_table(LIBRARY / "packages.jsonl", packages, package_records()),
    }
    for name in sys.argv[1:] or tables:
        tables[name]()


if __name__ == "__main__":
    main()

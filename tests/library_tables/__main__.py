"""Regenerates the tables of the library: `make tables`."""

import sys
from importlib.metadata import version
from pathlib import Path

from library_tables.runtime_names import MEASURED, name_records
from library_tables.table import stdlib_records, write_table

HERE = Path(__file__).parent
LIBRARY = HERE.parents[1] / "cli" / "truss_cli" / "static" / "library"


def main() -> None:
    """Write the tables with the pinned stubs."""
    pins = dict(line.split("==") for line in (HERE / "requirements.txt").read_text().split())
    if version("mypy") != pins["mypy"]:
        sys.exit(f"install mypy=={pins['mypy']}, whose stubs the table is generated from")
    if "names" not in sys.argv[1:]:
        write_table(LIBRARY / "stdlib.jsonl", f"stubs of mypy {pins['mypy']}", stdlib_records())
    source = f"CPython 3.{MEASURED[0]} to 3.{MEASURED[-1]}, stdlib-list {pins['stdlib-list']}"
    write_table(LIBRARY / "names.jsonl", source, name_records())


if __name__ == "__main__":
    main()

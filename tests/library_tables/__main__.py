"""Regenerates the tables of the library: `make tables`."""

import sys
from importlib.metadata import version
from pathlib import Path

from library_tables.table import stdlib_records, write_table

HERE = Path(__file__).parent
LIBRARY = HERE.parents[1] / "cli" / "truss_cli" / "static" / "library"


def main() -> None:
    """Write the tables with the pinned stubs."""
    pins = dict(line.split("==") for line in (HERE / "requirements.txt").read_text().split())
    if version("mypy") != pins["mypy"]:
        sys.exit(f"install mypy=={pins['mypy']}, whose stubs the table is generated from")
    write_table(LIBRARY / "stdlib.jsonl", f"stubs of mypy {pins['mypy']}", stdlib_records())


if __name__ == "__main__":
    main()

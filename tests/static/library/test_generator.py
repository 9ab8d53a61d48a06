"""The tables agree with the stubs that they are generated from."""

from importlib.metadata import version
from pathlib import Path

import pytest

from library_tables.table import encode, stdlib_records
from truss_cli.static.library import records

TESTS = Path(__file__).parents[2]
PINS = dict(line.split("==") for line in (TESTS / "library_tables" / "requirements.txt").read_text().split())


def test_the_tables_name_the_pinned_sources() -> None:
    table, names = (
        Path(records.__file__).with_name(file).read_text(encoding="utf-8").partition("\n")[0]
        for file in ("stdlib.jsonl", "names.jsonl")
    )
    assert f"mypy {PINS['mypy']}" in table
    assert f"stdlib-list {PINS['stdlib-list']}" in names


@pytest.mark.skipif(version("mypy") != PINS["mypy"], reason="needs the stubs of the pinned mypy")
def test_a_sample_is_as_the_stubs_say() -> None:
    sample = dict(stdlib_records(["base64", "json.decoder", "statistics", "uuid"]))
    assert sample
    for module, names in sample.items():
        assert encode(names) == encode(records.records(module)), module

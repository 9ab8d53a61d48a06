"""What `truss schema` says, beside what the deployed route `.../schema` answers, release 0.18.35.

tests/cases/schemas.jsonl has the answer for each measured model that loads; null is "No schema found".
"""

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from measured import Case, read_cases, write_case
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.project import open_truss
from truss_cli.schema.documents import schemas
from truss_cli.schema.interface import Interface, read_interface

CASES = {case["id"]: case for case in read_cases("models.jsonl")}
ANSWERS = [(CASES[answer["id"]], answer["schema"]) for answer in read_cases("schemas.jsonl")]


def _interface(case: Case, folder: Path) -> Interface:
    return read_interface(TrussFacts(open_truss(write_case(case, folder))))


@pytest.mark.parametrize(
    ("case", "answer"), [pytest.param(*both, id=both[0]["id"]) for both in ANSWERS if both[1] is not None]
)
def test_where_the_route_answers_it_says_the_same(case: Case, answer: dict[str, Any], tmp_path: Path) -> None:
    interface = _interface(case, tmp_path)
    found = schemas(interface)
    if answer["input_schema"] is not None:
        assert found["input_schema"] == answer["input_schema"]
    if answer["output_schema"] is not None:
        # The route shows what the type would take; what is sent is as it is serialized, by fields' names.
        taken = TypeAdapter[Any](interface.output).json_schema(mode="validation")
        assert taken == answer["output_schema"]
    if answer["supports_streaming"] is not None:
        assert found["supports_streaming"] == answer["supports_streaming"]


def test_no_model_that_loads_is_too_much(tmp_path: Path) -> None:
    for case, _ in ANSWERS:
        found = schemas(_interface(case, tmp_path / case["id"]))
        assert found.keys() == {"input_schema", "output_schema", "supports_streaming"}

"""`--output-format json`: what programs read."""

import json
from pathlib import Path

from callables import Report

BROKEN = 'class Model:\n    def predict(self, é, b):\n        return {"é": é}\n'


def test_an_entry_has_the_documented_keys(report: Report) -> None:
    (entry,) = json.loads(report({"my truss": {"model/model.py": BROKEN}}, "json"))
    message, help_text = entry.pop("message"), entry.pop("help")
    assert entry == {
        "code": "TRS106",
        "name": "request-position",
        "severity": "error",
        "filename": "my truss/model/model.py",
        "location": {"row": 2, "column": 26},
        "end_location": {"row": 2, "column": 27},
        "truss": "my truss",
        "related": [],
        "fix": None,
    }
    assert "`b`" in message
    assert "starlette.requests.Request" in help_text


def test_nothing_found_is_an_empty_array(report: Report) -> None:
    assert json.loads(report({"a": {}, "b": {}}, "json")) == []


def test_related_places_are_given(report: Report) -> None:
    config = 'resources:\n  cpu: "1"\n  cpu: "2"\n'
    (entry,) = json.loads(report({"a": {"config.yaml": config}}, "json"))
    (related,) = entry["related"]
    assert related["filename"] == "a/config.yaml"
    assert related["location"] == {"row": 2, "column": 3}
    assert related["end_location"] == {"row": 2, "column": 6}


def test_a_file_outside_the_working_folder_is_named_in_full(report: Report, tmp_path: Path) -> None:
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    elsewhere.mkdir()
    (elsewhere / "base.py").write_text("class Base:\n    def predict(self, a, b): ...\n")
    files = {
        "config.yaml": f"external_package_dirs: [../../{elsewhere.name}]\n",
        "model/model.py": "from base import Base\n\n\nclass Model(Base):\n    pass\n",
    }
    (entry,) = json.loads(report({"a": files}, "json"))
    assert Path(entry["filename"]).resolve() == elsewhere / "base.py"
    assert entry["truss"] == "a"


def test_hostile_text_is_escaped_as_json_alone(report: Report) -> None:
    text = report({"a\x1b[31m\u2028\n::error::b": {"model/model.py": BROKEN}}, "json")
    assert text.isascii()
    assert "\x1b" not in text
    assert not any(line.startswith("::") for line in text.splitlines())
    assert json.loads(text)[0]["truss"] == "a\x1b[31m\u2028\n::error::b"

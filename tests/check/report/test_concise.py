"""`--output-format concise`: one line a finding."""

from callables import Report

BROKEN = "class Model:\n    def predict(self, a, b):\n        return a\n"


def test_a_finding_is_one_line_of_place_code_and_message(report: Report) -> None:
    text = report({"a": {"model/model.py": BROKEN}}, "concise")
    assert text.startswith("a/model/model.py:2:26: error[TRS106] `b`, second argument of `predict`, ")
    assert text.count("\n") == 1


def test_nothing_found_is_nothing_written(report: Report) -> None:
    assert report({"a": {}}, "concise") == ""


def test_hostile_names_stay_on_the_line_and_control_nothing(report: Report) -> None:
    folder = "a\n::error::b\x1b]0;title\x07\u202e"
    (line,) = report({folder: {"model/model.py": BROKEN}}, "concise").splitlines()
    assert line.startswith(r"a\n::error::b\x1b]0;title\x07\u202e/model/model.py:2:26: error[TRS106] ")

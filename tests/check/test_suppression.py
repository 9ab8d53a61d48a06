"""`# truss: ignore[...]` at the end of a line, and `# truss: ignore-file[...]`."""

import json
from collections.abc import Sequence

import pytest

from callables import Check, Run, WriteTruss
from truss_cli.diagnostic import Diagnostic

FINE = "class Model:\n    def predict(self, a) -> dict:\n        return a\n"
WRONG = "class Model:\n    def predict(self, a, b) -> dict:{comment}\n        return a\n"


def _codes(found: Sequence[Diagnostic]) -> list[str]:
    return [diagnostic.code for diagnostic in found]


@pytest.mark.parametrize(
    "comment",
    [
        "  # truss: ignore[TRS106]",
        "  # truss: ignore",
        "  # truss: ignore[TRS1]",
        "  # truss: ignore[trs106, TRS201]",
        "  # noqa: ANN001 # truss: ignore[TRS106] - the server is patched",
        "  #truss:ignore[TRS106]",
        "  # truss: ignore [TRS106]",
        "  # truss: ignore[request-position]",
        "  # truss: ignore[TRS301, Request-Position]",
        "\n        # truss: ignore-file[TRS106]",
        "\n        # truss: ignore-file",
    ],
)
def test_a_comment_hides_the_finding_on_its_line(comment: str, check: Check) -> None:
    assert _codes(check({"model/model.py": WRONG.format(comment=comment)})) == []


@pytest.mark.parametrize(
    "comment",
    [
        "  # truss: ignore[TRS201]",
        "\n        # truss: ignore[TRS106]",
        '\n        "# truss: ignore[TRS106]"',
        "\n        # truss: ignore-file[TRS2]",
        "  # truss: ignored",
    ],
)
def test_a_comment_elsewhere_or_for_another_rule_hides_nothing(comment: str, check: Check) -> None:
    assert "TRS106" in _codes(check({"model/model.py": WRONG.format(comment=comment)}))


def test_what_hides_nothing_is_reported_where_it_stands(check: Check) -> None:
    model = "class Model:\n    def predict(self, é) -> dict:  # truss: ignore[TRS106, TRS2]\n        ...\n"
    (unused,) = check({"model/model.py": model})
    assert unused.code == "TRS009"
    assert "TRS106, TRS2" in unused.finding.message
    span = unused.finding.span
    line = model.splitlines()[span.start.line - 1]
    assert line[span.start.column - 1 : span.end.column - 1] == "# truss: ignore[TRS106, TRS2]"


def test_the_finding_on_an_unused_comment_can_be_suppressed_by_no_other(check: Check) -> None:
    model = "class Model:  # truss: ignore[TRS009]\n    def predict(self, a) -> dict:\n        return a\n"
    assert _codes(check({"model/model.py": model})) == ["TRS009"]


@pytest.mark.parametrize("comment", ["# truss: ignore[TRS508]", "# truss: ignore"])
def test_a_comment_in_yaml(comment: str, check: Check) -> None:
    assert _codes(check({"config.yaml": f"owner: Ada  {comment}\n", "model/model.py": FINE})) == []


def test_text_in_yaml_that_is_no_comment_hides_nothing(check: Check) -> None:
    config = 'owner: "# truss: ignore[TRS508]"\nother: a#truss:ignore\n'
    assert _codes(check({"config.yaml": config, "model/model.py": FINE})) == ["TRS508", "TRS508"]


def test_a_comment_in_an_imported_file(check: Check) -> None:
    files = {
        "model/model.py": "from base import Base\n\n\nclass Model(Base):\n    pass\n",
        "packages/base.py": "class Base:\n    def predict(self, a, b) -> dict: ...  # truss: ignore\n",
    }
    assert _codes(check(files)) == []


def test_a_comment_for_the_whole_file_hides_nothing_in_others(check: Check) -> None:
    model = "# truss: ignore-file\n" + WRONG.format(comment="")
    assert _codes(check({"config.yaml": "owner: Ada\n", "model/model.py": model})) == ["TRS508"]
    config = "# truss: ignore-file[unknown-key]\nowner: Ada\nother: b\n"
    assert _codes(check({"config.yaml": config, "model/model.py": FINE})) == []


@pytest.mark.parametrize(
    ("named", "unknown", "hint"),
    [
        ("TRS999", "TRS999", "`truss rule` lists the rules."),
        ("E501", "E501", "`truss rule` lists the rules."),
        ("blocking-cal", "blocking-cal", "Did you mean `blocking-call`?"),
        ("TRS106, [x", "[x", "`truss rule` lists the rules."),
    ],
)
def test_what_names_no_rule_is_always_reported(
    named: str, unknown: str, hint: str, run: Run, write_truss: WriteTruss
) -> None:
    text = f"class Model:\n    def predict(self, a) -> dict:  # truss: ignore[{named}]\n        return a\n"
    done = run("check", "--output-format", "json", cwd=write_truss({"model/model.py": text}))
    (found,) = json.loads(done.stdout)
    assert (found["code"], found["severity"], found["help"]) == ("TRS013", "warning", hint)
    assert f"`{unknown}`" in found["message"]

"""`--output-format github`: one workflow command a finding, whatever the names and texts hold."""

import re
from urllib.parse import unquote

from callables import Report

_COMMAND = re.compile(r"::(?P<kind>error|warning) (?P<properties>[^:]*)::(?P<message>.*)")

BROKEN = "class Model:\n    def predict(self, a, b):\n        return a\n"


def _commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as the runner does: split at commas, then unescape."""
    commands = []
    for line in text.splitlines():
        match = _COMMAND.fullmatch(line)
        assert match, line
        properties = dict(part.split("=", 1) for part in match["properties"].split(","))
        unescaped = {key: unquote(value) for key, value in properties.items()}
        commands.append((match["kind"], unescaped, unquote(match["message"])))
    return commands


def test_a_command_has_place_title_message_and_help(report: Report) -> None:
    ((kind, properties, message),) = _commands(report({"a": {"model/model.py": BROKEN}}, "github"))
    assert kind == "error"
    assert properties == {
        "title": "TRS106 request-position",
        "file": "a/model/model.py",
        "line": "2",
        "endLine": "2",
        "col": "26",
        "endColumn": "27",
    }
    assert message.splitlines()[0].startswith("`b`, second argument of `predict`")
    assert len(message.splitlines()) == 2


def test_columns_are_left_out_over_several_lines(report: Report) -> None:
    model = "class Model:\n    def predict(self, a) -> set[\n        int\n    ]: ...\n"
    ((_, properties, _),) = _commands(report({"a": {"model/model.py": model}}, "github"))
    assert (properties["line"], properties["endLine"]) == ("2", "4")
    assert not {"col", "endColumn"} & properties.keys()


def test_hostile_names_and_messages_stay_one_command(report: Report) -> None:
    folder = "100%25,line=9::error file=x::no\r\n::warning::\x1b[31m"
    config = '"a%0A::error::b\\n::error::c,": 1\n'
    text = report({folder: {"model/model.py": BROKEN, "config.yaml": config}}, "github")
    assert "\x1b" not in text
    commands = _commands(text)
    assert len(commands) == 2
    for _, properties, _ in commands:
        assert properties["line"] in "12"
        assert properties["file"].startswith("100%25,line=9::error file=x::no\\r\n::warning::\\x1b[31m/")

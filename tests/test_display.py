"""Values of users are printed as data: no second line, no workflow command, no escape sequence."""

import io

import pytest

from callables import Run, WriteModel
from truss_cli.display import error_text, visible

KEY = r'"a\r\n::error file=x::owned\e[31m"'
MODEL = "class Model:\n    def predict(self, x):\n        return x\n"


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("a\r\n::error::b", r"a\r\n::error::b"),
        ("::error::b", r"\x3a:error::b"),
        (" \t::error::b", r" \t::error::b"),
        ("a ##[error]b", r"a ##\x5berror]b"),
        ("std::vector", "std::vector"),
        ("# [a]", "# [a]"),
    ],
)
def test_a_value_is_one_line_without_a_workflow_command(value: str, line: str) -> None:
    assert visible(value) == line


def test_a_traceback_keeps_its_lines_but_has_no_workflow_command() -> None:
    message = error_text(
        "message", None, "Traceback:\n  ::error::a\n::add-mask::b\nx ##[group]c", io.StringIO()
    )
    assert message == ("Traceback:\n  \\x3a:error::a\n\\x3a:add-mask::b\nx ##\\x5bgroup]c\nerror: message\n")


@pytest.mark.parametrize(
    "command", [("predict",), ("serve", "--port", "0"), ("check", "--output-format", "concise")]
)
def test_a_key_of_a_config_stays_on_the_line_of_its_error(
    command: tuple[str, ...], run: Run, write_model: WriteModel
) -> None:
    truss = write_model(MODEL, config=f"model_name: m\n{KEY}: 1\n")
    process = run(command[0], truss, *command[1:], stdin="{}", env={"GITHUB_ACTIONS": ""})
    assert process.returncode in {1, 2}, process.stderr
    output = process.stdout + process.stderr
    assert r"a\r\n::error file=x::owned\x1b" in output
    assert not [line for line in output.splitlines() if line.lstrip().startswith("::")]

"""What helps to find the way: the texts of `--help`, errors of usage, completion by the shell."""

from importlib import import_module

import pytest

from callables import Run
from truss_cli.app import COMMANDS
from truss_cli.check.registry import all_rules
from truss_cli.choices import OutputFormat
from truss_cli.init.template.gallery import gallery

PANELS = {
    "check": ("Rules", "Fixes", "Output"),
    "predict": (
        "Input",
        "Secrets and environment",
        "An environment of its own",
        "Time limits",
        "Output",
        "Many inputs",
        "Ray",
    ),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_a_summary_that_fits_in_the_list(command: str, run: Run) -> None:
    summaries = run("--help", env={"COLUMNS": "80"}).stdout
    summary = import_module(f"truss_cli.commands.{command}").__dict__[command].__doc__.partition("\n")[0]
    assert f" {command} " in summaries
    assert summary in " ".join(summaries.replace("│", " ").split())


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_shows_examples_line_by_line(command: str, run: Run) -> None:
    shown = run(command, "--help", env={"COLUMNS": "120"}).stdout
    examples = import_module(f"truss_cli.commands.{command}").EXAMPLES
    assert 2 <= len(examples) <= 3
    assert [line.strip() for line in shown.splitlines() if line.strip() in examples] == list(examples)


@pytest.mark.parametrize("command", PANELS)
def test_options_stand_in_panels(command: str, run: Run) -> None:
    titles = [
        line.split("─")[1].strip() for line in run(command, "--help").stdout.splitlines() if "╭" in line
    ]
    assert titles == ["Arguments", "Options", *PANELS[command]]


@pytest.mark.parametrize(
    ("arguments", "message", "command"),
    [
        (["chck"], "no such command 'chck'. Did you mean 'check'?", "truss"),
        (["check", "--zzzz"], "no such option: --zzzz", "truss check"),
        (["check", "--select"], "option '--select' requires an argument", "truss check"),
        (["predict", "a", "b"], "got unexpected extra argument(s) (b)", "truss predict"),
        (["check", "--[red]"], "no such option: --[red]", "truss check"),
    ],
)
def test_errors_of_usage_sound_like_all_others(
    arguments: list[str], message: str, command: str, run: Run
) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {message}\nhelp: Run `{command} --help` for its options.\n"


def test_a_choice_that_is_none_is_answered_with_the_choices(run: Run) -> None:
    error = run("check", "--output-format", "xml").stderr
    assert all(f"'{choice}'" in error for choice in OutputFormat)
    assert "Value error" not in error


def _complete(run: Run, shell: str, line: str) -> str:
    """Return what typer's completion offers for a command line."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_TYPER_COMPLETE_ARGS": line}
    action = {"_TRUSS_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    return run(env={**words, **action}).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands(shell: str, run: Run) -> None:
    completed = _complete(run, shell, "truss ")
    assert all(name in completed for name in COMMANDS)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("truss check --output-format ", list(OutputFormat)),
        ("truss init --template s", [one.name for one in gallery() if one.name.startswith("s")]),
        ("truss check --select TRS3", [one.code for one in all_rules() if one.code.startswith("TRS3")]),
    ],
)
def test_formats_templates_and_rules_are_completed(line: str, offered: list[str], run: Run) -> None:
    completed = _complete(run, "bash", line)
    assert all(one in completed for one in offered)
    assert "TRS4" not in completed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script(shell: str, run: Run) -> None:
    assert "_TRUSS_COMPLETE" in run("--show-completion", shell).stdout

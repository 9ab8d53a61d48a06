"""`truss rule`: its arguments."""

import sys
from typing import Annotated

import typer

from truss_cli.commands.completion import complete_rules
from truss_cli.errors import ExitCode

EXAMPLES = ("truss rule", "truss rule TRS206", "truss rule blocking-call TRS4")


def rule(
    rules: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="RULE...",
            autocompletion=complete_rules,
            help="Codes, prefixes of codes or names.",
            show_default="a list of all rules",
        ),
    ] = None,
) -> ExitCode:
    """Explain rules of the check: what each finds, why it matters, and how to mend it."""
    from truss_cli.check.explain import explain, list_rules  # noqa: PLC0415 - as all imports of a command's own

    sys.stdout.write(explain(rules) if rules else list_rules())
    return ExitCode.OK

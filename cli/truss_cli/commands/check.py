"""`truss check`: its options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from truss_cli.choices import OutputFormat
from truss_cli.commands.completion import complete_rules
from truss_cli.errors import ExitCode

_RULES = "Rules"
_FIXES = "Fixes"
_OUTPUT = "Output"

EXAMPLES = (
    "truss check",
    "truss check models/ --exclude 'models/old' --strict",
    "truss check --fix",
)


def check(  # noqa: PLR0913 - one parameter an option
    arguments: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH...",
            help="Trusses, folders to search for trusses, or files of trusses.",
            show_default="the current folder",
        ),
    ] = None,
    *,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Do not search folders with this name or path. Repeatable."),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULES",
            autocompletion=complete_rules,
            help="Run only these rules: codes, prefixes of codes or names, separated by commas.",
            rich_help_panel=_RULES,
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULES",
            autocompletion=complete_rules,
            help="Do not run these rules.",
            rich_help_panel=_RULES,
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Fail on warnings too, and run the opt-in rules.", rich_help_panel=_RULES
        ),
    ] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Explain the rules given in place of paths, or list all rules.",
            rich_help_panel=_RULES,
        ),
    ] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="Fix in the files what is safe to fix, and report the rest.", rich_help_panel=_FIXES
        ),
    ] = False,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff",
            help="Print what --fix would change, change nothing, and exit with 1 if there is anything.",
            rich_help_panel=_FIXES,
        ),
    ] = False,
    unsafe_fixes: Annotated[
        bool,
        typer.Option("--unsafe-fixes", help="Include fixes that may change results.", rich_help_panel=_FIXES),
    ] = False,
    stdin_filename: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Check the text on stdin as this file of a truss.", rich_help_panel=_OUTPUT
        ),
    ] = None,
    resolve: Annotated[
        bool,
        typer.Option(
            "--resolve",
            help="Resolve the requirements too, as the build does; needs uv, and an index or uv's cache.",
            rich_help_panel=_RULES,
        ),
    ] = False,
    output_format: Annotated[
        OutputFormat | None,
        typer.Option(
            help="Choose the format of the report.",
            rich_help_panel=_OUTPUT,
            show_default="text; annotations as well in GitHub Actions",
        ),
    ] = None,
    output_file: Annotated[
        Path | None,
        typer.Option(
            "--output-file",
            "-o",
            metavar="FILE",
            help="Write the report to this file, not to stdout.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    statistics: Annotated[
        bool,
        typer.Option(
            "--statistics", help="Report how often each rule found something.", rich_help_panel=_OUTPUT
        ),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", help="Write the findings and nothing else.", rich_help_panel=_OUTPUT),
    ] = False,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch",
            help="Check again whenever a file changes, until Ctrl-C (needs watchfiles).",
            rich_help_panel=_OUTPUT,
        ),
    ] = False,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 whatever is found.", rich_help_panel=_OUTPUT)
    ] = False,
    config_schema: Annotated[
        bool,
        typer.Option(
            "--config-schema",
            help="Print the JSON Schema of config.yaml, for editors.",
            rich_help_panel=_OUTPUT,
        ),
    ] = False,
) -> ExitCode:
    """Check trusses for mistakes, without running their code.

    Exits with 1 if the Model class, its return annotations or config.yaml have errors.
    """
    if explain:
        from truss_cli.check.explain import explain as explain_rules  # noqa: PLC0415 - as all imports of a command's own
        from truss_cli.check.explain import list_rules  # noqa: PLC0415

        sys.stdout.write(explain_rules([str(code) for code in arguments]) if arguments else list_rules())
        return ExitCode.OK
    if config_schema:
        import json  # noqa: PLC0415

        from truss_cli.config.json_schema import config_json_schema  # noqa: PLC0415

        sys.stdout.write(json.dumps(config_json_schema(), indent=2) + "\n")
        return ExitCode.OK
    paths = tuple(arguments or [Path()])
    if watch:
        from truss_cli.commands.watching import run_on_changes  # noqa: PLC0415

        run_on_changes(paths, without=output_file)
    from truss_cli.check.command import CheckOptions  # noqa: PLC0415
    from truss_cli.check.command import check as run  # noqa: PLC0415
    from truss_cli.check.output import OutputOptions  # noqa: PLC0415
    from truss_cli.check.selection import Selection, split_codes  # noqa: PLC0415

    selection = Selection(split_codes(select or ()), split_codes(ignore or ()), strict, resolve)
    output = OutputOptions(output_format, output_file, statistics, quiet)
    return run(
        CheckOptions(
            paths,
            selection,
            tuple(exclude or ()),
            exit_zero,
            output,
            fix,
            diff,
            unsafe_fixes,
            stdin_filename,
        )
    )

"""Where the report of a check goes, and as what."""

import contextlib
import io
import sys
from pathlib import Path
from typing import NamedTuple, TextIO

from truss_cli.check.report import Report, in_github_actions, write_report
from truss_cli.choices import OutputFormat
from truss_cli.errors import TrussError
from truss_cli.replace_file import replace_file


class OutputOptions(NamedTuple):
    """What the command line asks for; no format is the one that suits the place, text in most."""

    format: OutputFormat | None = None
    file: Path | None = None
    statistics: bool = False
    quiet: bool = False
    stream: TextIO | None = None
    """Where it goes without a file; stdout if None."""

    def require_possible(self) -> None:
        """Raise TrussError for a format that has no statistics."""
        if self.statistics and self.format is not None:
            from truss_cli.check.report.statistics import FORMATS  # noqa: PLC0415 - few ask for them

            if self.format not in FORMATS:
                message = f"there are no statistics in the format `{self.format}`"
                raise TrussError(message, hint=f"Choose one of {', '.join(FORMATS)}.")


def write_output(report: Report, options: OutputOptions) -> None:
    """Write a report to stdout or to the file. Raises TrussError if that cannot be written."""
    if options.file is None:
        # A reader that has left changes nothing about what was found.
        with contextlib.suppress(BrokenPipeError):
            _write(report, options, options.stream or sys.stdout)
        return
    text = io.StringIO()
    _write(report, options, text)
    try:
        replace_file(options.file, text.getvalue().encode("utf-8", "backslashreplace"))
    except OSError as error:
        hint = "Name a file in a folder that is there and may be written to."
        raise TrussError(f"{options.file} cannot be written: {error.strerror}", hint=hint) from None


def _write(report: Report, options: OutputOptions, out: TextIO) -> None:
    if options.statistics:
        from truss_cli.check.report.statistics import write_statistics  # noqa: PLC0415 - few ask for them

        write_statistics(report, options.format or OutputFormat.TEXT, out)
    elif options.format is None and options.file is None and in_github_actions.runs_here():
        in_github_actions.write(report, out)
    else:
        write_report(report, options.format or OutputFormat.TEXT, out)

"""The report in a GitHub workflow that asks for no format: annotations, and the text for its log."""

import os
import secrets
from typing import TextIO

from truss_cli.check.report import Report, as_github, as_text


def runs_here() -> bool:
    """Whether this is a step of a GitHub workflow."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def write(report: Report, out: TextIO) -> None:
    """Write one command a finding, then the text, in which the runner is told to look for no commands."""
    as_github.write(report, out)
    token = secrets.token_hex(16)
    out.write(f"::stop-commands::{token}\n")
    as_text.write(report, out)
    out.write(f"::{token}::\n")

"""A config.yaml with which the truss cannot be deployed."""

from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.errors import ExitCode, TrussError
from truss_cli.project import CONFIG_NAME, Truss

HARMLESS = frozenset(
    {
        Problem.ABSENT_FOLDER,
        Problem.DEPRECATED,
        Problem.DUPLICATE_KEY,
        Problem.IGNORED_KEY,
        Problem.OUTSIDE,
        Problem.REQUIREMENT,
        Problem.RESERVED_VARIABLE,
        Problem.SECRET_VALUE,
        Problem.SUSPECT_VALUE,
    }
)
"""What a deployment survives: all that `check` does not call an error."""


def require_deployable(truss: Truss) -> None:
    """Raise TrussError for the first thing in config.yaml that a deployment refuses."""
    document = truss.document
    if document is None:
        return
    from truss_cli.config.inspect import inspect  # noqa: PLC0415 - the schema takes a while to build

    for finding in (*document.findings, *inspect(document, truss.folder)):
        if finding.problem not in HARMLESS:
            raise _error(finding)


def _error(finding: ConfigFinding) -> TrussError:
    place = f"{CONFIG_NAME}:{finding.span.start.line}:{finding.span.start.column}"
    return TrussError(f"{place}: {finding.message}", hint=finding.help, exit_code=ExitCode.FAULT)

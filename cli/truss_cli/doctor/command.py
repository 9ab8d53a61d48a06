"""`truss doctor`: compare, write the page, and say whether a run would fail."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from truss_cli.deployment.variables import parse_variables
from truss_cli.doctor.findings import PageSection, Verdict
from truss_cli.doctor.machine import compare_gpu, compare_python, describe_isolation
from truss_cli.doctor.model import compare_model, compare_secrets
from truss_cli.doctor.packages import compare_packages, install_line
from truss_cli.doctor.page import write_page
from truss_cli.doctor.variables import compare_variables
from truss_cli.errors import ExitCode, TrussError
from truss_cli.project import Truss, open_truss
from truss_cli.runtime.model.opening import SecretSources, secret_values


@dataclass(frozen=True, slots=True)
class DoctorOptions:
    """The command line of `truss doctor`."""

    folder: Path
    secrets: Path | None = None
    secret_values: tuple[str, ...] = ()
    """`NAME=VALUE`; the value `-` is read from stdin."""
    variables: tuple[str, ...] = ()
    """`NAME=VALUE`."""
    files: bool = False


def doctor(options: DoctorOptions) -> ExitCode:
    """Compare a truss with this machine; raise TrussError for a folder that is not a truss."""
    truss = _open(options.folder)
    if options.files:
        from truss_cli.doctor.files import list_files  # noqa: PLC0415 - only with this option

        return list_files(truss)
    variables = parse_variables(options.variables)
    secrets = secret_values(truss, SecretSources(options.secrets, options.secret_values).read(), variables)
    packages = tuple(compare_packages(truss))
    sections = (
        PageSection("Model", tuple(compare_model(truss))),
        PageSection("Machine", (*compare_python(truss), *compare_gpu(truss))),
        PageSection("Packages", packages),
        PageSection("Secrets", tuple(compare_secrets(truss, secrets))),
        PageSection("Environment variables", tuple(compare_variables(truss, variables))),
        PageSection("With --isolated", tuple(describe_isolation(truss))),
    )
    write_page(sections)
    sys.stdout.write(f"{_summary(sections)}\n")
    fix = install_line(truss, packages)
    if fix is not None:
        sys.stdout.write(f"help: {fix}\n")
    return ExitCode.FAULT if Verdict.FAILS in _verdicts(sections) else ExitCode.OK


def _summary(sections: Sequence[PageSection]) -> str:
    verdicts = _verdicts(sections)
    differences = verdicts.count(Verdict.DIFFERS)
    if Verdict.FAILS in verdicts:
        return "`truss predict` would fail here."
    if differences == 1:
        return "1 thing differs from the deployment."
    if differences:
        return f"{differences} things differ from the deployment."
    return "Nothing differs from the deployment, as far as can be seen."


def _verdicts(sections: Sequence[PageSection]) -> list[Verdict]:
    return [line.verdict for section in sections for line in section.lines]


def _open(folder: Path) -> Truss:
    try:
        truss = open_truss(folder)
    except OSError as error:
        raise TrussError(f"cannot read {folder / 'config.yaml'}: {error.strerror}") from None
    if truss.document is None:
        hint = "Run this in the truss's folder, or name the folder; `truss init` makes a new one."
        raise TrussError(f"{folder} is not a truss: it has no config.yaml", hint=hint)
    return truss

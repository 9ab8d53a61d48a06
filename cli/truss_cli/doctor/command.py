"""`truss doctor`: compare, write the page, and say whether a run would fail."""

import sys
from pathlib import Path

from truss_cli.doctor.findings import PageSection, Verdict
from truss_cli.doctor.machine import compare_gpu, compare_python, describe_isolation
from truss_cli.doctor.model import compare_model, compare_secrets
from truss_cli.doctor.packages import compare_packages
from truss_cli.doctor.page import write_page
from truss_cli.errors import ExitCode, TrussError
from truss_cli.project import Truss, open_truss


def doctor(folder: Path, secrets_file: Path | None) -> ExitCode:
    """Write what the truss in a folder wants beside what is here; raise TrussError for what is no truss."""
    truss = _open(folder)
    given = _secrets(secrets_file)
    sections = (
        PageSection("Model", tuple(compare_model(truss))),
        PageSection("Machine", (*compare_python(truss), *compare_gpu(truss))),
        PageSection("Packages", tuple(compare_packages(truss))),
        PageSection("Secrets", tuple(compare_secrets(truss, given))),
        PageSection("With --isolated", tuple(describe_isolation(truss))),
    )
    write_page(sections)
    verdicts = [line.verdict for section in sections for line in section.lines]
    fails = Verdict.FAILS in verdicts
    differs = verdicts.count(Verdict.DIFFERS)
    if fails:
        summary = "`truss predict` would fail here."
    elif differs:
        summary = f"{differs} thing{'s' * (differs != 1)} differ{'s' * (differs == 1)} from the deployment."
    else:
        summary = "Nothing differs from the deployment, as far as can be seen."
    sys.stdout.write(f"{summary}\n")
    return ExitCode.FAULT if fails else ExitCode.OK


def _secrets(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    from truss_cli.runtime.model.secrets.file import read_secrets  # noqa: PLC0415 - only here

    return read_secrets(path)


def _open(folder: Path) -> Truss:
    try:
        truss = open_truss(folder)
    except OSError as error:
        raise TrussError(f"cannot read {folder / 'config.yaml'}: {error.strerror}") from None
    if truss.document is None:
        hint = "Run this in the truss's folder, or name the folder; `truss init` makes a new one."
        raise TrussError(f"{folder} is not a truss: it has no config.yaml", hint=hint)
    return truss

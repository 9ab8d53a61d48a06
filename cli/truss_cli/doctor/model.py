"""The model's files and secrets: what a run of it certainly needs."""

from collections.abc import Iterator, Mapping

from truss_cli.config.validation.inspect import inspect
from truss_cli.contract.terms import Severity
from truss_cli.display import relative_name
from truss_cli.doctor.findings import Comparison, Verdict
from truss_cli.project import CONFIG_NAME, Truss
from truss_cli.runtime.model.secrets.lookup import SecretNotFound, Secrets


def compare_model(truss: Truss) -> Iterator[Comparison]:
    """Yield config.yaml and the model's file."""
    document = truss.document
    found = [*document.findings, *inspect(document, truss.folder)] if document else []
    errors = [finding for finding in found if finding.problem.severity is Severity.ERROR]
    if errors:
        place = errors[0].span.start
        here = f"line {place.line}: {errors[0].message}"
        yield Comparison(CONFIG_NAME, "without errors", here, Verdict.FAILS)
    else:
        yield Comparison(CONFIG_NAME, "without errors", "without errors", Verdict.FITS)
    path = relative_name(truss.model_path)
    there = truss.model_path.is_file()
    yield Comparison(
        "model", path, "there" if there else "not there", Verdict.FITS if there else Verdict.FAILS
    )


def compare_secrets(truss: Truss, values: Mapping[str, str]) -> Iterator[Comparison]:
    """Yield the names of the declared secrets, and whether each has a value."""
    secrets = Secrets(truss.secrets, values)
    for name in truss.secrets:
        try:
            has_value = bool(secrets[name])
        except SecretNotFound:
            has_value = False
        here = "has a value" if has_value else "no value"
        yield Comparison(name, "a value", here, Verdict.FITS if has_value else Verdict.DIFFERS)

"""Everything that is wrong with a config.yaml that could be read."""

from itertools import chain, islice
from pathlib import Path

from truss_cli.config.finding import ConfigFinding
from truss_cli.config.text.document import Document
from truss_cli.config.validation.files import file_findings
from truss_cli.config.validation.requirements import requirement_findings
from truss_cli.config.validation.schema_validator import MOST_FINDINGS, SchemaValidator
from truss_cli.config.validation.secret_values import secret_findings
from truss_cli.config.validation.variables import variable_findings


def inspect(document: Document, folder: Path) -> list[ConfigFinding]:
    """Return what is wrong beyond `document.findings`, by position; `folder` is the truss."""
    if not document.readable or not document.values:
        return []
    found = chain(
        SchemaValidator(document).run(),
        file_findings(document, folder),
        requirement_findings(document),
        secret_findings(document),
        variable_findings(document),
    )
    return sorted(islice(found, MOST_FINDINGS), key=lambda finding: finding.span)

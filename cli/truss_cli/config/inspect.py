"""Everything that is wrong with a config.yaml that could be read."""

from itertools import chain, islice
from pathlib import Path

from truss_cli.config.document import Document
from truss_cli.config.files import file_findings
from truss_cli.config.finding import ConfigFinding
from truss_cli.config.requirements import requirement_findings
from truss_cli.config.secret_values import secret_findings
from truss_cli.config.walk import MOST_FINDINGS, Walk


def inspect(document: Document, folder: Path) -> list[ConfigFinding]:
    """Return what is wrong beyond `document.findings`, by position; `folder` is the truss."""
    if not document.readable or not document.values:
        return []
    found = chain(
        Walk(document).run(),
        file_findings(document, folder),
        requirement_findings(document),
        secret_findings(document),
    )
    return sorted(islice(found, MOST_FINDINGS), key=lambda finding: finding.span)

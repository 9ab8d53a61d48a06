"""Everything that is wrong with a config.yaml that could be read."""

from pathlib import Path

from truss_cli.config.document import Document
from truss_cli.config.files import file_findings
from truss_cli.config.finding import ConfigFinding
from truss_cli.config.requirements import requirement_findings
from truss_cli.config.secret_values import secret_findings
from truss_cli.config.walk import Walk


def inspect(document: Document, folder: Path) -> list[ConfigFinding]:
    """Give the findings beyond `document.findings`, by position; `folder` is the truss."""
    if not document.readable or not document.values:
        return []
    found = Walk(document).run()
    found += file_findings(document, folder)
    found += requirement_findings(document)
    found += secret_findings(document)
    return sorted(found, key=lambda finding: finding.span)

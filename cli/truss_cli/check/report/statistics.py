"""How often each rule reports: a line a rule, most frequent first, in place of the findings."""

import json
from collections import Counter
from typing import TextIO

from truss_cli.check.report import Report
from truss_cli.choices import OutputFormat
from truss_cli.display import plural

FORMATS = (OutputFormat.TEXT, OutputFormat.CONCISE, OutputFormat.JSON)


def write_statistics(report: Report, output_format: OutputFormat, out: TextIO) -> None:
    """Write count, code and name of each rule, in columns or as JSON; nothing, or `[]`, without findings."""
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in report.diagnostics)
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    if output_format is OutputFormat.JSON:
        json.dump(
            [{"code": code, "name": name, "count": count} for (code, name), count in rows], out, indent=2
        )
        out.write("\n")
        return
    widest = max((len(str(count)) for _, count in rows), default=0)
    out.writelines(f"{count:>{widest}}\t{code}\t{name}\n" for (code, name), count in rows)
    if not report.quiet:
        total, trusses = len(report.diagnostics), len(report.trusses)
        found = plural(total, "finding", "findings") if total else "No problems found"
        out.write(f"{'Found ' if total else ''}{found} in {plural(trusses, 'truss', 'trusses')}\n")

"""JUnit XML, which the test views of CI services read: a suite a file, a case a finding."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TextIO

from truss_cli.check.report import Report
from truss_cli.diagnostic import Diagnostic
from truss_cli.display import relative_name, visible

_NOT_IN_XML = re.compile("[\ufffe\uffff]")


def write(report: Report, out: TextIO) -> None:
    """Write the suites: of each file with findings, a case each, and of each other truss a case that passes.

    A finding is a failure if the check fails because of it, as errors are.
    """
    suites = ET.Element("testsuites", name="truss")
    faulty = {diagnostic.truss for diagnostic in report.diagnostics}
    for path, diagnostics in groupby(report.diagnostics, key=lambda diagnostic: diagnostic.finding.path):
        _add_suite(report, suites, path, list(diagnostics))
    for truss in report.trusses:
        if truss not in faulty:
            suite = _add_suite(report, suites, truss, [])
            suite.set("tests", "1")
            ET.SubElement(suite, "testcase", name="truss.check", classname=_name(truss))
    suites.set("tests", str(sum(int(suite.get("tests", "0")) for suite in suites)))
    suites.set("failures", str(sum(map(report.fails, report.diagnostics))))
    suites.set("errors", "0")
    suites.set("time", f"{report.seconds:.3f}")
    ET.indent(suites)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(ET.tostring(suites, encoding="unicode") + "\n")


def _add_suite(
    report: Report, suites: ET.Element, path: Path, diagnostics: Sequence[Diagnostic]
) -> ET.Element:
    count, failures = str(len(diagnostics)), str(sum(map(report.fails, diagnostics)))
    suite = ET.SubElement(suites, "testsuite", name=_name(path), tests=count, failures=failures, errors="0")
    for diagnostic in diagnostics:
        finding = diagnostic.finding
        name = f"{diagnostic.code} {diagnostic.name}"
        case = ET.SubElement(suite, "testcase", name=name, classname=_name(path))
        place = f"{_name(path)}:{finding.span.start.line}:{finding.span.start.column}"
        text = f"{place}: {_text(finding.message)}" + (f"\n{_text(finding.help)}" if finding.help else "")
        if report.fails(diagnostic):
            message = _text(finding.message)
            ET.SubElement(case, "failure", type=str(diagnostic.severity), message=message).text = text
        else:
            ET.SubElement(case, "system-out").text = f"{diagnostic.severity}: {text}"
    return suite


def _name(path: Path) -> str:
    return _text(relative_name(path))


def _text(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", visible(text, lines=True))

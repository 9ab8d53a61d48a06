"""TRS004: the source uses syntax newer than the server's Python."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.syntax.files import parse_as, running_version

_MATCH = """\
class Model:
    def predict(self, model_input):
        match model_input:
            case {"text": text}:
                return text
"""


def _find_newer(facts: TrussFacts) -> Iterator[Finding]:
    target = facts.python_version
    if target is None or target >= running_version():
        return
    for file in facts.python_files:
        older = parse_as(file, target) if file.tree else None
        if older is not None:
            version = ".".join(map(str, target))
            message = f"the server's Python {version} cannot parse this: {older.message}"
            help_text = "Set a newer `python_version` in config.yaml, or use the older syntax."
            yield Finding(file.source.path, older.span, message, help_text)


NEWER_SYNTAX = Rule(
    code="TRS004",
    name="newer-syntax",
    severity=Severity.ERROR,
    summary="The source uses syntax newer than the server's Python",
    explanation="""\
`python_version` in config.yaml names the Python of the server, 3.13 by default, and the
source uses syntax that is newer, such as `match` (3.10) or `except*` (3.11). The import
works here and fails there.

Set a newer `python_version`, or use the older syntax.""",
    find=_find_newer,
    good=({"config.yaml": "python_version: py311\n", "model/model.py": _MATCH},),
    bad=({"config.yaml": "python_version: py39\n", "model/model.py": _MATCH},),
)

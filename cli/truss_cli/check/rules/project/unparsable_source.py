"""TRS003: a Python file cannot be parsed."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.imported import imported_modules
from truss_cli.static.syntax.newer_grammar import NEWEST, may_parse


def _find_unparsable(facts: TrussFacts) -> Iterator[Finding]:
    target = facts.python_version or NEWEST
    if facts.model_module is not None:
        imported_modules(facts.symbols, facts.model_module)  # which reads them
    for file in facts.python_files:
        if file.unparsable is None or may_parse(file, target):
            continue
        help_text = "Correct the line, or the lines before it."
        yield Finding(file.source.path, file.unparsable.span, file.unparsable.message, help_text)


UNPARSABLE = Rule(
    code="TRS003",
    name="unparsable-source",
    severity=Severity.ERROR,
    summary="A Python file cannot be parsed",
    explanation="""\
The file has a syntax error, is not UTF-8 and declares no other encoding, or holds null
bytes. Python cannot import it, and the model fails to load.

Correct the line that is marked; the cause may be a little before it.""",
    find=_find_unparsable,
    good=(
        """\
class Model:
    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input)
        return model_input
""",
    ),
)

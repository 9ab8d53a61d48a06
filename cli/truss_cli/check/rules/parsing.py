"""TRS003 and TRS004: source that cannot be parsed, at all or by the Python it will run on."""

from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding, Severity
from truss_cli.check.facts.python_file import parse_as, running_version
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Example, Rule, model

_MATCH = """\
class Model:
    def predict(self, model_input):
        match model_input:
            case {"text": text}:
                return text
"""


def _find_unparsable(facts: TrussFacts) -> Iterator[Finding]:
    target = facts.python_version
    for file in facts.python_files:
        if file.unparsable is None:
            continue
        if target and target > running_version() and not file.unparsable.in_any_version:
            # The newer Python may well parse what this one cannot.
            continue
        help_text = "Correct the line, or the lines before it."
        yield Finding(file.source.path, file.unparsable.span, file.unparsable.message, help_text)


def _find_newer(facts: TrussFacts) -> Iterator[Finding]:
    target = facts.python_version
    if target is None or target >= running_version():
        return
    for file in facts.python_files:
        older = parse_as(file, target) if file.tree else None
        if older is not None:
            version = ".".join(map(str, target))
            message = f"config.yaml asks for Python {version}, which cannot parse this: {older.message}"
            help_text = "Raise `python_version` in config.yaml, or write it in the older syntax."
            yield Finding(file.source.path, older.span, message, help_text)


UNPARSABLE = Rule(
    code="TRS003",
    name="unparsable-source",
    severity=Severity.ERROR,
    summary="A Python file cannot be parsed",
    explanation="""\
The file has a syntax error, is not UTF-8 and declares no other encoding, or holds null
bytes. Python cannot import it, and the model fails to load.

Correct the line that is marked; the cause may stand shortly before it.""",
    find=_find_unparsable,
    good=(model("class Model:\n    def predict(self, model_input):\n        return model_input\n"),),
    bad=(model("class Model:\n    def predict(self, model_input)\n        return model_input\n"),),
)

NEWER_SYNTAX = Rule(
    code="TRS004",
    name="newer-syntax",
    severity=Severity.ERROR,
    summary="The source uses syntax newer than `python_version`",
    explanation="""\
config.yaml names the Python that the model runs on, and the source uses syntax that
came later, such as `match` (3.10) or `except*` (3.11). It imports here, and not there.

Raise `python_version`, or write it in the older syntax.""",
    find=_find_newer,
    good=(Example({"config.yaml": "python_version: py311\n", "model/model.py": _MATCH}),),
    bad=(Example({"config.yaml": "python_version: py39\n", "model/model.py": _MATCH}),),
)

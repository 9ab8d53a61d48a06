"""TRS012: the model file's name does not end as Python source does."""

from collections.abc import Iterator
from importlib.machinery import all_suffixes

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding

_MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"


def _find(facts: TrussFacts) -> Iterator[Finding]:
    truss = facts.truss
    path = truss.model_path
    if truss.document is None or not truss.needs_model_file or path.name.endswith(tuple(all_suffixes())):
        return
    if path.is_file():
        message = f"`{path.name}` cannot be imported: its name does not end in `.py`"
        help_text = f"Rename it to `{path.name}.py`, and write `model_class_filename: {path.name}.py`."
        yield Finding(truss.config_path, truss.document.span(("model_class_filename",)), message, help_text)


MODEL_FILE_SUFFIX = Rule(
    code="TRS012",
    name="model-file-suffix",
    severity=Severity.ERROR,
    summary="The model file's name does not end in `.py`",
    explanation="""\
The server imports the file that `model_class_filename` names, and Python recognises source by
its suffix. A file named otherwise is found, but cannot be imported: loading fails.

Name the file with `.py` at its end.""",
    find=_find,
    good=({"config.yaml": "model_class_filename: main.py\n", "model/main.py": _MODEL},),
    bad=({"config.yaml": "model_class_filename: main\n", "model/main": _MODEL},),
)

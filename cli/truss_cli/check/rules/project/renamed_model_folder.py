"""TRS007: the model's folder is not named `model`."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.defaults import MODEL_FOLDER
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding

_MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"


def _find_renamed_folder(facts: TrussFacts) -> Iterator[Finding]:
    truss = facts.truss
    if truss.document is None or truss.module_folder == MODEL_FOLDER or not truss.needs_model_file:
        return
    message = f"the server did not find a model in `{truss.module_folder}`; it is built to look in `model`"
    help_text = "Name the folder `model`, and remove `model_module_dir`."
    yield Finding(truss.config_path, truss.document.span(("model_module_dir",)), message, help_text)


RENAMED_MODEL_FOLDER = Rule(
    code="TRS007",
    name="renamed-model-folder",
    severity=Severity.WARNING,
    summary="The model's folder is not named `model`",
    explanation="""\
config.yaml names another folder in `model_module_dir`. A server that was built from such
a truss was seen not to find the model's file, and failed to load.

Name the folder `model`, the default, and remove the key.""",
    find=_find_renamed_folder,
    good=({"config.yaml": "model_module_dir: model\n", "model/model.py": _MODEL},),
    bad=({"config.yaml": "model_module_dir: src\n", "src/model.py": _MODEL},),
)

"""TRS007: the model's folder is not named `model`."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.deployment.model_folder import renamed_model_folder
from truss_cli.diagnostic import Finding

_MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"


def _find_renamed_folder(facts: TrussFacts) -> Iterator[Finding]:
    truss = facts.truss
    breach = renamed_model_folder(truss)
    if truss.document is None or breach is None:
        return
    yield Finding(truss.config_path, truss.document.span(("model_module_dir",)), breach.message, breach.help)


RENAMED_MODEL_FOLDER = Rule(
    code="TRS007",
    name="renamed-model-folder",
    severity=Severity.ERROR,
    summary="The model's folder is not named `model`",
    explanation="""\
config.yaml names another folder in `model_module_dir`. The image has the model in a folder
`model` in any case, but the server looks in the folder that config.yaml names: it does
not find the model's file, and fails to load.

Rename the folder to `model`, the default, and remove the key.""",
    find=_find_renamed_folder,
    good=({"config.yaml": "model_module_dir: model\n", "model/model.py": _MODEL},),
    bad=({"config.yaml": "model_module_dir: src\n", "src/model.py": _MODEL},),
)

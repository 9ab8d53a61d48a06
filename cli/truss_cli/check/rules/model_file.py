"""TRS002 and TRS007: the file that holds the model."""

from collections.abc import Iterator

from truss_cli.check.diagnostic import Finding, Severity
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Example, Rule
from truss_cli.project import SERVER_SECTIONS
from truss_cli.source import START_OF_FILE

_MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"


def _find_missing(facts: TrussFacts) -> Iterator[Finding]:
    truss = facts.truss
    if truss.document is None or not truss.document.readable:
        return
    if any(section in truss.values for section in SERVER_SECTIONS):
        return  # even an empty section says that the model is to come from elsewhere
    if facts.model_file is None:
        name = truss.model_path.relative_to(truss.folder).as_posix()
        message = f"the truss has no {name}, and config.yaml names no other server"
        help_text = f"Add {name} with a class `{truss.class_name}`, or a `docker_server` section."
        key = ("model_class_filename",) if "model_class_filename" in truss.values else ("model_module_dir",)
        span = truss.document.span(key) if key[0] in truss.values else START_OF_FILE
        path = truss.config_path if key[0] in truss.values else truss.model_path
        yield Finding(path, span, message, help_text)


def _find_renamed_folder(facts: TrussFacts) -> Iterator[Finding]:
    truss = facts.truss
    if truss.document is None or truss.module_folder == "model" or not truss.needs_model_file:
        return
    message = f"the server did not find a model in `{truss.module_folder}`; it is built to look in `model`"
    help_text = "Name the folder `model`, and remove `model_module_dir`."
    yield Finding(truss.config_path, truss.document.span(("model_module_dir",)), message, help_text)


MODEL_FILE_MISSING = Rule(
    code="TRS002",
    name="model-file-missing",
    severity=Severity.ERROR,
    summary="There is no model file",
    explanation="""\
The server imports model/model.py (or what `model_module_dir` and `model_class_filename`
name) and fails to load without it. Only a truss that brings its own server
(`docker_server`), or whose model is built in (`trt_llm`, `bis_llm`), needs none.

Add the file, or correct the name in config.yaml.""",
    find=_find_missing,
    good=(
        Example({"config.yaml": "model_class_filename: main.py\n", "model/main.py": _MODEL}),
        Example({"config.yaml": "model_name: m\n", "model/model.py": _MODEL}),
    ),
    bad=(Example({"config.yaml": "model_class_filename: main.py\n", "model/model.py": _MODEL}),),
)

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
    good=(Example({"config.yaml": "model_module_dir: model\n", "model/model.py": _MODEL}),),
    bad=(Example({"config.yaml": "model_module_dir: src\n", "src/model.py": _MODEL}),),
)

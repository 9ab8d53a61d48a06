"""TRS002: there is no model file."""

from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.source import START_OF_FILE

_MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"


def _find_missing(facts: TrussFacts) -> Iterator[Finding]:
    truss = facts.truss
    if truss.document is None or not truss.document.readable:
        return
    if truss.needs_model_file and facts.model_file is None:
        name = truss.model_path.relative_to(truss.folder).as_posix()
        message = f"the truss has no {name}, and config.yaml names no other server"
        help_text = f"Add {name} with a class `{truss.class_name}`, or a `docker_server` section."
        key = ("model_class_filename",) if "model_class_filename" in truss.values else ("model_module_dir",)
        span = truss.document.span(key) if key[0] in truss.values else START_OF_FILE
        path = truss.config_path if key[0] in truss.values else truss.model_path
        yield Finding(path, span, message, help_text)


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
        {"config.yaml": "model_class_filename: main.py\n", "model/main.py": _MODEL},
        {"config.yaml": "model_name: m\n", "model/model.py": _MODEL},
        {"config.yaml": "docker_server: null\n", "model/other.py": _MODEL},
    ),
    bad=(
        {"config.yaml": "model_class_filename: main.py\n", "model/model.py": _MODEL},
        {"config.yaml": "model_name: m\n", "model/other.py": _MODEL},
    ),
)

"""TRS015: a file is read that the image does not have."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from truss_cli.check.facts.file_reads import FileRead, file_reads
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.deployment.image import Dropped, Image
from truss_cli.diagnostic import Finding

_HOME = re.compile(r"/home/[^/]+/|/Users/[^/]+/|[A-Za-z]:[\\/]")
_OTHER_SOURCES = ("base_image", "build_commands", "docker_server", "trt_llm", "bis_llm", "external_data")
"""Keys of config.yaml by which an image may have further files."""
_MODEL = """\
class Model:
    def load(self):
        with open("{path}") as file:
            self.labels = file.read()

    def predict(self, model_input):
        return self.labels
"""


def _find(facts: TrussFacts) -> Iterator[Finding]:
    values = facts.truss.values
    if not facts.config_is_readable or any(values.get(key) for key in _OTHER_SOURCES):
        return
    image = Image(facts.truss, facts.overlay)
    for read in facts.analysis(file_reads):
        problem = _problem(facts, image, read)
        if problem is not None:
            yield read.module.finding(read.node, *problem)


def _problem(facts: TrussFacts, image: Image, read: FileRead) -> tuple[str, str] | None:
    folder = facts.truss.folder
    if _HOME.match(read.path):
        return f"`{read.path}` is a path of one machine", "Move the file to data/, and read it from there."
    if PurePosixPath(read.path).is_absolute():
        return None
    path = Path(folder, read.path)
    placement = image.locate(path)
    if path.is_file() and isinstance(placement, Dropped):
        message = f"`{read.path}` is in the truss, but is not copied to the image: {placement}"
        return message, "Move it to data/."
    return None


UNAVAILABLE_FILE = Rule(
    code="TRS015",
    name="unavailable-file",
    severity=Severity.WARNING,
    summary="A file is read that the image does not have",
    explanation="""\
The image has config.yaml and the files in `model/`, `data/` and `packages/`, except for those
that an ignore list drops. The code reads another file of the truss, or one of the author's
machine: it is there when you run the model, and missing in a deployment.

Move the file to `data/`. `truss doctor --files` lists the files that are copied.""",
    find=_find,
    good=({"data/labels.txt": "cat\n", "model/model.py": _MODEL.format(path="data/labels.txt")},),
    bad=(
        {"labels.txt": "cat\n", "model/model.py": _MODEL.format(path="labels.txt")},
        {"model/model.py": _MODEL.format(path="/home/ada/labels.txt")},
    ),
)

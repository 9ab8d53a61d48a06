"""TRS016: weights in the model or data folder are not copied to the image."""

# Paths of files are handled as strings, as in `deployment.image`.
# ruff: noqa: PTH100, PTH118

import os
from collections.abc import Iterator
from itertools import islice

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.deployment.image import Copied, DropReason, Image, ImageEntry
from truss_cli.diagnostic import Finding
from truss_cli.source import START_OF_FILE

_SUFFIXES = (
    ".bin",
    ".ckpt",
    ".gguf",
    ".h5",
    ".joblib",
    ".model",
    ".npy",
    ".npz",
    ".onnx",
    ".pickle",
    ".pkl",
    ".pt",
    ".pth",
    ".safetensors",
    ".spec",
    ".tflite",
)
_NO_WEIGHTS = frozenset({"__pycache__", "env", "venv", "ENV"})
_MOST_FILES = 1000
"""Files of a dropped folder that are looked at."""
_MODEL = "class Model:\n    def predict(self, model_input):\n        return model_input\n"


def _find(facts: TrussFacts) -> Iterator[Finding]:
    truss = facts.truss
    if not facts.config_is_readable or facts.model_file is None:
        return
    image = Image(truss, facts.overlay)
    folders = {os.path.abspath(folder) for folder in (truss.folder / truss.module_folder, truss.data_folder)}
    for tree in image.trees:
        if tree.source not in folders:
            continue
        for entry in image.entries(tree):
            message = _message(facts, entry)
            if message is not None:
                help_text = "Move or rename it; `truss doctor --files` lists the files that are copied."
                yield Finding(truss.config_path, START_OF_FILE, message, help_text)


def _message(facts: TrussFacts, entry: ImageEntry) -> str | None:
    placement = entry.placement
    if isinstance(placement, Copied):
        return None
    if placement.reason is DropReason.LINKED_FOLDER:
        return f"`{entry.name}` is a link to a folder, which is not copied to the image"
    if placement.pattern is None:
        return None
    name = _weights_name(entry)
    if name is None or (placement.pattern.from_user and not _is_mentioned(facts, name)):
        return None
    return f"`{name}` is not copied to the image, because of {placement}"


def _weights_name(entry: ImageEntry) -> str | None:
    """Return the name of a dropped file, or of the first in a dropped folder, that looks like weights."""
    if not entry.name.endswith("/"):
        return entry.name if entry.name.endswith(_SUFFIXES) else None
    folder_name = entry.name.rstrip("/").rpartition("/")[2]
    if folder_name in _NO_WEIGHTS or folder_name.startswith("."):
        return None
    files = (
        os.path.relpath(os.path.join(folder, name), entry.source).replace(os.sep, "/")
        for folder, _, names in os.walk(entry.source)
        for name in sorted(names)
    )
    inside = next((name for name in islice(files, _MOST_FILES) if name.endswith(_SUFFIXES)), None)
    return f"{entry.name}{inside}" if inside else None


def _is_mentioned(facts: TrussFacts, name: str) -> bool:
    """Return whether the code names a file, which its author may otherwise drop on purpose."""
    last = name.rpartition("/")[2]
    return any(last in file.source.text for file in facts.python_files)


DROPPED_WEIGHTS = Rule(
    code="TRS016",
    name="dropped-weights",
    severity=Severity.WARNING,
    summary="Weights in the model or data folder are not copied to the image",
    explanation="""\
The build drops folders named `lib`, `build`, `downloads`, `target`, ... and files such as `*.spec`
at any depth, patterns of `.truss_ignore`, and links to folders. The files
are there in your checkout, and missing in a deployment.

Move or rename them. `truss doctor --files` lists the files that are copied.""",
    find=_find,
    good=({"data/weights/model.safetensors": "", "model/model.py": _MODEL},),
    bad=(
        {"data/downloads/model.safetensors": "", "model/model.py": _MODEL},
        {"data/tokenizer.spec": "", "model/model.py": _MODEL},
    ),
)

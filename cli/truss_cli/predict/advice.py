"""What to do about errors that models often meet."""

import re
import sys
from collections.abc import Sequence

from truss_cli.predict.secrets import SecretMissingError

_NO_GPU = re.compile(r"libcu|libnv|cuda|nvidia|no gpu|hip_|rocm", re.IGNORECASE)
_REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]*")


def advice(raised: BaseException, text: str, requirements: Sequence[str]) -> str | None:
    """Give the way out of an error with this text, where there is a known one."""
    if isinstance(raised, SecretMissingError):
        return raised.hint
    if isinstance(raised, ModuleNotFoundError) and raised.name:
        return _missing_module(raised.name, requirements)
    if isinstance(raised, ImportError) and "relative import" in text:
        return (
            "The server does not support relative imports in the model's file: write `from model.x import y`."
        )
    if isinstance(raised, ImportError | OSError | RuntimeError | AssertionError) and _NO_GPU.search(text):
        return "The model needs a GPU, or a GPU's libraries, that this machine does not have."
    return None


def _missing_module(name: str, requirements: Sequence[str]) -> str:
    top = name.partition(".")[0]
    if top == "packages":
        return "The contents of `packages/` are imported by bare name: `from helper import f`."
    command = f"{sys.executable} -m pip install"
    wanted = [text for text in requirements if _same_project(text, top)]
    if wanted:
        return f"Install what config.yaml requires: {command} '{wanted[0]}'"
    if requirements:
        return f"Install what config.yaml requires: {command} {' '.join(map(_quoted, requirements))}"
    return f"Install the package that has it ({command} ...) and add it to `requirements` in config.yaml."


def _same_project(requirement: str, module: str) -> bool:
    match = _REQUIREMENT.match(requirement.strip())
    return match is not None and re.sub(r"[-_.]+", "_", match.group()).lower() == module.lower()


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[\w.=-]+", text) else "'" + text.replace("'", "'\\''") + "'"

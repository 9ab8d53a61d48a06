"""What can be done with a truss as it was made: which commands work for it, and what they need installed."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from truss_cli.contract.defaults import MODEL_FILE, MODEL_FOLDER
from truss_cli.errors import TrussError
from truss_cli.init.template.yaml_text import load_yaml
from truss_cli.project import CONFIG_NAME, SERVER_SECTIONS

REQUIREMENTS = PurePosixPath("requirements.txt")


@dataclass(frozen=True, slots=True)
class Usage:
    """Which commands work, once `install` has run."""

    install: str
    """Empty where nothing is needed."""
    example: bool
    """Whether `truss predict --example` answers."""
    websocket: bool
    """Whether the model answers on a websocket alone."""
    weights: bool
    """Whether config.yaml names weights, which take long to download."""
    tests: bool

    @property
    def commands(self) -> list[str]:
        """The commands that try the truss, in the order of use."""
        example = "truss predict --example" if self.example else ""
        tests = "python -m pytest" if self.tests else ""
        return [command for command in ("truss check", example, tests) if command]


def usage(contents: Mapping[PurePosixPath, bytes], *, with_tests: bool) -> Usage:
    """Return the commands that work for the files of a truss; a file that cannot be read enables none."""
    config = _config(contents.get(PurePosixPath(CONFIG_NAME), b""))
    model = _model_methods(config, contents)
    metadata = config.get("model_metadata")
    has_example = isinstance(metadata, dict) and "example_model_input" in metadata
    own_server = any(section in config for section in SERVER_SECTIONS)
    needs = ["pytest"] if with_tests else []
    needs += [f"-r {REQUIREMENTS}"] if REQUIREMENTS in contents else []
    return Usage(
        install=f"python -m pip install {' '.join(needs)}" if needs else "",
        example=has_example and "predict" in model and not own_server,
        websocket="websocket" in model and not own_server,
        weights=bool(config.get("weights")),
        tests=with_tests,
    )


def _config(content: bytes) -> Mapping[str, object]:
    try:
        values = load_yaml(content, CONFIG_NAME)
    except TrussError:
        return {}
    return values if isinstance(values, dict) else {}


def _model_methods(config: Mapping[str, object], contents: Mapping[PurePosixPath, bytes]) -> set[str]:
    """Return the names of the functions in the model's file."""
    folder = str(config.get("model_module_dir", MODEL_FOLDER))
    path = PurePosixPath(folder, str(config.get("model_class_filename", MODEL_FILE)))
    try:
        tree = ast.parse(contents.get(path, b""))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}

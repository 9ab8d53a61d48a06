"""Comparison of the facts in this repository with a release of the PyPI package `truss`.

`make compare RELEASE=0.18.36` installs the release into a temporary environment, and prints the differences
of its ignore list, the requirements of its server and the keys of config.yaml.
"""

import difflib
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from truss_cli.config.json_schema import config_json_schema
from truss_cli.deployment.default_patterns import DEFAULT_PATTERNS
from truss_cli.deployment.server_packages import CONSTRAINTS, RELEASE, REQUIREMENTS

_READ_RELEASE = """\
import importlib.util, json, pathlib
from truss.base.truss_config import TrussConfig

top = pathlib.Path(importlib.util.find_spec("truss").origin).parent
names = ("util/.truss_ignore", "templates/server/requirements.txt", "templates/server/constraints.txt")
print(json.dumps([TrussConfig.model_json_schema(), *((top / name).read_text() for name in names)]))
"""
_DEPTH = 12
_KNOWN_KEYS = (
    "hf_cache",
    "model_metadata.example_model_input",
    "resources.accelerator.",
    "resources.use_gpu",
    "trt_llm.runtime.gated_features",
)
"""Prefixes of keys that only one of the two schemas has: former names, and keys that a validator handles."""

Schema = Mapping[str, Any]  # Any: JSON


def main(release: str) -> int:
    """Print the differences of a release; return 1 if there are any."""
    schema, ignore, requirements, constraints = _read_release(release)
    facts = (
        ("deployment/default_patterns.py", DEFAULT_PATTERNS, _lines(ignore)),
        ("REQUIREMENTS", REQUIREMENTS.splitlines(), _lines(requirements)),
        ("CONSTRAINTS", CONSTRAINTS.splitlines(), _lines(constraints)),
        ("config/schema/", sorted(_keys(config_json_schema())), sorted(_keys(schema))),
    )
    differences = [line for fact in facts for line in _differences(*fact)]
    sys.stdout.write("".join(f"{line}\n" for line in differences) or f"No differences from {release}.\n")
    return bool(differences)


def _read_release(release: str) -> list[Any]:  # Any: JSON
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder, with_pip=True)
        python = folder / "bin" / "python"
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"truss=={release}"]
        subprocess.run([python, *install], check=True)
        output = subprocess.check_output([python, "-c", _READ_RELEASE], text=True)
    documents: list[Any] = json.loads(output.splitlines()[-1])
    return documents


def _lines(text: str) -> list[str]:
    """Return the lines of a file without comments, options and blank lines."""
    lines = (line.strip().partition(" #")[0].strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def _keys(schema: Schema) -> set[str]:
    keys = {".".join(path) for path in _paths(schema, schema, ())}
    return {key for key in keys if not key.startswith(_KNOWN_KEYS)}


def _paths(schema: Schema, root: Schema, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the keys of a JSON Schema, at any depth."""
    if len(path) > _DEPTH:
        return
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield from _paths(root["$defs"][name], root, path)
    for key, inner in schema.get("properties", {}).items():
        yield (*path, key)
        yield from _paths(inner, root, (*path, key))
    for inner in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), schema.get("items")):
        if isinstance(inner, dict):
            yield from _paths(inner, root, path)


def _differences(name: str, facts: Sequence[str], release: Sequence[str]) -> list[str]:
    lines = difflib.unified_diff(facts, release, name, "the release", lineterm="", n=0)
    return [line for line in lines if not line.startswith("@@")]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or [RELEASE]))

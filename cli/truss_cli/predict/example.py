"""Input that config.yaml holds, and input that need not be JSON."""

import json
from pathlib import Path

from truss_cli.errors import TrussError
from truss_cli.project import Truss
from truss_cli.runtime.model.calling.input import Payload
from truss_cli.runtime.output.encoder import encode


def example_payload(truss: Truss) -> Payload:
    """Return `model_metadata.example_model_input` of config.yaml; raise TrussError without one."""
    metadata = truss.values.get("model_metadata")
    if not isinstance(metadata, dict) or "example_model_input" not in metadata:
        raise TrussError(
            "config.yaml has no example input",
            hint="Write one under `model_metadata: example_model_input:`.",
        )
    body = encode(metadata["example_model_input"])
    return Payload(body, json.loads(body))


def mentions_request(truss: Truss) -> bool:
    """Whether the model might take the bare request, whose body the server does not parse."""
    folders = (truss.model_path.parent, *truss.package_folders)
    return any(b"Request" in _read(path) for folder in folders for path in folder.rglob("*.py"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""

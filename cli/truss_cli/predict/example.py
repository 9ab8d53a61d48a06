"""Input that config.yaml holds, and input that need not be JSON."""

import json
from collections.abc import Iterator
from pathlib import Path

from truss_cli.errors import TrussError
from truss_cli.project import Truss
from truss_cli.runtime.model.calling.input import Payload
from truss_cli.runtime.output.encoder import encode


def example_payload(truss: Truss) -> Payload:
    """Return `model_metadata.example_model_input` of config.yaml; raise TrussError without one."""
    metadata = truss.values.get("model_metadata")
    if not isinstance(metadata, dict) or "example_model_input" not in metadata:
        hint = "Write one under `model_metadata: example_model_input:`."
        if _seems_to_have_only_websocket(truss):
            hint = "The model has only `websocket`: serve it with `truss serve`, and connect to it."
        raise TrussError("config.yaml has no example input", hint=hint)
    body = encode(metadata["example_model_input"])
    return Payload(body, json.loads(body))


def mentions_request(truss: Truss) -> bool:
    """Whether the model might take the bare request, whose body the server does not parse."""
    return any(b"Request" in source for source in _sources(truss))


def _seems_to_have_only_websocket(truss: Truss) -> bool:
    sources = list(_sources(truss))
    return any(b"def websocket(" in text for text in sources) and not any(
        b"def predict(" in text for text in sources
    )


def _sources(truss: Truss) -> Iterator[bytes]:
    for folder in (truss.model_path.parent, *truss.package_folders):
        yield from map(_read, folder.rglob("*.py"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""

"""Requests to try a model with: by its own example input, or what its route takes."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from truss_cli.contract.terms import ENDPOINT_ROUTES, PREDICT_ROUTE
from truss_cli.serve.http.routes import WEBSOCKET_PATH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truss_cli.project import Truss

_MESSAGES = [{"role": "user", "content": "Hello"}]
_BODIES: Mapping[str, object] = {
    "chat_completions": {"model": "model", "messages": _MESSAGES},
    "completions": {"model": "model", "prompt": "Hello"},
    "embeddings": {"model": "model", "input": "Hello"},
    "messages": {"model": "model", "max_tokens": 100, "messages": _MESSAGES},
    "responses": {"model": "model", "input": "Hello"},
}
_LONGEST = 400


def example_input(truss: Truss) -> object:
    """Return the example of config.yaml, or an empty object."""
    metadata = truss.values.get("model_metadata")
    found = metadata.get("example_model_input") if isinstance(metadata, dict) else None
    try:
        json.dumps(found)
    except (TypeError, ValueError, RecursionError):
        return {}
    return {} if found is None else found


def example_body(method: str, example: object) -> object:
    """Return what to send to a method's route."""
    return example if method == "predict" else _BODIES.get(method, example)


def curl_line(url: str, method: str, example: object) -> str:
    """Return a command that calls a method."""
    if method == "websocket":
        return f"python -m websockets ws{url.removeprefix('http')}{WEBSOCKET_PATH}"
    body = json.dumps(example_body(method, example))
    data = shlex.quote(body) if len(body) <= _LONGEST else "@input.json"
    return f"curl {url}{ENDPOINT_ROUTES.get(method, PREDICT_ROUTE)} -d {data}"

"""The page, filled in for a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from truss_cli.contract.terms import ENDPOINT_ROUTES, PREDICT_ROUTE
from truss_cli.serve.examples import example_body, example_input
from truss_cli.serve.http.answer import Answer

if TYPE_CHECKING:
    from truss_cli.project import Truss
    from truss_cli.runtime.model.loader import LoadedModel

_PLACE = "/*MODEL*/null"
_HEADERS = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
)


def page(truss: Truss, model: LoadedModel | None) -> Answer:
    """Return the page; of a model that is not constructed yet, it shows the routes once it is reloaded."""
    example = example_input(truss)
    members = model.shape.members if model else {}
    routes = {"predict": PREDICT_ROUTE, **ENDPOINT_ROUTES}
    described = {
        "name": truss.text("model_name", truss.folder.name),
        "constructed": model is not None,
        "websocket": "websocket" in members,
        "routes": [
            {"path": path, "example": example_body(method, example)}
            for method, path in routes.items()
            if method in members
        ],
    }
    # In a script, only the sign that could end it needs another form.
    data = json.dumps(described).replace("<", "\\u003c")
    html = Path(__file__).with_name("page.html").read_text("utf-8").replace(_PLACE, data)
    return Answer(200, html.encode(), _HEADERS)

"""The routes of the deployed server, in its order, and what a path that is none of them gets."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from truss_cli.contract.terms import ENDPOINT_ROUTES

LIVENESS, READINESS, LOADED, SCHEMA, METRICS = "liveness", "readiness", "loaded", "schema", "metrics"
WEBSOCKET_PATH = "/v1/websocket"
_LONGEST_KNOWN = 200
"""Of the paths whose matches are remembered."""
_MODEL = r"/v1/models/[^/]+"


class Route(NamedTuple):
    """Which requests something answers: a status of the model, or one of its methods."""

    method: str
    pattern: re.Pattern[str]
    target: str


ROUTES = (
    Route("GET", re.compile("/"), LIVENESS),
    Route("GET", re.compile(_MODEL), READINESS),
    Route("GET", re.compile(f"{_MODEL}/loaded"), LOADED),
    Route("GET", re.compile(f"{_MODEL}/schema"), SCHEMA),
    Route("POST", re.compile(f"{_MODEL}:predict"), "predict"),
    Route("POST", re.compile(f"{_MODEL}:predict_binary"), "predict"),
    *(Route("POST", re.compile(path), method) for method, path in ENDPOINT_ROUTES.items()),
    Route("GET", re.compile("/ping"), LOADED),
    Route("POST", re.compile("/invocations"), "predict"),
)


class Match(NamedTuple):
    """What becomes of a request: a target, the one method that is allowed, or another path."""

    target: str | None = None
    allow: str | None = None
    redirect: str | None = None


def find_route(method: str, path: str) -> Match:
    """Return what answers a request; an empty Match if nothing does."""
    return _known(method, path) if len(path) <= _LONGEST_KNOWN else _match(method, path)


@lru_cache(maxsize=512)
def _known(method: str, path: str) -> Match:
    return _match(method, path)


def _match(method: str, path: str) -> Match:
    found = _find(method, path)
    if found is not None:
        return found
    other = path.rstrip("/") if path.endswith("/") else f"{path}/"
    return Match(redirect=other) if path != "/" and _find(method, other) is not None else Match()


def _find(method: str, path: str) -> Match | None:
    if path.startswith("/metrics/"):
        return Match(METRICS)
    matching = [route for route in ROUTES if route.pattern.fullmatch(path)]
    for route in matching:
        if route.method == method:
            return Match(route.target)
    return Match(allow=matching[0].method) if matching else None

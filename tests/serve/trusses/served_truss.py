"""A truss, and what it is asked."""

import base64
import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self

PREDICT = "/v1/models/model:predict"
BINARY = {"content-type": "application/octet-stream"}


class Ask(NamedTuple):
    """One request; with `say` a conversation over a websocket instead."""

    method: str = "POST"
    path: str = PREDICT
    body: str | bytes = ""
    headers: Mapping[str, str] = {}
    say: Sequence[str | bytes] | None = None
    after: Sequence[str] = ()
    """Files to make in the truss before it, which the model waits for."""

    @classmethod
    def get(cls, path: str, **headers: str) -> Self:
        """Return a GET request."""
        return cls("GET", path, headers=headers)


class ServedTruss(NamedTuple):
    """A truss and what it is asked, in this order."""

    name: str
    model: str
    asks: Sequence[Ask]
    config: Mapping[str, object] = {}
    ready: str = "/v1/models/model"
    """The path that answers 200 when the first request may come; none if the model stays in `load`."""

    @property
    def source(self) -> str:
        """Text of model.py."""
        return textwrap.dedent(self.model).lstrip()


def packed(text: str) -> bytes:
    """Return bytes of msgpack that are written in base64."""
    return base64.b64decode(text)


def posts(*bodies: str, path: str = PREDICT, **headers: str) -> list[Ask]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return [Ask(path=path, body=body, headers=named) for body in bodies]

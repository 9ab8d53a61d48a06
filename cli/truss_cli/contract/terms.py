"""The terms of the contract: what the server looks for, what it gives, and the ways to break it."""

from enum import Enum, StrEnum, auto
from typing import NamedTuple

from truss_cli.contract.shape import Form

LOAD_TIMEOUT_SECONDS = 30 * 60
"""How long `load` may take before the deployment counts as failed."""

SECRET_VARIABLE_PREFIX = "TRUSS_SECRET_"  # noqa: S105 - a prefix, not a secret
"""Environment variable that gives a declared secret its value, before the secret's name."""

REQUEST = "starlette.requests.Request"
PYDANTIC_MODEL = "pydantic.BaseModel"

INIT_ARGUMENTS = {
    "config": "config.yaml as a dict",
    "data_dir": "path of the data folder",
    "secrets": "secrets by name",
    "environment": "the environment deployed to, or None",
    "lazy_data_resolver": "handle of data that is still being downloaded",
}
"""What `__init__` is given by keyword when its signature asks for it."""

TRT_LLM_ARGUMENT = "trt_llm"
"""Also given to `__init__`, when config.yaml has a section of that name."""

PIPELINE = ("preprocess", "predict", "postprocess")
"""Called in this order for one request."""

ENDPOINTS = ("chat_completions", "completions", "embeddings", "messages", "responses")
"""Each serves a route of its own, and is called as `predict` is."""

METHODS = (*PIPELINE, *ENDPOINTS, "is_healthy", "setup_environment", "websocket", "load")
"""All methods that the server looks for."""

MOST_ARGUMENTS = 2
"""Input and request."""

STREAMS = (Form.GENERATOR, Form.ASYNC_GENERATOR)

CANONICAL = {
    "fastapi.Request": REQUEST,
    "fastapi.requests.Request": REQUEST,
    "pydantic.main.BaseModel": PYDANTIC_MODEL,
    "pydantic.root_model.RootModel": "pydantic.RootModel",
    "pydantic.v1.main.BaseModel": "pydantic.v1.BaseModel",
    "builtins.NoneType": "builtins.None",
    "enum.EnumMeta": "enum.EnumType",
    "types.NoneType": "builtins.None",
    "numpy.bool": "numpy.bool_",
}
"""Names that mean the same class, to the one used here."""


class Consequence(Enum):
    """What a breach does to the deployed model."""

    FAILS_TO_LOAD = auto()
    FAILS_WHEN_CALLED = auto()
    SERVES_UNLOADED = auto()
    SURPRISES = auto()
    """It works, but not as its author meant."""


class Kind(StrEnum):
    """The ways to break the contract that can be seen in a model's shape."""

    NO_PREDICT = "no-predict"
    NOT_CALLABLE = "not-callable"
    NO_SELF = "no-self"
    TOO_MANY_ARGUMENTS = "too-many-arguments"
    REQUEST_FIRST = "request-first"
    SECOND_NOT_REQUEST = "second-not-request"
    NOT_POSITIONAL = "not-positional"
    ENDPOINT_NOT_POSITIONAL = "endpoint-not-positional"
    RESULT_DISCARDED = "result-discarded"
    WEBSOCKET_CONFLICT = "websocket-conflict"
    WEBSOCKET_ARGUMENTS = "websocket-arguments"
    WEBSOCKET_SYNC = "websocket-sync"
    IS_HEALTHY_ARGUMENTS = "is-healthy-arguments"
    SETUP_ENVIRONMENT_ARGUMENTS = "setup-environment-arguments"
    INIT_ARGUMENT = "init-argument"
    INIT_POSITIONAL_ONLY = "init-positional-only"
    INIT_RETURNS = "init-returns"
    LOAD_ARGUMENTS = "load-arguments"
    LOAD_NOT_RUN = "load-not-run"
    STREAM_POSTPROCESSED = "stream-postprocessed"
    RETURN_UNREADABLE = "return-unreadable"
    REQUEST_POSTPONED = "request-postponed"
    INPUT_POSTPONED = "input-postponed"

    @property
    def consequence(self) -> Consequence:
        """What it does to the deployed model."""
        return _CONSEQUENCES.get(self, Consequence.FAILS_TO_LOAD)


_CONSEQUENCES = {
    Kind.NOT_POSITIONAL: Consequence.FAILS_WHEN_CALLED,
    Kind.STREAM_POSTPROCESSED: Consequence.FAILS_WHEN_CALLED,
    Kind.LOAD_NOT_RUN: Consequence.SERVES_UNLOADED,
    Kind.ENDPOINT_NOT_POSITIONAL: Consequence.SURPRISES,
    Kind.SETUP_ENVIRONMENT_ARGUMENTS: Consequence.SURPRISES,
    Kind.REQUEST_POSTPONED: Consequence.SURPRISES,
    Kind.INPUT_POSTPONED: Consequence.SURPRISES,
}


class Breach(NamedTuple):
    """A broken rule: the method at fault (None: the class), perhaps its parameter, and the way out."""

    kind: Kind
    method: str | None
    message: str
    help: str
    parameter: str | None = None

"""The terms of the contract: what the server looks for, what it gives, and the ways to break it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from truss_cli.contract.shape import Form

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

PREDICT_ROUTE = "/v1/models/model:predict"
ENDPOINT_ROUTES = {
    "chat_completions": "/v1/chat/completions",
    "completions": "/v1/completions",
    "embeddings": "/v1/embeddings",
    "messages": "/v1/messages",
    "responses": "/v1/responses",
}
"""The methods that serve a route of their own, and are called as `predict` is, to their routes."""
ENDPOINTS = tuple(ENDPOINT_ROUTES)

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
    "builtins.async_generator": "types.AsyncGeneratorType",
    "builtins.coroutine": "types.CoroutineType",
    "builtins.dict_items": "collections.abc.ItemsView",
    "builtins.dict_keys": "collections.abc.KeysView",
    "builtins.dict_values": "collections.abc.ValuesView",
    "builtins.function": "types.FunctionType",
    "builtins.generator": "types.GeneratorType",
    "builtins.mappingproxy": "types.MappingProxyType",
    "_io.BytesIO": "io.BytesIO",
    "_io.StringIO": "io.StringIO",
    "pandas.core.frame.DataFrame": "pandas.DataFrame",
    "pandas.core.series.Series": "pandas.Series",
}
"""Names that mean the same class, to the one used here."""


class _Word(str, Enum):
    """A text with a name, as `StrEnum` of Python 3.11."""

    def __str__(self) -> str:
        return str.__str__(self)


class Severity(_Word):
    """How bad a finding is for the deployed model."""

    ERROR = "error"
    """It would fail to build, load or answer."""
    WARNING = "warning"
    """It would work, but wrongly or at a risk."""


class Kind(_Word):
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
    def severity(self) -> Severity:
        """Whether the deployed model fails, or works in another way than its author meant."""
        return Severity.WARNING if self in _WARNINGS else Severity.ERROR

    @property
    def fails_at_call(self) -> bool:
        """Whether the deployed model loads all the same, and only its calls fail."""
        return self in (Kind.NOT_POSITIONAL, Kind.STREAM_POSTPROCESSED)


_WARNINGS = frozenset(
    {
        Kind.ENDPOINT_NOT_POSITIONAL,
        Kind.INPUT_POSTPONED,
        Kind.REQUEST_POSTPONED,
        Kind.SETUP_ENVIRONMENT_ARGUMENTS,
    }
)


class Breach(NamedTuple):
    """A broken rule: the method at fault (None: the class), perhaps its parameter, and how to fix it."""

    kind: Kind
    method: str | None
    message: str
    help: str
    parameter: str | None = None

"""The contract of class `Model`, stated once: what the model server calls, with what, and what it refuses.

The facts were measured on the Truss model server, release 0.18.35. `check`
builds shapes from source, `predict` from live objects; both ask `breaches`.
"""

from collections.abc import Iterator

from truss_cli.contract.arguments import (
    endpoint_breaches,
    is_healthy_breaches,
    setup_environment_breaches,
    takes_request_only,
    websocket_breaches,
)
from truss_cli.contract.construction import init_breaches, load_breaches, no_self
from truss_cli.contract.schema import returning_method, schema_breaches
from truss_cli.contract.shape import ModelShape, NoSelf, NotCallable, Shape
from truss_cli.contract.terms import METHODS, PIPELINE, STREAMS, Breach, Kind

__all__ = ["breaches", "returning_method"]

_METHOD_BREACHES = {
    "load": load_breaches,
    "is_healthy": is_healthy_breaches,
    "setup_environment": setup_environment_breaches,
    "websocket": websocket_breaches,
}


def breaches(model: ModelShape, *, trt_llm: bool = False) -> Iterator[Breach]:
    """Yield every breach that the model's shape shows; `trt_llm`: config.yaml has that section."""
    yield from init_breaches(model.init, trt_llm=trt_llm)
    yield from _combination_breaches(model)
    for name in METHODS:
        member = model.members.get(name)
        if isinstance(member, NotCallable):
            message = f"`{name}` is {member.what}, which cannot be called"
            yield Breach(Kind.NOT_CALLABLE, name, message, f"Make `{name}` a method.")
        elif isinstance(member, NoSelf):
            yield no_self(name)
        elif isinstance(member, Shape):
            yield from _METHOD_BREACHES.get(name, endpoint_breaches)(name, member)
    yield from _request_only_breaches(model)
    yield from _stream_breaches(model)
    yield from schema_breaches(model)


def _combination_breaches(model: ModelShape) -> Iterator[Breach]:
    if "websocket" in model.members:
        for name in PIPELINE:
            if name in model.members:
                message = f"`{name}` and `websocket` are both defined; the server takes one or the other"
                yield Breach(Kind.WEBSOCKET_CONFLICT, name, message, f"Remove `{name}` or `websocket`.")
    elif model.complete and "predict" not in model.members:
        message = "the model has neither `predict` nor `websocket`"
        yield Breach(Kind.NO_PREDICT, None, message, "Add `def predict(self, model_input)`.")


def _request_only_breaches(model: ModelShape) -> Iterator[Breach]:
    predict, postprocess = model.shape("predict"), model.shape("postprocess")
    if predict and "preprocess" in model.members and takes_request_only(predict):
        yield _discards("predict", "preprocess")
    if postprocess and takes_request_only(postprocess):
        yield _discards("postprocess", "predict")


def _discards(method: str, source: str) -> Breach:
    message = f"`{method}` takes the request alone, so the result of `{source}` would be lost"
    return Breach(
        Kind.RESULT_DISCARDED, method, message, f"Write `def {method}(self, inputs, request: Request)`."
    )


def _stream_breaches(model: ModelShape) -> Iterator[Breach]:
    predict = model.shape("predict")
    if predict and predict.form in STREAMS and "postprocess" in model.members:
        message = "`predict` streams, and a stream cannot be postprocessed: every call fails"
        help_text = "Do the work of `postprocess` inside `predict`."
        yield Breach(Kind.STREAM_POSTPROCESSED, "postprocess", message, help_text)

"""What the server says of itself: alive, ready, its model's schema, the model's metrics."""

from __future__ import annotations

import asyncio
import typing
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterator
from inspect import iscoroutinefunction, signature
from typing import Any

from truss_cli.contract.schema import returning_method
from truss_cli.runtime.model.calling.caller import input_model
from truss_cli.serve.http.answer import (
    MODEL,
    Answer,
    Receive,
    Scope,
    Send,
    compact_json,
    error_answer,
    not_ready,
    send_answer,
    unexpected,
)

if typing.TYPE_CHECKING:
    from truss_cli.runtime.model.loader import LoadedModel
    from truss_cli.serve.http.served_model import ServedModel

_STREAMS = (Generator, AsyncGenerator, Iterator, AsyncIterator)
_PAIR = 2
READY = Answer(200, b"{}")


async def loaded(served: ServedModel) -> Answer:
    """Return whether the model is ready for requests."""
    return not_ready() if served.caller is None else READY


async def readiness(served: ServedModel) -> Answer:
    """Return whether the model is ready and, by its own `is_healthy`, healthy."""
    if served.caller is None or served.constructed is None:
        return not_ready()
    is_healthy = served.constructed.methods.get("is_healthy")
    if is_healthy is None or await _healthy(is_healthy, served):
        return READY
    served.log.note("`is_healthy` is false, so the server counts as not ready")
    return not_ready()


async def _healthy(is_healthy: Callable[[], Any], served: ServedModel) -> bool:
    entry = served.in_flight.enter("`is_healthy`")
    try:
        healthy = await is_healthy() if iscoroutinefunction(is_healthy) else await served.run(is_healthy)
    except asyncio.CancelledError:
        raise
    except BaseException as error:  # noqa: BLE001 - the model's code
        served.log.failed(served.reporter.error(error, "`is_healthy`"))
        return False
    finally:
        served.in_flight.leave(entry)
    return healthy is None or bool(healthy)


async def schema(served: ServedModel) -> Answer:
    """Return the JSON Schemas that the model's annotations state."""
    if served.constructed is None:
        return not_ready()
    try:
        described = _describe(served.constructed)
    except Exception as error:  # noqa: BLE001 - not every class of Pydantic's has a schema
        served.log.failed(served.reporter.error(error, "the schema"))
        return unexpected(error)
    if described is not None:
        return Answer(200, compact_json(described))
    if served.caller is None:
        return error_answer(503, "Schema not available, please try again later.", MODEL)
    return error_answer(404, "No schema found", MODEL)


def _describe(model: LoadedModel) -> dict[str, object] | None:
    if "predict" not in model.shape.members:
        return None
    taken: Any = input_model(model)  # a class of the user's pydantic
    returns = signature(model.methods[returning_method(model.shape)]).return_annotation
    given, streams = _result_model(returns)
    if taken is None and streams is None:
        return None
    return {
        "input_schema": taken.model_json_schema() if taken else None,
        "output_schema": given.model_json_schema() if given else None,
        "supports_streaming": streams,
    }


def _result_model(annotation: Any) -> tuple[Any, bool | None]:  # noqa: ANN401 - whatever is written there
    """Return the Pydantic class of a result and whether it may be a stream; None if nothing is known."""
    if _is_pydantic(annotation):
        return annotation, False
    if _has_origin(annotation, _STREAMS):
        return None, True
    if _has_origin(annotation, (Awaitable,)):
        awaited = typing.get_args(annotation)[0]
        return (awaited, False) if _is_pydantic(awaited) else (None, None)
    parts = typing.get_args(annotation) if typing.get_origin(annotation) is typing.Union else ()
    if len(parts) == _PAIR and sum(_has_origin(part, _STREAMS) for part in parts) == 1:
        results = [
            typing.get_args(part)[0] if _has_origin(part, (Awaitable,)) else part
            for part in parts
            if not _has_origin(part, _STREAMS)
        ]
        return (results[0], True) if _is_pydantic(results[0]) else (None, None)
    return None, None


def _has_origin(annotation: Any, classes: tuple[type, ...]) -> bool:  # noqa: ANN401 - whatever is written there
    origin = typing.get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, classes)


def _is_pydantic(annotation: Any) -> bool:  # noqa: ANN401 - whatever is written there
    return isinstance(annotation, type) and hasattr(annotation, "model_json_schema")


async def metrics(served: ServedModel, scope: Scope, receive: Receive, send: Send) -> int:
    """Answer with what the model has counted by prometheus-client, and nothing of the process's own."""
    try:
        await _metrics(scope, receive, send)
    except Exception as error:  # noqa: BLE001 - collectors are the model's code
        served.log.failed(served.reporter.error(error, "a collector of metrics"))
        await send_answer(send, unexpected(error))
        return 500
    return 200


async def _metrics(scope: Scope, receive: Receive, send: Send) -> None:
    import prometheus_client as prometheus  # noqa: PLC0415 - for this route alone

    prometheus.metrics.disable_created_metrics()  # type: ignore[no-untyped-call]  # as the library has it
    for collector in (prometheus.PROCESS_COLLECTOR, prometheus.PLATFORM_COLLECTOR, prometheus.GC_COLLECTOR):
        if collector in prometheus.REGISTRY._collector_to_names:  # noqa: SLF001 - there is no other way to ask
            prometheus.REGISTRY.unregister(collector)
    answer = prometheus.make_asgi_app()
    await answer(scope, receive, send)

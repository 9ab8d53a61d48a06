"""A method of the model as a route: its input, its calls, its answer, in the deployed server's order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Generator
from typing import TYPE_CHECKING, Any

from truss_cli.contract.terms import PIPELINE
from truss_cli.errors import TrussError
from truss_cli.runtime.model.calling.caller import Caller, Step, is_response, require_postprocessable
from truss_cli.runtime.output.encoder import encode, to_plain
from truss_cli.serve.http.answer import (
    BINARY,
    CLIENT,
    CLIENT_GONE,
    MODEL,
    MODEL_ERROR,
    Answer,
    AnswerError,
    Receive,
    Scope,
    Send,
    error_answer,
    error_headers,
    not_ready,
    send_answer,
    unexpected,
)
from truss_cli.serve.http.body import is_binary, parse_input, read_body
from truss_cli.serve.http.connection import client_gone, new_client_request
from truss_cli.serve.http.stream import collect, send_stream, wants_collected

if TYPE_CHECKING:
    from truss_cli.serve.http.served_model import ServedModel

_FIRST_ERROR_STATUS = 300
_UNEXPECTED_STATUS = 500
_TIMEOUT_STATUS = 504


class Endpoint:
    """Answers the requests for one method."""

    def __init__(self, method: str, served: ServedModel) -> None:
        self._method = method
        self._served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer a request, and return its status."""
        try:
            body = await read_body(scope, receive, self._served.settings.max_body)
            caller = self._served.caller
            if caller is None:
                answer: Answer | int = not_ready()
            else:
                call = Call(self._method, self._served, caller, scope, receive)
                answer = await call.answer(body, send)
        except AnswerError as end:
            answer = end.answer
        if isinstance(answer, int):
            return answer
        await send_answer(send, answer)
        return answer.status


class Call:
    """One request on its way through the model."""

    def __init__(
        self, method: str, served: ServedModel, caller: Caller, scope: Scope, receive: Receive
    ) -> None:
        self._method = method
        self._served = served
        self._caller = caller
        self._scope = scope
        self._receive = receive
        self._holds_slot = False
        self._left_running = False
        self._request = f"{scope['method']} {served.reporter.masked(scope['path'])}"
        self._entry = served.in_flight.enter(self._request)

    async def answer(self, body: bytes, send: Send) -> Answer | int:
        """Return the answer, or the status of one that has been sent; raise AnswerError."""
        binary = is_binary(self._scope)
        try:
            value = None if self._caller.body_unread else self._parsed(body, binary=binary)
            result: Any = await self._within_time(value, body)
            if isinstance(result, (Generator, AsyncGenerator)):
                if not wants_collected(self._scope):
                    return await self._stream(result, send)
                result = await collect(result, self._served)
            if is_response(result):
                return await self._respond(result, send)
        finally:
            self._release()
        return self._encoded(result, binary=binary)

    def _parsed(self, body: bytes, *, binary: bool) -> object:
        try:
            return parse_input(body, self._caller.input_model, binary=binary)
        except AnswerError as end:
            if end.answer.status >= _UNEXPECTED_STATUS and end.__cause__ is not None:
                self._served.log.failed(self._served.reporter.error(end.__cause__, "parsing the input"))
            raise

    async def _within_time(self, value: object, body: bytes) -> object:
        """Call the model; when its time is up, leave it running, as nothing can stop it, and answer."""
        seconds = self._served.settings.predict_timeout
        if seconds is None:
            return await self._run(value, body)
        task = asyncio.create_task(self._run(value, body))
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if done:
            return task.result()
        self._left_running = True
        self._served.running.add(task)
        task.add_done_callback(self._end_late)
        message = f"`{self._method}` took longer than {seconds:g} s (`--predict-timeout`)"
        self._served.log.note(message)
        raise AnswerError(error_answer(_TIMEOUT_STATUS, message, MODEL))

    def _end_late(self, task: asyncio.Task[object]) -> None:
        self._left_running = False
        self._served.running.discard(task)
        self._release()
        if not task.cancelled():
            task.exception()  # it has been logged

    async def _run(self, value: object, body: bytes) -> object:
        steps = self._caller.steps(self._method)
        if not steps:
            raise AnswerError(self._absent())
        request = None
        if any(step.takes_request for step in steps):
            request = await new_client_request(self._scope, self._receive, body)
        for step in steps:
            if step.name == "predict":
                await self._served.slots.acquire()
                self._holds_slot = True
            value = await self._step(step, value, request)
            if step.name == "predict" and not _keeps_slot(value):
                self._release_slot()
        return value

    async def _step(self, step: Step, value: object, request: object) -> object:
        if client_gone(self._receive):
            message = f"Client disconnected, skipping `{step.name}`."
            raise AnswerError(error_answer(CLIENT_GONE, message, MODEL))
        self._served.in_flight.describe(self._entry, f"`{step.name}` for {self._request}")
        try:
            if step.name == "postprocess":
                require_postprocessable(value)
            return await self._caller.run_step(step, value, request, self._served.run)
        except TrussError as error:
            self._served.log.failed(error)
            raise AnswerError(model_error(error.__cause__)) from error

    def _release(self) -> None:
        """End the call, unless the model still works on it."""
        if not self._left_running:
            self._release_slot()
            self._served.in_flight.leave(self._entry)
            self._entry = None

    def _release_slot(self) -> None:
        if self._holds_slot and not self._left_running:
            self._holds_slot = False
            self._served.slots.release()

    async def _stream(self, stream: Any, send: Send) -> int:  # noqa: ANN401 - a generator of either kind
        self._served.in_flight.describe(self._entry, f"the stream for {self._request}")
        self._left_running = True
        return await send_stream(stream, self._served, self._receive, send, self._end_stream)

    def _end_stream(self) -> None:
        self._left_running = False
        self._release()

    async def _respond(self, response: Any, send: Send) -> int:  # noqa: ANN401 - a response of starlette's
        status: int = response.status_code
        if status >= _FIRST_ERROR_STATUS:
            for name, value in error_headers(CLIENT):
                response.headers[name.decode()] = value.decode()
        try:
            await response(self._scope, self._receive, send)
        except BaseException as error:  # noqa: BLE001 - the model's code; its connection is closed unfinished
            self._served.log.failed(self._served.reporter.error(error, "the response"))
        return status

    def _encoded(self, result: object, *, binary: bool) -> Answer:
        try:
            return Answer(200, self._packed(result), BINARY) if binary else Answer(200, self._json(result))
        except Exception as error:
            raise AnswerError(unexpected(error)) from error

    def _json(self, result: object) -> bytes:
        try:
            return encode(result)
        except TrussError as problem:
            problem.message = self._served.reporter.masked(problem.message)
            try:
                body = json.dumps(result, default=_to_plain).encode()
            except Exception:
                self._served.log.failed(problem)
                raise
            self._served.log.note(f"{problem.message}; sent all the same, as deployed", problem.hint)
            return body
        except Exception as error:
            self._served.log.failed(self._served.reporter.error(error, "encoding the result"))
            raise

    def _packed(self, result: object) -> bytes:
        from truss_cli.serve.http.binary import pack  # noqa: PLC0415 - for binary requests alone

        if isinstance(result, bytes):
            return result
        try:
            dump = getattr(result, "model_dump", None)
            return pack(dump(mode="python") if callable(dump) else result)
        except Exception as error:
            self._served.log.failed(self._served.reporter.error(error, "packing the result"))
            raise

    def _absent(self) -> Answer:
        message = f"`{self._method}` must only be called if model has it."
        if self._method in PIPELINE:
            return unexpected(AssertionError(message))
        return error_answer(404, message, CLIENT)


def model_error(raised: BaseException | None) -> Answer:
    """Return the answer to what a method raised, of which only FastAPI's own exceptions say anything."""
    if not _is_http_exception(raised):
        return error_answer(500, MODEL_ERROR, MODEL)
    detail = getattr(raised, "detail", None)
    try:
        "user_stack_trace" in detail  # type: ignore[operator]  # noqa: B015 - the deployed server looks for it
        return error_answer(getattr(raised, "status_code", 500), detail, MODEL)
    except (TypeError, ValueError) as error:
        return unexpected(error)


def _is_http_exception(raised: BaseException | None) -> bool:
    return any(
        f"{cls.__module__}.{cls.__name__}" == "fastapi.exceptions.HTTPException"
        for cls in type(raised).__mro__
    )


def _keeps_slot(result: object) -> bool:
    """Whether `predict` goes on while its result is sent."""
    return isinstance(result, (Generator, AsyncGenerator)) or (
        is_response(result) and hasattr(result, "body_iterator")
    )


def _to_plain(value: object) -> object:
    """Return what stands for a NumPy value; raise the standard encoder's error for any other."""
    try:
        return to_plain(value)
    except TypeError:
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable") from None

"""One call of the model as the server makes it: preprocess, predict, postprocess, each as it is written."""

from __future__ import annotations

import inspect
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.contract.arguments import takes_request, takes_request_only
from truss_cli.contract.schema import input_parameter
from truss_cli.contract.shape import Form
from truss_cli.contract.terms import ENDPOINTS, PIPELINE, STREAMS
from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.model.calling.input import Payload, parse_into
from truss_cli.runtime.model.calling.request import new_request
from truss_cli.runtime.model.errors import FIRST_ERROR_STATUS, http_status
from truss_cli.runtime.process.lifetime.signals import is_stop

if TYPE_CHECKING:
    from truss_cli.runtime.model.calling.execution import Run
    from truss_cli.runtime.model.errors import ErrorReporter
    from truss_cli.runtime.model.loader import LoadedModel


class Step(NamedTuple):
    """A method of the pipeline and what it is called with."""

    name: str
    form: Form
    takes_input: bool
    takes_request: bool

    def arguments(self, value: object, request: object) -> tuple[object, ...]:
        """Return the positional arguments."""
        if not self.takes_request:
            return (value,) if self.takes_input else ()
        return (value, request) if self.takes_input else (request,)


class Caller:
    """Calls a loaded model; safe to use from several tasks at once."""

    def __init__(self, loaded: LoadedModel, reporter: ErrorReporter) -> None:
        self._methods = loaded.methods
        self._reporter = reporter
        present = [name for name in (*PIPELINE, *ENDPOINTS) if name in loaded.shape.members]
        self._steps = {name: _step(name, loaded) for name in present}
        self._pipeline = tuple(self._steps[name] for name in PIPELINE if name in self._steps)
        self.input_model = input_model(loaded)
        """The Pydantic class that every input is parsed into, if there is one."""
        predict = loaded.shape.shape("predict")
        self.body_unread = (
            "preprocess" not in self._steps and predict is not None and takes_request_only(predict)
        )
        """Whether no body is parsed, whatever method is called."""

    def steps(self, method: str) -> tuple[Step, ...]:
        """Return what runs when a method is called: the whole pipeline for `predict`; nothing if absent."""
        if method == "predict":
            return self._pipeline
        return (self._steps[method],) if method in self._steps else ()

    def is_async(self, method: str = "predict") -> bool:
        """Whether a call of the method needs a running event loop."""
        forms = (Form.COROUTINE, Form.ASYNC_GENERATOR)
        return any(step.takes_request or step.form in forms for step in self.steps(method))

    @property
    def plain_predict(self) -> Callable[[object], object] | None:
        """The method that is all there is to a call with a parsed input, if it is one that is not awaited."""
        if len(self._pipeline) != 1 or self.is_async() or self.body_unread or self.input_model is not None:
            return None
        step = self._pipeline[0]
        return self._methods[step.name] if step.takes_input else None

    def error(self, raised: BaseException, method: str) -> TrussError:
        """Return what a method raised as an error; raise it again if it is the request to stop."""
        if is_stop(raised):
            raise raised
        return self._reporter.error(raised, f"`{method}`")

    async def call(
        self,
        payload: Payload,
        run: Run,
        on_step: Callable[[str], None] = lambda _method: None,
        method: str = "predict",
    ) -> object:
        """Return what the last method gives, a stream or response as it is; raise TrussError.

        `on_step` is called with the name of each method before it runs.
        """
        steps = self.steps(method)
        value = self._input(payload)
        request = new_request(payload.body, method) if any(step.takes_request for step in steps) else None
        for step in steps:
            if step.name == "postprocess":
                require_postprocessable(value)
            on_step(step.name)
            try:
                value = await self.run_step(step, value, request, run)
            except TrussError as failure:
                answer = raised_response(failure.__cause__)
                if answer is None:
                    raise
                return answer
        return value

    async def run_step(self, step: Step, value: object, request: object, run: Run) -> object:
        """Return what one method gives; raise TrussError for what it raises, which is the error's cause."""
        arguments = step.arguments(value, request)
        if step.form is Form.COROUTINE:
            return await self._await(step, arguments)
        if step.form in STREAMS:
            return self._call(step, arguments)
        return await run(self._call, step, arguments)

    def _input(self, payload: Payload) -> object:
        if self.body_unread:
            return None
        if payload.error is not None:
            raise payload.error
        if self.input_model is None:
            return payload.value
        return parse_into(self.input_model, payload.value, self._reporter)

    def _call(self, step: Step, arguments: tuple[object, ...]) -> object:
        try:
            return self._methods[step.name](*arguments)
        except BaseException as error:
            raise self.error(error, step.name) from error

    async def _await(self, step: Step, arguments: tuple[object, ...]) -> object:
        try:
            return await self._methods[step.name](*arguments)
        except BaseException as error:
            raise self.error(error, step.name) from error


def raised_response(raised: BaseException | None) -> object | None:
    """Return the response that an HTTP exception of FastAPI's with a status of success stands for, if any."""
    status = http_status(raised) if raised else None
    names = {f"{cls.__module__}.{cls.__name__}" for cls in type(raised).__mro__}
    if status is None or status >= FIRST_ERROR_STATUS or "fastapi.exceptions.HTTPException" not in names:
        return None
    from starlette.responses import JSONResponse  # noqa: PLC0415 - the model's own, already imported

    try:
        return JSONResponse({"error": getattr(raised, "detail", None)}, status_code=status)
    except (TypeError, ValueError):  # the detail cannot be sent
        return None


def is_response(value: object) -> bool:
    """Whether a result is a response of starlette's, which is sent as it is."""
    responses = sys.modules.get("starlette.responses")
    return responses is not None and isinstance(value, responses.Response)


def _step(name: str, loaded: LoadedModel) -> Step:
    shape = loaded.shape.shape(name)
    if shape is None:
        return Step(name, Form.SYNC, takes_input=True, takes_request=False)
    wants = any(takes_request(parameter) for parameter in shape.parameters)
    return Step(name, shape.form, takes_input=len(shape.parameters) > wants, takes_request=wants)


def input_model(loaded: LoadedModel) -> type | None:
    """Return the Pydantic class that the input is parsed into, if its annotation is one."""
    pydantic = sys.modules.get("pydantic")
    found = input_parameter(loaded.shape)
    if pydantic is None or found is None:
        return None
    signature = inspect.signature(loaded.methods[found[0]])
    annotation = next(iter(signature.parameters.values())).annotation
    return annotation if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel) else None


def require_postprocessable(value: object) -> None:
    """Raise TrussError for what `predict` may give only where there is no `postprocess`."""
    stream = isinstance(value, (Generator, AsyncGenerator))
    if stream or is_response(value):
        what = "a stream" if stream else "a response"
        raise TrussError(
            f"`predict` returned {what}, which `postprocess` cannot take: the server refuses it",
            hint="Do the work of `postprocess` inside `predict`.",
            exit_code=ExitCode.FAULT,
        )

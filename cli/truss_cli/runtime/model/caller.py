"""One call of the model as the server makes it: preprocess, predict, postprocess, each as it is written."""

import inspect
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from typing import NamedTuple

from truss_cli.contract.arguments import takes_request, takes_request_only
from truss_cli.contract.schema import input_parameter
from truss_cli.contract.shape import Form
from truss_cli.contract.terms import PIPELINE, STREAMS
from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.model.errors import ErrorReporter
from truss_cli.runtime.model.execution import Run, call_inline
from truss_cli.runtime.model.input import Payload, parse_into
from truss_cli.runtime.model.loader import LoadedModel
from truss_cli.runtime.model.request import new_request
from truss_cli.runtime.process.signals import is_stop


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
        self._steps = tuple(_step(name, loaded) for name in PIPELINE if name in loaded.shape.members)
        self._input_model = _input_model(loaded)
        predict = loaded.shape.shape("predict")
        self._takes_request = any(step.takes_request for step in self._steps)
        self._body_unread = len(self._steps) == 1 and predict is not None and takes_request_only(predict)

    @property
    def is_async(self) -> bool:
        """Whether a call needs a running event loop."""
        forms = (Form.COROUTINE, Form.ASYNC_GENERATOR)
        return self._takes_request or any(step.form in forms for step in self._steps)

    async def call(
        self, payload: Payload, run: Run, on_step: Callable[[str], None] = lambda _method: None
    ) -> object:
        """Return what the last method gives, a stream or response as it is; raise TrussError.

        `on_step` is called with the name of each method before it runs.
        """
        value = self._input(payload)
        request = new_request(payload.body) if self._takes_request else None
        for step in self._steps:
            if step.name == "postprocess":
                _require_postprocessable(value)
            arguments = step.arguments(value, request)
            on_step(step.name)
            if step.form is Form.COROUTINE:
                value = await self._await(step, arguments)
            elif step.form in STREAMS or run is call_inline:
                value = self._call(step, arguments)
            else:
                value = await run(self._call, step, arguments)
        return value

    def _input(self, payload: Payload) -> object:
        if self._body_unread:
            return None
        if payload.error is not None:
            raise payload.error
        if self._input_model is None:
            return payload.value
        return parse_into(self._input_model, payload.value, self._reporter)

    def _call(self, step: Step, arguments: tuple[object, ...]) -> object:
        try:
            return self._methods[step.name](*arguments)
        except BaseException as error:
            if is_stop(error):
                raise
            raise self._reporter.error(error, f"`{step.name}`") from error

    async def _await(self, step: Step, arguments: tuple[object, ...]) -> object:
        try:
            return await self._methods[step.name](*arguments)
        except BaseException as error:
            if is_stop(error):
                raise
            raise self._reporter.error(error, f"`{step.name}`") from error


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


def _input_model(loaded: LoadedModel) -> type | None:
    """Return the Pydantic class that the input is parsed into, if its annotation is one."""
    pydantic = sys.modules.get("pydantic")
    found = input_parameter(loaded.shape)
    if pydantic is None or found is None:
        return None
    signature = inspect.signature(loaded.methods[found[0]])
    annotation = next(iter(signature.parameters.values())).annotation
    return annotation if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel) else None


def _require_postprocessable(value: object) -> None:
    stream = isinstance(value, Generator | AsyncGenerator)
    if stream or is_response(value):
        what = "a stream" if stream else "a response"
        raise TrussError(
            f"`predict` returned {what}, which `postprocess` cannot take: the server refuses it",
            hint="Do the work of `postprocess` inside `predict`.",
            exit_code=ExitCode.FAULT,
        )

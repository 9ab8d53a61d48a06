"""The model under test."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from truss_cli.errors import TrussError
from truss_cli.project import Truss
from truss_cli.runtime.image.staging import in_stage
from truss_cli.runtime.model.calling.caller import Caller, is_response
from truss_cli.runtime.model.calling.execution import run_in_thread
from truss_cli.runtime.model.calling.input import parse_payload
from truss_cli.runtime.model.errors import ErrorReporter
from truss_cli.runtime.model.loader import ModelSpec, load_model, require_deployable
from truss_cli.runtime.model.secrets.lookup import Secrets
from truss_cli.runtime.output.result import encode_result
from truss_cli.runtime.output.streams import chunk_bytes
from truss_cli.testing.loop import LoopThread
from truss_cli.testing.surroundings import surroundings


class TrussModel:
    """A model that is loaded, whose methods take JSON values and return what a caller would get.

    A result is what its JSON reads back as: tuples are lists, and NumPy's numbers are numbers. A stream is
    the list of its chunks. What the model raises is raised; what the server would refuse is a `TrussError`.
    """

    def __init__(self, truss: Truss, secrets: Mapping[str, str], environment: str | None) -> None:
        require_deployable(truss)
        known = Secrets(truss.secrets, dict(secrets))
        self._cleanup = ExitStack()
        reporter = ErrorReporter(tuple(known.values_known()), truss)
        spec = in_stage(ModelSpec(truss, known, environment, reporter, method=None), self._cleanup)
        self.truss, self.reporter = spec.truss, spec.reporter
        with surroundings(self.truss), _own_errors():
            self.loaded = run_in_thread(load_model, spec, lambda _step: None)
        self.caller = Caller(self.loaded, self.reporter)
        self.loop = LoopThread()

    def predict(self, model_input: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return what `preprocess`, `predict` and `postprocess` make of an input."""
        return self._call("predict", model_input)

    def chat_completions(self, model_input: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return the answer to /v1/chat/completions."""
        return self._call("chat_completions", model_input)

    def completions(self, model_input: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return the answer to /v1/completions."""
        return self._call("completions", model_input)

    def embeddings(self, model_input: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return the answer to /v1/embeddings."""
        return self._call("embeddings", model_input)

    def close(self) -> None:
        """Close the event loop, and remove the files of the image."""
        self.loop.close()
        self._cleanup.close()

    def _call(self, method: str, model_input: object) -> object:
        if not self.caller.steps(method):
            raise TrussError(f"the model has no method `{method}`")
        payload = parse_payload(json.dumps(model_input).encode(), "the input")
        call = self.caller.call(payload, self.loop.in_thread, method=method)
        with surroundings(self.truss), _own_errors():
            return self.loop.run(self._plain(call))

    async def _plain(self, call: Coroutine[Any, Any, object]) -> object:  # Any: as asyncio types it
        """Return a result as its caller gets it."""
        result = await call
        if isinstance(result, Generator):
            return await self.loop.in_thread(_chunks, result)
        if isinstance(result, AsyncGenerator):
            return [_sent(chunk, index) async for index, chunk in _numbered(result)]
        if is_response(result):
            return result
        return json.loads(encode_result(result, self.reporter))


def _chunks(stream: Iterable[object]) -> list[object]:
    return [_sent(chunk, index) for index, chunk in enumerate(stream)]


async def _numbered(stream: AsyncGenerator[object, Any]) -> AsyncIterator[tuple[int, object]]:
    index = 0
    async for chunk in stream:
        yield index, chunk
        index += 1


def _sent(chunk: object, index: int) -> object:
    chunk_bytes(chunk, index)  # raises for what cannot be sent
    return chunk


@contextmanager
def _own_errors() -> Iterator[None]:
    """Raise what the model's code raised, rather than the report of it."""
    try:
        yield
    except TrussError as error:
        if error.__cause__ is not None:
            raise error.__cause__ from None
        raise

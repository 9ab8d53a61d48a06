"""The routes of the server, in this process, around the model under test."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.testclient import TestClient

from truss_cli.runtime.model.opening import predict_concurrency, stream_gap_seconds
from truss_cli.serve.http.answer import Answer
from truss_cli.serve.http.application import Application
from truss_cli.serve.http.served_model import ServedModel, ServeSettings
from truss_cli.serve.in_flight import InFlightTable
from truss_cli.serve.terminal.log import LogStyle, ServeLog
from truss_cli.testing.model import TrussModel
from truss_cli.testing.surroundings import surroundings

_STDERR = 2
_MOST_BYTES = 100 * 2**20


@contextmanager
def open_client(model: TrussModel) -> Iterator[TestClient]:
    """Yield a client of the routes, on the event loop of the model."""
    with surroundings(model.truss), model.loop.portal() as portal:
        application = model.loop.run(_application(model))
        client = TestClient(application, base_url="http://localhost:8080", raise_server_exceptions=False)
        client.portal = portal
        yield client


async def _application(model: TrussModel) -> Application:
    settings = ServeSettings(
        concurrency=predict_concurrency(model.truss),
        stream_gap=stream_gap_seconds(model.truss),
        predict_timeout=None,
        max_body=_MOST_BYTES,
    )
    log = ServeLog(_STDERR, LogStyle(as_json=False, color=False), model.reporter.masked)
    in_flight = InFlightTable()
    in_flight.close()  # nobody else reads it
    served = ServedModel(settings, model.reporter, model.loop.in_thread, log, in_flight)
    served.constructed, served.caller = model.loaded, model.caller
    return Application(served, lambda: Answer(200, b"true"))

"""Sessions with the language server."""

from collections.abc import Iterator, Mapping

import pytest

from callables import WriteTruss
from editor_client import MODEL, Client, Start


@pytest.fixture
def start(write_truss: WriteTruss) -> Iterator[Start]:
    """Write files as a truss, and start a session in its folder, initialized unless told otherwise."""
    clients: list[Client] = []

    def start_client(files: Mapping[str, str] | None = None, *, initialize: bool = True) -> Client:
        client = Client(write_truss({"model/model.py": MODEL, **(files or {})}))
        clients.append(client)
        if initialize:
            client.initialize()
        return client

    yield start_client
    for client in clients:
        client.kill()

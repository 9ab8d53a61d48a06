"""Fixtures: a server for one test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from serve.serving import Serving, serving


@pytest.fixture
def serve() -> Iterator[Callable[..., Serving]]:
    """Call a function that serves a truss until the test ends, with options of the command line."""
    with ExitStack() as stack:
        yield lambda folder, *arguments: stack.enter_context(serving(folder, *arguments))

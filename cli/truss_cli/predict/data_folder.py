"""The data folder, which the server always has."""

import contextlib
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def data_folder(path: Path) -> Iterator[None]:
    """Let the folder exist while the model runs: a model may list it or write to it without making it.

    If it was not there and is empty in the end, it goes again, so that the truss is left as it was.
    """
    try:
        path.mkdir()
    except OSError:
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.rmdir()

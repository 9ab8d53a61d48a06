"""The server's process around the model's code, for as long as it runs."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from truss_cli.project import Truss
from truss_cli.runtime.image.view import enter_image
from truss_cli.runtime.model.server_environment import enter_server_environment


@contextmanager
def surroundings(truss: Truss) -> Iterator[None]:
    """Set the server's folder, import path and environment variables, and restore them afterwards."""
    folder, variables = Path.cwd(), dict(os.environ)
    path, finders = list(sys.path), list(sys.meta_path)
    arguments, no_bytecode = sys.argv, sys.dont_write_bytecode
    try:
        enter_server_environment(truss, {})
        with enter_image(truss):
            yield
    finally:
        os.chdir(folder)
        for name in os.environ.keys() - variables.keys():
            del os.environ[name]
        os.environ.update(variables)
        sys.path[:], sys.meta_path[:] = path, finders
        sys.argv, sys.dont_write_bytecode = arguments, no_bytecode
        sys.path_importer_cache.clear()

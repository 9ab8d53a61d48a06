"""`truss serve`: the order of the work."""

import sys
from importlib.util import find_spec

from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.model.opening import open_named_truss
from truss_cli.runtime.process.standard_streams import require_standard_streams
from truss_cli.serve.options import ServeOptions

__all__ = ["ServeOptions", "serve"]

_MODULES = (
    "httptools",
    "msgpack",
    "prometheus_client",
    "starlette",
    "uvicorn",
    "uvloop",
    "watchfiles",
    "websockets",
)
"""What the extra brings."""


def serve(options: ServeOptions) -> ExitCode:
    """Serve the model until Ctrl-C; raise TrussError for what keeps it from being served."""
    _require_extra()
    require_standard_streams()
    truss = open_named_truss(options.folder, "serve")
    from truss_cli.serve.session import ServeSession  # noqa: PLC0415 - errors first, and fast

    return ServeSession(options, truss).run()


def _require_extra() -> None:
    missing = [name for name in _MODULES if find_spec(name) is None]
    if missing:
        message = f"`truss serve` needs {missing[0]}, which is not installed"
        raise TrussError(message, hint=f"Run `{sys.executable} -m pip install 'truss-cli[serve]'`.")

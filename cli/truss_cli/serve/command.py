"""`truss serve`: the order of the work."""

import functools
import os
import sys
from importlib.util import find_spec

from truss_cli.display import wants_color
from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.model.opening import (
    model_spec,
    open_named_truss,
    predict_concurrency,
    stream_gap_seconds,
)
from truss_cli.runtime.process.standard_streams import require_standard_streams
from truss_cli.serve.options import ServeOptions

__all__ = ["ServeOptions", "serve"]

_MODULES = (
    "uvicorn",
    "httptools",
    "uvloop",
    "starlette",
    "msgpack",
    "websockets",
    "prometheus_client",
    "watchfiles",
)


def serve(options: ServeOptions) -> ExitCode:
    """Serve the model until Ctrl-C; raise TrussError for what keeps it from being served."""
    if not hasattr(os, "fork"):
        raise TrussError("`truss serve` needs Linux or macOS", hint="On Windows, use WSL.")
    _require_extra()
    require_standard_streams()
    truss = open_named_truss(options.folder, "serve")
    spec = functools.partial(
        model_spec, secrets_file=options.secrets, environment=options.environment, method=None
    )
    spec(truss)  # what is known to fail is said before anything is bound

    from truss_cli.runtime.model.server_environment import data_folder  # noqa: PLC0415 - errors first, and fast
    from truss_cli.runtime.process.supervisor import ended_by_signals  # noqa: PLC0415
    from truss_cli.runtime.process.worker import work  # noqa: PLC0415
    from truss_cli.runtime.process.worker_process import Work  # noqa: PLC0415
    from truss_cli.serve.console import Console  # noqa: PLC0415
    from truss_cli.serve.examples import example_input  # noqa: PLC0415
    from truss_cli.serve.http.served_model import ServeSettings  # noqa: PLC0415
    from truss_cli.serve.listener import listen  # noqa: PLC0415
    from truss_cli.serve.log import LogStyle  # noqa: PLC0415
    from truss_cli.serve.page.page import page  # noqa: PLC0415
    from truss_cli.serve.supervisor import ServeSupervisor  # noqa: PLC0415
    from truss_cli.serve.task import ServeTask  # noqa: PLC0415
    from truss_cli.serve.watcher import FileWatcher  # noqa: PLC0415

    listener = listen(options.host, options.port)
    style = LogStyle(options.log, wants_color(sys.stdout))
    console = Console(style, listener)

    def new_work(is_first: bool) -> Work:  # noqa: FBT001 - as the supervisor calls it
        current = open_named_truss(options.folder, "serve")
        console.example = example_input(current)
        settings = ServeSettings(
            predict_concurrency(current),
            options.predict_timeout or stream_gap_seconds(current),
            options.predict_timeout,
            options.max_body,
        )
        task = ServeTask(
            spec=spec(current),
            settings=settings,
            style=style,
            socket=listener.socket,
            page=functools.partial(page, current),
            load_timeout=options.load_timeout,
            shutdown_timeout=options.shutdown_timeout,
            is_first=is_first,
            keep_failed=is_first and options.reload,
        )
        return functools.partial(work, task)

    with ended_by_signals(), data_folder(truss.data_folder), listener.socket:
        console.listening(is_local=listener.is_local)
        watcher = FileWatcher(truss) if options.reload else None
        return ServeSupervisor(new_work, console, watcher, options.shutdown_timeout).run()


def _require_extra() -> None:
    missing = [name for name in _MODULES if find_spec(name) is None]
    if missing:
        message = f"`truss serve` needs {missing[0]}, which is not installed"
        raise TrussError(message, hint=f"Run `{sys.executable} -m pip install 'truss-cli[serve]'`.")

"""One run of the command: the socket, the supervisor, and what each worker is given."""

import functools
import sys

from truss_cli.display import wants_color
from truss_cli.errors import ExitCode
from truss_cli.project import Truss
from truss_cli.runtime.model.loader import ModelSpec
from truss_cli.runtime.model.opening import (
    SecretSources,
    model_spec,
    open_named_truss,
    predict_concurrency,
    stream_gap_seconds,
)
from truss_cli.runtime.model.server_environment import data_folder
from truss_cli.runtime.process.supervisor import ended_by_signals
from truss_cli.runtime.process.worker import work
from truss_cli.runtime.process.worker_process import Work
from truss_cli.serve.console import Console
from truss_cli.serve.examples import example_input
from truss_cli.serve.http.served_model import ServeSettings
from truss_cli.serve.listener import listen
from truss_cli.serve.log import LogStyle
from truss_cli.serve.options import ServeOptions
from truss_cli.serve.page.page import page
from truss_cli.serve.supervisor import ServeSupervisor
from truss_cli.serve.task import ServeTask
from truss_cli.serve.watcher import FileWatcher


class ServeSession:
    """Serves a truss; raises TrussError for what is known to fail before anything runs."""

    def __init__(self, options: ServeOptions, truss: Truss) -> None:
        self._options = options
        self._truss = truss
        self._secrets = SecretSources(options.secrets, options.secret_values).read()
        self._first_spec: ModelSpec | None = self._spec(truss)
        self._listener = listen(options.host, options.port)
        self._style = LogStyle(options.log, wants_color(sys.stdout))
        self._console = Console(self._style, self._listener)

    def run(self) -> ExitCode:
        """Serve until Ctrl-C, which is raised; raise TrussError for a model that cannot be served."""
        options, listener = self._options, self._listener
        with ended_by_signals(), data_folder(self._truss.data_folder), listener.socket:
            self._console.listening(is_local=listener.is_local)
            watcher = FileWatcher(self._truss) if options.reload else None
            timeout = options.shutdown_timeout
            return ServeSupervisor(self._new_work, self._console, watcher, timeout).run()

    def _spec(self, truss: Truss) -> ModelSpec:
        options = self._options
        return model_spec(truss, secrets=self._secrets, environment=options.environment, method=None)

    def _new_work(self, is_first: bool) -> Work:  # noqa: FBT001 - as the supervisor calls it
        """Read the truss as it is now, and return the work of a worker; raise TrussError."""
        options = self._options
        truss, spec = self._truss, self._first_spec
        self._first_spec = None
        if spec is None:
            truss = open_named_truss(options.folder, "serve")
            spec = self._spec(truss)
        self._console.example = example_input(truss)
        task = ServeTask(
            spec=spec,
            settings=ServeSettings(
                concurrency=predict_concurrency(truss),
                stream_gap=options.predict_timeout or stream_gap_seconds(truss),
                predict_timeout=options.predict_timeout,
                max_body=options.max_body,
            ),
            style=self._style,
            socket=self._listener.socket,
            page=functools.partial(page, truss),
            load_timeout=options.load_timeout,
            shutdown_timeout=options.shutdown_timeout,
            is_first=is_first,
            keep_failed=is_first and options.reload,
        )
        return functools.partial(work, task)

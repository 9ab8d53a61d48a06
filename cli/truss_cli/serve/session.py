"""One run of the command: the socket, the supervisor, and what each worker is given."""

import functools
import sys
from contextlib import ExitStack
from pathlib import Path

from truss_cli.choices import LogFormat
from truss_cli.deployment.variables import parse_variables
from truss_cli.display import wants_color
from truss_cli.environment.isolated import isolated_python, note_unreproduced
from truss_cli.errors import ExitCode
from truss_cli.project import Truss
from truss_cli.runtime.image.staging import in_place, in_stage
from truss_cli.runtime.model.loader import ModelSpec
from truss_cli.runtime.model.opening import (
    SecretSources,
    model_spec,
    open_named_truss,
    predict_concurrency,
    stream_gap_seconds,
)
from truss_cli.runtime.process.interpreter.start import work_in
from truss_cli.runtime.process.worker import work
from truss_cli.runtime.process.worker_process import Work
from truss_cli.serve.access import access_policy
from truss_cli.serve.examples import example_input
from truss_cli.serve.http.served_model import ServeSettings
from truss_cli.serve.in_flight import InFlightTable
from truss_cli.serve.listener import listen
from truss_cli.serve.options import ServeOptions
from truss_cli.serve.page.page import page
from truss_cli.serve.supervisor import ServeSupervisor, ServeWork
from truss_cli.serve.task import ServeTask
from truss_cli.serve.terminal.console import Console
from truss_cli.serve.terminal.log import LogStyle
from truss_cli.serve.watcher import FileWatcher


class ServeSession:
    """Serves a truss; raises TrussError for what is known to fail before anything runs."""

    def __init__(self, options: ServeOptions, truss: Truss) -> None:
        self._options = options
        self._truss = truss
        self._secrets = SecretSources(options.secrets, options.secret_values).read()
        self._variables = parse_variables(options.variables)
        self._first_spec: ModelSpec | None = self._spec(truss)
        self._listener = listen(options.host, options.port)
        self._policy = access_policy(
            options.host,
            is_local=self._listener.is_local,
            allow_hosts=options.allow_hosts,
            allow_origins=options.allow_origins,
        )
        self._style = LogStyle(as_json=options.log is LogFormat.JSON, color=wants_color(sys.stdout))
        self._console = Console(self._style, self._listener)
        self._isolation = options.isolation

    def run(self) -> ExitCode:
        """Serve until Ctrl-C, which is raised; raise TrussError for a model that cannot be served."""
        options, listener = self._options, self._listener
        with listener.socket:
            if options.isolated:
                note_unreproduced(self._truss)
                self._python(self._truss)  # which may take a while
            self._console.listening(is_local=listener.is_local)
            watcher = FileWatcher(self._truss) if options.reload else None
            timeout = options.shutdown_timeout
            return ServeSupervisor(self._new_work, self._console, watcher, timeout).run()

    def _spec(self, truss: Truss) -> ModelSpec:
        options = self._options
        return model_spec(
            truss,
            secrets=self._secrets,
            environment=options.environment,
            variables=self._variables,
            method=None,
        )

    def _new_work(self, is_first: bool) -> ServeWork:  # noqa: FBT001 - as the supervisor calls it
        """Read the truss as it is now, and return the work of a worker; raise TrussError."""
        options = self._options
        truss, spec = self._truss, self._first_spec
        self._first_spec = None
        if spec is None:
            truss = open_named_truss(options.folder, "serve")
            spec = self._spec(truss)
        self._console.example = example_input(truss)
        with ExitStack() as cleanup:
            place = in_place if options.in_place else in_stage
            spec = place(spec, cleanup)
            spec = spec.portable() if options.isolated else spec
            in_flight = InFlightTable()
            start = self._start(spec, truss, in_flight, is_first=is_first)
            return ServeWork(start, in_flight, cleanup.pop_all().close)

    def _start(self, spec: ModelSpec, truss: Truss, in_flight: InFlightTable, *, is_first: bool) -> Work:
        options = self._options
        task = ServeTask(
            spec=spec,
            settings=ServeSettings(
                concurrency=predict_concurrency(truss),
                stream_gap=options.predict_timeout or stream_gap_seconds(truss),
                predict_timeout=options.predict_timeout,
                max_body=options.max_body,
            ),
            style=self._style,
            policy=self._policy,
            listener=self._listener.socket.fileno(),
            in_flight=in_flight.descriptor,
            page=functools.partial(page, truss.without_document() if options.isolated else truss),
            load_timeout=options.load_timeout,
            shutdown_timeout=options.shutdown_timeout,
            is_first=is_first,
            keep_failed=is_first and options.reload,
        )
        if options.isolated:
            descriptors = (task.listener, task.in_flight)
            return functools.partial(work_in, self._python(truss), task, descriptors)
        from truss_cli.serve import server  # noqa: F401, PLC0415 - for each worker to have it from the start

        return functools.partial(work, task)

    def _python(self, truss: Truss) -> Path:
        """Return the interpreter of the truss's environment, made anew once at most."""
        python = isolated_python(truss, self._isolation)
        self._isolation = self._isolation._replace(refresh=False)
        return python

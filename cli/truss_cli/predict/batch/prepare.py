"""From a truss and the command line to a run over many lines."""

import os
import sys
from contextlib import ExitStack

from truss_cli.contract.defaults import LOAD_TIMEOUT_SECONDS
from truss_cli.display import is_terminal
from truss_cli.errors import TrussError
from truss_cli.predict.batch.output.file import finished_records, open_output
from truss_cli.predict.batch.output.resume import Finished, require_finished, skip_answered
from truss_cli.predict.batch.ray.options import ray_options
from truss_cli.predict.batch.run import Batch
from truss_cli.predict.batch.traffic.feed import Feed
from truss_cli.predict.options import PredictOptions
from truss_cli.predict.prepare import prepare_python, prepare_spec
from truss_cli.project import Truss
from truss_cli.runtime.model.calling.input import HOW_TO_GIVE
from truss_cli.runtime.model.opening import predict_concurrency

_PROGRESS_SECONDS = 5.0


def prepare_batch(options: PredictOptions, truss: Truss, cleanup: ExitStack) -> Batch | Finished:
    """Return the run; raise TrussError for what is known to fail without running anything."""
    if options.data is not None or options.example:
        raise TrussError("with `--jsonl`, input comes from stdin or a file", hint="Give `-f FILE`.")
    if options.resume and options.output is None:
        raise TrussError("`--resume` needs a file to go on with", hint="Give `--output FILE`.")
    concurrency = options.concurrency or predict_concurrency(truss)
    if concurrency < 1:
        raise TrussError(f"`--concurrency {concurrency}` is not a number of records", hint="Give 1 or more.")
    source = _source(options)
    spec = prepare_spec(options, truss, cleanup)
    if options.resume and options.output is not None:
        finished = finished_records(options.output)
        if finished is not None:
            return require_finished(options.output, *finished, Feed(source, options.max_input))
    file = open_output(options.output, resume=options.resume) if options.output else None
    feed = Feed(source, options.max_input, file.fingerprint.update if file else None)
    if file and options.resume:
        skip_answered(file, feed)
    return Batch(
        spec=spec,
        feed=feed,
        stdout=os.dup(1),
        file=file,
        concurrency=concurrency,
        max_restarts=options.max_restarts,
        stop_at_error=options.on_error == "stop",
        ray=ray_options(options, truss) if options.engine == "ray" else None,
        progress_seconds=_progress_seconds(options),
        load_timeout=options.load_timeout or LOAD_TIMEOUT_SECONDS,
        predict_timeout=options.predict_timeout,
        python=prepare_python(options, truss),
    )


def _source(options: PredictOptions) -> int:
    if options.file is not None and str(options.file) != "-":
        try:
            return os.open(options.file, os.O_RDONLY)
        except OSError as error:
            raise TrussError(f"cannot read the input file {options.file}: {error.strerror}") from None
    if os.isatty(0) and options.file is None:
        raise TrussError("no input is given", hint=HOW_TO_GIVE)
    return os.dup(0)


def _progress_seconds(options: PredictOptions) -> float | None:
    if options.progress:
        return _PROGRESS_SECONDS
    drawn = sys.stderr and is_terminal(sys.stderr) and (options.output or not os.isatty(1))
    return 0.0 if drawn else None

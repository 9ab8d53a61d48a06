"""One request: load the model, call it, write what it answers."""

from typing import NamedTuple

from truss_cli.predict.answer import Answerer, needs_loop
from truss_cli.predict.bench import Bench
from truss_cli.predict.loader import Recipe
from truss_cli.predict.output import Output
from truss_cli.predict.payload import Payload
from truss_cli.predict.running import Run, drive, in_new_thread, in_place, run_in_loop
from truss_cli.predict.stream import Streamer


class Single(NamedTuple):
    """All there is to know of a request; times are in seconds."""

    recipe: Recipe
    payload: Payload
    load_timeout: float
    predict_timeout: float | None
    stream_gap: float
    on_terminal: bool
    """Whether results are for people, in colour."""

    def __call__(self, bench: Bench) -> None:
        """Answer it; raise TrussError, or OutputClosedError when nobody reads the answer."""
        output = self._output(bench.stdout)
        try:
            self._answer(bench, output)
        finally:
            bench.deadline.start(None)
            bench.stopwatch.end(output)
            output.end()

    def _answer(self, bench: Bench, output: Output) -> None:
        caller = bench.load(self.recipe, self.load_timeout)
        deadline, blame = bench.deadline, self.recipe.blame
        streamer = Streamer(output, deadline, self.stream_gap, blame, bench.sender.phase)
        answerer = Answerer(output, streamer, blame)
        deadline.start(self.predict_timeout)  # before it is told of, for the supervisor to see it then
        bench.begin("predict")

        async def exchange(run: Run) -> None:
            result = await caller.call(self.payload, run)
            deadline.start(None)
            await answerer.answer(result, run)

        def exchange_without_loop() -> None:
            result = drive(caller.call(self.payload, in_place))
            deadline.start(None)
            if needs_loop(result):
                run_in_loop(lambda run: answerer.answer(result, run), bench.closing)
            else:
                drive(answerer.answer(result, in_place))

        if caller.is_async:
            run_in_loop(exchange, bench.closing)
        else:
            in_new_thread(exchange_without_loop)

    def _output(self, descriptor: int) -> Output:
        if not self.on_terminal:
            return Output(descriptor)
        from truss_cli.predict.terminal import TerminalOutput  # noqa: PLC0415 - only there

        return TerminalOutput(descriptor)

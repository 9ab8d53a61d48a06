"""What a worker works with."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from truss_cli.predict.caller import Caller
from truss_cli.predict.deadline import Deadline
from truss_cli.predict.link import Sender
from truss_cli.predict.loader import Recipe, load_model
from truss_cli.predict.running import in_new_thread
from truss_cli.predict.stats import Stopwatch
from truss_cli.predict.surroundings import enter


class Bench(NamedTuple):
    """A worker's means to tell of itself, and the descriptor that its results go to."""

    sender: Sender
    deadline: Deadline
    stopwatch: Stopwatch
    stdout: int
    closing: list[Callable[[], None]]
    """What is left to close once the outcome is sent."""

    def begin(self, step: str) -> None:
        """Tell everybody what is done from now on."""
        self.stopwatch.begin(step)
        self.sender.phase(step)

    def load(self, recipe: Recipe, timeout: float) -> Caller:
        """Load the model under its deadline, in a thread of its own, and give what calls it."""
        self.deadline.start(timeout)
        enter(recipe.truss)
        loaded = in_new_thread(load_model, recipe, self.begin)
        self.deadline.start(None)
        return Caller(loaded, recipe.blame)


class Task(Protocol):
    """What a worker is there for."""

    def __call__(self, bench: Bench) -> None:
        """Do it; raise TrussError, or OutputClosedError when nobody reads the results."""

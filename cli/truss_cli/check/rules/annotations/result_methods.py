"""Methods whose results the server sends, and the values that they return."""

from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.check.facts.model.decorators import keeps_result
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.contract import returning_method
from truss_cli.contract.shape import Shape
from truss_cli.contract.terms import ENDPOINTS, STREAMS
from truss_cli.static.events import Returned
from truss_cli.static.names.symbols import Module
from truss_cli.static.syntax.nodes import Function


class ResultMethod(NamedTuple):
    """A method whose result is sent; `main` if it answers the route of `predict`.

    `decorated`: a decorator may send a value other than those of the method's `return` statements.
    """

    name: str
    module: Module
    function: Function
    shape: Shape
    main: bool
    decorated: bool

    @property
    def streams(self) -> bool:
        """Whether calling the method returns a generator."""
        return self.shape.form in STREAMS

    def returned(self, facts: TrussFacts) -> list[Returned]:
        """Return the `return`s that the abstract run reaches; none if a decorator decides."""
        if self.decorated:
            return []
        events = facts.run.events
        return [event for event in events if isinstance(event, Returned) and event.method == self.name]


def result_methods(facts: TrussFacts) -> Iterator[ResultMethod]:
    """Yield the methods that send results and whose source and shape are known."""
    if facts.model is None:
        return
    main = returning_method(facts.model.shape)
    for name in (main, *ENDPOINTS):
        source, shape = facts.model.function(name), facts.model.shape.shape(name)
        if source and shape:
            decorated = not keeps_result(facts.types, *source)
            yield ResultMethod(name, *source, shape, name == main, decorated)

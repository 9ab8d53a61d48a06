"""Types of the fixtures for runs in a stage."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple


class Result(NamedTuple):
    """The end of a run."""

    code: int
    stdout: str
    stderr: str
    message: str
    hint: str

    @property
    def value(self) -> Any:  # noqa: ANN401 - JSON
        """The result of the model."""
        return json.loads(self.stdout)


RunHere = Callable[..., Result]
PredictHere = Callable[..., Result]

"""What a worker has of the traffic: the input, and where its answers go."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from truss_cli.predict.batch.traffic.answers import SharedAnswers


class WorkerEnds(NamedTuple):
    """The worker's ends, and the descriptors that a fork has of its supervisor's."""

    answers: SharedAnswers
    input: int
    supervisors: tuple[int, ...]

    def enter(self) -> None:
        """Close what is the supervisor's alone, so that the input has an end."""
        for descriptor in set(self.supervisors):
            os.close(descriptor)

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What a worker in another Python needs, which has nothing of its supervisor's."""
        return self.input, *self.answers.workers

"""How many records, how many failed, how fast."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from truss_cli.errors import ExitCode, TrussError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truss_cli.predict.batch.record import Failure

_MOST_SAMPLES = 10_000
_PERCENTILES = (50, 95, 99)


class Tally:
    """Counts records, in the supervisor."""

    def __init__(self, failed_before: int) -> None:
        """Begin; an earlier run, which this one resumes, has had so many failures."""
        self.records = 0
        self.failed = 0
        self.failed_before = failed_before
        self.restarts = 0
        """Workers that were put in the place of one that crashed or hung."""
        self.first_failure: Failure | None = None
        self._began = time.monotonic()

    def count_failure(self, failure: Failure) -> None:
        """Count a record that is a failure."""
        self.records += 1
        self.failed += 1
        self.first_failure = self.first_failure or failure

    def begin(self) -> None:
        """Start the clock."""
        self._began = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    @property
    def rate(self) -> float:
        """Records a second since the beginning."""
        return self.records / max(self.elapsed, 1e-9)

    def stats(self) -> Mapping[str, float]:
        """Return the measurements by name."""
        return {
            "records": self.records,
            "failed": self.failed,
            "restarts": self.restarts,
            "records_per_second": self.rate,
        }


class Latencies:
    """A sample of how long records took, in the worker; memory stays flat."""

    def __init__(self) -> None:
        self._sample: list[float] = []
        self._timed = 0
        self._stride = 1

    def add(self, seconds: float) -> None:
        """Take one into the sample: of ever fewer, the more there are."""
        self._timed += 1
        if self._timed % self._stride:
            return
        self._sample.append(seconds)
        if len(self._sample) > _MOST_SAMPLES:
            self._sample = self._sample[1::2]
            self._stride *= 2

    def stats(self) -> Mapping[str, float]:
        """Return the percentiles by name; none without a record."""
        ordered = sorted(self._sample)
        most = len(ordered) - 1
        return {
            f"latency_p{percentile}_seconds": ordered[min(most, len(ordered) * percentile // 100)]
            for percentile in _PERCENTILES
            if ordered
        }


def failed_records(failed: int, records: int, first: Failure | None = None) -> TrussError:
    """Return the error that a run ends with if some of its records failed; of the first, if known."""
    hint = f"The first, line {first.number}: {first.message}" if first else None
    message = f"{failed} of {records} record{'s' * (records != 1)} failed"
    return TrussError(message, hint=hint, detail=first.detail if first else None, exit_code=ExitCode.FAULT)

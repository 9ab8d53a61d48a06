"""How many records, how many failed, how fast."""

import time
from collections.abc import Mapping

from truss_cli.errors import TrussError

_MOST_SAMPLES = 10_000
_PERCENTILES = (50, 95, 99)


class Tally:
    """Counts records; keeps a sample of their latencies, so that memory stays flat."""

    def __init__(self) -> None:
        self.records = 0
        self.failed = 0
        self.failed_before = 0
        """Failed records in the part of the output that an earlier run has written."""
        self.first_error: tuple[int, TrussError] | None = None
        self.loads: list[float] = []
        """Seconds that each of the workers took to load, where they are other processes."""
        self._latencies: list[float] = []
        self._timed = 0
        self._stride = 1
        self._began = time.monotonic()

    def count(self, number: int, error: TrussError | None) -> None:
        """Count one record."""
        self.records += 1
        if error is not None:
            self.failed += 1
            if self.first_error is None:
                self.first_error = (number, error)

    def time(self, seconds: float) -> None:
        """Take the latency of one record into the sample: of ever fewer records, the more there are."""
        self._timed += 1
        if self._timed % self._stride:
            return
        self._latencies.append(seconds)
        if len(self._latencies) > _MOST_SAMPLES:
            self._latencies = self._latencies[1::2]
            self._stride *= 2

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
        found: dict[str, float] = {
            "records": self.records,
            "failed": self.failed,
            "records_per_second": self.rate,
        }
        ordered = sorted(self._latencies)
        for percentile in _PERCENTILES if ordered else ():
            index = min(len(ordered) - 1, len(ordered) * percentile // 100)
            found[f"latency_p{percentile}_seconds"] = ordered[index]
        found |= {f"worker_{index}_load_seconds": seconds for index, seconds in enumerate(self.loads, 1)}
        return found

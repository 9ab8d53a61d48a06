"""How far a run is, on stderr."""

import sys
import threading
from types import TracebackType

from truss_cli.predict.batch.lines import Lines
from truss_cli.predict.batch.tally import Tally
from truss_cli.quantities import format_duration

_DRAWN_SECONDS = 0.2


class ProgressReport:
    """While entered, draws a line on a terminal, or writes one every so many seconds; with None neither."""

    def __init__(self, lines: Lines, tally: Tally, seconds: float | None) -> None:
        self._lines = lines
        self._tally = tally
        self._seconds = seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._notify, daemon=True)

    def __enter__(self) -> None:
        if self._seconds is not None:
            self._thread.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._done.set()
        if self._seconds is not None:
            self._thread.join()
            self._write()
            if not self._seconds:
                sys.stderr.write("\n")

    def _notify(self) -> None:
        while not self._done.wait(self._seconds or _DRAWN_SECONDS):
            self._write()

    def _write(self) -> None:
        line = self.line()
        sys.stderr.write(f"{line}\n" if self._seconds else f"\r\x1b[K{line}")
        sys.stderr.flush()

    def line(self) -> str:
        """Return the counts done and failed, the rate, and the time left if the input has a known size."""
        tally, lines = self._tally, self._lines
        parts = [f"{tally.records:,} done", f"{tally.failed:,} failed", f"{tally.rate:,.0f}/s"]
        if lines.size and tally.records:
            left = tally.elapsed * (lines.size - lines.bytes_read) / max(lines.bytes_read, 1)
            parts.append(f"about {format_duration(round(left))} left")
        return ", ".join(parts)

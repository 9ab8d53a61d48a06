"""How far a run is, on stderr."""

import sys
import time

from truss_cli.predict.batch.tally import Tally
from truss_cli.predict.batch.traffic.feed import Feed
from truss_cli.quantities import format_duration

_DRAWN_SECONDS = 0.2


class ProgressReport:
    """Draws a line on a terminal, or writes one every so many seconds (0: it is drawn); with None neither."""

    def __init__(self, feed: Feed, tally: Tally, seconds: float | None) -> None:
        self._feed = feed
        self._tally = tally
        self._seconds = seconds
        self._written = time.monotonic()

    @property
    def interval(self) -> float | None:
        """Seconds after which it wants to be updated again."""
        return None if self._seconds is None else self._seconds or _DRAWN_SECONDS

    def update(self) -> None:
        """Report anew if it is time to."""
        now = time.monotonic()
        if self.interval is not None and now - self._written >= self.interval:
            self._written = now
            self._write()

    def end(self) -> None:
        """Report a last time."""
        if self._seconds is not None:
            self._write()
            if not self._seconds:
                sys.stderr.write("\n")

    def _write(self) -> None:
        line = self.line()
        sys.stderr.write(f"{line}\n" if self._seconds else f"\r\x1b[K{line}")
        sys.stderr.flush()

    def line(self) -> str:
        """Return the counts done and failed, the rate, and the time left if the input has a known size."""
        tally, feed = self._tally, self._feed
        parts = [f"{tally.records:,} done", f"{tally.failed:,} failed", f"{tally.rate:,.0f}/s"]
        if feed.size and tally.records:
            left = tally.elapsed * (feed.size - feed.bytes_read) / max(feed.bytes_read, 1)
            parts.append(f"about {format_duration(round(left))} left")
        return ", ".join(parts)

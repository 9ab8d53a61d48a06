"""How far a run is, on stderr."""

import sys
import time
from typing import TYPE_CHECKING

from truss_cli.predict.batch.tally import Tally
from truss_cli.predict.batch.traffic.feed import Feed
from truss_cli.quantities import format_duration

if TYPE_CHECKING:
    from rich.progress import Progress

_DRAWN_SECONDS = 0.2


class ProgressReport:
    """Writes a line every so many seconds; with 0 seconds draws a bar on a terminal, with None neither."""

    def __init__(self, feed: Feed, tally: Tally, seconds: float | None) -> None:
        self._feed = feed
        self._tally = tally
        self._seconds = seconds
        self._written = time.monotonic()
        self._bar = _progress_bar(feed.size) if seconds == 0 else None

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
        if self._bar is not None:
            self._bar.stop()

    def _write(self) -> None:
        if self._bar is None:
            sys.stderr.write(f"{self.line()}\n")
            sys.stderr.flush()
            return
        self._bar.start()
        (task,) = self._bar.task_ids
        self._bar.update(task, completed=self._feed.bytes_read, description=self.line())
        self._bar.refresh()

    def line(self) -> str:
        """Return the counts done and failed, the rate, and the time left if the input has a known size."""
        tally, feed = self._tally, self._feed
        parts = [f"{tally.records:,} done", f"{tally.failed:,} failed", f"{tally.rate:,.0f}/s"]
        if feed.size and tally.records:
            left = tally.elapsed * (feed.size - feed.bytes_read) / max(feed.bytes_read, 1)
            parts.append(f"about {format_duration(round(left))} left")
        return ", ".join(parts)


def _progress_bar(size: int | None) -> "Progress":
    """Return a bar for an input of so many bytes, which moves to and fro if that is not known."""
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (BarColumn(bar_width=20), TextColumn("{task.description}"))
    bar = Progress(*columns, console=Console(stderr=True), auto_refresh=False)
    bar.add_task("", total=size)
    return bar

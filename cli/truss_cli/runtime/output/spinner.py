"""That something goes on while a model loads, on a terminal."""

from __future__ import annotations

import sys
import threading
import time

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_INTERVAL_SECONDS = 0.1
_LOADING = {"import": "importing", "__init__": "__init__", "setup_environment": "setup", "load": "loading"}


class Spinner:
    """A line on stderr, with the time the step has taken so far.

    The cursor rests at the line's start, for what the model prints to overwrite it;
    rich's own status leaves it at the end, where that would be appended.
    """

    def __init__(self) -> None:
        self._label: str | None = None
        self._since = 0.0
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def __call__(self, phase: str | None) -> None:
        """Show a phase of loading, and nothing in any other."""
        self._label, self._since = _LOADING.get(phase or ""), time.monotonic()
        if self._label and self._thread is None:
            self._thread = threading.Thread(target=self._spin, daemon=True)
            self._thread.start()
        elif self._label is None and self._thread is not None:
            self._done.set()
            self._thread.join()
            self._thread = None

    def _spin(self) -> None:
        count = 0
        while not self._done.wait(_INTERVAL_SECONDS):
            frame = _FRAMES[count % len(_FRAMES)]
            seconds = time.monotonic() - self._since
            sys.stderr.write(f"\r\x1b[K{frame} {self._label} {seconds:.1f} s\r")
            sys.stderr.flush()
            count += 1
        if count:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

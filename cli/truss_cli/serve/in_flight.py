"""Requests in progress, in memory that the supervisor can read after the worker has died."""

from __future__ import annotations

import mmap
import os
import time
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.runtime.process.lifetime.deadline import open_memory

if TYPE_CHECKING:
    from collections.abc import Sequence

_SLOTS = 256
"""Requests that are recorded at once; further ones are not."""
_SLOT_BYTES = 256
_START_BYTES = 8
_SIZE = _SLOTS * _SLOT_BYTES


class InFlightRequest(NamedTuple):
    """The description of a request in progress, and its age in seconds."""

    text: str
    seconds: float


class InFlightTable:
    """A table of fixed slots, each with the monotonic start time and a description of a request.

    The worker writes to it without a lock or a system call.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        """Create a table, or open the table of another process by its descriptor."""
        if descriptor is None:
            descriptor = open_memory()
            os.ftruncate(descriptor, _SIZE)
        self.descriptor = descriptor
        self._memory = mmap.mmap(descriptor, _SIZE)
        self._starts = memoryview(self._memory).cast("d")
        self._free = list(range(_SLOTS))

    def enter(self, text: str) -> int | None:
        """Record a request and return its slot; None if no slot is free."""
        if not self._free:
            return None
        slot = self._free.pop()
        self.describe(slot, text)
        self._starts[slot * _SLOT_BYTES // _START_BYTES] = time.monotonic()
        return slot

    def describe(self, slot: int | None, text: str) -> None:
        """Replace the description of a request."""
        if slot is not None:
            begin = slot * _SLOT_BYTES + _START_BYTES
            size = _SLOT_BYTES - _START_BYTES
            self._memory[begin : begin + size] = text.encode("utf-8", "replace")[:size].ljust(size, b"\0")

    def leave(self, slot: int | None) -> None:
        """Remove a request."""
        if slot is not None:
            self._starts[slot * _SLOT_BYTES // _START_BYTES] = 0.0
            self._free.append(slot)

    def requests(self) -> Sequence[InFlightRequest]:
        """Return the requests in progress, the oldest first."""
        now = time.monotonic()
        requests = []
        for slot in range(_SLOTS):
            start = self._starts[slot * _SLOT_BYTES // _START_BYTES]
            if start:
                begin = slot * _SLOT_BYTES
                data = self._memory[begin + _START_BYTES : begin + _SLOT_BYTES]
                requests.append(InFlightRequest(data.rstrip(b"\0").decode("utf-8", "replace"), now - start))
        return sorted(requests, key=lambda request: -request.seconds)

    def close(self) -> None:
        """Close the descriptor; the mapped memory stays."""
        os.close(self.descriptor)

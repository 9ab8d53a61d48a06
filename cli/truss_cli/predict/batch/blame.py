"""Which line has cost a worker: never guessed, but found by answering those in flight one at a time."""

import sys

from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.batch.record import Failure
from truss_cli.runtime.process.worker_process import WorkerLostError


class Blame:
    """Judges the loss of workers, and ends a run whose workers are lost one after the other."""

    def __init__(self, most_in_a_row: int) -> None:
        self._most = most_in_a_row
        self._in_a_row = 0
        self._unexplained = 0
        """Losses in a row with several lines in flight, each of which alone was answered."""
        self._first = 0
        self.alone_until = 0
        """Lines up to this number are to be answered one at a time."""
        self.explanation = ""
        """Of the last loss, for people."""

    def begin(self, first: int) -> None:
        """Note the first line that a new worker is fed."""
        self._first = first

    def judge(self, lost: WorkerLostError, waiting: int, begun: int) -> Failure | None:
        """Return the failure of the line that has cost a worker; None if it has to be found first.

        `waiting` is the first line without an answer, `begun` the last one that the
        worker has begun. Raises TrussError if too many were lost in a row.
        """
        if waiting > self._first:
            self._in_a_row = 0
        if begun > waiting:
            self._suspect(lost, waiting, begun)
            return None
        self._in_a_row += 1
        what = f"line {waiting}" if begun == waiting else f"after line {waiting - 1}"
        self.explanation = f"{what}: {lost.message}"
        if self._in_a_row > self._most:
            times = f"{self._most} restart{'s' * (self._most != 1)} in a row" if self._most else ""
            raise TrussError(
                self.explanation + (f", as before {times}" if times else ""),
                hint=f"Allow more with `--max-restarts`. {lost.hint or ''}".strip(),
                detail=lost.detail,
                exit_code=lost.exit_code,
            )
        if begun < waiting:
            return None
        self._unexplained = 0
        kind = "TimeoutError" if lost.exit_code is ExitCode.TIMEOUT else "WorkerDied"
        return Failure(waiting, kind, lost.message, lost.hint, lost.detail, lost.exit_code)

    def _suspect(self, lost: WorkerLostError, waiting: int, begun: int) -> None:
        self._unexplained += 1
        self.alone_until = begun
        self.explanation = f"lines {waiting} to {begun} were in flight when this happened: {lost.message}; "
        if self._unexplained > self._most:
            self.alone_until = sys.maxsize
            self.explanation += "none does harm alone, so all are answered one at a time"
        else:
            self.explanation += "they are answered one at a time"

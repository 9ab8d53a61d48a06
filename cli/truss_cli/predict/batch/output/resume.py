"""Going on with an output that an earlier run has left, if it belongs to this input."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from truss_cli.display import visible
from truss_cli.errors import TrussError
from truss_cli.predict.batch.output.file import OutputFile
from truss_cli.predict.batch.tally import failed_records
from truss_cli.predict.batch.traffic.feed import Feed
from truss_cli.runtime.process.channel import Outcome


class Finished(NamedTuple):
    """A run that has nothing left to do."""

    path: Path
    records: int
    failed: int

    def run(self, _on_phase: Callable[[str | None], None]) -> Outcome:
        """Say so; the outcome is that of the run which has ended."""
        sys.stderr.write(f"{visible(str(self.path))} is complete: nothing is left to resume\n")
        if not self.failed:
            return Outcome()
        error = failed_records(self.failed, self.records)
        return Outcome(error.exit_code, error)


def skip_answered(file: OutputFile, feed: Feed) -> None:
    """Read past the lines that have their answers; raise TrussError if they cannot be of this input."""
    feed.skip(file.done, file.fingerprint.expected_bytes)
    file.fingerprint.require_match()
    _require_lines(file.partial, file.done, feed)
    file.cut()


def require_finished(path: Path, records: int, failed: int, feed: Feed) -> Finished:
    """Return the run that has nothing to do; raise TrussError if the input has more lines, or fewer."""
    feed.skip(records, 0)
    _require_lines(path, records, feed)
    if feed.has_unanswered(records) or not feed.ended:
        message = f"{path} is the output of a finished run, of {records} lines, but the input has more"
        raise TrussError(message, hint="Name another file, or remove this one.")
    return Finished(path, records, failed)


def _require_lines(path: Path, records: int, feed: Feed) -> None:
    if feed.ended and feed.lines < records:
        raise TrussError(
            f"{path} has {records} records, more than the input has lines ({feed.lines})",
            hint="Give the input of that run, or remove the file to begin anew.",
        )

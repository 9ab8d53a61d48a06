"""What the model's code raises, as an error its author can act on."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.errors import ExitCode, TrussError
from truss_cli.runtime.model.secrets.lookup import SecretNotFound
from truss_cli.runtime.process.stacks import OWN_FOLDER

if TYPE_CHECKING:
    import traceback
    from collections.abc import Iterable

    from truss_cli.deployment.stage import Stage
    from truss_cli.project import Truss

_SHORTEST_MASKED = 4
_SHORTEST_MASKED_LINE = 8
_LONGEST_MESSAGE = 500
_LONGEST_DETAIL = 20_000

FIRST_ERROR_STATUS = 400
"""Of an HTTP answer: what is below stands for success."""


class ErrorReporter(NamedTuple):
    """How to report what the model's code raises.

    `secrets` are kept out of every text; `truss` is whose code it is; `full` shows the
    tool's frames too; `isolated`: it runs in an environment of the tool's making.
    """

    secrets: tuple[str, ...] = ()
    truss: Truss | None = None
    full: bool = False
    isolated: bool = False
    stage: Stage | None = None
    """The stage in which the model runs, if not in the folder of the truss."""

    def error(self, raised: BaseException, what: str) -> TrussError:
        """Turn an exception of the model's code into an error; `what` raised it."""
        if isinstance(raised, TrussError):
            return raised
        text = _first_line(self._shown(_text(raised)))
        if isinstance(raised, SystemExit):
            message = f"{what} called sys.exit({text})"
        elif status := http_status(raised):
            detail = _first_line(self._shown(str(getattr(raised, "detail", ""))))
            message = f"{what} answered with HTTP status {status}: {detail}"
        else:
            message = f"{what} raised {type(raised).__name__}" + (f": {text}" if text else "")
        return TrussError(
            message,
            hint=suggestion(raised, text, self),
            detail=_cut(self._shown(self._traceback(raised))),
            exit_code=ExitCode.FAULT,
        )

    def _traceback(self, raised: BaseException) -> str:
        import traceback  # noqa: PLC0415 - for failures alone

        shown = traceback.TracebackException.from_exception(raised)
        if not self.full:
            _hide_own_frames(shown)
        return "".join(shown.format())

    def _shown(self, text: str) -> str:
        """Replace the paths of the stage and the values of secrets in a string."""
        return self.masked(self.stage.with_source_paths(text) if self.stage else text)

    def masked(self, text: str) -> str:
        """Return the text without the secrets' values."""
        for secret in sorted(_written_forms(self.secrets), key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


def http_status(raised: BaseException) -> int | None:
    """Return the status of an HTTP exception of starlette's or FastAPI's."""
    names = {f"{cls.__module__}.{cls.__name__}" for cls in type(raised).__mro__}
    status = getattr(raised, "status_code", None)
    return status if "starlette.exceptions.HTTPException" in names and isinstance(status, int) else None


def _text(raised: BaseException) -> str:
    """Return an exception's text, which its own code writes."""
    try:
        return str(raised)
    except BaseException:  # noqa: BLE001 - user code
        return ""


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")[:_LONGEST_MESSAGE]


def _cut(text: str) -> str:
    """Leave out the middle of a text that nobody would read."""
    if len(text) <= _LONGEST_DETAIL:
        return text
    half = _LONGEST_DETAIL // 2
    return f"{text[:half]}\n... ({len(text) - 2 * half} characters left out)\n{text[-half:]}"


def _written_forms(secrets: Iterable[str]) -> set[str]:
    """Return the texts by which secrets may appear: as they are, quoted, and of many lines each line."""
    forms = {form for secret in secrets for form in (secret, repr(secret)[1:-1], json.dumps(secret)[1:-1])}
    lines = {line.strip() for secret in secrets for line in secret.splitlines() if "\n" in secret}
    return {form for form in forms if len(form) >= _SHORTEST_MASKED} | {
        line for line in lines if len(line) >= _SHORTEST_MASKED_LINE
    }


def _hide_own_frames(shown: traceback.TracebackException) -> None:
    """Drop frames of the tool and of Python's import system, here and in the causes."""
    seen: set[int] = set()
    left: list[traceback.TracebackException | None] = [shown]
    while left:
        item = left.pop()
        if item is None or id(item) in seen:
            continue
        seen.add(id(item))
        item.stack[:] = [frame for frame in item.stack if not _is_own(frame.filename)]
        left += [item.__cause__, item.__context__, *(getattr(item, "exceptions", None) or ())]


def _is_own(filename: str) -> bool:
    return filename.startswith((OWN_FOLDER, "<frozen importlib"))


_NO_GPU = re.compile(r"libcu|libnv|cuda|nvidia|no gpu|hip_|rocm", re.IGNORECASE)


def suggestion(raised: BaseException, text: str, reporter: ErrorReporter) -> str | None:
    """Return how to fix an error with this text, if that is known; else None."""
    if isinstance(raised, SecretNotFound):
        return raised.hint
    if isinstance(raised, ModuleNotFoundError) and raised.name and reporter.truss is not None:
        from truss_cli.runtime.model.missing_module import how_to_provide  # noqa: PLC0415 - for this failure alone

        return how_to_provide(raised.name, reporter.truss, isolated=reporter.isolated, stage=reporter.stage)
    if reporter.stage is not None and reporter.truss is not None:
        from truss_cli.runtime.image.missing_file import advise_on_file  # noqa: PLC0415 - as above

        advice = advise_on_file(raised, text, reporter.truss, reporter.stage)
        if advice is not None:
            return advice
    if isinstance(raised, ImportError) and "relative import" in text:
        return (
            "The server does not support relative imports in the model's file: write `from model.x import y`."
        )
    if isinstance(raised, (ImportError, OSError, RuntimeError, AssertionError)) and _NO_GPU.search(text):
        return "The model needs a GPU, or a GPU's libraries, that this machine does not have."
    return None

"""What the model's code raises, as an error its author can act on."""

from typing import TYPE_CHECKING, NamedTuple

from truss_cli.errors import ExitCode, TrussError
from truss_cli.predict.advice import advice
from truss_cli.predict.stack import OWN_FOLDER

if TYPE_CHECKING:
    import traceback

_SHORTEST_MASKED = 4
_LONGEST_MESSAGE = 500


class Blame(NamedTuple):
    """How to report what the model's code raises.

    `secrets` are kept out of every text; `full` shows the tool's frames too.
    """

    secrets: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    full: bool = False

    def error(self, raised: BaseException, what: str) -> TrussError:
        """Turn an exception of the model's code into an error; `what` raised it."""
        if isinstance(raised, TrussError):
            return raised
        text = _text(raised)
        if isinstance(raised, SystemExit):
            message = f"{what} called sys.exit({text})"
        elif status := http_status(raised):
            message = f"{what} answered with HTTP status {status}: {getattr(raised, 'detail', '')}"
        else:
            message = f"{what} raised {type(raised).__name__}" + (f": {text}" if text else "")
        return TrussError(
            self._masked(message),
            hint=advice(raised, text, self.requirements),
            detail=self._masked(self._traceback(raised)),
            exit_code=ExitCode.FAULT,
        )

    def _traceback(self, raised: BaseException) -> str:
        import traceback  # noqa: PLC0415 - for failures alone

        shown = traceback.TracebackException.from_exception(raised, compact=True)
        if not self.full:
            _hide_own_frames(shown)
        return "".join(shown.format())

    def _masked(self, text: str) -> str:
        for secret in sorted(self.secrets, key=len, reverse=True):
            if len(secret) >= _SHORTEST_MASKED:
                text = text.replace(secret, "***")
        return text


def http_status(raised: BaseException) -> int | None:
    """Give the status of an HTTP exception of starlette's or FastAPI's."""
    names = {f"{cls.__module__}.{cls.__name__}" for cls in type(raised).__mro__}
    status = getattr(raised, "status_code", None)
    return status if "starlette.exceptions.HTTPException" in names and isinstance(status, int) else None


def _text(raised: BaseException) -> str:
    """Give the first line of an exception's text, which its own code writes."""
    try:
        text = str(raised)
    except Exception:  # noqa: BLE001 - user code
        return ""
    return next(iter(text.strip().splitlines()), "")[:_LONGEST_MESSAGE]


def _hide_own_frames(shown: "traceback.TracebackException") -> None:
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

"""A request's body: read, decoded and parsed before any model is loaded."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any, NamedTuple

from truss_cli.errors import TrussError
from truss_cli.runtime.process.standard_streams import read_some

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from truss_cli.runtime.model.errors import ErrorReporter

HOW_TO_GIVE = (
    'Pipe it (`echo \'{"name": "Ada"}\' | truss predict`), or use `-d JSON`, `-f FILE` or `--example`.'
)
OPTION = "the input of `-d`"
_BLOCK_BYTES = 1 << 20
_SHOWN_CHARACTERS = 60
_PYTHON_WORDS = ("True", "False", "None")


class Payload(NamedTuple):
    """A body and the JSON value in it, or the error that it is none."""

    body: bytes
    value: object = None
    error: TrussError | None = None


def read_body(data: str | None, file: Path | None, most: int) -> tuple[bytes, str]:
    """Return the bytes of the input and what to call it: a text, a file (`-` is stdin), else stdin.

    Raises TrussError for one of more than `most` bytes, and for a file that cannot be read.
    """
    if data is not None:
        return data.encode("utf-8", "surrogateescape"), OPTION
    if file is not None and str(file) != "-":
        try:
            with file.open("rb") as opened:
                return _bounded(opened.read, f"the input file {file}", most)
        except OSError as error:
            raise TrussError(f"cannot read the input file {file}: {error.strerror}") from None
    try:
        if stat.S_ISCHR(os.fstat(0).st_mode) and os.isatty(0) and file is None:
            raise TrussError("no input is given", hint=HOW_TO_GIVE)
        return _bounded(lambda size: read_some(0, size), "the input", most)
    except OSError:
        return b"", "the input"


def _bounded(read: Callable[[int], bytes], origin: str, most: int) -> tuple[bytes, str]:
    """Read to the end, but no more than so many bytes: a device may have no end."""
    blocks, size = [], 0
    while block := read(_BLOCK_BYTES):
        blocks.append(block)
        size += len(block)
        if size > most:
            raise TrussError(f"{origin} is larger than {most:,} bytes", hint="Allow more with `--max-input`.")
    return b"".join(blocks), origin


def parse_payload(body: bytes, origin: str) -> Payload:
    """Parse a body as the server does: JSON, with NaN and Infinity; `origin` names it in errors."""
    try:
        return Payload(body, json.loads(body))
    except json.JSONDecodeError as error:
        return Payload(body, error=_not_json(error, body, origin))
    except UnicodeDecodeError as error:
        return Payload(body, error=_not_text(error, body, origin))
    except RecursionError:
        return Payload(body, error=TrussError(f"{origin} is nested too deeply"))
    except ValueError as error:
        return Payload(body, error=TrussError(f"{origin} cannot be read: {error}"))


def _not_json(error: json.JSONDecodeError, body: bytes, origin: str) -> TrussError:
    if not body.strip():
        return TrussError(f"{origin} is empty; it must be JSON", hint=HOW_TO_GIVE)
    reason = error.msg[:1].lower() + error.msg[1:]
    return TrussError(
        f"{origin} is not JSON: line {error.lineno}, column {error.colno}: {reason}",
        hint=_json_hint(error, origin),
        detail=_pointed(error.doc, error.pos),
    )


def _json_hint(error: json.JSONDecodeError, origin: str) -> str | None:
    if error.doc.startswith("@") and origin == OPTION:
        return f"To read a file, write `-f {error.doc[1:]}`."
    if error.msg == "Extra data" and _is_json(error.doc[error.pos :].splitlines()[0]):
        return "For one JSON value a line, add `--jsonl`."
    rest = error.doc[error.pos :].lstrip()
    if rest.startswith("'"):
        return "JSON strings and keys take double quotes."
    if rest.startswith(_PYTHON_WORDS):
        return "JSON writes `true`, `false` and `null`."
    if "trailing comma" in error.msg or error.doc[: error.pos].rstrip().endswith(","):
        return "JSON allows no comma before a closing bracket."
    return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _not_text(error: UnicodeDecodeError, body: bytes, origin: str) -> TrussError:
    before = body[: error.start]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    byte = body[error.start]
    message = f"{origin} is not UTF-8: line {line}, column {column}: byte 0x{byte:02x}"
    return TrussError(message, hint="Save it as UTF-8.")


def _pointed(text: str, offset: int) -> str:
    """Return the line at an offset, cut to what fits, with a caret under the place."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text[start : end if end >= 0 else len(text)].replace("\t", " ")
    left = max(0, offset - start - _SHOWN_CHARACTERS // 2)
    shown = line[left : left + _SHOWN_CHARACTERS]
    return f"  {shown}\n  {' ' * (offset - start - left)}^"


_SHOWN_CHARACTERS = 60


def parse_into(model: Any, value: object, reporter: ErrorReporter) -> object:  # noqa: ANN401 - a class of the user's pydantic
    """Return the value as an instance of the Pydantic class; raise TrussError naming what does not fit."""
    import pydantic  # noqa: PLC0415 - the model has imported it

    try:
        return model.model_validate(value)
    except pydantic.ValidationError as error:
        problems = [_problem(details) for details in error.errors(include_url=False)]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        detail = "\n".join(f"  {problem}" for problem in problems) if more else None
        raise TrussError(
            f"the input does not fit `{model.__name__}`: {problems[0]}{more}", detail=detail
        ) from None
    except BaseException as error:
        raise reporter.error(error, f"parsing the input into `{model.__name__}`") from error


def _problem(details: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    path = "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in details["loc"])
    given = "" if details["type"] == "missing" else f", not {_shortened(details['input'])}"
    return f"{path}: {details['msg']}{given}"


def _shortened(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 3]}..."

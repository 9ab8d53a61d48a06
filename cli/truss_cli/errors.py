"""Exit codes, and the one exception that carries a message for the user."""

from __future__ import annotations

import errno
import os
from enum import IntEnum


class ExitCode(IntEnum):
    """What the exit status means; the README's table states the same."""

    OK = 0
    FAULT = 1
    """The user's model or project is at fault."""
    USAGE = 2
    """The command line, the input or the folder is at fault."""
    INTERNAL = 70
    """A bug of the tool's own (EX_SOFTWARE), so never mistaken for a finding."""
    TIMEOUT = 124
    """A deadline passed (the code of coreutils' timeout)."""
    INTERRUPTED = 130
    """Ctrl-C; SIGTERM and SIGHUP end the command by themselves, as `truss_cli.interrupts` has it."""


class TrussError(Exception):
    """Something the user can act on: one message, and what to do about it.

    `message` names the thing at fault; `hint`, if any, is how to fix it. `detail`
    is text printed before the message as it is, such as the user's own frames.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        detail: str | None = None,
        exit_code: ExitCode = ExitCode.USAGE,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail
        self.exit_code = exit_code


_PROGRAMMING_ERRORS = frozenset({errno.EBADF, errno.EFAULT, errno.EINVAL})
"""Errors of the system that a bug of the tool is more likely to cause than the machine."""


def system_error(error: OSError) -> TrussError | None:
    """Return the error for a failure of the system, such as a full disk; None for a bug of the tool."""
    if error.errno is None or error.errno in _PROGRAMMING_ERRORS:
        return None
    if error.errno == errno.ENOENT and not _has_working_folder():
        return TrussError("the working folder no longer exists", hint="Change to another folder.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT) and not error.filename:
        return TrussError(f"the output cannot be written: {error.strerror}")
    name = f"{error.filename}: " if error.filename else ""
    return TrussError(f"the system refused: {name}{error.strerror}")


def _has_working_folder() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - the cheapest call that tells
    except FileNotFoundError:
        return False
    return True

"""Entry point: runs the command line and turns every way it can end into an exit code."""

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn, TextIO

from truss_cli.errors import ExitCode, TrussError, system_error
from truss_cli.garbage import pause_collection, resume_collection
from truss_cli.interrupts import interrupted_code, raise_end_signals, restore_end_signals

_OF_ANOTHER_PROGRAM = frozenset(
    {
        "chains",
        "cleanup",
        "configure",
        "container",
        "image",
        "login",
        "model-logs",
        "push",
        "run-python",
        "train",
        "watch",
        "whoami",
    }
)
"""Commands of Baseten's `truss`, which people type who have this program under the same name."""


def main() -> NoReturn:
    """Run `truss` with the arguments of the process."""
    raise_end_signals()
    try:
        code = _code()
    except KeyboardInterrupt:
        code = interrupted_code()
        _abandon(sys.stdout)  # the signal may have interrupted a write that does not end
    restore_end_signals()
    sys.exit(code)


def _code() -> int:
    """Return the exit code of the command line, once its output is written."""
    pause_collection()
    # Python has None for a stream that is closed; nobody can read it, but the exit code still counts.
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        _never_fail_on_characters(stream)
    return _flushed(_run())


def _flushed(code: int) -> int:
    """Write what is left to write, and return the exit code, which is another if that fails."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon(sys.stdout)
    except OSError as error:
        return _report_unexpected(error)
    return code


def _run() -> int:
    try:
        return _run_app()
    except TrussError as error:
        _print_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        return interrupted_code()
    except BrokenPipeError:
        _abandon(sys.stdout)
        return ExitCode.OK
    except Exception as error:  # noqa: BLE001 - the last line of defence
        return _report_unexpected(error)


def _report_unexpected(error: Exception) -> ExitCode:
    refusal = system_error(error) if isinstance(error, OSError) else None
    if refusal is not None:
        _print_error(refusal)
        _abandon(sys.stdout)
        return refusal.exit_code
    if isinstance(error, MemoryError):
        _print_error(TrussError("there is not enough memory", hint="Give less input, or more memory."))
        return ExitCode.USAGE
    return _report_bug(error)


def _run_app() -> int:
    arguments = sys.argv[1:]
    if arguments[:1] == ["check"] and not any(argument.startswith("-") for argument in arguments):
        return _check(arguments[1:])
    import typer  # noqa: PLC0415 - so that Ctrl-C is caught while it is imported

    from truss_cli.app import build_app  # noqa: PLC0415

    try:
        result = build_app(arguments)(arguments, standalone_mode=False)
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        return interrupted_code()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # typer's own way to end when a reader has left
            return ExitCode.OK
        raise
    except Exception as error:
        # The base class of typer's usage errors has moved between its versions; all can say what is wrong.
        describe = getattr(error, "format_message", None)
        if describe is None:
            raise
        if arguments:
            raise _usage_error(describe()) from None
        sys.stderr.write(describe())  # the help, where it is not out yet
        return ExitCode.USAGE
    return result if isinstance(result, int) else ExitCode.OK


def _check(paths: Sequence[str]) -> int:
    """Run `truss check` with no options, as editors and hooks do, without the import of typer.

    That takes longer than the check, and has nothing to parse.
    """
    from pathlib import Path  # noqa: PLC0415 - so that Ctrl-C is caught

    from truss_cli.check.command import CheckOptions, check  # noqa: PLC0415 - same reason

    resume_collection()
    return check(CheckOptions(tuple(map(Path, paths)) or (Path(),)))


def _usage_error(text: str) -> TrussError:
    """Return a usage error of typer's as one that is worded, and printed, like all others."""
    from truss_cli.app import COMMANDS  # noqa: PLC0415

    first = sys.argv[1]
    if first in _OF_ANOTHER_PROGRAM:
        return _another_program(first)
    message = text.replace("Value error, ", "").rstrip(".")
    command = f"truss {first}" if first in COMMANDS else "truss"
    return TrussError(message[:1].lower() + message[1:], hint=f"Run `{command} --help` for its options.")


def _another_program(command: str) -> TrussError:
    hint = f"Run that beside this program: `uvx truss {command}`, or `pipx run truss {command}`."
    return TrussError(f"`{command}` is a command of Baseten's `truss`, not of this program", hint=hint)


def _print_error(error: TrussError) -> None:
    from truss_cli.display import error_text  # noqa: PLC0415

    try:
        sys.stderr.write(error_text(error.message, error.hint, error.detail, sys.stderr))
        sys.stderr.flush()
    except OSError:  # nobody can be told, but the exit code still counts
        _abandon(sys.stderr)


def _report_bug(error: Exception) -> ExitCode:
    import traceback  # noqa: PLC0415

    from truss_cli.display import visible  # noqa: PLC0415

    if os.environ.get("TRUSS_DEBUG"):
        traceback.print_exc()
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119
    sys.stderr.write(f"error: a bug in truss: {type(error).__name__} at {place}: {visible(str(error))}\n")
    sys.stderr.write("help: please report it; TRUSS_DEBUG=1 shows where it happened\n")
    return ExitCode.INTERNAL


def _never_fail_on_characters(stream: TextIO) -> None:
    """Write what the stream's encoding lacks, such as a file name that is not UTF-8, as an escape."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="backslashreplace")


def _abandon(stream: TextIO) -> None:
    """Let the interpreter's last flush of a stream go nowhere: its reader has gone, or its disk is full."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()

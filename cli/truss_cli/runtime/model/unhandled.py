"""Reports of exceptions that no caller receives, such as those of threads and finalizers, without secrets."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from truss_cli.runtime.model.errors import ErrorReporter

_LOGGERS = ("asyncio", "concurrent.futures", "uvicorn.error")
"""Loggers of libraries that report exceptions of the model's tasks and callbacks."""


def mask_unhandled(reporter: ErrorReporter) -> None:
    """Mask the secrets in all reports of unhandled exceptions by Python, asyncio and uvicorn.

    Affects the complete process, so it is only for a process that runs one model.
    """

    def report_thread(hook_arguments: threading.ExceptHookArgs) -> None:
        if hook_arguments.exc_type is not SystemExit:
            name = hook_arguments.thread.name if hook_arguments.thread else threading.get_ident()
            _report(
                reporter,
                f"Exception in thread {name}",
                hook_arguments.exc_value,
                hook_arguments.exc_traceback,
            )

    def report_unraisable(hook_arguments: sys.UnraisableHookArgs) -> None:
        title = f"{hook_arguments.err_msg or 'Exception ignored in'}: {_name(hook_arguments.object)}"
        _report(reporter, title, hook_arguments.exc_value, hook_arguments.exc_traceback)

    def mask_record(record: logging.LogRecord) -> bool:
        _mask_record(record, reporter)
        return True

    threading.excepthook = report_thread
    sys.unraisablehook = report_unraisable
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(mask_record)


def _report(
    reporter: ErrorReporter, title: str, error: BaseException | None, frames: TracebackType | None
) -> None:
    text = f"{title}:\n{_formatted(error, frames)}"
    if sys.stderr is not None:
        sys.stderr.write(reporter.masked(text))
        sys.stderr.flush()


def _formatted(error: BaseException | None, frames: TracebackType | None) -> str:
    return "".join(traceback.format_exception(type(error), error, frames)) if error else ""


def _name(source: object) -> str:
    try:
        return repr(source)
    except BaseException:  # noqa: BLE001 - the model's code
        return object.__repr__(source)


def _mask_record(record: logging.LogRecord, reporter: ErrorReporter) -> None:
    """Mask a log record before any handler formats it."""
    record.msg, record.args = reporter.masked(record.getMessage()), None
    if record.exc_info and record.exc_info[1]:
        # A formatter prints this text if it is set.
        record.exc_text = reporter.masked(_formatted(record.exc_info[1], record.exc_info[2])).rstrip("\n")

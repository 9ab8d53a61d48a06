"""Advice for a model that looks for a file of the truss where the image does not have it."""

# Thousands of paths are handled as strings, without resolving links.
# ruff: noqa: PTH100, PTH118

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from truss_cli.deployment.image import APP_FOLDER, Copied, DropReason, Image, is_inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truss_cli.deployment.image import Dropped
    from truss_cli.deployment.stage import Stage
    from truss_cli.project import Truss

_QUOTED = re.compile(r"'([^'\n]+)'|\"([^\"\n]+)\"|`([^`\n]+)`")


def advise_on_file(error: BaseException, text: str, truss: Truss, stage: Stage) -> str | None:
    """Return where the image has a file that an exception names, or why it lacks it; None if unknown."""
    advice = (_advise(name, truss, stage) for name in _names(error, text))
    return next((line for line in advice if line is not None), None)


def advise_on_drop(path: str, truss: Truss) -> str | None:
    """Return why the image lacks a file or folder of the truss; None if it has it."""
    placement = Image(truss).locate(path)
    return None if isinstance(placement, Copied) else _drop_advice(_relative(path, truss), placement)


def _names(error: BaseException, text: str) -> Iterator[str]:
    """Yield the paths that an exception or its causes name."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        for attribute in ("filename", "filename2"):
            name = getattr(cause, attribute, None)
            if isinstance(name, (str, bytes)) and not isinstance(cause, SyntaxError):
                yield os.fsdecode(name)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, (OSError, ValueError, RuntimeError)):
        for match in _QUOTED.finditer(text):
            yield next(group for group in match.groups() if group)


def _advise(name: str, truss: Truss, stage: Stage) -> str | None:
    path = stage.source_of(os.path.normpath(os.path.join(stage.app, name)))
    top = os.path.abspath(truss.folder)
    try:
        if path == top or not is_inside(path, top) or not os.path.lexists(path):
            return None
    except ValueError:  # a null character
        return None
    relative = _relative(path, truss)
    placement = Image(truss).locate(path)
    if isinstance(placement, Copied):
        place = placement.path.replace(f"{APP_FOLDER}/", "", 1)
        return f"{relative} is {place} in the image: use that path." if place != relative else None
    return _drop_advice(relative, placement)


def _drop_advice(name: str, drop: Dropped) -> str:
    if drop.pattern is not None:
        fix = "change the pattern" if drop.pattern.from_user else "rename it"
        return f"{name} is in the truss, but is not copied to the image because of {drop.pattern}: {fix}."
    fixes = {
        DropReason.NOT_COPIED: f"move it to {'packages' if name.endswith('.py') else 'data'}/",
        DropReason.LINKED_FOLDER: "replace the link by the folder",
    }
    fix = fixes.get(drop.reason, "replace the link by the file")
    return f"{name} is in the truss, but is not copied to the image: {fix}."


def _relative(path: str, truss: Truss) -> str:
    return os.path.relpath(path, os.path.abspath(truss.folder)).replace(os.sep, "/")

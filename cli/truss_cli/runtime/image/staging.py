"""A stage for each run of a model, or the folder of the truss itself with `--in-place`."""

# Thousands of paths are handled as strings, without resolving links.
# ruff: noqa: PTH116

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from truss_cli.cache_folder import cache_folder
from truss_cli.deployment.stage import staged
from truss_cli.display import visible
from truss_cli.errors import TrussError
from truss_cli.runtime.model.server_environment import data_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import ExitStack

    from truss_cli.runtime.model.loader import ModelSpec

_MOST_NAMED = 5


def in_stage(spec: ModelSpec, cleanup: ExitStack) -> ModelSpec:
    """Move a model to a new stage, which `cleanup` removes; raise TrussError if it cannot be created."""
    parent = cache_folder()
    try:
        files = cleanup.enter_context(staged(spec.truss, parent))
    except OSError as error:
        message = f"cannot copy the files of the image to {parent}: {error.strerror}"
        raise TrussError(message, hint="Use `--in-place` to run the model in the truss's folder.") from None
    sources = [link.source for link in files.links]
    cleanup.callback(_name_changed, sources, _times(sources))
    return spec._replace(truss=files.truss, reporter=spec.reporter._replace(stage=files.truss.stage))


def in_place(spec: ModelSpec, cleanup: ExitStack) -> ModelSpec:
    """Note that a model runs in the truss's folder, in which `cleanup` removes an unused data folder."""
    sys.stderr.write("note: the model runs in the truss's folder, with files that the image may lack\n")
    cleanup.enter_context(data_folder(spec.truss.data_folder))
    return spec


def _times(files: Sequence[str]) -> dict[str, tuple[int, int]]:
    times = {}
    for file in files:
        try:
            status = os.stat(file)
        except OSError:
            continue
        times[file] = (status.st_mtime_ns, status.st_size)
    return times


def _name_changed(files: Sequence[str], before: Mapping[str, tuple[int, int]]) -> None:
    """Warn of large files of the truss that the model has changed by code that Python does not see."""
    now = _times(files)
    changes = [visible(os.path.relpath(file)) for file in files if now.get(file) != before.get(file)]
    if changes:
        more = f" and {len(changes) - _MOST_NAMED} more" if len(changes) > _MOST_NAMED else ""
        sys.stderr.write(f"warning: the run has changed {', '.join(changes[:_MOST_NAMED])}{more}\n")

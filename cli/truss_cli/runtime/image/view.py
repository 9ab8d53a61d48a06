"""The process of a model in its stage: compiled paths, access to files, and notes."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from truss_cli.deployment.stage import StagedTruss
from truss_cli.runtime.image.variable_notes import note_variables

if TYPE_CHECKING:
    from collections.abc import Collection

    from truss_cli.project import Truss


def enter_image(truss: Truss, variables: Collection[str] = ()) -> ExitStack:
    """Let the code of a truss see the image until the returned stack is closed.

    `variables` are those that the command line sets. A truss that is not staged sees its own folder.
    """
    undo = ExitStack()
    if not isinstance(truss, StagedTruss):
        code = (truss.model_path.parent, *truss.package_folders)
        undo.callback(note_variables(truss, variables, tuple(f"{folder}{os.sep}" for folder in code)))
        return undo
    from truss_cli.runtime.image.dotenv_files import DotenvFinder  # noqa: PLC0415 - only with a stage
    from truss_cli.runtime.image.file_access import FILE_ACCESS  # noqa: PLC0415
    from truss_cli.runtime.image.source_paths import show_source_paths  # noqa: PLC0415

    stage = truss.stage
    undo.callback(show_source_paths(stage))
    finder = DotenvFinder(stage)
    sys.meta_path.insert(0, finder)
    undo.callback(sys.meta_path.remove, finder)
    undo.callback(FILE_ACCESS.limit_to, None)
    FILE_ACCESS.limit_to(stage)
    folders = tuple(f"{tree.source}{os.sep}" for tree in stage.trees)
    undo.callback(note_variables(truss, variables, folders))
    return undo

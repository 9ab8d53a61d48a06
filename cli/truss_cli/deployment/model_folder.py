"""The folder that the server loads the model from.

The build copies the folder named by `model_module_dir` to `model`, but the server looks under the configured
name, so that any other name fails to load (measured).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.contract.defaults import MODEL_FOLDER

if TYPE_CHECKING:
    from truss_cli.project import Truss


class RenamedModelFolder(NamedTuple):
    """A folder of the model that the server does not find, with the message and help for the user."""

    folder: str

    @property
    def message(self) -> str:
        """The consequence for the deployment."""
        return f"the server does not find a model in `{self.folder}`: the image has it in `{MODEL_FOLDER}`"

    @property
    def help(self) -> str:
        """The fix."""
        return f"Rename the folder to `{MODEL_FOLDER}`, and remove `model_module_dir`."


def renamed_model_folder(truss: Truss) -> RenamedModelFolder | None:
    """Return the folder of a model that cannot be loaded because of its name; None if it can."""
    if os.path.normpath(truss.module_folder) == MODEL_FOLDER or not truss.needs_model_file:
        return None
    return RenamedModelFolder(truss.module_folder)

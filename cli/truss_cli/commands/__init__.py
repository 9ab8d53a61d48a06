"""The commands: a module each, whose function of the same name is the command line of it."""

import os

from truss_cli.errors import TrussError


def require_fork(command: str) -> None:
    """Raise TrussError where a process cannot be forked for the model, as on Windows."""
    if not hasattr(os, "fork"):
        raise TrussError(f"`truss {command}` needs Linux or macOS", hint="On Windows, use WSL.")

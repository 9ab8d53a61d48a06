"""The folder of this tool in the user's cache."""

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """Return `TRUSS_CACHE_DIR`, or `truss` in the system's folder for caches; it need not exist."""
    folder = os.environ.get("TRUSS_CACHE_DIR")
    if folder:
        return Path(folder).absolute()
    usual = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or usual).expanduser() / "truss"

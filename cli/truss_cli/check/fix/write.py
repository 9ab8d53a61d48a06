"""Writing changed files so that a reader sees the old or the new content, never a part."""

import os
from pathlib import Path

from truss_cli.errors import TrussError
from truss_cli.replace_file import replace_file


def write_content(path: Path, before: bytes, after: bytes) -> None:
    """Replace the content of a file, with its permissions; a link is followed, and stays. Raises TrussError.

    `before` is what the file must still hold: what another program has written is kept.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.read_bytes() != before:
            raise TrussError(f"{path} was changed while it was checked", hint="Run the command again.")
        if not os.access(target, os.W_OK):
            raise TrussError(
                f"{path} is not writable", hint="Give the user who runs the check write permission."
            )
        replace_file(target, after)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}"
        raise TrussError(message, hint="Make its folder writable; nothing in the file was changed.") from None

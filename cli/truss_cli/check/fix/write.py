"""Writing changed files so that a reader sees the old or the new content, never a part."""

import contextlib
import os
import tempfile
from pathlib import Path

from truss_cli.errors import TrussError


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
        _replace(target, after)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}"
        raise TrussError(message, hint="Make its folder writable; nothing in the file was changed.") from None


def _replace(target: Path, data: bytes) -> None:
    status = target.stat()
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - of a descriptor
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(PermissionError):  # the group of another user's file may be out of reach
            os.chown(name, status.st_uid, status.st_gid)
        Path(name).chmod(status.st_mode & 0o7777)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise

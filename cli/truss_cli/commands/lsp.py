"""`truss lsp`: its options."""

import os
import sys
from typing import Annotated

import typer

from truss_cli.errors import ExitCode, TrussError

EXAMPLES = (
    "truss lsp",
    "truss lsp --stdio",
)


def lsp(
    *,
    stdio: Annotated[
        bool, typer.Option("--stdio", help="Accepted for editors that pass it; there is no other way.")
    ] = False,
) -> ExitCode:
    """Serve an editor over stdin and stdout by the Language Server Protocol.

    Shows what `truss check` finds, with fixes, as you type. See docs/editors.md.
    """
    del stdio
    from truss_cli.lsp.server import LanguageServer  # noqa: PLC0415 - as all imports of a command's own

    if sys.stdin is None:
        raise TrussError("stdin is closed", hint="An editor starts `truss lsp`, and speaks to it over stdin.")
    outgoing = sys.stdout.buffer
    sys.stdout = sys.stderr  # what is printed must not mix with messages
    # The thread that reads is still reading when Python ends, which would wait for the lock of `sys.stdin`.
    incoming = open(os.dup(sys.stdin.fileno()), "rb")  # noqa: PTH123, SIM115 - of a descriptor, open to the end
    return LanguageServer(incoming, outgoing).run()

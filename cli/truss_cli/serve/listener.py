"""The socket that requests come in by; the supervisor binds it, and hands it to one worker after another."""

import errno
import ipaddress
import socket
from typing import NamedTuple

from truss_cli.errors import TrussError

_BACKLOG = 2048


class Listener(NamedTuple):
    """A socket that listens, and the URL it is reached by."""

    socket: socket.socket
    url: str
    is_local: bool
    """Whether only this machine reaches it."""


def listen(host: str, port: int) -> Listener:
    """Bind a name or an address, and a port (0: one that is free); raise TrussError if that cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TrussError(f"`--host {host}` is not a name or an address here: {reason}") from None
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        raise _refused(error, host, port) from None
    bound.setblocking(False)  # noqa: FBT003 - its only argument
    ip, number = bound.getsockname()[:2]
    shown = f"[{ip}]" if family is socket.AF_INET6 else ip
    return Listener(bound, f"http://{shown}:{number}", ipaddress.ip_address(ip.partition("%")[0]).is_loopback)


def _refused(error: OSError, host: str, port: int) -> TrussError:
    if error.errno == errno.EADDRINUSE:
        hint = "Stop what uses it, or give another: `--port 8081`, or `--port 0` for one that is free."
        return TrussError(f"port {port} is in use", hint=hint)
    if error.errno == errno.EACCES:
        return TrussError(f"port {port} is not open to this user", hint="Give one above 1023.")
    return TrussError(f"cannot listen on {host}, port {port}: {error.strerror}")

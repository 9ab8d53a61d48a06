"""The access policy that the options of the command line describe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.errors import TrussError
from truss_cli.serve.http.access_policy import ANY_ORIGIN, NULL_ORIGIN, AccessPolicy
from truss_cli.serve.http.authority import parse_authority, parse_origin

if TYPE_CHECKING:
    from collections.abc import Sequence


def access_policy(
    host: str, *, is_local: bool, allow_hosts: Sequence[str], allow_origins: Sequence[str]
) -> AccessPolicy:
    """Return the policy of a server that listens on `host`; raise TrussError for a malformed option.

    On an address that other machines reach, clients know the server by names that cannot be listed here,
    so that the host is checked only if `allow_hosts` has any.
    """
    origins = frozenset(map(_origin, allow_origins))
    names = frozenset(map(_host_name, allow_hosts))
    if not is_local and not names:
        return AccessPolicy(None, origins)
    authority = parse_authority(host)
    return AccessPolicy(names | ({authority.host} if authority else frozenset()), origins)


def _host_name(text: str) -> str:
    name = text.strip()
    try:
        name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        name = ""
    authority = parse_authority(f"[{name}]") or parse_authority(name)
    if authority is None or authority.port is not None or "*" in name:
        hint = "Write a host name without scheme, port or path: `--allow-host model.example`."
        raise TrussError(f"`--allow-host {text}` is not a host name", hint=hint)
    return authority.host


def _origin(text: str) -> str:
    name = text.strip()
    if name in (NULL_ORIGIN, ANY_ORIGIN):
        return name
    origin = parse_origin(name.removesuffix("/"))
    if origin is None or "*" in name:
        hint = "Write a scheme and a host, with its port if any: `--allow-origin http://localhost:3000`."
        raise TrussError(f"`--allow-origin {text}` is not an origin", hint=hint)
    return str(origin)

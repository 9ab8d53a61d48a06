"""Hosts and web origins, as the headers `Host` and `Origin` write them."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple

_AUTHORITY = re.compile(r"(\[[0-9A-Za-z:.%]+\]|[^\s:/?#@\[\]\\<>^`{|}\"']+)(?::([0-9]{0,5}))?")
_ORIGIN = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]+)")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_LONGEST = 262
"""Characters of a domain name with its port."""


class Authority(NamedTuple):
    """A host, in lower case and without a trailing dot, and the port if one is written."""

    host: str
    port: int | None

    @property
    def is_literal(self) -> bool:
        """Return whether the host is an IP address, which no name server can point elsewhere."""
        return self.host.startswith("[") or bool(_NUMBER.fullmatch(self.host.rpartition(".")[2]))

    @property
    def is_loopback_name(self) -> bool:
        """Return whether the host is `localhost` or a name under it, which are reserved for loopback."""
        return self.host == "localhost" or self.host.endswith(".localhost")


class WebOrigin(NamedTuple):
    """A web origin other than `null`."""

    scheme: str
    authority: Authority

    @property
    def port(self) -> int | None:
        """The port, or the default port of the scheme."""
        return _port(self.authority, self.scheme)

    def matches(self, host: Authority) -> bool:
        """Return whether the origin has the host and the port of a `Host` header."""
        return self.authority.host == host.host and self.port == _port(host, self.scheme)

    def __str__(self) -> str:
        """Return the origin as browsers send it."""
        port = f":{self.port}" if self.port != _DEFAULT_PORTS.get(self.scheme) else ""
        return f"{self.scheme}://{self.authority.host}{port}"


@lru_cache(maxsize=64)
def parse_authority(text: str) -> Authority | None:
    """Return the host and port of a `Host` header; None for a malformed one."""
    match = _AUTHORITY.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    host = match[1].lower()
    if host.startswith("["):
        try:
            address = ipaddress.IPv6Address(host[1:-1].partition("%")[0])
        except ValueError:
            return None
        host = f"[{address.compressed}]"
    else:
        host = host.removesuffix(".")
    return Authority(host, int(match[2]) if match[2] else None) if host else None


@lru_cache(maxsize=64)
def parse_origin(text: str) -> WebOrigin | None:
    """Return the origin in an `Origin` header; None for `null` and for a malformed one."""
    match = _ORIGIN.fullmatch(text)
    authority = parse_authority(match[2]) if match else None
    return WebOrigin(match[1].lower(), authority) if match and authority else None


def _port(authority: Authority, scheme: str) -> int | None:
    return _DEFAULT_PORTS.get(scheme) if authority.port is None else authority.port

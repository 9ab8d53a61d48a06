"""The hosts and web origins whose requests are served.

Every web page that a browser on this machine shows can send requests to a loopback address. A page whose
own name is pointed at that address (DNS rebinding) can also read the responses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from truss_cli.serve.http.authority import parse_authority, parse_origin

if TYPE_CHECKING:
    from truss_cli.serve.http.answer import Scope

NULL_ORIGIN, ANY_ORIGIN = "null", "*"
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Refusal(NamedTuple):
    """The reason why a request is refused, and the option that allows it."""

    reason: str
    option: str
    value: str | None
    """The value of the option; None if no value allows the request."""


class AccessPolicy(NamedTuple):
    """The allowed hosts and origins; they are written as `parse_authority` and `parse_origin` return them."""

    hosts: frozenset[str] | None
    """Names besides those of loopback and IP addresses; None if every host is allowed."""
    origins: frozenset[str]
    """Origins other than the server's; may contain `null` and `*`."""

    def refusal(self, scope: Scope) -> Refusal | None:
        """Return why a request is refused; None if it is served."""
        hosts, origins = _values(scope, b"host"), _values(scope, b"origin")
        for host in hosts if self.hosts is not None else ():
            if not self._allows_host(host):
                authority = parse_authority(host)
                return Refusal(f"for the host {host}", "--allow-host", authority.host if authority else None)
        if not origins or (scope["type"] == "http" and scope["method"] in _SAFE_METHODS):
            return None
        return self.foreign_origin(scope)

    def foreign_origin(self, scope: Scope) -> Refusal | None:
        """Return the refusal of a request from the page of another origin; None if there is none."""
        hosts = [parse_authority(host) for host in _values(scope, b"host")]
        for text in _values(scope, b"origin"):
            origin = parse_origin(text)
            matches = (
                origin is not None and bool(hosts) and all(host and origin.matches(host) for host in hosts)
            )
            if not matches and self.cors_origin(text) is None:
                value = str(origin) if origin else NULL_ORIGIN if text == NULL_ORIGIN else ANY_ORIGIN
                return Refusal(f"from a web page of the origin {text}", "--allow-origin", value)
        return None

    def cors_origin(self, text: str) -> str | None:
        """Return the value of `Access-Control-Allow-Origin` for an origin; None if it is not allowed."""
        if ANY_ORIGIN in self.origins:
            return ANY_ORIGIN
        origin = parse_origin(text)
        name = str(origin) if origin else text
        return text if name in self.origins else None

    def _allows_host(self, host: str) -> bool:
        authority = parse_authority(host)
        if authority is None:
            return False
        is_local = authority.is_literal or authority.is_loopback_name
        return is_local or authority.host in (self.hosts or ())


def _values(scope: Scope, name: bytes) -> list[str]:
    """Return the values of a header that are not empty."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name and value]

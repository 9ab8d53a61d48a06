"""Amounts of memory as people write them."""

import re

from truss_cli.contract.defaults import MEMORY_UNITS
from truss_cli.errors import TrussError

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", re.ASCII)


def parse_size(text: str) -> int:
    """Return the bytes that `1000`, `64Mi` or `1.5G` mean; raise TrussError."""
    match = _SIZE.fullmatch(text.strip())
    factor = {"": 1, **MEMORY_UNITS}.get(match[2]) if match else None
    if match is None or factor is None or not float(match[1]):
        raise TrussError(f"{text!r} is not a size", hint="Write bytes, or `64Mi`, `1.5G`.")
    return int(float(match[1]) * factor)

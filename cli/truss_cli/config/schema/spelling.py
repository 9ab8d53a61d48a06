"""How a number is to be written where a string is meant."""

from collections.abc import Callable
from typing import NamedTuple


class Spelling(NamedTuple):
    """In a field's annotation: turns what stands in the file, `16`, into what was meant, `16Gi`."""

    meant: Callable[[str], str]

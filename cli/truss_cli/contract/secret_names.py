"""Names of environment variables that usually hold a secret."""

import re

_SECRET = re.compile(
    r"token|secret|passw(?:or)?d|credential|api_?key|(?:access|private|auth)_?key", re.IGNORECASE
)
_NOT_SECRET = re.compile(
    r"tokenizer|tokens|max_|_(?:limit|count|length|size|path|file|name|id)$", re.IGNORECASE
)


def is_secret_name(name: str) -> bool:
    """Return whether a name looks like that of a password, key or token."""
    return bool(_SECRET.search(name)) and not _NOT_SECRET.search(name)

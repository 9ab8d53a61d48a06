"""Values of secrets that stand in a config.yaml, where only their names belong."""

import re
from collections.abc import Iterator

from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.config.text.document import Document

# What the keys of well-known services look like; a placeholder has no such form.
_KNOWN_KEY = (
    r"(?:hf_[A-Za-z0-9]{20}|sk-[A-Za-z0-9_-]{20}|gh[pousr]_[A-Za-z0-9]{20}|github_pat_[A-Za-z0-9_]{20}|glpat-[\w-]{20}"
    r"|AKIA[A-Z0-9]{16}|ASIA[A-Z0-9]{16}|AIza[\w-]{30}|xox[abprs]-[A-Za-z0-9-]{10}|r8_[A-Za-z0-9]{20}"
    r"|eyJ[\w-]{10,}\.[\w-]{10,}\.|-----BEGIN [A-Z ]*PRIVATE KEY|npm_[A-Za-z0-9]{20}|dop_v1_[a-f0-9]{20})"
)
_REPEATED = r"(.)\1{5}"
_SHORTEST_KEY = 20


def secret_findings(document: Document) -> Iterator[ConfigFinding]:
    """Find real values under `secrets`, and keys of well-known services in environment variables."""
    secrets = document.values.get("secrets")
    for name, value in secrets.items() if isinstance(secrets, dict) else ():
        if isinstance(value, str) and _is_real(value):
            message = f"the value of secret `{name}` is written here, where all who see the file can read it"
            advice = f"Write `{name}: null`, revoke this value, and store a new one in the workspace."
            yield _finding(document, ("secrets", name), message, advice)
    variables = document.values.get("environment_variables")
    for name, value in variables.items() if isinstance(variables, dict) else ():
        if isinstance(value, str) and _is_known_key(value):
            message = f"variable `{name}` holds a secret, which all who see the file can read"
            advice = f"Revoke it, and declare it instead: `secrets: {{{str(name).lower()}: null}}`."
            yield _finding(document, ("environment_variables", name), message, advice)


def _is_known_key(text: str) -> bool:
    return bool(re.search(_KNOWN_KEY, text)) and not re.search(_REPEATED, text)


def _is_real(text: str) -> bool:
    """Distinguish a key from a placeholder such as `ENTER YOUR TOKEN`, `<token>` or `hf_xxxxxxxx`."""
    if _is_known_key(text):
        return True
    opaque = len(text) >= _SHORTEST_KEY and re.fullmatch(r"[A-Za-z0-9+/=_.-]+", text) is not None
    digits = sum(character.isdigit() for character in text)
    return opaque and digits >= len(text) // 8 and not re.search(_REPEATED, text)


def _finding(document: Document, path: tuple[str, ...], message: str, advice: str) -> ConfigFinding:
    return ConfigFinding(Problem.SECRET_VALUE, message, advice, document.span(path))

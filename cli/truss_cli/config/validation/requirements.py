"""Python requirements that pip cannot install as written."""

import re
from collections.abc import Iterator

from truss_cli.config.finding import ConfigFinding, Problem
from truss_cli.config.text.document import Document

# The names and versions that most requirements consist of; anything else is given to `packaging`.
_PLAIN = (
    r"\s*[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[A-Za-z0-9._, -]*\])?"
    r"(?:\s*(?:==|>=|<=|~=|!=|<|>)\s*[0-9]+(?:\.[0-9]+)*(?:\.?(?:post|rc|a|b|dev)[0-9]+)?)?\s*"
)
# Options, paths, addresses, comments and variables: pip's own, or not to be known here.
_NOT_A_SPECIFIER = r"\s*(?:-|\.|/|#|$|[A-Za-z]:\\|[a-z+]+://|git@)|.*(?:\.whl|\.zip|\.tar\.gz|\.git|/|\$\{)"


def requirement_findings(document: Document) -> Iterator[ConfigFinding]:
    """Find items of `requirements` that are not requirement specifiers."""
    listed = document.values.get("requirements")
    for index, text in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(text, str) or re.fullmatch(_PLAIN, text) or re.match(_NOT_A_SPECIFIER, text):
            continue
        yield from _parse(document, index, text)


def _parse(document: Document, index: int, text: str) -> Iterator[ConfigFinding]:
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - rarely needed

    specifier = re.split(r"\s#|\s--|\s\\", text)[0]
    try:
        Requirement(specifier)
    except InvalidRequirement:
        message = f"`{text}` is not a Python requirement"
        yield ConfigFinding(
            Problem.REQUIREMENT, message, _advice(specifier), document.span(("requirements", index))
        )


def _advice(text: str) -> str:
    single = re.fullmatch(r"\s*([A-Za-z0-9._-]+)\s*=\s*([^=\s]+)\s*", text)
    if single:
        return f"Write `{single.group(1)}=={single.group(2)}`."
    words = re.fullmatch(r"\s*([A-Za-z0-9._-]+)\s+([0-9][^\s]*)\s*", text)
    if words:
        return f"Write `{words.group(1)}=={words.group(2)}`."
    return "Write a name and versions, such as `torch>=2.1,<3`."

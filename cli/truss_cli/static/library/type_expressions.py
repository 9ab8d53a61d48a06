"""Type expressions of the library tables: `builtins.dict[builtins.str, ~_T]|None`.

Classes have qualified names, `|` separates the members of a union, `~` marks a type variable and `?` is an
unknown type. `Self`, `Never`, `None`, `Literal[...]` and `Callable[..., result]` are as in annotations.
"""

import re
from collections.abc import Iterable, Mapping

UNKNOWN = "?"
_VARIABLE = re.compile(r"~(\w+)")
_OPENING = "[("
_CLOSING = "])"


def union_members(expression: str) -> tuple[str, ...]:
    """Return the members of a union, or the expression itself if it is not a union."""
    return tuple(_split(expression, "|")) if "|" in expression else (expression,)


def type_arguments(expression: str) -> tuple[str, tuple[str, ...]]:
    """Return the class of an expression that is not a union, and its type arguments."""
    name, bracket, arguments = expression.partition("[")
    return name, tuple(_split(arguments[:-1], ",")) if bracket else ()


def type_variables(expressions: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the type variables, each once and in order of appearance."""
    return tuple(dict.fromkeys(name for text in expressions for name in _VARIABLE.findall(text)))


def substitute(expression: str, types: Mapping[str, str]) -> str:
    """Replace type variables by the types mapped to their names, and keep the others."""
    if "~" not in expression:
        return expression
    return _VARIABLE.sub(lambda match: types.get(match[1], match[0]), expression)


def union(expressions: Iterable[str]) -> str:
    """Return the union of types: each member once, literals literal into the first of them."""
    members = list(dict.fromkeys(member for text in expressions for member in union_members(text)))
    literals = [member for member in members if member.startswith("Literal[")]
    if len(literals) > 1:
        literal = f"Literal[{','.join(literal[8:-1] for literal in literals)}]"
        members = [literal if member == literals[0] else member for member in members]
        members = [member for member in members if member not in literals[1:]]
    return "|".join(members)


def _split(text: str, separator: str) -> Iterable[str]:
    """Split at separators outside brackets and quotes, and remove the spaces around the parts."""
    depth = start = 0
    quote = ""
    for index, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif character == separator and not depth:
            yield text[start:index].strip()
            start = index + 1
    yield text[start:].strip()

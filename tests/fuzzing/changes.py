"""Changes of a source or a configuration at random, most of which leave it one that can be parsed."""

import ast
import re
import warnings
from collections.abc import Callable, Sequence
from random import Random

Change = Callable[[Random, str, Sequence[str]], str]
"""Takes a text, and others to take parts of."""

WRAPPERS = (
    "await {}", "list({})", "lambda: {}", "({}, {})", "[{} for x in y]", "{{{}}}", "{}()", "{}.a", "{}[0]",
    "not {}", "{} if x else {}", "f'{{{}}}'", "(yield {})", "-{}", "{} | None", "'{}'", "*{}", "{} := 1",
)  # fmt: skip
SCALARS = (
    "null", "~", "true", "no", "0", "-1", "1e999", ".nan", "0x1F", "1:30", "2001-01-01", "''", "[]", "{}",
    "&a x", "*a", "!!set {a}", "!!binary eA==", "|-\n  x", "<<: {a: 1}", "'\\u0000'", "é", "1_000", "${x}",
)  # fmt: skip
CHARACTERS = "\x00\t\r\x0b\x0c\x1b\x85\xa0\u2028\ufeff\U0001f525é熱'\"\\#:{}[]()*&@,.-=\n "


def exchange_expressions(random: Random, text: str, others: Sequence[str]) -> str:
    """Put an expression of another source in place of one."""
    start, end = random.choice(_expressions(text))
    other = random.choice(others)
    first, last = random.choice(_expressions(other))
    return text[:start] + other[first:last] + text[end:]


def wrap_expression(random: Random, text: str, _others: Sequence[str]) -> str:
    """Make an expression a part of a larger one."""
    start, end = random.choice(_expressions(text))
    return text[:start] + random.choice(WRAPPERS).replace("{}", text[start:end]) + text[end:]


def exchange_words(random: Random, text: str, others: Sequence[str]) -> str:
    """Put a word of another text in place of one, wherever it stands or once."""
    words = re.findall(r"\w+", text)
    others_words = re.findall(r"\w+", random.choice(others))
    old, new = random.choice(words or ["x"]), random.choice(others_words or ["y"])
    return re.sub(rf"\b{old}\b", new, text, count=random.randint(0, 1))


def exchange_scalars(random: Random, text: str, _others: Sequence[str]) -> str:
    """Give a key of YAML another value."""
    values = list(re.finditer(r"(?<=: ).+$", text, re.MULTILINE))
    if not values:
        return text + random.choice(SCALARS)
    value = random.choice(values)
    return text[: value.start()] + random.choice(SCALARS) + text[value.end() :]


def rearrange_lines(random: Random, text: str, others: Sequence[str]) -> str:
    """Drop, double, move, indent or replace a line, or cut the text off."""
    lines = text.splitlines(keepends=True) or [""]
    index, place = random.randrange(len(lines)), random.randrange(len(lines))
    kind = random.randrange(6)
    if kind == 0:
        return text[: random.randint(0, len(text))]
    line = lines[index] if kind == 1 else lines.pop(index)
    if kind == 2:
        line = random.choice([*random.choice(others).splitlines(keepends=True), ""])
    elif kind == 3:
        line = random.choice(["  ", "    ", "\t"]) + line
    elif kind == 4:
        line = line.strip() + "\n"
    return "".join([*lines[:place], line * (kind != 5), *lines[place:]])


def insert_characters(random: Random, text: str, _others: Sequence[str]) -> str:
    """Put a character anywhere."""
    place = random.randint(0, len(text))
    return text[:place] + random.choice(CHARACTERS) * random.choice([1, 1, 2, 90]) + text[place:]


def _expressions(text: str) -> list[tuple[int, int]]:
    """Return where expressions start and end; the whole if there are none."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [(0, len(text))]
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = [
        (starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and node.end_lineno and node.end_col_offset
        and node.end_lineno < len(starts)
    ]  # fmt: skip
    return found or [(0, len(text))]


OF_SOURCES: tuple[Change, ...] = (
    exchange_expressions, exchange_expressions, wrap_expression, exchange_words, rearrange_lines,
    insert_characters,
)  # fmt: skip
OF_CONFIGS: tuple[Change, ...] = (exchange_scalars, exchange_words, rearrange_lines, insert_characters)

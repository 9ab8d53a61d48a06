"""Extraction of prose: docstrings, comments, messages, template comments and documents."""

import ast
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).parents[1]
_DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/*.md")
_EXAMPLES = {"good", "bad", "EXAMPLES"}
"""Names and arguments whose strings are code."""
_CODE = re.compile(r"```.*?(?:```|\Z)|``.+?``|`[^`]+`|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TEMPLATE_PROSE = re.compile(r'\{#[\s\S]*?#\}|"""[\s\S]*?"""|(?<!\S)# .*')
_FEWEST_WORDS = 3
"""Strings with fewer words are keys and names rather than messages."""


class Kind(Enum):
    """Where a passage of prose is from."""

    MODULE = "module docstring"
    CLASS = "class docstring"
    FUNCTION = "function docstring"
    PROPERTY = "property docstring"
    ATTRIBUTE = "attribute docstring"
    COMMENT = "comment"
    STRING = "string"
    ERROR = "error message"
    TEMPLATE = "template"
    DOCUMENT = "document"


class Passage(NamedTuple):
    """Prose with its position; code in it is blanked out, with its line ends kept."""

    path: Path
    line: int
    kind: Kind
    text: str


class LocalName(NamedTuple):
    """A parameter or local variable of a function, where it is first bound."""

    path: Path
    line: int
    name: str


def read_python(path: Path) -> tuple[list[Passage], list[LocalName]]:
    """Return the prose and the local names of a Python file."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    reader = _PythonReader(path, strings=path.is_relative_to(TOP / "cli"))
    reader.visit(tree)
    passages = [*reader.passages, *_comments(path, source, reader.spans)]
    return [passage._replace(text=blank_code(passage.text)) for passage in passages], reader.names


def read_documents() -> Iterator[Passage]:
    """Yield every document as one passage."""
    for pattern in _DOCUMENTS:
        for path in sorted(TOP.glob(pattern)):
            yield Passage(path, 1, Kind.DOCUMENT, blank_code(path.read_text(encoding="utf-8")))


def read_templates() -> Iterator[Passage]:
    """Yield manifests and Markdown as they are, and the comments and docstrings of other templates."""
    for path in sorted((TOP / "templates").rglob("*")):
        if path.suffix not in {".jinja", ".yaml"}:
            continue
        text = path.read_text(encoding="utf-8")
        if path.name == "template.yaml" or path.name.endswith(".md.jinja"):
            yield Passage(path, 1, Kind.TEMPLATE, blank_code(text))
            continue
        for prose in _TEMPLATE_PROSE.finditer(text):
            line = text.count("\n", 0, prose.start()) + 1
            yield Passage(path, line, Kind.TEMPLATE, blank_code(prose[0]))


def python_files() -> list[Path]:
    """Return the Python files of the tool and of its tests, without the trusses that are test data."""
    return sorted(
        path
        for folder in ("cli", "tests")
        for path in (TOP / folder).rglob("*.py")
        if not {"cases", "sentiment"} & set(path.relative_to(TOP).parts)
    )


def blank_code(text: str) -> str:
    """Replace code between backticks and fences, and Jinja's tags, by dots."""
    return _CODE.sub(lambda code: "…" + "\n" * code[0].count("\n"), text)


def _comments(path: Path, source: str, spans: list[tuple[int, int, int, int]]) -> Iterator[Passage]:
    """Yield comments; those on consecutive lines form one passage."""
    strings: dict[int, list[tuple[int, int]]] = {}
    for first, start, last, end in spans:
        for line in range(first, last + 1):
            left, right = start if line == first else 0, end if line == last else len(source)
            strings.setdefault(line, []).append((left, right))
    start_line, comments = 0, list[str]()
    for number, text in enumerate(source.splitlines(), 1):
        comment = _comment(text, strings.get(number, [])) if "#" in text else None
        if comment is not None and comments and text.lstrip().startswith("#"):
            comments.append(comment)
            continue
        if comments:
            yield Passage(path, start_line, Kind.COMMENT, "\n".join(comments))
        start_line, comments = number, [] if comment is None else [comment]
    if comments:
        yield Passage(path, start_line, Kind.COMMENT, "\n".join(comments))


def _comment(line: str, strings: list[tuple[int, int]]) -> str | None:
    for sign in re.finditer("#", line):
        column = len(line[: sign.start()].encode())
        if not any(start <= column < end for start, end in strings):
            return line[sign.end() :].strip()
    return None


class _PythonReader(ast.NodeVisitor):
    """Collects docstrings, messages, the spans of all strings, and local names."""

    def __init__(self, path: Path, *, strings: bool) -> None:
        self.passages: list[Passage] = []
        self.names: list[LocalName] = []
        self.spans: list[tuple[int, int, int, int]] = []
        self._path = path
        self._strings = strings
        self._bound: set[str] | None = None

    def visit_Module(self, node: ast.Module) -> None:
        self._read_body(node.body, Kind.MODULE)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for child in (*node.bases, *node.keywords, *node.decorator_list):
            self.visit(child)
        bound, self._bound = self._bound, None
        self._read_body(node.body, Kind.CLASS)
        self._bound = bound

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        decorators = " ".join(map(ast.unparse, node.decorator_list))
        kind = Kind.PROPERTY if "property" in decorators or "fixture" in decorators else Kind.FUNCTION
        bound, self._bound = self._bound, set()
        for child in (*node.decorator_list, node.args, *filter(None, [node.returns])):
            self.visit(child)
        self._read_body(node.body, kind)
        self._bound = bound

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - the name ast calls

    def visit_arg(self, node: ast.arg) -> None:
        self._bind(node.arg, node.lineno)
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self._bind(node.id, node.lineno)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not _EXAMPLES & {target.id for target in node.targets if isinstance(target, ast.Name)}:
            self.generic_visit(node)
        else:
            self._record_spans(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        name = ast.unparse(node.func).rpartition(".")[2]
        if name.endswith("Error") and node.args and (text := _leading_text(node.args[0])):
            self._add(Kind.ERROR, node.args[0], text)
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg in _EXAMPLES:
            self._record_spans(node.value)
        else:
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if not isinstance(node.value, str):
            return
        self._record_span(node)
        if self._strings and len(node.value.split()) >= _FEWEST_WORDS:
            self._add(Kind.STRING, node, node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._record_span(node)
        if self._strings and len((text := _text(node)).split()) >= _FEWEST_WORDS:
            self._add(Kind.STRING, node, text)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part)

    def _read_body(self, body: list[ast.stmt], kind: Kind) -> None:
        for position, statement in enumerate(body):
            value = statement.value if isinstance(statement, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                self._record_span(value)
                self._add(kind if position == 0 else Kind.ATTRIBUTE, value, value.value)
            else:
                self.visit(statement)

    def _bind(self, name: str, line: int) -> None:
        if self._bound is not None and name not in self._bound:
            self._bound.add(name)
            self.names.append(LocalName(self._path, line, name))

    def _add(self, kind: Kind, node: ast.expr, text: str) -> None:
        self.passages.append(Passage(self._path, node.lineno, kind, text))

    def _record_spans(self, node: ast.AST) -> None:
        for child in ast.walk(node):
            if isinstance(child, ast.Constant | ast.JoinedStr):
                self._record_span(child)

    def _record_span(self, node: ast.expr) -> None:
        self.spans.append((node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0))


def _text(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)


def _leading_text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return _text(node)
    return str(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""

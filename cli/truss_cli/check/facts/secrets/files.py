"""Files of secrets, such as `/secrets/hf_access_token`, that code and shell commands read."""

import ast
import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from truss_cli.static.names.scopes import Scope, scope_of
from truss_cli.static.names.symbols import Local, Module, Symbols
from truss_cli.static.syntax.nodes import Function, children, nodes_in, walk

_FOLDER = "/secrets"
_NAME = r"/secrets/(?P<name>[A-Za-z0-9_][\w.-]*)(?![\w.\-/%{$*?\[])"
_PATH = re.compile(_NAME)
_READ_BY_SHELL = re.compile(rf"""(?:\bcat\s+|(?<!<)<\s*|\bsource\s+|(?<![\w-])--[\w-]+[=\s])["']?{_NAME}""")
_OPTIONAL_IN_SHELL = re.compile(
    r"-[efrs]\s+[\"']?/secrets/|2>\s*/dev/null|\|\||>\s*[\"']?/secrets/|\btee\s+/secrets/"
)
_TESTS = frozenset({"exists", "is_file", "isfile", "listdir", "iterdir", "glob"})
_WRITES = frozenset({"write_text", "write_bytes", "touch", "symlink_to", "mkdir"})
_PATHS = frozenset({"Path", "PosixPath", "PurePath", "PurePosixPath"})
_DEEPEST = 8
"""Names and operators that are followed in one expression."""


class SecretFile(NamedTuple):
    """A place that reads the file of a secret."""

    node: ast.expr
    name: str


def secrets_in_command(text: str) -> list[str]:
    """Return the secrets whose files a shell command reads; none if it tests or writes them."""
    if _OPTIONAL_IN_SHELL.search(text):
        return []
    return [match["name"] for match in _READ_BY_SHELL.finditer(text)]


def secret_files(symbols: Symbols, module: Module) -> Iterator[SecretFile]:
    """Yield the places of a file that read secrets.

    A function that tests for a file, catches errors or writes files is skipped. In a module with
    such a function, a path counts only where it is opened, as others may be passed to it.
    """
    tree = module.file.tree
    if tree is None or _FOLDER not in module.file.source.text:
        return
    functions: list[Function] = [*nodes_in(tree, ast.FunctionDef), *nodes_in(tree, ast.AsyncFunctionDef)]
    inner_ids = {id(node) for function in functions for node in walk(function) if node is not function}
    nodes = list(walk(tree))
    opened_only = any(map(_is_careful, nodes))
    body = [node for node in nodes if id(node) not in inner_ids]
    yield from _Reader(symbols, module, None).read(body, opened_only=True)
    for function in functions:
        yield from _Reader(symbols, module, function).read(list(walk(function)), opened_only=opened_only)


class _Reader:
    """Reads paths in one function, or in the body of a module."""

    def __init__(self, symbols: Symbols, module: Module, function: Function | None) -> None:
        self._symbols, self._module = symbols, module
        self._scope: Scope | None = scope_of(function) if function else None

    def read(self, nodes: Sequence[ast.AST], *, opened_only: bool) -> Iterator[SecretFile]:
        """Yield the files that nodes read: in commands, where they are opened, and other complete paths."""
        if any(map(_is_careful, nodes)):
            return
        ignored_ids = {id(child) for node in nodes if _hides_texts(node) for child in children(node)}
        expressions = [node for node in nodes if isinstance(node, ast.expr) and id(node) not in ignored_ids]
        for node in expressions:
            for name in secrets_in_command(_command(node)):
                yield SecretFile(node, name)
        paths = [node for node in expressions if isinstance(node, ast.Constant | ast.BinOp | ast.Call)]
        for node in filter(None, map(_opened, expressions)) if opened_only else paths:
            match = _PATH.fullmatch(self.path(node) or "")
            if match:
                yield SecretFile(node, match["name"])

    def path(self, node: ast.expr, depth: int = 0) -> str | None:
        """Return the path that an expression always is; None if it is not known."""
        if depth > _DEEPEST:
            return None
        if isinstance(node, ast.Name):
            return self._named(node.id, depth)
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        texts = [self.path(part, depth + 1) for part in _parts(node)]
        complete = [text for text in texts if text is not None]
        return posixpath.join(*complete) if complete and len(complete) == len(texts) else None

    def _named(self, name: str, depth: int) -> str | None:
        bindings = self._scope.bindings.get(name, ()) if self._scope else ()
        if bindings:
            value = bindings[0].what if len(bindings) == 1 else None
            return self.path(value, depth + 1) if isinstance(value, ast.expr) else None
        symbol = self._symbols.lookup(self._module, name)
        if isinstance(symbol, Local) and isinstance(symbol.node, ast.expr):
            return _Reader(self._symbols, symbol.module, None).path(symbol.node, depth + 1)
        return None


def _parts(node: ast.expr) -> list[ast.expr]:
    """Return the parts of a path that an expression joins; none if it is another expression."""
    match node:
        case ast.BinOp(left, ast.Div(), right):
            return [left, right]
        case ast.Call(ast.Name(name) | ast.Attribute(_, name), arguments, []) if name in _PATHS:
            return arguments
        case ast.Call(ast.Attribute(ast.Attribute(_, "path"), "join"), arguments, []):
            return arguments
        case ast.Call(ast.Attribute(owner, "joinpath"), arguments, []):
            return [owner, *arguments]
    return []


def _is_careful(node: ast.AST) -> bool:
    """Return whether code tests for files, handles errors or writes files."""
    if isinstance(node, ast.Try):
        return bool(node.handlers)
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    mode = node.args[1] if name == "open" and len(node.args) > 1 else None
    writes = isinstance(mode, ast.Constant) and str(mode.value)[:1] in ("w", "a", "x")
    return name in _TESTS or name in _WRITES or name == "suppress" or writes


def _command(node: ast.expr) -> str:
    """Return the text of a string, with `{}` for the values in an f-string."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_command(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _opened(node: ast.expr) -> ast.expr | None:
    """Return the path that a call opens: `open(path)`, `path.open()` and `path.read_text()`."""
    match node:
        case ast.Call(ast.Name("open"), [path, *_]):
            return path
        case ast.Call(ast.Attribute(path, "open" | "read_text" | "read_bytes")):
            return path
    return None


def _hides_texts(node: ast.AST) -> bool:
    """Return whether the strings in a node are parts of others, or a docstring."""
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod)
    is_format = isinstance(node, ast.Attribute) and node.attr == "format"
    return is_sum or is_format or isinstance(node, ast.Expr | ast.JoinedStr | ast.Compare | ast.Raise)

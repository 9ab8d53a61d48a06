"""The paths, as far as they are literal, of the files that the code of a truss reads."""

from __future__ import annotations

import ast
import posixpath
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.static.names.symbols import External, Module
from truss_cli.static.syntax.nodes import nodes_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truss_cli.check.facts.truss import TrussFacts

_READERS = frozenset(
    {
        "builtins.open",
        "io.open",
        "numpy.load",
        "torch.load",
        "joblib.load",
        "pandas.read_csv",
        "PIL.Image.open",
    }
)
_PATH_READERS = frozenset({"read_text", "read_bytes", "open"})
_PATHS = ("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath")
_UNCHANGED = frozenset({"resolve", "absolute", "expanduser"})


class FileRead(NamedTuple):
    """A read of a file; `path` is absolute, or relative to the truss."""

    path: str
    module: Module
    node: ast.AST


def file_reads(facts: TrussFacts) -> tuple[FileRead, ...]:
    """Return the reads of literal paths, without those of files that the truss may write or test."""
    modules = list(facts.symbols.loaded())
    reads = [read for module in modules for read in _reads(facts, module)]
    return tuple(read for read in reads if not any(_may_create(module, read.path) for module in modules))


def _reads(facts: TrussFacts, module: Module) -> Iterator[FileRead]:
    tree = module.file.tree
    if tree is None:
        return
    paths = _Paths(facts, module)
    guarded_nodes = {
        inner
        for kind in (ast.Try, ast.If, ast.IfExp)
        for statement in nodes_in(tree, kind)
        for inner in ast.walk(statement)
    }
    for call in nodes_in(tree, ast.Call):
        symbol = facts.outside_functions(module, call.func)
        name = symbol.name if isinstance(symbol, External) else ""
        node: ast.expr | None = None
        if isinstance(call.func, ast.Name) and call.func.id == "open" and "open" not in module.scope:
            name = "builtins.open"
        if name in _READERS and call.args and not _writes(call, 1):
            node = call.args[0]
        elif (
            isinstance(call.func, ast.Attribute) and call.func.attr in _PATH_READERS and not _writes(call, 0)
        ):
            node = call.func.value
        path = paths.text(node) if node is not None else None
        if path is not None and call not in guarded_nodes:
            yield FileRead(posixpath.normpath(path), module, call)


def _writes(call: ast.Call, index: int) -> bool:
    """Return whether a call may open a file for writing."""
    modes = [call.args[index]] if len(call.args) > index else []
    modes += [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    return any(not isinstance(mode, ast.Constant) or set("wax+") & set(str(mode.value)) for mode in modes)


def _may_create(module: Module, path: str) -> bool:
    """Return whether a file names a path more than once, and thus may write it or test for it."""
    return module.file.source.text.count(posixpath.basename(path)) > 1


class _Paths(NamedTuple):
    """Evaluates expressions of paths in one file."""

    facts: TrussFacts
    module: Module

    def text(self, node: ast.expr) -> str | None:
        """Return the path that an expression means; None if it is not known."""
        path: str | None = None
        match node:
            case ast.Constant(str(text)):
                path = text
            case ast.Name("__file__"):
                path = self._own_path()
            case ast.BinOp(left, ast.Div(), right):
                path = self._joined([left, right])
            case ast.Attribute(value, "parent"):
                path = self._parent(value, 1)
            case ast.Subscript(ast.Attribute(value, "parents"), ast.Constant(int(index))):
                path = self._parent(value, index + 1)
            case ast.Call(ast.Attribute(value, name), []) if name in _UNCHANGED:
                path = self.text(value)
            case ast.Call(function, arguments, []):
                path = self._call(function, arguments)
        return path

    def _call(self, function: ast.expr, arguments: list[ast.expr]) -> str | None:
        symbol = self.facts.outside_functions(self.module, function)
        name = symbol.name if isinstance(symbol, External) else ""
        if name in _PATHS or name == "os.path.join":
            return self._joined(arguments)
        if name in ("os.path.abspath", "os.path.realpath") and len(arguments) == 1:
            return self.text(arguments[0])
        if name == "os.path.dirname" and len(arguments) == 1:
            return self._parent(arguments[0], 1)
        if isinstance(function, ast.Attribute) and function.attr == "joinpath":
            return self._joined([function.value, *arguments])
        return None

    def _joined(self, parts: list[ast.expr]) -> str | None:
        texts = [self.text(part) for part in parts]
        known_texts = [text for text in texts if text is not None]
        return posixpath.join(*known_texts) if texts and len(known_texts) == len(texts) else None

    def _parent(self, node: ast.expr, levels: int) -> str | None:
        path = self.text(node)
        if path is None or levels > len(path.split("/")):
            return None
        return posixpath.join(".", *path.split("/")[:-levels])

    def _own_path(self) -> str | None:
        path, folder = self.module.file.source.path, self.facts.truss.folder
        return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else None

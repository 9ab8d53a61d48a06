"""What a name refers to, followed through the truss's own files without running any of them."""

import ast
import builtins
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from truss_cli.diagnostic import Finding, Fix, Related
from truss_cli.source import ON_DISK, Overlay
from truss_cli.static.names.scopes import Binding, Imported, Scope, binds_unseen, puts_into_builtins, scope_of
from truss_cli.static.syntax.files import PythonFile, read_python

DEEPEST = 40
"""How many steps a name is followed before it counts as unknown."""


class Module:
    """A Python file of the truss under the dotted name it is imported by."""

    def __init__(self, name: str, file: PythonFile, scope: Scope, *, is_package: bool) -> None:
        self.name = name
        self.file = file
        self.scope = scope
        self.is_package = is_package

    def finding(
        self,
        node: ast.AST,
        message: str,
        help_text: str | None = None,
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding at a node of this file."""
        return Finding(self.file.source.path, self.file.span(node), message, help_text, related, fix)

    @property
    def package(self) -> str:
        """Name that its relative imports start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @property
    def postpones_annotations(self) -> bool:
        """Whether it has `from __future__ import annotations`, under whatever name."""
        every = (binding.what for bindings in self.scope.bindings.values() for binding in bindings)
        return Imported("__future__", "annotations") in every


class External(NamedTuple):
    """Something outside the truss, by its dotted name: a module, class, function or value."""

    name: str


class Local(NamedTuple):
    """A class, function or assigned expression in a file of the truss."""

    module: Module
    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.expr


class Namespace(NamedTuple):
    """A module or folder of the truss; `module` is None for a folder without `__init__.py`."""

    name: str
    module: Module | None


Symbol = External | Local | Namespace
"""What a name means; None where that cannot be known."""


class SourceRoot(NamedTuple):
    """A folder that modules are imported from: all in it but the `hidden`, or `only` the one of a name."""

    folder: Path
    only: str | None = None
    hidden: frozenset[str] = frozenset()
    """Modules that Python finds elsewhere before it looks here."""


class Symbols:
    """Resolves names in the files under some roots, of which the first that has a module counts."""

    def __init__(self, roots: Sequence[SourceRoot], overlay: Overlay = ON_DISK) -> None:
        self._roots, self._overlay = roots, overlay
        self._modules: dict[str, Namespace | None] = {}
        self._active: set[tuple[int, str]] = set()

    def module(self, name: str) -> Namespace | None:
        """Return the truss's own module of a dotted name; None if it is not the truss's."""
        if name not in self._modules:
            self._modules[name] = None
            self._modules[name] = self._find(name)
        return self._modules[name]

    def loaded(self) -> Iterator[Module]:
        """Yield the modules of the truss that were looked into so far."""
        for namespace in self._modules.values():
            if namespace and namespace.module:
                yield namespace.module

    def add(self, name: str, file: PythonFile) -> Module:
        """Register a parsed file under its dotted name."""
        scope = scope_of(file.tree or ast.Module([], []))
        module = Module(name, file, scope, is_package=file.source.path.name == "__init__.py")
        if file.tree is None:
            scope.open = True
        self._modules[name] = Namespace(name, module)
        return module

    def lookup(self, module: Module, name: str) -> Symbol | None:
        """Return what a name means at the end of a module's body; a builtin is `External("builtins.…")`."""
        key = (id(module), name)
        if key in self._active or len(self._active) > DEEPEST:
            return None
        self._active.add(key)
        try:
            return self._lookup(module, name)
        finally:
            self._active.discard(key)

    def binding(self, module: Module, binding: Binding) -> Symbol | None:
        """Return what one binding of a module's body means."""
        if binding.what is None:
            return None
        if not isinstance(binding.what, Imported):
            if isinstance(binding.what, ast.Name | ast.Attribute):
                return self.expression(module, binding.what)
            return Local(module, binding.what)
        return self.imported(module, binding.what)

    def imported(self, module: Module, imported: Imported) -> Symbol | None:
        """Return what an import binds."""
        target = self.absolute(module, imported)
        if target is None:
            return None
        namespace = self.module(target)
        if imported.attribute is None:
            return namespace or External(target)
        if namespace is None:
            return External(f"{target}.{imported.attribute}")
        return self.attribute(namespace, imported.attribute)

    def absolute(self, module: Module, imported: Imported) -> str | None:
        """Return the dotted name of the module that an import names; None if it leads out of the package."""
        if not imported.level:
            return imported.module
        parts = module.package.split(".") if module.package else []
        if imported.level - 1 >= len(parts):
            return None
        base = parts[: len(parts) - imported.level + 1]
        return ".".join([*base, *([imported.module] if imported.module else [])])

    def attribute(self, symbol: Symbol | None, name: str) -> Symbol | None:
        """Return what an attribute of a symbol means."""
        match symbol:
            case External():
                return External(f"{symbol.name}.{name}")
            case Namespace():
                found = (
                    self.lookup(symbol.module, name)
                    if symbol.module and self._binds(symbol.module, name)
                    else None
                )
                return found or self.module(f"{symbol.name}.{name}")
            case Local(module, ast.ClassDef() as node):
                candidates = scope_of(node).candidates(name)
                return self.binding(module, candidates[0]) if len(candidates) == 1 else None
        return None

    def expression(self, module: Module, node: ast.expr) -> Symbol | None:
        """Return what a name or dotted name means in a module."""
        if isinstance(node, ast.Name):
            return self.lookup(module, node.id)
        if isinstance(node, ast.Attribute):
            return self.attribute(self.expression(module, node.value), node.attr)
        return None

    def is_defined(self, module: Module, name: str) -> bool:
        """Whether a name is, or may be, bound once the module has run; what only type checkers see is not."""
        if hasattr(builtins, name) or name in _MODULE_NAMES or module.scope.open:
            return True
        if any(not binding.typing_only for binding in module.scope.bindings.get(name, ())):
            return True
        if any(self._star_may_bind(module, star, name) for star in module.scope.star_imports):
            return True
        if module.file.tree is not None and binds_unseen(module.file.tree, name):
            return True
        trees = [one.file.tree for one in (module, *self.loaded())]
        return any(tree is not None and puts_into_builtins(tree, name) for tree in trees)

    def _lookup(self, module: Module, name: str) -> Symbol | None:
        candidates = module.scope.candidates(name)
        if not candidates:
            for star in module.scope.star_imports:
                namespace = self.module(self.absolute(module, star) or "")
                if namespace and namespace.module and self._binds(namespace.module, name):
                    return self.lookup(namespace.module, name)
                if not namespace:
                    return None
            return External(f"builtins.{name}") if hasattr(builtins, name) and not module.scope.open else None
        symbols = [self.binding(module, candidate) for candidate in candidates]
        return symbols[0] if all(symbol == symbols[0] for symbol in symbols) else None

    def _binds(self, module: Module, name: str) -> bool:
        return name in module.scope or bool(module.scope.star_imports)

    def _star_may_bind(self, module: Module, star: Imported, name: str) -> bool:
        namespace = self.module(self.absolute(module, star) or "")
        if namespace is None or namespace.module is None or namespace.module is module:
            return True
        key = (id(namespace.module), f"*{name}")
        if key in self._active:
            return False
        self._active.add(key)
        try:
            return self.is_defined(namespace.module, name)
        finally:
            self._active.discard(key)

    def _find(self, name: str) -> Namespace | None:
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        named = [root for root in self._roots if root.only == parts[0]]
        others = [root for root in self._roots if root.only is None and parts[0] not in root.hidden]
        for root in named or others:
            path = root.folder.joinpath(*parts)
            for file in (path / "__init__.py", path.with_name(f"{path.name}.py")):
                if self._overlay.is_file(file):
                    return Namespace(name, self._read(name, file))
            if path.is_dir():
                return Namespace(name, None)
        return None

    def _read(self, name: str, file: Path) -> Module | None:
        try:
            return self.add(name, read_python(file, self._overlay))
        except OSError:
            return None


_MODULE_NAMES = {
    "__file__",
    "__name__",
    "__doc__",
    "__package__",
    "__spec__",
    "__loader__",
    "__builtins__",
    "__class__",
}

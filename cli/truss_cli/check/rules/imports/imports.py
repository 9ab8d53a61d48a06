"""The imports of the model, and of its own files that it imports, that the server's layout cannot satisfy."""

import ast
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import NamedTuple

from truss_cli.check.facts.context_managers import Resolve, may_suppress
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Find
from truss_cli.check.rules.imports.path_changes import may_change_path
from truss_cli.contract.defaults import DATA_FOLDER
from truss_cli.contract.installed import ALWAYS_INSTALLED
from truss_cli.diagnostic import Finding
from truss_cli.project import LEFT_OUT, Truss
from truss_cli.regular_file import read_regular_file
from truss_cli.static.events import CodeFailure, FailureKind
from truss_cli.static.names.imported import imported_modules
from truss_cli.static.names.symbols import Module, Symbols
from truss_cli.static.syntax.files import PythonFile
from truss_cli.static.syntax.nodes import nodes_in

_CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_BLOCKS = ("body", "orelse", "finalbody")
_INSTALLING = ("requirements", "build_commands", "base_image")
_MAY_BE_RELATIVE = re.compile(r"from[\s\\]*\.")


class Import(NamedTuple):
    """An import of an absolute module, or of names from it; `later`: it runs when a function is called."""

    node: ast.Import | ast.ImportFrom
    module: str
    later: bool
    names: tuple[str, ...] = ()


class Unreachable(NamedTuple):
    """An import that fails on the server, and how to fix it; `left_out`: for the name of a folder."""

    importer: Module
    found: Import
    message: str
    help: str
    left_out: bool = False


def find_unreachable(is_selected: Callable[[Unreachable], bool], *, certain: bool | None = None) -> Find:
    """Return the `find` of a rule that reports the unreachable imports that `is_selected` selects.

    With `certain`, also those that fail in the abstract run: in every run, or in some.
    """

    def find(facts: TrussFacts) -> Iterator[Finding]:
        failures = {
            event.node: event
            for event in facts.run.events
            if isinstance(event, CodeFailure) and event.problem is FailureKind.IMPORT
        }
        for unreachable in facts.analysis(_unreachable_imports):
            node = unreachable.found.node
            failure = failures.get(node)
            if is_selected(unreachable) and (failure is None or failure.certain is certain):
                yield unreachable.importer.finding(node, unreachable.message, unreachable.help)
                failures.pop(node, None)
        for failure in failures.values():
            if failure.certain is certain and not _may_be_found(facts):
                yield failure.module.finding(failure.node, failure.message, failure.help)

    return find


def _may_be_found(facts: TrussFacts) -> bool:
    """Return whether the truss changes where modules are looked up."""
    variables = facts.truss.values.get("environment_variables")
    has_path = isinstance(variables, dict) and "PYTHONPATH" in variables
    return has_path or any(may_change_path(facts, module) for module in facts.symbols.loaded())


def relative_imports(file: PythonFile) -> Iterator[ast.ImportFrom]:
    """Yield the relative imports of a file."""
    if file.tree is None or not _MAY_BE_RELATIVE.search(file.source.text):
        return
    yield from (node for node in nodes_in(file.tree, ast.ImportFrom) if node.level)


def _unreachable_imports(facts: TrussFacts) -> tuple[Unreachable, ...]:
    """Return the imports that find nothing where the server looks, as far as that is certain."""
    truss, symbols, model = facts.truss, facts.symbols, facts.model_module
    variables = truss.values.get("environment_variables")
    if model is None or (isinstance(variables, dict) and "PYTHONPATH" in variables):
        return ()
    judge = _Judge(truss, symbols)
    found = tuple(
        unreachable
        for module in imported_modules(symbols, model)
        for statement in imports_of(symbols, module)
        for unreachable in [judge.judge(module, statement)]
        if unreachable
    )
    return () if found and any(may_change_path(facts, module) for module in symbols.loaded()) else found


def imports_of(symbols: Symbols, module: Module) -> Iterator[Import]:
    """Yield the absolute imports of a module that nothing guards."""
    resolve = partial(symbols.expression, module)
    return _imports(module.file.tree.body if module.file.tree else [], resolve, later=False)


class _Judge(NamedTuple):
    """Knows the layout of one truss."""

    truss: Truss
    symbols: Symbols

    def judge(self, importer: Module, found: Import) -> Unreachable | None:
        """Return an import that certainly fails."""
        truss, symbols = self
        top = found.module.partition(".")[0]
        left_out = _left_out(truss, symbols, importer, found)
        if left_out:
            return left_out
        missing = _missing_name(symbols, importer, found)
        if missing:
            return missing
        is_own = _is_regular_package(symbols, top) and not _is_installed(truss, top)
        if top == truss.module_folder or is_own:
            return _missing_module(truss, symbols, importer, found)
        if top == DATA_FOLDER or symbols.module(top) is not None or _is_installed(truss, top):
            return None
        return _elsewhere(truss, importer, found, top)


def _left_out(truss: Truss, symbols: Symbols, importer: Module, found: Import) -> Unreachable | None:
    """Say that a package of the truss is not copied to the server, for its name."""
    parts = found.module.split(".")
    if LEFT_OUT.isdisjoint(parts) or (truss.folder / ".truss_ignore").exists():
        return None
    for index, part in enumerate(parts):
        namespace = symbols.module(".".join(parts[: index + 1])) if part in LEFT_OUT else None
        if namespace and (namespace.module is None or namespace.module.is_package):
            message = (
                f"`{found.module}` is not importable: folders named `{part}` are not copied to the server"
            )
            return Unreachable(
                importer, found, message, f"Give the folder `{part}` another name.", left_out=True
            )
    return None


def _missing_module(truss: Truss, symbols: Symbols, importer: Module, found: Import) -> Unreachable | None:
    if "." not in found.module or symbols.module(found.module) is not None:
        return None
    package, _, name = found.module.rpartition(".")
    parent = symbols.module(package)
    if parent is None or (
        parent.module and (_may_have_any_name(parent.module) or symbols.is_defined(parent.module, name))
    ):
        return None
    missing = Path(*found.module.split("."))
    places = [root / missing for root in (truss.folder, *truss.package_folders)]
    if any(place.is_dir() or any(place.parent.glob(f"{name}.*")) for place in places):
        return None  # an extension module, one without its source, or a package in two parts
    message = f"there is no module `{found.module}` in the truss"
    folder = truss.folder if missing.parts[0] == truss.module_folder else truss.packages_folder
    return Unreachable(
        importer, found, message, f"Add {missing.as_posix()}.py to {folder.name}, or correct the name."
    )


def _is_regular_package(symbols: Symbols, name: str) -> bool:
    """Whether a package of the truss has an `__init__.py` of which nothing changes where its modules are."""
    namespace = symbols.module(name)
    module = namespace.module if namespace else None
    return module is not None and module.is_package and "__path__" not in module.file.source.text


def _missing_name(symbols: Symbols, importer: Module, found: Import) -> Unreachable | None:
    """Say that a module of the truss does not have a name that is imported from it."""
    namespace = symbols.module(found.module)
    module = namespace.module if namespace else None
    if module is None or module.file.tree is None or _may_have_any_name(module):
        return None
    for name in found.names:
        is_there = name == "*" or symbols.is_defined(module, name) or symbols.module(f"{found.module}.{name}")
        if is_there or any(_sets_attribute(other, name) for other in symbols.loaded()):
            continue
        near = get_close_matches(name, module.scope.bindings, n=1)
        help_text = f"Did you mean `{near[0]}`?" if near else "Define it there, or correct the name."
        return Unreachable(importer, found, f"`{found.module}` has no name `{name}`", help_text)
    return None


def _may_have_any_name(module: Module) -> bool:
    """Whether a file answers for names that it does not bind, or puts something else in its place."""
    return "__getattr__" in module.scope or "sys.modules" in module.file.source.text


def _sets_attribute(module: Module, name: str) -> bool:
    """Whether a file sets an attribute of that name on something, which may be another module."""
    return module.file.tree is not None and any(
        node.attr == name and isinstance(node.ctx, ast.Store)
        for node in nodes_in(module.file.tree, ast.Attribute)
    )


def _elsewhere(truss: Truss, importer: Module, found: Import, top: str) -> Unreachable | None:
    """Say where the truss has a module that the server does not find by this name."""
    if top == truss.packages_folder.name and truss.packages_folder.is_dir():
        rest = found.module.partition(".")[2] or "name"
        message = f"`{found.module}` is not importable: the server imports what is in `{top}` by bare name"
        return Unreachable(importer, found, message, f"Write `{rest}` instead of `{top}.{rest}`.")
    for folder, where in (
        (truss.model_path.parent, truss.module_folder),
        (truss.folder, "the truss's top folder"),
    ):
        if not _has_module(folder, top):
            continue
        message = f"`{top}` is not importable: it is in {where}, where the server does not look"
        if folder == truss.folder:
            return Unreachable(importer, found, message, f"Move `{top}` into `{truss.packages_folder.name}`.")
        return Unreachable(importer, found, message, f"Write `{truss.module_folder}.{found.module}`.")
    return None


def _imports(body: list[ast.stmt], resolve: Resolve, *, later: bool) -> Iterator[Import]:
    """Yield the absolute imports that no `try` and no `if TYPE_CHECKING` guards."""
    for statement in body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                yield Import(statement, alias.name, later)
        elif isinstance(statement, ast.ImportFrom):
            if not statement.level and statement.module:
                yield Import(statement, statement.module, later, tuple(a.name for a in statement.names))
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _imports(statement.body, resolve, later=True)
        elif not _is_guarded(statement, resolve):
            for block in filter(None, (getattr(statement, name, None) for name in _BLOCKS)):
                yield from _imports(block, resolve, later=later)


def _is_guarded(statement: ast.stmt, resolve: Resolve) -> bool:
    """Whether what a statement holds may not run, or may fail without harm."""
    if isinstance(statement, ast.Try):
        return any(_catches(handler) for handler in statement.handlers)
    return isinstance(statement, ast.If) or (
        isinstance(statement, ast.With) and may_suppress(statement, resolve)
    )


def _catches(handler: ast.ExceptHandler) -> bool:
    named = ast.walk(handler.type) if handler.type else ()
    return handler.type is None or any(isinstance(node, ast.Name) and node.id in _CATCHING for node in named)


def _is_installed(truss: Truss, name: str) -> bool:
    """Whether the server has, or may have, a package of that name: Python's, its own, or a required one."""
    if name in ALWAYS_INSTALLED:
        return True
    asked = str([truss.values.get(key) for key in _INSTALLING])
    named = truss.values.get("requirements_file")
    if isinstance(named, str) and (truss.folder / named).is_file():
        asked += read_regular_file(truss.folder / named).decode("utf-8", "replace")
    return name.lower().replace("-", "_") in asked.lower().replace("-", "_")


def _has_module(folder: Path, name: str) -> bool:
    if (folder / f"{name}.py").is_file():
        return True
    package = folder / name
    return package.is_dir() and any(package.glob("*.py"))

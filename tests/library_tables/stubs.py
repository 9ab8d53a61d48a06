"""The stubs of the standard library as names bindings to syntax, for one version of Python."""

import ast
import operator
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

Version = tuple[int, int]
Function = ast.FunctionDef | ast.AsyncFunctionDef

PLATFORM = "linux"
# A version is compared with a tuple, a platform with a string.
COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class Location(NamedTuple):
    """A name in a module; an empty name is the module itself."""

    module: str
    name: str


class Definition(NamedTuple):
    """The statements that define a name: several for the overloads of a function."""

    nodes: tuple[ast.stmt, ...]


class Import(NamedTuple):
    """A name imported from elsewhere, and whether the module exports it."""

    target: Location
    exported: bool


Binding = Definition | Import
TYPING_ALIASES = {
    **{name: Location("builtins", name.lower()) for name in ("Dict", "FrozenSet", "List", "Set")},
    **{name: Location("collections", name) for name in ("ChainMap", "Counter", "OrderedDict")},
    "DefaultDict": Location("collections", "defaultdict"),
    "Deque": Location("collections", "deque"),
}
"""Generic aliases in `typing`, which its stub does not define."""


@cache
def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a stub."""
    return ast.parse(path.read_text(encoding="utf-8"))


def live_statements(body: Iterable[ast.stmt], version: Version) -> Iterator[ast.stmt]:
    """Yield the statements that apply to a version of Python on Linux, without the branches around them."""
    for statement in body:
        if isinstance(statement, ast.If):
            branch = statement.body if _is_true(statement.test, version) else statement.orelse
            yield from live_statements(branch, version)
        else:
            yield statement


def _is_true(test: ast.expr, version: Version) -> bool:
    match test:
        case ast.BoolOp(op=ast.And()):
            return all(_is_true(value, version) for value in test.values)
        case ast.BoolOp():
            return any(_is_true(value, version) for value in test.values)
        case ast.Compare(left=left, ops=[operation], comparators=[right]):
            values = {"sys.version_info": version, "sys.platform": PLATFORM}
            return COMPARISONS[type(operation)](values[ast.unparse(left)], ast.literal_eval(right))
    return ast.unparse(test) == "TYPE_CHECKING"


class Stubs:
    """A folder of stubs, read for one version of Python on Linux."""

    def __init__(self, folder: Path, version: Version) -> None:
        self.folder = folder
        self.version = version
        self._modules: dict[str, dict[str, Binding]] = {}
        self._resolved: dict[Location, Location | None] = {}
        self._spans = dict(_spans((folder / "VERSIONS").read_text(encoding="utf-8")))

    def exists(self, module: str) -> bool:
        """Return whether this version of Python has the module."""
        name = module
        while name not in self._spans:
            if "." not in name:
                return False
            name = name.rpartition(".")[0]
        since, until = self._spans[name]
        return since <= self.version <= until and self.path(module) is not None

    def path(self, module: str) -> Path | None:
        """Return the path of the module's stub."""
        base = self.folder.joinpath(*module.split("."))
        candidates = (base / "__init__.pyi", base.with_name(f"{base.name}.pyi"))
        return next((path for path in candidates if path.is_file()), None)

    def module_names(self) -> list[str]:
        """Return the names of all modules of this version."""
        paths = (path.relative_to(self.folder).with_suffix("") for path in self.folder.rglob("*.pyi"))
        names = {".".join(path.parts).removesuffix(".__init__") for path in paths}
        return sorted(name for name in names if self.exists(name))

    def bindings(self, module: str) -> dict[str, Binding]:
        """Return the names that a module binds."""
        if module not in self._modules:
            self._modules[module] = {}
            self._modules[module].update(self._read(module))
        return self._modules[module]

    def exports(self, module: str) -> list[str]:
        """Return the names that `from module import *` binds."""
        exported_names = self._listed(module)
        if exported_names is not None:
            return exported_names
        return [name for name in self.public(module) if not name.startswith("_")]

    def public(self, module: str) -> list[str]:
        """Return the names that a module has at runtime, according to its stub."""
        exported_names = set(self._listed(module) or ())
        return [
            name
            for name, binding in self.bindings(module).items()
            if "." not in name
            and (isinstance(binding, Definition) or binding.exported or name in exported_names)
        ]

    def resolve(self, location: Location) -> Location | None:
        """Follow imports and aliases to the place that defines a name; None if it does not exist."""
        if location in self._resolved:
            return self._resolved[location]
        self._resolved[location] = None  # a circular alias does not exist
        if location.name:
            following = self._following(location)
            is_end = following is None or following == location
            self._resolved[location] = following if is_end or not following else self.resolve(following)
        elif self.exists(location.module):
            self._resolved[location] = location
        return self._resolved[location]

    def definition(self, location: Location) -> Definition | None:
        """Return the definition at a resolved location."""
        binding = self.bindings(location.module).get(location.name)
        return binding if isinstance(binding, Definition) else None

    def in_scope(self, module: str, path: str) -> Location | None:
        """Return the place that defines a path name used in a module, builtins included."""
        first, *attributes = path.split(".")
        home = module if first in self.bindings(module) else "builtins"
        location = self.resolve(Location(home, first))
        for attribute in attributes:
            if location is None:
                return None
            location = self._attribute(location, attribute)
        return location

    def _attribute(self, location: Location, attribute: str) -> Location | None:
        if location.name:
            return self.resolve(Location(location.module, f"{location.name}.{attribute}"))
        submodule = f"{location.module}.{attribute}"
        if attribute not in self.bindings(location.module) and self.exists(submodule):
            return Location(submodule, "")
        return self.resolve(Location(location.module, attribute))

    def _following(self, location: Location) -> Location | None:
        binding = self.bindings(location.module).get(location.name)
        if binding is None:
            submodule = f"{location.module}.{location.name}"
            return Location(submodule, "") if self.exists(submodule) else None
        if isinstance(binding, Import):
            return binding.target
        match binding.nodes[-1]:
            case ast.Assign(value=ast.Call(func=ast.Name(id="_Alias"))):
                return TYPING_ALIASES.get(location.name, location)
            case ast.Assign(value=ast.Name() | ast.Attribute() as value):
                return self._aliased(location, ast.unparse(value))
            case ast.AnnAssign(annotation=ast.Name("TypeAlias"), value=ast.Name() | ast.Attribute() as value):
                return self._aliased(location, ast.unparse(value))
        return location

    def _aliased(self, location: Location, path: str) -> Location:
        prefix = location.name.rpartition(".")[0]
        if prefix and f"{prefix}.{path}" in self.bindings(location.module):
            return Location(location.module, f"{prefix}.{path}")
        if path == location.name:
            return Location("builtins", path)
        target = self.in_scope(location.module, path)
        return location if target is None else target

    def _read(self, module: str) -> dict[str, Binding]:
        path = self.path(module)
        bindings: dict[str, Binding] = {}
        if path is None:
            return bindings
        package = module if path.stem == "__init__" else module.rpartition(".")[0]
        for statement in live_statements(parse(path).body, self.version):
            if isinstance(statement, ast.ImportFrom):
                bindings.update(self._imported(statement, package))
            elif isinstance(statement, ast.Import):
                bindings.update(_imported_modules(statement))
            else:
                _define(bindings, statement, "", self.version)
        return bindings

    def _imported(self, statement: ast.ImportFrom, package: str) -> Iterator[tuple[str, Binding]]:
        source = statement.module or ""
        if statement.level:
            parents = package.split(".")
            base = parents[: len(parents) - statement.level + 1]
            source = ".".join([*base, *([source] if source else [])])
        for alias in statement.names:
            if alias.name == "*":
                for name in self.exports(source):
                    yield name, Import(Location(source, name), exported=True)
            else:
                submodule = f"{source}.{alias.name}"
                is_own = source == package and self.exists(submodule)
                target = Location(submodule, "") if is_own else Location(source, alias.name)
                yield alias.asname or alias.name, Import(target, alias.asname is not None)

    def _listed(self, module: str) -> list[str] | None:
        path = self.path(module)
        names: list[str] | None = None
        for statement in live_statements(parse(path).body if path else (), self.version):
            match statement:
                case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                    names = list(ast.literal_eval(value))
                case ast.AugAssign(target=ast.Name(id="__all__"), value=ast.Attribute(value=source)):
                    names = [*(names or ()), *self.exports(f"{module}.{ast.unparse(source)}")]
                case ast.AugAssign(target=ast.Name(id="__all__"), value=value):
                    names = [*(names or ()), *ast.literal_eval(value)]
        return names


def _define(bindings: dict[str, Binding], statement: ast.stmt, prefix: str, version: Version) -> None:
    """Bind the names that a statement defines; those of a nested class with the name of the outer one."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            name = prefix + statement.name
            if name in bindings and _is_accessor(statement):
                return
            previous = bindings.get(name)
            overloads = previous.nodes if isinstance(previous, Definition) and is_overload(statement) else ()
            bindings[name] = Definition((*overloads, statement))
        case ast.ClassDef():
            bindings[prefix + statement.name] = Definition((statement,))
            for inner in live_statements(statement.body, version):
                _define(bindings, inner, f"{prefix}{statement.name}.", version)
        case ast.Assign(targets=targets):
            names = (target.id for target in targets if isinstance(target, ast.Name))
            bindings.update((prefix + name, Definition((statement,))) for name in names)
        case ast.AnnAssign(target=ast.Name(id=name)):
            bindings[prefix + name] = Definition((statement,))


def is_overload(statement: Function) -> bool:
    """Return whether a function is one of several overloads."""
    return any(ast.unparse(node).rpartition(".")[2] == "overload" for node in statement.decorator_list)


def _is_accessor(statement: Function) -> bool:
    """Return whether a function is the setter or deleter of a property that is already bindings."""
    return any(ast.unparse(node).endswith((".setter", ".deleter")) for node in statement.decorator_list)


def _imported_modules(statement: ast.Import) -> Iterator[tuple[str, Binding]]:
    for alias in statement.names:
        if alias.asname:
            yield alias.asname, Import(Location(alias.name, ""), exported=True)
        else:
            name = alias.name.partition(".")[0]
            yield name, Import(Location(name, ""), exported=False)


def _spans(text: str) -> Iterator[tuple[str, tuple[Version, Version]]]:
    """Read the first and the last version of each module."""
    for line in text.splitlines():
        name, colon, span = line.partition("#")[0].partition(":")
        if colon:
            since, _, until = span.strip().partition("-")
            yield name.strip(), (_version(since), _version(until or "3.99"))


def _version(text: str) -> Version:
    major, minor = text.strip().split(".")
    return int(major), int(minor)

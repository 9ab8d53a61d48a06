"""Imports: modules of the truss are executed, those of libraries are named."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.events import FailureKind, LibraryImport
from truss_cli.static.interpreter.interpreter import Frame
from truss_cli.static.interpreter.library import library_object
from truss_cli.static.interpreter.scope import FunctionScope
from truss_cli.static.interpreter.targets import assign
from truss_cli.static.library import missing
from truss_cli.static.names.scopes import Imported
from truss_cli.static.values.values import (
    UNBOUND,
    UNKNOWN,
    AbstractValue,
    Constant,
    Container,
    Items,
    LibraryObject,
    ModuleObject,
    TupleValue,
    without_unbound,
)

if TYPE_CHECKING:
    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler
    from truss_cli.static.names.symbols import Module


def _import(run: AbstractInterpreter, node: ast.Import) -> None:
    for alias in node.names:
        value = import_module(run, alias.name, node)
        top = alias.name.partition(".")[0]
        if alias.asname is None and "." in alias.name:
            value = import_module(run, top, node)
        assign(run, ast.Name(alias.asname or top, ast.Store()), value)


def import_module(run: AbstractInterpreter, name: str, node: ast.AST) -> AbstractValue:
    """Return a module, which is executed if it is of the truss and was not imported before."""
    parts = name.split(".")
    value: AbstractValue = UNKNOWN
    for count in range(1, len(parts) + 1):
        value = _import_one(run, ".".join(parts[:count]), node)
    return value


def _import_one(run: AbstractInterpreter, name: str, node: ast.AST) -> AbstractValue:
    if name in run.modules:
        return run.modules[name]
    namespace = run.symbols.module(name)
    if namespace is None and _is_missing_here(run, name):
        message = f"there is no module `{name}` in the truss"
        help_text = "Add the file, or correct the name."
        raise run.fail(FailureKind.IMPORT, "ModuleNotFoundError", node, message, help_text)
    if namespace is None:
        _check_library_module(run, name, node)
        return LibraryObject(name)
    module = namespace.module
    if module is None:
        return LibraryObject(name)
    if module.file.tree is None:
        return UNKNOWN
    return execute_module(run, name, module)


def _is_missing_here(run: AbstractInterpreter, name: str) -> bool:
    """Return whether a module should be in a package of the truss, and is not."""
    package, _, last = name.rpartition(".")
    parent = run.module_frames.get(package)
    if parent is None or not parent.module.is_package or parent.module.scope.open:
        return package == run.model_package and bool(last) and not _has_other_file(run, last)
    if last in parent.module.scope or "__path__" in parent.module.file.source.text:
        return False
    return not any(parent.module.file.source.path.parent.glob(f"{last}.*"))


def _has_other_file(run: AbstractInterpreter, name: str) -> bool:
    """Return whether the model folder has a file or folder of a name, such as an extension module."""
    model = run.module_frames[run.model_module]
    folder = model.module.file.source.path.parent
    return (folder / name).is_dir() or any(folder.glob(f"{name}.*"))


def _check_library_module(run: AbstractInterpreter, name: str, node: ast.AST) -> None:
    if missing.is_missing(name, run.version):
        message = f"there is no module `{name}` on Python {run.version[0]}.{run.version[1]}"
        help_text = "Correct the name, or use another module."
        raise run.fail(FailureKind.IMPORT, "ModuleNotFoundError", node, message, help_text)
    if "." not in name:
        run.events.append(LibraryImport(name, run.frame.module, node, run.phase, certain=run.state.sure))


def execute_module(run: AbstractInterpreter, name: str, module: Module) -> ModuleObject:
    """Execute the body of a module of the truss. Raises RaisedError if that fails."""
    number = run.number()
    value = ModuleObject(number, name)
    run.modules[name] = value
    frame = Frame(number, module, FunctionScope())
    frame.scope.captured = True
    run.module_frames[name] = frame
    tree = module.file.tree
    run.executing.add(number)
    with run.inside(frame):
        run.execute(tree.body if tree else [])
    run.executing.discard(number)
    for way_out in frame.exits:
        if way_out.kind == "raise" and way_out.error is not None and way_out.state.sure:
            raise way_out.error
    run.frame.exits += [way_out for way_out in frame.exits if way_out.kind == "raise"]
    return value


def _import_from(run: AbstractInterpreter, node: ast.ImportFrom) -> None:
    target = _target(run, node)
    if target is None:
        if run.frame.module.name.partition(".")[0] in run.relative_roots:
            message = "the relative import leads out of the package"
            help_text = "Write the absolute name of the module."
            raise run.fail(FailureKind.IMPORT, "ImportError", node, message, help_text)
        _bind_unknown(run, node)
        return
    module = import_module(run, target, node)
    for alias in node.names:
        if alias.name == "*":
            _import_star(run, module, node)
            continue
        value = _imported_name(run, module, target, alias.name, node)
        assign(run, ast.Name(alias.asname or alias.name, ast.Store()), value)


def _target(run: AbstractInterpreter, node: ast.ImportFrom) -> str | None:
    return run.symbols.absolute(run.frame.module, Imported(node.module or "", "*", node.level))


def _bind_unknown(run: AbstractInterpreter, node: ast.ImportFrom) -> None:
    for alias in node.names:
        if alias.name != "*":
            assign(run, ast.Name(alias.asname or alias.name, ast.Store()), UNKNOWN)


def _imported_name(
    run: AbstractInterpreter, module: AbstractValue, target: str, name: str, node: ast.ImportFrom
) -> AbstractValue:
    if isinstance(module, ModuleObject):
        stored_value = run.state.read((module.reference, name))
        if stored_value is not None and stored_value is not UNBOUND:
            return without_unbound(stored_value) or UNKNOWN
        if run.symbols.module(f"{target}.{name}") is not None:
            return import_module(run, f"{target}.{name}", node)
        return _missing_name(run, module, name, node)
    if not isinstance(module, LibraryObject):
        return UNKNOWN
    full = f"{target}.{name}"
    if run.symbols.module(full) is not None:
        return import_module(run, full, node)
    if missing.is_missing(full, run.version):
        message = f"`{target}` has no `{name}` on Python {run.version[0]}.{run.version[1]}"
        help_text = "Correct the name, or import it from another module."
        raise run.fail(FailureKind.IMPORT, "ImportError", node, message, help_text)
    return library_object(run, full)


def _missing_name(
    run: AbstractInterpreter, module: ModuleObject, name: str, node: ast.ImportFrom
) -> AbstractValue:
    """Fail if a module of the truss is known not to have a name that is imported from it."""
    frame = run.module_frames[module.name]
    scope = frame.module.scope
    in_progress = run.frame_in_progress(frame)
    if scope.open or "__getattr__" in scope or scope.star_imports or frame.module.file.tree is None:
        return UNKNOWN
    if in_progress and name in scope.bindings:
        message = f"`{name}` is not yet defined: `{module.name}` imports this module, which imports it"
        help_text = "Import the name inside the function that uses it, or move it to a third module."
        raise run.fail(FailureKind.IMPORT, "ImportError", node, message, help_text)
    if run.symbols.is_defined(frame.module, name):
        return UNKNOWN
    message = f"`{module.name}` has no name `{name}`"
    raise run.fail(FailureKind.IMPORT, "ImportError", node, message, "Define it there, or correct the name.")


def _import_star(run: AbstractInterpreter, module: AbstractValue, node: ast.ImportFrom) -> None:
    if not isinstance(module, ModuleObject):
        return
    exported_names = _exported(run, module)
    names = exported_names if exported_names is not None else _public_names(run, module)
    for name in names:
        stored_value = run.state.read((module.reference, name))
        if stored_value is not None:
            assign(run, ast.Name(name, ast.Store()), without_unbound(stored_value) or UNKNOWN)
        elif exported_names is not None and not run.frame_in_progress(run.module_frames[module.name]):
            message = f"`__all__` of `{module.name}` names `{name}`, which it does not define"
            help_text = f"Define `{name}`, or remove it from `__all__`."
            raise run.fail(FailureKind.IMPORT, "AttributeError", node, message, help_text)


def _exported(run: AbstractInterpreter, module: ModuleObject) -> list[str] | None:
    """Return the names in `__all__`; None if there is none, or it is not known."""
    every = run.state.read((module.reference, "__all__"))
    if not isinstance(every, Container | TupleValue):
        return None
    content: Items = run.operation("items of", every, run.frame.module.file.tree)
    names = [item.value for item in content.items if isinstance(item, Constant)]
    is_known = content.other is None and len(names) == len(content.items)
    return [str(name) for name in names] if is_known else None


def _public_names(run: AbstractInterpreter, module: ModuleObject) -> list[str]:
    return [
        name
        for number, name in list(run.state.values)
        if number == module.reference and not name.startswith("_")
    ]


def module_attribute(
    run: AbstractInterpreter, module: ModuleObject, name: str, node: ast.AST
) -> AbstractValue:
    """Return an attribute of a module of the truss."""
    if name == "__dict__":
        run.forget(module)
        return UNKNOWN
    stored_value = run.state.read((module.reference, name))
    if stored_value is not None and stored_value is not UNBOUND:
        return without_unbound(stored_value) or UNKNOWN
    submodule = f"{module.name}.{name}"
    if submodule in run.modules:
        return run.modules[submodule]
    frame = run.module_frames[module.name]
    scope = frame.module.scope
    is_known = not (scope.open or "__getattr__" in scope or scope.star_imports) and not run.frame_in_progress(
        frame
    )
    if (
        not is_known
        or run.symbols.is_defined(frame.module, name)
        or run.symbols.module(submodule) is not None
    ):
        return UNKNOWN
    message = f"`{module.name}` has no name `{name}`"
    raise run.fail(
        FailureKind.ATTRIBUTE, "AttributeError", node, message, "Define it there, or correct the name."
    )


IMPORTS: dict[type, Handler] = {
    ast.Import: _import,
    ast.ImportFrom: _import_from,
}

"""Table records of the names of a module, from the stubs of one version of Python.

`truss_cli.static.library.records` reads them and describes their format.
"""

import ast
from collections.abc import Iterator

from library_tables.expressions import Annotations, qualified
from library_tables.stubs import Definition, Function, Import, Location, Stubs, is_overload, live_statements
from truss_cli.static.library.records import Record
from truss_cli.static.library.type_expressions import UNKNOWN, type_variables

PROPERTIES = {
    "DynamicClassAttribute",
    "_builtins_property",
    "_magic_enum_attr",
    "cached_property",
    "property",
}
CLASS_METHODS = {"__new__", "__init_subclass__", "__class_getitem__"}
"""Methods that are class methods without a decorator."""
ENUMERATIONS = {"enum.Enum", "enum.Flag", "enum.IntEnum", "enum.IntFlag", "enum.StrEnum"}
OMITTED_MEMBERS = {"__slots__", "__match_args__", "__doc__", "__module__"}
OMITTED_BASES = {"typing.Generic", "typing.Protocol"}


def module_records(stubs: Stubs, module: str) -> dict[str, Record]:
    """Return the records of the names of a module, those of nested classes under dotted names."""
    records: dict[str, Record] = {}
    public = set(stubs.public(module))
    for name, binding in stubs.bindings(module).items():
        outer = name.rpartition(".")[0]
        if isinstance(binding, Import):
            target = stubs.resolve(binding.target) if name in public else None
            if target is not None:
                records[name] = qualified(target)
        elif not outer or isinstance(binding.nodes[-1], ast.ClassDef):
            record = _record(stubs, module, name, binding)
            if record is not None:
                records[name] = record
    return records


def _record(stubs: Stubs, module: str, name: str, definition: Definition) -> Record | None:
    location = stubs.resolve(Location(module, name))
    if location is not None and location != Location(module, name):
        return qualified(location)
    match definition.nodes[-1]:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            annotations = Annotations(stubs, module)
            return ["f", *_signatures(annotations, definition, is_bound=False)]
        case ast.ClassDef() as node:
            return _class(stubs, module, name, node)
    return _value(Annotations(stubs, module), definition.nodes[-1])


def _value(annotations: Annotations, node: ast.stmt) -> Record | None:
    match node:
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")):
            return ["v", UNKNOWN]
        case ast.AnnAssign(annotation=ast.Name(id="Final"), value=value) if value is not None:
            return ["v", _inferred(value)]
        case ast.AnnAssign(annotation=annotation):
            return ["v", annotations.expression(annotation)]
        case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar" | "ParamSpec" | "TypeVarTuple"))):
            return ["v", UNKNOWN]
        case ast.Assign(value=value):
            return ["v", _inferred(value)]
    return None


def _inferred(value: ast.expr) -> str:
    """Return the type of a value that a stub spells out."""
    try:
        constant = ast.literal_eval(value)
    except ValueError:
        return UNKNOWN
    if constant is None or constant is Ellipsis:
        return UNKNOWN
    return f"builtins.{type(constant).__name__}"


def _class(stubs: Stubs, module: str, name: str, node: ast.ClassDef) -> Record:
    annotations = Annotations(stubs, module, name)
    bases = [annotations.expression(base) for base in node.bases]
    parameters = _type_parameters(annotations, node, bases)
    is_enumeration = any(base in ENUMERATIONS for base in bases)
    members: dict[str, Record] = {}
    for attribute, definition in _own_members(stubs, module, name):
        member = _member(annotations, attribute, definition, f"{module}.{name}" if is_enumeration else "")
        if member is not None:
            members[attribute] = member
    if "typing.NamedTuple" in bases:
        members["__new__"] = ["k", _named_tuple_signature(annotations, node)]
    names = [base.partition("[")[0] for base in bases]
    own_bases = [base for base, plain in zip(bases, names, strict=True) if plain not in OMITTED_BASES]
    if "typing.Protocol" in names:
        own_bases.append("typing.Protocol")
    return ["c", own_bases, parameters, members]


def _own_members(stubs: Stubs, module: str, name: str) -> Iterator[tuple[str, Definition]]:
    prefix = f"{name}."
    for key, binding in stubs.bindings(module).items():
        attribute = key.removeprefix(prefix)
        if not key.startswith(prefix) or "." in attribute or not isinstance(binding, Definition):
            continue
        location = stubs.resolve(Location(module, key))
        target = stubs.definition(location) if location else None
        is_own = location is None or location.name.startswith(prefix)
        yield attribute, target if target is not None and is_own else binding


def _member(annotations: Annotations, name: str, definition: Definition, enumeration: str) -> Record | None:
    node = definition.nodes[-1]
    if name in OMITTED_MEMBERS:
        return None
    if isinstance(node, ast.ClassDef):
        return ["v", f"builtins.type[{annotations.module}.{annotations.scope}.{name}]"]
    if not isinstance(node, Function):
        is_member = enumeration and isinstance(node, ast.Assign) and not name.startswith("_")
        return ["v", enumeration] if is_member else _value(annotations, node)
    decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    if decorators & PROPERTIES:
        return ["p", annotations.expression(node.returns)]
    if "staticmethod" in decorators:
        return ["s", *_signatures(annotations, definition, is_bound=False)]
    is_class_method = "classmethod" in decorators or name in CLASS_METHODS
    return ["k" if is_class_method else "f", *_signatures(annotations, definition, is_bound=True)]


def _type_parameters(annotations: Annotations, node: ast.ClassDef, bases: list[str]) -> list[str]:
    """Return the type variables of a class: those of Generic or Protocol, else in order of appearance."""
    for base, expression in zip(node.bases, bases, strict=True):
        if isinstance(base, ast.Subscript) and expression in OMITTED_BASES:
            return annotations.variables(base.slice)
    return list(type_variables(bases))


def _signatures(annotations: Annotations, definition: Definition, *, is_bound: bool) -> list[object]:
    """Return the signatures of a function's overloads, each once."""
    signatures: list[object] = []
    overloads = [node for node in definition.nodes if isinstance(node, Function)]
    for node in [node for node in overloads if is_overload(node)] or overloads[-1:]:
        signature = _signature(annotations, node, is_bound=is_bound)
        if signature not in signatures:
            signatures.append(signature)
    return signatures


def _signature(annotations: Annotations, node: Function, *, is_bound: bool) -> list[str]:
    """Return the result, then a name with its kind and a type for each parameter."""
    returns = annotations.expression(node.returns)
    if any(ast.unparse(decorator).endswith("contextmanager") for decorator in node.decorator_list):
        returns = f"contextlib._GeneratorContextManager[{returns.partition('[')[2]}"
    parameters = list(_parameters(node.args))
    receiver = []
    if is_bound and parameters and not parameters[0][0].startswith("*"):
        _, argument = parameters.pop(0)
        if argument.annotation is not None:
            receiver = [f"<{annotations.expression(argument.annotation)}"]
    prefix = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
    signature = [prefix + returns, *receiver]
    for name, argument in parameters:
        signature += [name, annotations.expression(argument.annotation)]
    return signature


def _parameters(arguments: ast.arguments) -> Iterator[tuple[str, ast.arg]]:
    """Yield the parameters with a name that shows their kind and whether they are optional."""
    positional = [*arguments.posonlyargs, *arguments.args]
    first_optional = len(positional) - len(arguments.defaults)
    for index, argument in enumerate(positional):
        old_style = argument.arg.startswith("__") and not argument.arg.endswith("__")
        kind = "/" if index < len(arguments.posonlyargs) or old_style else ""
        yield f"{kind}{argument.arg}{'=' if index >= first_optional else ''}", argument
    if arguments.vararg:
        yield f"*{arguments.vararg.arg}", arguments.vararg
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield f"-{argument.arg}{'=' if default is not None else ''}", argument
    if arguments.kwarg:
        yield f"**{arguments.kwarg.arg}", arguments.kwarg


def _named_tuple_signature(annotations: Annotations, node: ast.ClassDef) -> list[str]:
    signature = ["Self"]
    for statement in live_statements(node.body, annotations.stubs.version):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            optional = "=" if statement.value is not None else ""
            signature += [f"{statement.target.id}{optional}", annotations.expression(statement.annotation)]
    return signature

"""Library objects: their attributes and calls, by the tables and by functions written for them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.static.events import FailureKind
from truss_cli.static.interpreter.types import (
    MAPPINGS,
    accepts,
    bind_variables,
    parsed,
    value_of_type,
)
from truss_cli.static.library import missing, packages, tables
from truss_cli.static.names.known_types import ancestors
from truss_cli.static.names.known_types import canonical as public_name
from truss_cli.static.values.values import (
    UNKNOWN,
    AbstractValue,
    Arguments,
    BoundMethod,
    Container,
    Entries,
    FunctionObject,
    Instance,
    Items,
    Json,
    LibraryMethod,
    LibraryObject,
    Partial,
    Typed,
    members,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler
    from truss_cli.static.library.entries import LibraryEntry, Member, Signature


REQUEST_ATTRIBUTES = {
    "headers": "starlette.datastructures.Headers",
    "query_params": "starlette.datastructures.QueryParams",
    "state": "starlette.datastructures.State",
    "url": "starlette.datastructures.URL",
}
"""Attributes of a request whose types cannot be sent."""


def canonical(run: AbstractInterpreter, name: str) -> str:
    """Return the one name under which a library object is known."""
    class_name = public_name(name)
    if class_name != name:
        return class_name
    entry = tables.find(name, run.version)
    return public_name(entry.name) if entry is not None and entry.kind == "class" else name


def described_type(value: AbstractValue) -> str:
    """Return the qualified name of the class of a library value."""
    return type_name(value) or ""


def mro(run: AbstractInterpreter, name: str) -> tuple[str, ...]:
    """Return the classes of which an instance of a class is one; none if they are not known."""
    match = tables.mro(name, run.version)
    if match:
        return match
    by_name = ancestors(name)
    if by_name is not None and not name.startswith(("typing.", "collections.abc.")):
        return (name, *sorted(by_name))
    bases = packages.class_bases(name)
    return (name, *(parent for base in bases for parent in mro(run, base))) if bases else ()


def is_known_class(run: AbstractInterpreter, name: str) -> bool:
    """Return whether the bases and members of a class are known."""
    return bool(mro(run, name)) or name in (
        "abc.ABC",
        "typing.Generic",
        "typing.Protocol",
        "pydantic.BaseModel",
    )


def is_protocol(run: AbstractInterpreter, name: str) -> bool:
    """Return whether a class may have instances that do not derive from it."""
    return name.startswith(("typing.", "collections.abc.", "_typeshed.", "_")) or not mro(run, name)


def class_member(run: AbstractInterpreter, name: str, attribute: str) -> Member | None:
    """Return a member of a library class, looked up through its bases."""
    match = tables.member(name, attribute, run.version)
    return match[0] if match is not None else None


def library_class_attribute(run: AbstractInterpreter, name: str, attribute: str) -> AbstractValue | None:
    """Return an attribute of a library class that a class of the truss derives from; None if it has none."""
    class_name = canonical(run, name)
    if class_name in ("builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"):
        return None
    if not is_known_class(run, class_name):
        return UNKNOWN
    if class_name == "pydantic.BaseModel" or class_name.startswith("enum."):
        return None
    member = class_member(run, class_name, attribute)
    if member is None or attribute in ("__init__", "__new__", "__eq__", "__hash__", "__getattribute__"):
        return None
    return UNKNOWN


def library_attribute(
    run: AbstractInterpreter, value: LibraryObject, name: str, node: ast.AST
) -> AbstractValue:
    """Return an attribute of a library module or class."""
    full = f"{value.name}.{name}"
    if full in run.modules:
        return run.modules[full]
    if missing.is_missing(full, run.version):
        message = f"`{value.name}` has no `{name}` on Python {run.version[0]}.{run.version[1]}"
        raise run.fail(
            FailureKind.ATTRIBUTE, "AttributeError", node, message, "Correct the name, or use another one."
        )
    return library_object(run, full)


def library_object(run: AbstractInterpreter, name: str) -> AbstractValue:
    """Return the object that a qualified name means: a value of its type, or the object itself."""
    entry = tables.find(name, run.version)
    is_form = name.startswith(("typing.", "typing_extensions.", "unittest.mock."))
    if entry is not None and entry.kind == "value" and entry.type and not is_form:
        value = value_of_type(run, entry.type)
        return LibraryObject(name) if value is UNKNOWN or "TYPE_CHECKING" in name else value
    return LibraryObject(name)


def library_member(
    run: AbstractInterpreter, value: AbstractValue, name: str, member: Member
) -> AbstractValue:
    """Return a member of a library value: a bound method, or a value of its type."""
    if member.kind in ("property", "value"):
        if member.kind == "property" and member.signatures:
            return value_of_type(run, member.signatures[0].returns, type_variables(run, value), value)
        return value_of_type(run, member.type, type_variables(run, value), value) if member.type else UNKNOWN
    return LibraryMethod(value, name)


def call_library(run: AbstractInterpreter, name: str, arguments: Arguments, node: ast.AST) -> AbstractValue:
    """Return the result of a call of a library function or class."""
    class_name = canonical(run, name)
    if name.startswith("unittest.mock."):
        run.forget(*run.modules.values(), *arguments.values())
    special = run.tables.functions.get(class_name) or run.tables.functions.get(name)
    if special is not None:
        result: AbstractValue = special(run, arguments, node)
        return result
    match = measured(run, class_name, arguments)
    if match is not None:
        return match
    _run_callbacks(run, arguments, node)
    entry = tables.find(name, run.version)
    if entry is None:
        return _unknown_call(run, class_name, arguments)
    if entry.kind == "class":
        return _new_library_instance(run, class_name, entry, arguments, node)
    if entry.kind == "function":
        owner = canonical(run, name.rpartition(".")[0])
        receiver = Typed(owner) if mro(run, owner) else UNKNOWN
        return call_signatures(run, entry.signatures, arguments, {}, receiver)
    return UNKNOWN


def _run_callbacks(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> None:
    """Run the functions that library code receives, which may call them at any time."""
    for value in arguments.values():
        if isinstance(value, FunctionObject | BoundMethod | Partial):
            run.operation("possibly", value, Arguments((), (), open=True), node)


def _unknown_call(run: AbstractInterpreter, name: str, arguments: Arguments) -> AbstractValue:
    """Return the result of unknown code, which may change its arguments."""
    if name.partition(".")[0] in _HARMLESS:
        run.forget(*(value for value in arguments.values() if isinstance(value, Instance)))
    else:
        run.forget(*arguments.values())
    return Typed(name) if is_known_class(run, name) and name[name.rfind(".") + 1 :][:1].isupper() else UNKNOWN


_MEASURED = ("numpy.", "pandas.", "PIL.", "sklearn.")
_HARMLESS = frozenset({"numpy", "pandas", "torch", "PIL", "transformers", "sklearn", "fastapi", "starlette"})
"""Packages that do not change the lists and dicts that they receive."""


def measured(run: AbstractInterpreter, name: str, arguments: Arguments) -> AbstractValue | None:
    """Return the result of a call whose shape was measured with the package itself."""
    if arguments.open:
        return None
    kinds = [
        "builtins.list" if isinstance(value, Json) else type_name(value) for value in arguments.positional
    ]
    if None in kinds:
        return None
    shape = tuple(kind for kind in kinds if kind)
    keywords = tuple(sorted(keyword for keyword, _ in arguments.keywords))
    match = packages.call_result(name, shape, keywords)
    return value_of_type(run, match) if match else None


def _new_library_instance(
    run: AbstractInterpreter, name: str, entry: LibraryEntry, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    if name in MAPPINGS:
        return run.new_container(name, Entries({}, UNKNOWN, UNKNOWN), node)
    if name in ("builtins.list", "builtins.set", "collections.deque"):
        return run.new_container(name, Items((), UNKNOWN), node)
    variables = _bound_by_arguments(run, entry.signatures, arguments) if entry.type_parameters else {}
    inner = tuple(variables.get(parameter, UNKNOWN) for parameter in entry.type_parameters)
    return Typed(name, inner, run.origin(node))


def _bound_by_arguments(
    run: AbstractInterpreter, signatures: Sequence[Signature], arguments: Arguments
) -> dict[str, AbstractValue]:
    variables: dict[str, AbstractValue] = {}
    for signature in signatures:
        if _fits(run, signature, arguments) is True:
            _bind(run, signature, arguments, variables)
            break
    return variables


def call_library_method(
    run: AbstractInterpreter, method: LibraryMethod, arguments: Arguments, node: ast.AST
) -> AbstractValue:
    """Return the result of a method of a library value, a container, or the input."""
    receiver, name = method.receiver, method.name
    handler: Handler | None = run.tables.methods.get(type(receiver))
    if handler is not None:
        result: AbstractValue | None = handler(run, receiver, name, arguments, node)
        if result is not None:
            return result
    class_name = described_type(receiver)
    special = run.tables.functions.get(f"{class_name}.{name}")
    if special is not None:
        match: AbstractValue = special(
            run, Arguments((receiver, *arguments.positional), arguments.keywords), node
        )
        return match
    by_package = measured(run, f"{class_name}.{name}", arguments)
    if by_package is not None:
        return by_package
    _run_callbacks(run, arguments, node)
    member = class_member(run, class_name, name)
    if member is None:
        run.forget(*arguments.values())
        return UNKNOWN
    return call_signatures(run, member.signatures, arguments, type_variables(run, receiver), receiver)


def call_signatures(
    run: AbstractInterpreter,
    signatures: Sequence[Signature],
    arguments: Arguments,
    variables: dict[str, AbstractValue],
    receiver: AbstractValue,
) -> AbstractValue:
    """Return the result of the overload that the arguments select; unknown if they do not select one."""
    candidates: list[Signature] = []
    for signature in signatures:
        applies = _applies(run, signature, receiver)
        fits = _fits(run, signature, arguments) if applies is not False else False
        if fits is not False:
            candidates.append(signature)
        if fits is True or (fits is None and applies is True and signature.receiver):
            break
    values = [_result_of(run, signature, arguments, variables, receiver) for signature in candidates]
    label = {tuple(type_name(member) or repr(member) for member in members(value)) for value in values}
    return values[0] if len(label) == 1 else UNKNOWN


def _result_of(
    run: AbstractInterpreter,
    signature: Signature,
    arguments: Arguments,
    variables: dict[str, AbstractValue],
    receiver: AbstractValue,
) -> AbstractValue:
    binding = dict(variables)
    _bind(run, signature, arguments, binding)
    value = value_of_type(run, signature.returns, binding, receiver)
    return Typed("types.CoroutineType", (value,)) if signature.is_async else value


def _applies(run: AbstractInterpreter, signature: Signature, receiver: AbstractValue) -> bool | None:
    """Return whether an overload is for receivers of this type."""
    if not signature.receiver:
        return True
    node = parsed(signature.receiver)
    if not isinstance(node, ast.Subscript) or not isinstance(receiver, Typed) or not receiver.arguments:
        return None
    elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    outcomes = [
        accepts(run, item, held_value) for item, held_value in zip(elements, receiver.arguments, strict=False)
    ]
    return False if False in outcomes else None if None in outcomes else True


def package_attribute(run: AbstractInterpreter, value: AbstractValue, name: str) -> AbstractValue | None:
    """Return an attribute of an instance of a measured package; None if nothing is known."""
    class_name = described_type(value)
    if class_name == "starlette.requests.Request" and name in REQUEST_ATTRIBUTES:
        return Typed(REQUEST_ATTRIBUTES[name])
    if not class_name.startswith(_MEASURED):
        return None
    attribute_type = packages.attribute_result(class_name, name)
    return (
        value_of_type(run, attribute_type) if attribute_type else LibraryMethod(value, name, is_method=False)
    )


def call_bound(
    run: AbstractInterpreter, signatures: Sequence[Signature], receiver: AbstractValue
) -> AbstractValue:
    """Return the result of a method that is called without arguments."""
    return call_signatures(run, signatures, Arguments(), type_variables(run, receiver), receiver)


def _fits(run: AbstractInterpreter, signature: Signature, arguments: Arguments) -> bool | None:
    """Return whether the arguments of a call fit a signature; None if that is not known."""
    outcomes: list[bool | None] = []
    call_arguments = _passed(signature, arguments)
    if call_arguments is None:
        return None if arguments.open else False
    for parameter, value in call_arguments.items():
        parameter_ = next((item for item in signature.parameters if item.name == parameter), None)
        if parameter_ is not None and parameter_.type:
            outcomes.append(accepts(run, parsed(parameter_.type), value))
    missing = [
        item.name
        for item in signature.parameters
        if item.required and item.kind not in ("*", "**") and item.name not in call_arguments
    ]
    if missing:
        return None if arguments.open else False
    return False if False in outcomes else None if None in outcomes or arguments.open else True


def _passed(signature: Signature, arguments: Arguments) -> dict[str, AbstractValue] | None:
    """Return the arguments by the names of the parameters; None if they are too many or unknown."""
    positional = [item for item in signature.parameters if item.kind in ("positional", "normal")]
    remainder = next((item for item in signature.parameters if item.kind == "*"), None)
    call_arguments = {item.name: value for item, value in zip(positional, arguments.positional, strict=False)}
    extra = arguments.positional[len(positional) :]
    if extra and remainder is None:
        return None
    if extra and remainder is not None:
        call_arguments[remainder.name] = extra[0]
    names = {item.name for item in signature.parameters if item.kind in ("normal", "keyword")}
    takes_any = any(item.kind == "**" for item in signature.parameters)
    for name, value in arguments.keywords:
        if name not in names and not takes_any:
            return None
        call_arguments[name] = value
    return call_arguments


def _bind(
    run: AbstractInterpreter, signature: Signature, arguments: Arguments, variables: dict[str, AbstractValue]
) -> None:
    for name, value in (_passed(signature, arguments) or {}).items():
        parameter = next((item for item in signature.parameters if item.name == name), None)
        if parameter is not None and "~" in parameter.type:
            bind_variables(run, parsed(parameter.type), value, variables)


def type_variables(run: AbstractInterpreter, receiver: AbstractValue) -> dict[str, AbstractValue]:
    """Return the type variables of the class of a receiver, by its content."""
    entry = tables.find(described_type(receiver), run.version)
    if entry is None or not entry.type_parameters:
        return {}
    if isinstance(receiver, Typed):
        return dict(zip(entry.type_parameters, receiver.arguments, strict=False))
    if isinstance(receiver, Container):
        content = run.content(receiver)
        if isinstance(content, Items):
            return {entry.type_parameters[0]: content.element() or UNKNOWN}
        value = content.value or UNKNOWN
        return dict(zip(entry.type_parameters, (content.key or Typed("builtins.str"), value), strict=False))
    return {}


def holds(value: AbstractValue, *kinds: type) -> bool:
    """Return whether a member of a value is of one of the kinds."""
    return any(isinstance(member, kinds) for member in members(value))

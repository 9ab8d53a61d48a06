"""Lookup of the standard library's names, as a version of Python on Linux defines them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from truss_cli.static.library import records
from truss_cli.static.library.entries import LibraryEntry, LibraryParameter, Member, Signature
from truss_cli.static.library.missing import exists, is_missing, is_newer, stdlib_modules
from truss_cli.static.library.type_expressions import substitute, type_arguments, type_variables
from truss_cli.static.library.version import Version, minor_version

__all__ = ("find", "is_missing", "member", "mro", "stdlib_modules")

_OBJECT = "builtins.object"
_LOOKUPS = 4096
"""Number of results kept of each function here: a check of a large truss looks up some hundred names."""
_ALIASES = 8
"""Number of re-exports followed for one name; the longest chain has four."""


@lru_cache(_LOOKUPS)
def find(name: str, version: Version) -> LibraryEntry | None:
    """Return the entry of a full_name name such as `datetime.datetime.now`.

    Re-exports are followed: the entry's name is the one under which it is defined. A name that the tables
    lack, or that this version of Python lacks, has no entry.
    """
    definition = _locate(name, version)
    if definition is None:
        return None
    module, path, record = definition
    full_name = f"{module}.{path}" if path else module
    if record is None:
        return LibraryEntry("module", full_name)
    if records.is_class(record):
        return _class_entry(full_name, record, version)
    return _entry(full_name, record)


@lru_cache(_LOOKUPS)
def mro(name: str, version: Version) -> tuple[str, ...]:
    """Return the method resolution order of a class; empty if a base is unknown."""
    entry_name, bases = _bases(name, version)
    if not entry_name:
        return ()
    orders = [mro(type_arguments(base)[0], version) for base in bases]
    if not all(orders):
        return ()
    if entry_name == _OBJECT:
        return (_OBJECT,)
    direct = tuple(order[0] for order in orders)
    return _linearized(entry_name, [*orders, direct] if orders else [(_OBJECT,)])


@lru_cache(_LOOKUPS)
def member(class_name: str, attribute: str, version: Version) -> tuple[Member, str] | None:
    """Return a member of a class or of its bases, and the name of the class that defines it.

    Types are in terms of the type parameters of `class_name`, not of the base that defines the member.
    """
    order = mro(class_name, version)
    for owner in order:
        record = _own_member(owner, attribute, version)
        if record is not None:
            match = records.read_member(record)
            types = _base_arguments(order[0], owner, version)
            return (match if owner == order[0] else _specialized(match, types)), owner
    return None


def _locate(name: str, version: Version) -> tuple[str, str, records.Record] | None:
    """Return the module that defines a name, the remainder of the name, and its record; None for a module."""
    for _ in range(_ALIASES):
        module, path, names = _module_of(name)
        if names is None:
            return None
        if not exists(module, version) or is_newer(module, path.partition(".")[0], minor_version(version)):
            return None
        if not path:
            return module, "", None
        match = _record(names, path, minor_version(version))
        if not isinstance(match, tuple):
            return None if match is None else (module, path, match)
        (name,) = match
    return None


def _module_of(name: str) -> tuple[str, str, Mapping[str, records.Record] | None]:
    """Split a name into the longest module that the table has, and the remainder."""
    module, path = name, ""
    while module:
        names = records.records(module)
        if names is not None:
            return module, path, names
        module, _, last = module.rpartition(".")
        path = f"{last}.{path}" if path else last
    return name, "", None


def _record(names: Mapping[str, records.Record], path: str, minor: int) -> records.Record | tuple[str] | None:
    """Return the record of a dotted name in a module, or in a tuple the name by which to continue."""
    record = records.select(names.get(path), minor)
    if record is None and "." in path:
        first, _, remainder = path.partition(".")
        outer = records.select(names.get(first), minor)
        if isinstance(outer, str):
            return (f"{records.read_type(outer)}.{remainder}",)
        return _class_attribute(names, path, minor)
    return (records.read_type(record),) if isinstance(record, str) else record


def _class_attribute(names: Mapping[str, records.Record], path: str, minor: int) -> records.Record:
    owner, _, attribute = path.rpartition(".")
    record = records.select(names.get(owner), minor)
    if not records.is_class(record):
        return None
    return records.select(record[3].get(attribute), minor)


def _entry(name: str, record: records.Record) -> LibraryEntry:
    """Return the entry of a function or value; a method is called through its class here."""
    match = records.read_member(record)
    if match.kind == "property":
        return LibraryEntry("value", name, type="builtins.property")
    if match.kind == "value":
        return LibraryEntry("value", name, type=match.type)
    return LibraryEntry("function", name, match.signatures)


def _class_entry(name: str, record: records.Record, version: Version) -> LibraryEntry:
    _, bases, parameters, members = record
    base_types = tuple(records.read_type(base) for base in bases)
    own_members = records.Members(members, minor_version(version))
    constructor = _constructor(name, tuple(parameters), version)
    return LibraryEntry(
        "class", name, constructor, f"builtins.type[{name}]", base_types, tuple(parameters), own_members
    )


def _constructor(name: str, parameters: Sequence[str], version: Version) -> tuple[Signature, ...]:
    """Return the signatures of a class, which return the type of its instances."""
    order = mro(name, version)
    for owner in order:
        attributes = [key for key in ("__init__", "__new__") if _own_member(owner, key, version) is not None]
        if attributes:
            match = member(name, attributes[0], version)
            arguments = ", ".join(f"~{parameter}" for parameter in parameters)
            instance = f"{name}[{arguments}]" if arguments else name
            return (
                tuple(_returning(signature, instance) for signature in match[0].signatures) if match else ()
            )
    return ()


def _returning(signature: Signature, instance: str) -> Signature:
    if signature.receiver.startswith(type_arguments(instance)[0]):
        instance = signature.receiver
    elif signature.returns not in ("None", "Self"):
        instance = signature.returns
    return signature._replace(returns=instance, receiver="")


def _own_member(name: str, attribute: str, version: Version) -> records.Record:
    definition = _locate(name, version)
    if definition is None or not records.is_class(definition[2]):
        return None
    return records.select(definition[2][3].get(attribute), minor_version(version))


@lru_cache(_LOOKUPS)
def _bases(name: str, version: Version) -> tuple[str, tuple[str, ...]]:
    """Return the canonical name of a class and its bases; an empty name if it is not known as a class."""
    definition = _locate(name, version)
    if definition is None or not records.is_class(definition[2]):
        return "", ()
    module, path, record = definition
    bases = tuple(records.read_type(base) for base in record[1])
    return f"{module}.{path}", tuple(base for base in bases if base != "typing.Protocol")


def _linearized(name: str, orders: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the C3 linearization; empty if there is none."""
    remaining = [list(order) for order in orders]
    result = [name]
    while any(remaining):
        heads = [order[0] for order in remaining if order]
        tails = {tail for order in remaining for tail in order[1:]}
        following = next((head for head in heads if head not in tails), None)
        if following is None:
            return ()
        result.append(following)
        remaining = [order[1:] if order and order[0] == following else order for order in remaining]
    return tuple(result)


@lru_cache(_LOOKUPS)
def _base_arguments(name: str, base: str, version: Version) -> Mapping[str, str]:
    """Return the types that a class passes to the type parameters of one of its bases."""
    entry_name, bases = _bases(name, version)
    if entry_name == base:
        return {parameter: f"~{parameter}" for parameter in _type_parameters(name, version)}
    for expression in bases:
        direct, arguments = type_arguments(expression)
        if base in mro(direct, version):
            all_arguments = (*arguments, *"?" * len(_type_parameters(direct, version)))
            direct_types = dict(zip(_type_parameters(direct, version), all_arguments, strict=False))
            base_types = _base_arguments(direct, base, version)
            return {parameter: substitute(text, direct_types) for parameter, text in base_types.items()}
    return {}


def _type_parameters(name: str, version: Version) -> tuple[str, ...]:
    definition = _locate(name, version)
    return tuple(definition[2][2]) if definition and records.is_class(definition[2]) else ()


def _specialized(match: Member, types: Mapping[str, str]) -> Member:
    """Return a member with the type parameters of its class replaced."""
    if not types:
        return match
    variables = set(type_variables(types.values()))
    signatures = []
    for signature in match.signatures:
        texts = [signature.returns, *(parameter.type for parameter in signature.parameters)]
        # A type variable of the method may have the name of one of the class.
        clashes = {name: f"~{name}_" for name in type_variables(texts) if name in variables - types.keys()}
        signatures.append(_substituted(signature, {**clashes, **types}))
    return match._replace(signatures=tuple(signatures), type=substitute(match.type, types))


def _substituted(signature: Signature, types: Mapping[str, str]) -> Signature:
    parameters = tuple(_typed(parameter, types) for parameter in signature.parameters)
    return signature._replace(
        parameters=parameters,
        returns=substitute(signature.returns, types),
        receiver=substitute(signature.receiver, types),
    )


def _typed(parameter: LibraryParameter, types: Mapping[str, str]) -> LibraryParameter:
    return parameter._replace(type=substitute(parameter.type, types))

"""Encoding of results: the parts of a value that cannot be sent as JSON."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from truss_cli.contract.results import DATACLASS_HELP, INSIDE_HELP, KEY_HELP, refusal
from truss_cli.contract.shape import Type
from truss_cli.static.events import UnsendablePart
from truss_cli.static.interpreter.classes import is_subclass
from truss_cli.static.library import tables
from truss_cli.static.values.values import (
    NONE,
    UNBOUND,
    AbstractValue,
    BoundMethod,
    ClassObject,
    Constant,
    Container,
    Descriptor,
    Entries,
    FunctionObject,
    Instance,
    Items,
    Json,
    LibraryMethod,
    LibraryObject,
    ModuleObject,
    Partial,
    Pending,
    TupleValue,
    Typed,
    Union,
    Unknown,
    members,
    type_name,
)

if TYPE_CHECKING:
    from truss_cli.static.interpreter.interpreter import AbstractInterpreter
    from truss_cli.static.names.symbols import Module

_DEEPEST = 8
_CALLABLE = (FunctionObject, BoundMethod, LibraryMethod, Partial, Descriptor)
_JSON_BASES = (
    "builtins.str",
    "builtins.int",
    "builtins.float",
    "builtins.dict",
    "builtins.list",
    "builtins.tuple",
)
_KEYS = ("builtins.str", "builtins.int", "builtins.float", "builtins.bool", "builtins.NoneType")
_CALL_HELP = "Call it, and return the result."
_OBJECT_HELP = "Return a dict of its contents, or derive the class from `pydantic.BaseModel`."
_OTHER_HELP = "Convert it to a string, number, list or dict."
_COLLECT_HELP = "Collect it in a list; only a complete result is streamed."
_GENERATORS = ("types.GeneratorType", "types.AsyncGeneratorType")
_ABSTRACT = ("typing.", "collections.abc.", "numbers.", "_typeshed.")
_ITERATORS = ("typing.Iterator", "collections.abc.Iterator")
_SENDABLE = (
    "numpy.ndarray",
    "numpy.generic",
    "numpy.floating",
    "numpy.integer",
)


class Encoder:
    """Collects the parts of one value that cannot be sent."""

    def __init__(self, run: AbstractInterpreter, module: Module, node: ast.AST) -> None:
        self.run = run
        self.module = module
        self.node = node
        self.unsendable: list[UnsendablePart] = []
        self.certain = True

    def encode(self, value: AbstractValue, path: str = "") -> bool:
        """Collect the unsendable parts of a value; return whether it cannot be sent.

        Of a union, all members that are known must be unsendable: otherwise the code may have
        converted the value where it had to. `certain` becomes false if some are not known.
        """
        if path.count("[") > _DEEPEST:
            return False
        if isinstance(value, Union):
            return self._union(value, path)
        if isinstance(value, Unknown | Json) or value is UNBOUND:
            return False
        if isinstance(value, TupleValue):
            return any(self.encode(item, f"{path}[{index}]") for index, item in enumerate(value.items))
        if isinstance(value, Container):
            return self._container(value, path)
        if isinstance(value, Instance):
            return self._instance(value, path)
        if isinstance(value, Pending):
            return self._pending(value, path)
        if isinstance(value, Constant | Typed):
            return self._typed(value, path)
        return self._object(value, path)

    def _union(self, value: Union, path: str) -> bool:
        known_entries = [
            member for member in value.members if not (isinstance(member, Unknown) or member is UNBOUND)
        ]
        present = [member for member in known_entries if member != NONE] or known_entries
        count = len(self.unsendable)
        refusals = [self.encode(member, path) for member in present]
        if not all(refusals) and not any(_is_never_meant(member) for member in present):
            del self.unsendable[count:]
            return False
        if not all(refusals):
            self.certain = False
            return bool(self.unsendable[count:])
        self.certain = self.certain and len(present) == len(value.members)
        return bool(refusals)

    def _refuse(self, value: AbstractValue, path: str, label: str, help_text: str) -> bool:
        node, in_place = _locate(self.node, path)
        origin = getattr(value, "origin", None)
        if (
            not in_place
            and origin is not None
            and origin.module is self.module
            and _is_inside(origin.node, node)
        ):
            node, in_place = origin.node, False
        self.unsendable.append(UnsendablePart(self.module, node, path, label, help_text, in_place))
        return True

    def _typed(self, value: Constant | Typed, path: str) -> bool:
        name = type_name(value) or ""
        if name == "builtins.tuple" and isinstance(value, Typed):
            return bool(value.arguments) and self.encode(value.arguments[0], f"{path}[...]")
        if path and name in _GENERATORS:
            return self._refuse(value, path, _shown(name), _COLLECT_HELP)
        help_text = _refusal(self.run, name, is_result=not path)
        return self._refuse(value, path, _shown(name), help_text) if help_text else False

    def _container(self, value: Container, path: str) -> bool:
        if value.type in ("builtins.set", "builtins.frozenset", "collections.deque"):
            return self._refuse(
                value, path, _shown(value.type), _refusal(self.run, value.type, is_result=False) or ""
            )
        content = self.run.content(value)
        if isinstance(content, Items):
            outcomes = [self.encode(item, f"{path}[{index}]") for index, item in enumerate(content.items)]
            if content.other is not None:
                certain = self.certain
                outcomes.append(self.encode(content.other, f"{path}[...]"))
                self.certain = certain and (content.certain or not outcomes[-1])
            return any(outcomes)
        return self._entries(value, content, path)

    def _entries(self, value: Container, content: Entries, path: str) -> bool:
        outcomes = [self._key(value, content.key, path)] if content.key is not None else []
        self.certain = self.certain and not any(outcomes)  # there may be no such key
        for key, item in content.known.items():
            if isinstance(key, AbstractValue) and self._is_bad_key(key):
                label = key.cls.node.name if isinstance(key, Instance) else _shown(type_name(key) or "")
                outcomes.append(self._refuse(value, path, f"dict with a {label} key", KEY_HELP))
            if isinstance(key, bytes | tuple):
                outcomes.append(self._refuse(value, path, f"dict with a {type(key).__name__} key", KEY_HELP))
            outcomes.append(self.encode(item, f"{path}[{key!r}]"))
        if content.value is not None:
            outcomes.append(self.encode(content.value, f"{path}[...]"))
        return any(outcomes)

    def _key(self, owner: Container, key: AbstractValue, path: str) -> bool:
        """Return whether a dict has a key that JSON does not allow for certain."""
        outcomes = [self._is_bad_key(member) for member in members(key)]
        for member, outcome in zip(members(key), outcomes, strict=True):
            if outcome:
                label = (
                    member.cls.node.name if isinstance(member, Instance) else _shown(type_name(member) or "")
                )
                self._refuse(owner, path, f"dict with a {label} key", KEY_HELP)
        return all(outcomes)

    def _is_bad_key(self, key: AbstractValue) -> bool:
        if isinstance(key, Instance):
            return (
                key.cls.kind in ("enum", "dataclass", "namedtuple", "plain")
                and not is_subclass(self.run, key.cls, _JSON_BASES[:3])
                and not self.run.operation("is open", key.cls)
            )
        name = type_name(key)
        if name is None:
            return False
        ancestors = self.run.operation("mro", name)
        return bool(ancestors) and name not in _KEYS and not any(base in _KEYS for base in ancestors)

    def _instance(self, value: Instance, path: str) -> bool:
        kind, name = value.cls.kind, value.cls.node.name
        if kind == "namedtuple":
            entries = self.run.entries(value)
            return any(
                self.encode(item, f"{path}[{index}]") for index, item in enumerate(entries.known.values())
            )
        if is_subclass(self.run, value.cls, _JSON_BASES):
            return False
        if kind in {"pydantic", "root model"}:
            return self._refuse(value, path, name, INSIDE_HELP) if path else False
        if kind == "dataclass":
            return self._refuse(value, path, name, DATACLASS_HELP)
        if kind == "enum":
            return self._refuse(value, path, name, _refusal(self.run, "enum.Enum", is_result=False) or "")
        if kind == "pydantic v1":
            return self._refuse(value, path, name, "Convert it with `.dict()`.")
        if kind == "plain" and not self._is_open(value.cls):
            return self._refuse(value, path, name, _OBJECT_HELP)
        return False

    def _is_open(self, cls: ClassObject) -> bool:
        return bool(self.run.operation("is open", cls))

    def _pending(self, value: Pending, path: str) -> bool:
        if value.kind == "coroutine":
            return self._refuse(value, path, "coroutine", "Write `await` before the call.")
        if value.kind == "context" or path:
            help_text = (
                _COLLECT_HELP
                if value.kind != "context"
                else "Enter it by `with`, and return the value it yields."
            )
            return self._refuse(value, path, value.kind, help_text)
        return False

    def _object(self, value: AbstractValue, path: str) -> bool:
        if isinstance(value, LibraryMethod) and isinstance(value.receiver, Typed) and not value.is_method:
            return False
        if isinstance(value, _CALLABLE):
            return self._refuse(value, path, "function", _CALL_HELP)
        if isinstance(value, ClassObject):
            return self._refuse(
                value, path, f"class {value.node.name}", "Return an instance of it, or its name."
            )
        if isinstance(value, ModuleObject):
            return self._refuse(value, path, "module", _OTHER_HELP)
        if isinstance(value, LibraryObject):
            entry = tables.find(value.name, self.run.version)
            if entry is not None and entry.kind in ("function", "class"):
                return self._refuse(value, path, entry.kind, _CALL_HELP)
        return False


def _is_never_meant(value: AbstractValue) -> bool:
    """Return whether a value is one that no code converts later, such as a coroutine."""
    if isinstance(value, Typed):
        return value.name == "types.CoroutineType"
    if isinstance(value, LibraryMethod):
        return value.is_method
    return isinstance(value, (*_CALLABLE, ModuleObject)) or (
        isinstance(value, Pending) and value.kind == "coroutine"
    )


def _locate(node: ast.AST, path: str) -> tuple[ast.AST, bool]:
    """Return the expression at a path inside a display, and whether the path is followed to its end."""
    steps = [step.rstrip("]") for step in path.split("[")[1:]]
    for index, step in enumerate(steps):
        following = _at(node, step)
        if following is None:
            return node, False
        node = following
        if isinstance(node, ast.Name) and index < len(steps) - 1:
            return node, False
    return node, True


def _at(node: ast.AST, step: str) -> ast.expr | None:
    if isinstance(node, ast.Dict):
        match = [
            value
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and repr(key.value) == step
        ]
        return match[0] if len(match) == 1 else None
    if isinstance(node, ast.List | ast.Tuple) and step.isdigit():
        plain = not any(isinstance(item, ast.Starred) for item in node.elts)
        return node.elts[int(step)] if plain and int(step) < len(node.elts) else None
    if isinstance(node, ast.ListComp | ast.SetComp) and step == "...":
        return node.elt
    return node.value if isinstance(node, ast.DictComp) and step == "..." else None


def _is_inside(node: ast.AST, outer: ast.AST) -> bool:
    """Return whether a node is in the source of another."""
    start, end = getattr(node, "lineno", 0), getattr(outer, "end_lineno", 0) or 0
    return getattr(outer, "lineno", 1) <= start <= end


def _shown(name: str) -> str:
    return name.rpartition(".")[2]


def _refusal(run: AbstractInterpreter, name: str, *, is_result: bool) -> str | None:
    """Return how to convert an instance of a library class; None if it can, or may, be sent."""
    ancestors = run.operation("mro", name)
    help_text = refusal(Type(name, ancestors=frozenset(ancestors)), whole=is_result)
    if help_text is not None:
        return help_text
    is_abstract = name.startswith(_ABSTRACT) or "typing.Protocol" in ancestors
    if not ancestors or is_abstract:
        return _OTHER_HELP if name in _ITERATORS else None
    if name in (
        *_JSON_BASES,
        *_SENDABLE,
        "builtins.bool",
        "builtins.NoneType",
        "builtins.object",
        *_GENERATORS,
    ):
        return None
    if any(base in (*_JSON_BASES, *_SENDABLE) for base in ancestors):
        return None
    is_standard = tables.mro(name, run.version)
    return _OTHER_HELP if is_standard else None

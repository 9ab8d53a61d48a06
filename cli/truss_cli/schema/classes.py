"""The classes of a truss, made again out of what is written in them, for Pydantic to read."""

import ast
import inspect
import warnings
from typing import Any

from truss_cli.contract.terms import PYDANTIC_MODEL
from truss_cli.schema.kinds import make_dataclass, make_enum, make_named_tuple, make_typed_dict
from truss_cli.schema.models import make_model
from truss_cli.schema.source.expressions import Expressions
from truss_cli.schema.source.known import UNKNOWN, has_schema
from truss_cli.static.names.symbols import Module
from truss_cli.static.names.types import Types

_DATACLASSES = ("dataclasses.dataclass", "pydantic.dataclasses.dataclass")
_MAKERS = {
    PYDANTIC_MODEL: make_model,
    "enum.Enum": make_enum,
    "typing.NamedTuple": make_named_tuple,
    "typing.TypedDict": make_typed_dict,
}


class Classes:
    """Makes each class of a truss once; one that refers to itself does so by a forward reference."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self._made: dict[ast.ClassDef, Any] = {}
        self._active: dict[ast.ClassDef, str] = {}
        self._circular: dict[str, ast.ClassDef] = {}

    def expressions(self, module: Module) -> Expressions:
        """Return the reader of type expressions in a module."""
        return Expressions(self._types, module, self.make)

    def make(self, module: Module, node: ast.ClassDef) -> Any:  # noqa: ANN401 - a type expression
        """Return a class made again; UNKNOWN if what it looks like in JSON cannot be known."""
        if node in self._made:
            return self._made[node]
        if node in self._active:
            return self._forward_reference(module, node)
        self._active[node] = f"{node.name}__{len(self._active)}_{len(self._made)}"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the author sees them when the class itself is made
                made = self._make(module, node)
        except Exception:  # noqa: BLE001 - whatever Python or Pydantic refuses a class with, it is not known
            made = UNKNOWN
        finally:
            name = self._active.pop(node)
        self._made[node] = made
        if name in self._circular:
            self._complete()
        elif not self._active and made is not UNKNOWN and not has_schema(made):
            self._made[node] = UNKNOWN
        return self._made[node]

    def _make(self, module: Module, node: ast.ClassDef) -> Any:  # noqa: ANN401 - a type expression
        named = self._types.of_class(module, node)
        if named.open:
            return UNKNOWN
        reader = self.expressions(module)._replace(around=node)
        outside = self.expressions(module)
        decorators = [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
        if decorators:
            names = [outside.name_of(decorator) for decorator in decorators]
            is_dataclass = len(names) == 1 and names[0] in _DATACLASSES
            return make_dataclass(reader, node) if is_dataclass else UNKNOWN
        for name, make in _MAKERS.items():
            if named.is_a(name):
                return make(reader, node)
        return UNKNOWN

    def _forward_reference(self, module: Module, node: ast.ClassDef) -> Any:  # noqa: ANN401 - a type expression
        from typing import ForwardRef  # noqa: PLC0415 - few classes refer to themselves

        if not self._types.of_class(module, node).is_a(PYDANTIC_MODEL):
            return UNKNOWN
        self._circular[self._active[node]] = node
        return ForwardRef(self._active[node])

    def _complete(self) -> None:
        """Have the classes that refer to themselves know each other."""
        known = {name: self._made[node] for name, node in self._circular.items() if node in self._made}
        for found in [*self._made.values()]:
            if inspect.isclass(found) and hasattr(found, "model_rebuild"):
                found.model_rebuild(force=True, raise_errors=False, _types_namespace=known)

"""Rebuilding of the classes of a truss, each once, including classes that refer to themselves."""

import ast
import inspect
import warnings

from truss_cli.contract.terms import PYDANTIC_MODEL
from truss_cli.static.names.symbols import Module
from truss_cli.static.names.types import Types
from truss_cli.static.pydantic.annotations import AnnotationReader
from truss_cli.static.pydantic.body_names import BodyNames
from truss_cli.static.pydantic.data_types import (
    build_dataclass,
    build_enum,
    build_named_tuple,
    build_typed_dict,
)
from truss_cli.static.pydantic.external import UNKNOWN, TypeForm, has_schema
from truss_cli.static.pydantic.models import build_model

_DATACLASSES = ("dataclasses.dataclass", "pydantic.dataclasses.dataclass")
_BUILDERS = {
    PYDANTIC_MODEL: build_model,
    "enum.Enum": build_enum,
    "typing.NamedTuple": build_named_tuple,
    "typing.TypedDict": build_typed_dict,
}


class ClassBuilder:
    """Rebuilds the classes of a truss from source; those that refer to themselves use forward references."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self._built: dict[ast.ClassDef, TypeForm] = {}
        self._active: dict[ast.ClassDef, str] = {}
        self._circular: dict[str, ast.ClassDef] = {}

    def annotations(self, module: Module) -> AnnotationReader:
        """Return the reader of annotations in a module."""
        return AnnotationReader(BodyNames(self._types.symbols, module), self.build)

    def build(self, module: Module, node: ast.ClassDef) -> TypeForm:
        """Return a rebuilt class; UNKNOWN if source does not show its schema."""
        if node in self._built:
            return self._built[node]
        if node in self._active:
            return self._forward_reference(module, node)
        self._active[node] = f"{node.name}__{len(self._active)}_{len(self._built)}"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the author sees them when the model is imported
                new_class = self._build(module, node)
        except Exception:  # noqa: BLE001 - Python and Pydantic reject classes with errors of many classes
            new_class = UNKNOWN
        finally:
            name = self._active.pop(node)
        self._built[node] = new_class
        if name in self._circular:
            self._resolve_references()
        elif not self._active and new_class is not UNKNOWN and not has_schema(new_class):
            self._built[node] = UNKNOWN
        return self._built[node]

    def _build(self, module: Module, node: ast.ClassDef) -> TypeForm:
        class_type = self._types.of_class(module, node)
        if class_type.open:
            return UNKNOWN
        outside = self.annotations(module)
        reader = outside._replace(names=outside.names._replace(class_node=node))
        if node.decorator_list:
            functions = [
                decorator.func if isinstance(decorator, ast.Call) else decorator
                for decorator in node.decorator_list
            ]
            names = [outside.names.external_name(function) for function in functions]
            is_dataclass = len(names) == 1 and names[0] in _DATACLASSES
            return build_dataclass(reader, node) if is_dataclass else UNKNOWN
        for name, build in _BUILDERS.items():
            if class_type.is_a(name):
                return build(reader, node)
        return UNKNOWN

    def _forward_reference(self, module: Module, node: ast.ClassDef) -> TypeForm:
        from typing import ForwardRef  # noqa: PLC0415 - few classes refer to themselves

        if not self._types.of_class(module, node).is_a(PYDANTIC_MODEL):
            return UNKNOWN
        self._circular[self._active[node]] = node
        return ForwardRef(self._active[node])

    def _resolve_references(self) -> None:
        """Resolve the forward references of classes that refer to each other."""
        namespace = {name: self._built[node] for name, node in self._circular.items() if node in self._built}
        for new_class in [*self._built.values()]:
            if inspect.isclass(new_class) and hasattr(new_class, "model_rebuild"):
                new_class.model_rebuild(force=True, raise_errors=False, _types_namespace=namespace)

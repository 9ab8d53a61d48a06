"""TRS124: `load` assigns a local variable where it should set an attribute."""

import ast
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, TypeGuard

from truss_cli.check.facts.model.instance_attributes import sets_by_name
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.imported import imported_modules
from truss_cli.static.names.lineage import Lineage
from truss_cli.static.names.scopes import binds_unseen, scope_of
from truss_cli.static.names.symbols import Module
from truss_cli.static.syntax.nodes import Function, nodes_in, own_nodes, root_name, stored_attributes, walk

_RUN_FIRST = ("__init__", "load")


class _Method(NamedTuple):
    module: Module
    function: Function
    instance: str | None


def _find(facts: TrussFacts) -> Iterator[Finding]:
    model = facts.model
    if model is None or facts.model_module is None or not model.shape.complete:
        return
    methods = [_Method(module, function, _instance(function)) for module, function in model.functions()]
    if any(_may_set_unseen(method) for method in methods):
        return
    reads = _attribute_reads(methods)
    modules = imported_modules(facts.symbols, facts.model_module)
    attributes = _SetAttributes(modules, methods, model.lineage)
    for method in methods:
        if method.function.name in _RUN_FIRST:
            for variable, place in _local_variables(method.function):
                for reader, attribute in reads.get(variable.lstrip("_"), ()):
                    if reader != method.function.name and not attributes.may_have(attribute):
                        yield _finding(method, variable, place, reader, attribute)
                        break


def _instance(function: Function) -> str | None:
    """Return the name by which a method knows the model."""
    is_static = any(root_name(decorator) == "staticmethod" for decorator in function.decorator_list)
    positional = [*function.args.posonlyargs, *function.args.args]
    return positional[0].arg if positional and not is_static else None


def _finding(method: _Method, variable: str, place: ast.AST, reader: str, attribute: str) -> Finding:
    message = (
        f"`{variable}` is a local variable of `{method.function.name}`, "
        f"but `{reader}` reads `self.{attribute}`, which nothing sets"
    )
    return method.module.finding(place, message, f"Assign to `self.{attribute}`.")


def _may_set_unseen(method: _Method) -> bool:
    """Return whether a method passes its instance on, or sets attributes by names that it computes."""
    owners = {id(node.value) for node in walk(method.function) if isinstance(node, ast.Attribute)}
    passes = any(
        isinstance(node, ast.Name) and node.id == method.instance and id(node) not in owners
        for node in walk(method.function)
    )
    return passes or sets_by_name(method.function)


def _local_variables(function: Function) -> Iterator[tuple[str, ast.AST]]:
    """Yield the local variables that a method assigns, each with its first assignment."""
    parameters = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    for name, bindings in scope_of(function).bindings.items():
        first = bindings[0].node
        is_hidden = name in parameters or binds_unseen(function, name)
        if isinstance(first, ast.Assign | ast.AnnAssign) and not is_hidden:
            targets = first.targets if isinstance(first, ast.Assign) else [first.target]
            places = (node for target in targets for node in walk(target))
            yield name, next(node for node in places if isinstance(node, ast.Name) and node.id == name)


def _attribute_reads(methods: list[_Method]) -> dict[str, dict[tuple[str, str], None]]:
    """Return the methods that read attributes, and which, by the name without leading underscores."""
    reads: dict[str, dict[tuple[str, str], None]] = {}
    for method in methods:
        for node in walk(method.function):
            if _is_attribute_of(node, method.instance) and isinstance(node.ctx, ast.Load):
                reads.setdefault(node.attr.lstrip("_"), {})[method.function.name, node.attr] = None
    return reads


class _SetAttributes:
    """The attributes that anything but `self.attribute = None` may set on the model."""

    def __init__(self, modules: list[Module], methods: list[_Method], lineage: Lineage) -> None:
        self._classes = [definition.node for definition in lineage if definition]
        trees = [module.file.tree for module in modules if module.file.tree]
        stores: Counter[str] = Counter()
        for tree in trees:
            stores.update(stored_attributes(tree))
            stores.subtract(_stores_of_others(tree, self._classes))
        for method in methods:
            stores.subtract(_stores_of_none(method.function))
        self._stores = stores

    def may_have(self, attribute: str) -> bool:
        """Return whether a class or a statement may set an attribute."""
        candidates = (one for node in self._classes for one in scope_of(node).candidates(attribute))
        in_class = any(not _is_none(candidate.what) for candidate in candidates)
        return in_class or self._stores["*"] + self._stores[attribute] > 0


def _stores_of_none(function: Function) -> Iterator[str]:
    """Yield the attributes that a method sets to None, or only annotates."""
    pairs: list[tuple[ast.expr, ast.expr | None]] = [
        (node.target, node.value) for node in own_nodes(function, ast.AnnAssign)
    ]
    for node in own_nodes(function, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs += zip(target.elts, node.value.elts, strict=False)
            else:
                pairs.append((target, node.value))
    for target, value in pairs:
        if isinstance(target, ast.Attribute) and (value is None or _is_none(value)):
            yield target.attr


def _stores_of_others(tree: ast.Module, classes: list[ast.ClassDef]) -> Iterator[str]:
    """Yield the attributes that other classes set on their own instances."""
    definitions = [node for node in nodes_in(tree, ast.ClassDef) if node not in classes]
    nodes = {id(node): node for definition in definitions for node in walk(definition)}
    for node in nodes.values():
        if _is_attribute_of(node, "self") and not isinstance(node.ctx, ast.Load):
            yield node.attr


def _is_attribute_of(node: ast.AST, owner: str | None) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == owner


def _is_none(node: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


LOCAL_IN_LOAD = Rule(
    code="TRS124",
    name="local-in-load",
    severity=Severity.WARNING,
    summary="`load` assigns a local variable where an attribute is read",
    explanation="""\
A local variable ends with its method. Another method reads the attribute of the same name,
which nothing sets, or only to None: it raises AttributeError, or finds None.

Assign to the attribute: `self.model = ...`.""",
    find=_find,
    good=(
        """\
class Model:
    def load(self):
        model = {"a": 1}
        self.model = model

    def predict(self, model_input):
        return self.model[model_input]
""",
    ),
    bad=(
        """\
class Model:
    def __init__(self):
        self.model = None

    def load(self):
        model = {"a": 1}

    def predict(self, model_input):
        return self.model[model_input]
""",
        """\
class Model:
    def load(self):
        model, labels = {"a": 1}, ["a"]
        self._labels = labels

    def predict(self, model_input):
        return self._model[self._labels[0]]
""",
    ),
)

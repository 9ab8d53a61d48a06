"""TRS124: `load` assigns a local variable where it should set an attribute."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.function_names import FunctionNames
from truss_cli.check.facts.model.instance_attributes import sets_by_name
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.imported import imported_modules
from truss_cli.static.names.lineage import Lineage
from truss_cli.static.names.scopes import binds_unseen, scope_of
from truss_cli.static.names.symbols import Module
from truss_cli.static.syntax.nodes import Function, nodes_in, own_nodes, stored_attributes, walk

_RUN_FIRST = ("__init__", "load")


def _find(facts: TrussFacts) -> Iterator[Finding]:
    model = facts.model
    if model is None or facts.model_module is None or not model.shape.complete:
        return
    methods = [FunctionNames(facts.types, model, *method) for method in model.functions()]
    if any(_may_set_unseen(names) for names in methods):
        return
    modules = imported_modules(facts.symbols, facts.model_module)
    for names in methods:
        if names.function.name in _RUN_FIRST:
            for variable, place in _local_variables(names):
                read = _read_elsewhere(methods, names, variable)
                if read and not _may_be_set(modules, methods, model.lineage, read[1]):
                    yield _finding(names, variable, place, *read)


def _finding(names: FunctionNames, variable: str, place: ast.AST, reader: str, attribute: str) -> Finding:
    method = names.function.name
    message = (
        f"`{variable}` is a local variable of `{method}`, "
        f"but `{reader}` reads `self.{attribute}`, which nothing sets"
    )
    return names.module.finding(place, message, f"Assign to `self.{attribute}`.")


def _may_set_unseen(names: FunctionNames) -> bool:
    """Return whether a method passes its instance on, or sets attributes by names that it computes."""
    owners = {id(node.value) for node in walk(names.function) if isinstance(node, ast.Attribute)}
    passes = any(
        isinstance(node, ast.Name) and node.id == names.instance and id(node) not in owners
        for node in walk(names.function)
    )
    return passes or sets_by_name(names.function) or names.instance is None


def _local_variables(names: FunctionNames) -> Iterator[tuple[str, ast.AST]]:
    """Yield the local variables that a method assigns, each with its first assignment."""
    for name, bindings in names.scope.bindings.items():
        first = bindings[0].node
        is_hidden = name in names.parameters or binds_unseen(names.function, name)
        if isinstance(first, ast.Assign | ast.AnnAssign) and not is_hidden:
            targets = first.targets if isinstance(first, ast.Assign) else [first.target]
            places = (node for target in targets for node in walk(target))
            yield name, next(node for node in places if isinstance(node, ast.Name) and node.id == name)


def _read_elsewhere(
    methods: list[FunctionNames], assigning: FunctionNames, variable: str
) -> tuple[str, str] | None:
    """Return another method that reads the attribute of a variable's name, and that attribute."""
    for names in methods:
        for node in walk(names.function) if names is not assigning else ():
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                is_own = isinstance(node.value, ast.Name) and node.value.id == names.instance
                if is_own and node.attr.lstrip("_") == variable.lstrip("_"):
                    return names.function.name, node.attr
    return None


def _may_be_set(
    modules: list[Module], methods: list[FunctionNames], lineage: Lineage, attribute: str
) -> bool:
    """Return whether anything but `self.attribute = None` may set an attribute of the model."""
    classes = [definition.node for definition in lineage if definition]
    candidates = (candidate for node in classes for candidate in scope_of(node).candidates(attribute))
    if any(not _is_none(candidate.what) for candidate in candidates):
        return True
    if any(
        isinstance(node, ast.Constant) and node.value == attribute
        for names in methods
        for node in walk(names.function)
    ):
        return True
    to_none = sum(_stores_of_none(names.function, attribute) for names in methods)
    trees = [module.file.tree for module in modules if module.file.tree]
    stores = sum(stored_attributes(tree).get(name, 0) for tree in trees for name in ("*", attribute))
    return stores > to_none + sum(_stores_of_others(tree, classes, attribute) for tree in trees)


def _stores_of_none(function: Function, attribute: str) -> int:
    """Return how often a method sets an attribute to None, or only annotates it."""
    pairs: list[tuple[ast.expr, ast.expr | None]] = [
        (node.target, node.value) for node in own_nodes(function, ast.AnnAssign)
    ]
    for node in own_nodes(function, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs += zip(target.elts, node.value.elts, strict=False)
            else:
                pairs.append((target, node.value))
    return sum(
        isinstance(target, ast.Attribute) and target.attr == attribute and (value is None or _is_none(value))
        for target, value in pairs
    )


def _stores_of_others(tree: ast.Module, classes: list[ast.ClassDef], attribute: str) -> int:
    """Return how often other classes set an attribute of the same name on their own instances."""
    definitions = [node for node in nodes_in(tree, ast.ClassDef) if node not in classes]
    return sum(
        isinstance(node, ast.Attribute)
        and node.attr == attribute
        and not isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        for definition in definitions
        for node in walk(definition)
    )


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

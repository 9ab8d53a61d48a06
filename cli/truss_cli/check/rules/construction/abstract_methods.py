"""TRS120: a Model that leaves abstract methods open."""

import ast
import re
from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding, Related
from truss_cli.static.names.lineage import ClassDefinition
from truss_cli.static.names.scopes import scope_of
from truss_cli.static.names.symbols import External

_ABSTRACT = frozenset(
    {
        "abc.abstractclassmethod",
        "abc.abstractmethod",
        "abc.abstractproperty",
        "abc.abstractstaticmethod",
    }
)
_CLEARED = re.compile(r"\b(?:__abstractmethods__|update_abstractmethods)\b")
"""Code that may declare the class complete after all."""
_ABSTRACT_BASES = (External("abc.ABC"), External("typing.Protocol"), External("typing_extensions.Protocol"))


def _find(facts: TrussFacts) -> Iterator[Finding]:
    model = facts.model
    if model is None or not model.shape.complete or not isinstance(model.node, ast.ClassDef):
        return
    definitions = [definition for definition in model.lineage if definition is not None]
    if not any(_checks_instances(facts, definition) for definition in definitions):
        return
    if any(_CLEARED.search(definition.module.file.source.text) for definition in definitions):
        return
    names = {name for definition in definitions for name in scope_of(definition.node).bindings}
    for name in sorted(names):
        first = next(d for d in definitions if name in scope_of(d.node).bindings)
        place = _abstract(facts, first, name)
        if place is not None:
            message = f"`{name}` is abstract and not implemented, so `{model.node.name}()` fails"
            declared = Related(first.module.file.source.path, first.module.file.span(place), "declared here")
            yield model.module.finding(model.node, message, f"Define `{name}` in the class.", (declared,))


def _checks_instances(facts: TrussFacts, definition: ClassDefinition) -> bool:
    """Whether Python refuses instances of the class while methods are abstract."""
    given = [*definition.node.bases, *(k.value for k in definition.node.keywords if k.arg == "metaclass")]
    plain = [base.value if isinstance(base, ast.Subscript) else base for base in given]
    meanings = [facts.outside_functions(definition.module, base) for base in plain]
    return any(meaning in (*_ABSTRACT_BASES, External("abc.ABCMeta")) for meaning in meanings)


def _abstract(facts: TrussFacts, definition: ClassDefinition, name: str) -> ast.AST | None:
    """Return the abstract method that a class binds to a name, if nothing else may be bound to it."""
    bindings = scope_of(definition.node).bindings[name]
    function = bindings[0].what if len(bindings) == 1 and not bindings[0].conditional else None
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    decorators = [
        facts.outside_functions(definition.module, decorator) for decorator in function.decorator_list
    ]
    abstract = any(isinstance(one, External) and one.name in _ABSTRACT for one in decorators)
    return function if abstract else None


ABSTRACT_METHODS = Rule(
    code="TRS120",
    name="abstract-methods",
    severity=Severity.ERROR,
    summary="The Model class does not implement all abstract methods of its base classes",
    explanation="""\
A base class declares a method with `abc.abstractmethod`, and neither the Model class nor
another base class implements it. Python then refuses to make an instance, and loading
fails.

Define the method, or do not declare it abstract.""",
    find=_find,
    good=(
        """\
import abc


class Base(abc.ABC):
    @abc.abstractmethod
    def load(self): ...


class Model(Base):
    def load(self):
        self.ready = True

    def predict(self, model_input):
        return model_input
""",
    ),
    bad=(
        """\
import abc


class Base(abc.ABC):
    @abc.abstractmethod
    def load(self): ...


class Model(Base):
    def predict(self, model_input):
        return model_input
""",
    ),
)

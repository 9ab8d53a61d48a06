"""TRS214: an annotation that raises TypeError when Python evaluates it."""

import ast
from collections.abc import Iterator

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.check.rule import Rule
from truss_cli.check.rules.annotations.evaluated import evaluated_annotations, modules_of_model
from truss_cli.contract.terms import Severity
from truss_cli.diagnostic import Finding
from truss_cli.static.names.scopes import scope_of
from truss_cli.static.names.symbols import External, Local, Module, Symbol
from truss_cli.static.syntax.nodes import stored_attributes, walk

_ARGUMENTS = {
    "AsyncIterable": 1,
    "AsyncIterator": 1,
    "Awaitable": 1,
    "Coroutine": 3,
    "DefaultDict": 2,
    "Dict": 2,
    "FrozenSet": 1,
    "Iterable": 1,
    "Iterator": 1,
    "List": 1,
    "Mapping": 2,
    "Optional": 1,
    "Sequence": 1,
    "Set": 1,
    "Type": 1,
}
"""How many arguments the generic types of `typing` take; those of `collections.abc` take any number."""
_ARGUMENTS_BEFORE_DEFAULTS = {"AsyncGenerator": 2, "Generator": 3}
_NEVER_GENERIC = frozenset(f"builtins.{name}" for name in ("bool", "bytes", "float", "int", "object", "str"))
_PLAIN_BUILTINS = frozenset(
    f"builtins.{name}" for name in ("bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple")
)
_FUNCTIONS = frozenset({External("builtins.any"), External("builtins.callable")})
"""Functions that are taken for `typing.Any` and `Callable`."""
_DEFAULTS_SINCE = (3, 13)


def _find(facts: TrussFacts) -> Iterator[Finding]:
    version = facts.python_version
    counts = dict(_ARGUMENTS)
    if version is not None and version < _DEFAULTS_SINCE:
        counts.update(_ARGUMENTS_BEFORE_DEFAULTS)
    for module in modules_of_model(facts):
        for annotation, scopes, _ in evaluated_annotations(module):
            names = {node.id for node in walk(annotation) if isinstance(node, ast.Name)}
            if any(name in scope for scope in scopes for name in names):
                continue
            for node in walk(annotation):
                found = _fault(facts, module, node, counts) if isinstance(node, ast.expr) else None
                if found:
                    yield module.finding(node, *found)


def _fault(
    facts: TrussFacts, module: Module, node: ast.expr, counts: dict[str, int]
) -> tuple[str, str] | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union_fault(facts, module, node)
    symbol = facts.outside_functions(module, node.value) if isinstance(node, ast.Subscript) else None
    if isinstance(node, ast.Subscript) and _takes_no_argument(symbol):
        message = f"`{ast.unparse(node.value)}` is not generic and takes no `[...]`: importing fails"
        return message, f"Write `{ast.unparse(node.value)}`, or derive the class from `typing.Generic`."
    name = symbol.name.removeprefix("typing.") if isinstance(symbol, External) else ""
    if not isinstance(node, ast.Subscript) or name not in counts or symbol != External(f"typing.{name}"):
        return None
    given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if len(given) == counts[name] or any(isinstance(one, ast.Starred) for one in given):
        return None
    plural = "s" * (counts[name] != 1)
    message = f"`{name}` takes {counts[name]} argument{plural}, not {len(given)}: importing fails"
    if name in _ARGUMENTS_BEFORE_DEFAULTS and len(given) < counts[name]:
        nothing = ", ".join(["None"] * (counts[name] - 1))
        written = ast.unparse(given[0])
        return message, f"Write `{name}[{written}, {nothing}]`; Python 3.13 is the first to take fewer."
    return message, "Correct its arguments, or write the annotation as a string."


def _union_fault(facts: TrussFacts, module: Module, node: ast.BinOp) -> tuple[str, str] | None:
    """Return what is wrong with `"Name" | None`, unless the other operand brings an operator of its own."""
    for text, other in ((node.left, node.right), (node.right, node.left)):
        function = facts.outside_functions(module, text)
        if function in _FUNCTIONS and _is_plain(facts, module, other):
            name = ast.unparse(text)
            message = f"`|` does not take the function `{name}`: importing fails"
            return message, f"Write `{name.title()}` of `typing`."
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and _is_plain(facts, module, other):
            message = f"`|` does not take the string `{ast.unparse(text)}`: importing fails"
            return message, f'Write the whole annotation as a string: `"{_as_text(node)}"`.'
    return None


def _takes_no_argument(symbol: Symbol | None) -> bool:
    if isinstance(symbol, External):
        return symbol.name in _NEVER_GENERIC
    if not isinstance(symbol, Local) or not isinstance(symbol.node, ast.ClassDef):
        return False
    node = symbol.node
    may_be_generic = node.bases or node.keywords or node.decorator_list or getattr(node, "type_params", None)
    scope = scope_of(node)
    tree = symbol.module.file.tree
    if tree is None or "__class_getitem__" in stored_attributes(tree):
        return False
    return not may_be_generic and not scope.open and "__class_getitem__" not in scope


def _is_plain(facts: TrussFacts, module: Module, node: ast.expr) -> bool:
    """Whether an operand is None, a string or a plain class: `typing`'s own forms take strings."""
    if isinstance(node, ast.Constant):
        return True
    symbol: Symbol | None = facts.outside_functions(module, node)
    if isinstance(symbol, Local) and isinstance(symbol.node, ast.ClassDef):
        made_plainly = not symbol.node.keywords and not symbol.node.bases
        return made_plainly and not symbol.node.decorator_list
    return isinstance(symbol, External) and symbol.name in _PLAIN_BUILTINS


def _as_text(node: ast.expr) -> str:
    return ast.unparse(node).replace("'", "").replace('"', "")


FAILING_ANNOTATION = Rule(
    code="TRS214",
    name="failing-annotation",
    severity=Severity.ERROR,
    summary="An annotation raises TypeError when it is evaluated",
    explanation="""\
Python evaluates annotations when it imports the file. `"Result" | None` raises TypeError,
because `|` has no meaning for a string and None, and so do the generic types of `typing`
with too few or too many arguments: `List[int, str]`, or before Python 3.13
`Generator[str]`. The model fails to load.

Write the whole annotation as a string, `"Result | None"`, or correct its arguments.""",
    find=_find,
    good=(
        """\
class Model:
    def predict(self, model_input) -> "Result | None":
        return model_input
""",
        """\
from typing import Optional


class Model:
    def predict(self, model_input) -> "dict" | Optional[str]:
        return model_input
""",
        {
            "config.yaml": "python_version: py313\n",
            "model/model.py": """\
from typing import Generator


class Model:
    def predict(self, model_input) -> Generator[str]:
        yield "a"
""",
        },
        """\
from collections.abc import Generator


class Model:
    def predict(self, model_input) -> Generator[str]:
        yield "a"
""",
    ),
    bad=(
        """\
class Model:
    def predict(self, model_input: "dict" | None):
        return model_input
""",
        """\
from typing import Dict


class Model:
    def predict(self, model_input) -> Dict[str]:
        return model_input
""",
        {
            "config.yaml": "python_version: py312\n",
            "model/model.py": """\
from typing import Generator


class Model:
    def predict(self, model_input) -> Generator[str]:
        yield "a"
""",
        },
    ),
)

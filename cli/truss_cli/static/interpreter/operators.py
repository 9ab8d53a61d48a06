"""Operators and comparisons."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.static.events import FailureKind
from truss_cli.static.interpreter.functions.arrays import array_operator
from truss_cli.static.interpreter.library import call_signatures, class_member, described_type
from truss_cli.static.interpreter.truth import truth
from truss_cli.static.values.values import (
    JSON,
    UNBOUND,
    UNKNOWN,
    AbstractValue,
    Arguments,
    ClassObject,
    Constant,
    Container,
    Entries,
    Instance,
    Items,
    Json,
    LibraryObject,
    Pending,
    TupleValue,
    Typed,
    Union,
    constant,
    is_none,
    join,
    members,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler

_METHODS = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.MatMult: "matmul",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
}
_SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "and": "&", "or": "|", "xor": "^"}
_CONSTANT_COMPARISONS: dict[type, Callable[..., object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_PATHS = ("pathlib.Path", "pathlib.PosixPath")
_NUMBERS = ("builtins.int", "builtins.float", "builtins.bool")
_MOST_TEXT = 10_000
_LARGEST = 1e15


class Operator(NamedTuple):
    """A binary operator, by the name of its method without the underscores."""

    method: str
    in_place: bool = False


def operator_of(op: ast.operator, *, in_place: bool = False) -> Operator:
    """Return the operator of a node."""
    return Operator(_METHODS[type(op)], in_place)


def _binary_node(run: AbstractInterpreter, node: ast.BinOp) -> AbstractValue:
    left_value, right = run.evaluate(node.left), run.evaluate(node.right)
    return binary(run, operator_of(node.op), left_value, right, node)


def binary(
    run: AbstractInterpreter, op: Operator, left_value: AbstractValue, right: AbstractValue, node: ast.AST
) -> AbstractValue:
    """Return the result of a binary operator."""
    if isinstance(left_value, Union) or isinstance(right, Union):
        return run.each(
            left_value,
            lambda item: run.each(right, lambda second: _binary(run, op, item, second, node)),
        )
    return _binary(run, op, left_value, right, node)


def _binary(
    run: AbstractInterpreter, op: Operator, left_value: AbstractValue, right: AbstractValue, node: ast.AST
) -> AbstractValue:
    method = op.method
    if isinstance(left_value, Json) or isinstance(right, Json):
        return _json_binary(left_value, right, method)
    for owner, name, second in ((left_value, f"__{method}__", right), (right, f"__r{method}__", left_value)):
        if isinstance(owner, Instance):
            function = run.operation("class attribute", owner.cls, name)
            if function is not None:
                return run.call(function, Arguments((owner, second)), node)
            if owner.cls.kind not in ("plain", "dataclass", "pydantic"):
                return UNKNOWN
    if isinstance(left_value, Constant) and isinstance(right, Constant):
        return _constants(run, op, left_value, right, node)
    if isinstance(left_value, Container):
        return _containers(run, op, left_value, right, node)
    if isinstance(left_value, TupleValue) and isinstance(right, TupleValue) and method == "add":
        return TupleValue((*left_value.items, *right.items), run.origin(node))
    return _typed(run, method, left_value, right, node)


def _json_binary(left_value: AbstractValue, right: AbstractValue, method: str) -> AbstractValue:
    """Return the result of an operator on the input, whose type the other operand decides."""
    second = right if isinstance(left_value, Json) else left_value
    kind = type_name(second)
    if isinstance(second, Json | Constant) or kind in _NUMBERS or kind == "builtins.str":
        return Typed("builtins.str") if kind == "builtins.str" and method == "add" else JSON
    return second if kind == "builtins.bytes" and method in ("add", "mul") else UNKNOWN


_OPERATIONS: dict[str, Callable[..., object]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "and": operator.and_,
    "or": operator.or_,
    "xor": operator.xor,
}


def _constants(
    run: AbstractInterpreter, op: Operator, left_value: Constant, right: Constant, node: ast.AST
) -> AbstractValue:
    """Return the result for two constants, computed where it is small."""
    texts = [value.value for value in (left_value, right) if isinstance(value.value, str | bytes)]
    is_small = not texts or (op.method == "add" and sum(map(len, texts)) < _MOST_TEXT)
    compute = _OPERATIONS.get(op.method) if is_small else None
    numbers = [abs(value.value) for value in (left_value, right) if isinstance(value.value, int | float)]
    if compute is not None and all(number < _LARGEST for number in numbers):
        try:
            return constant(compute(left_value.value, right.value))
        except TypeError:
            pass
        except ZeroDivisionError:
            message = "the division is by zero"
            raise run.fail(
                FailureKind.OPERATION, "ZeroDivisionError", node, message, "Check the divisor."
            ) from None
        except (ArithmeticError, ValueError):
            return UNKNOWN
    return _typed(run, op.method, left_value, right, node)


def _containers(
    run: AbstractInterpreter, op: Operator, left_value: Container, right: AbstractValue, node: ast.AST
) -> AbstractValue:
    """Return the result of an operator on a list, dict or set."""
    method, in_place = op
    content = run.content(left_value)
    if isinstance(content, Entries):
        if method == "or" and isinstance(right, Container) and "dict" in right.type.lower():
            merged_entries = merge(content, run.entries(right))
            if in_place:
                run.set_content(left_value, merged_entries)
                return left_value
            return run.new_container(left_value.type, merged_entries, node)
        return _typed(run, method, left_value, right, node)
    if method in ("add", "and", "or", "xor", "sub") or (method == "mul" and "list" in left_value.type):
        is_sequence = left_value.type in ("builtins.list", "collections.deque")
        if (method == "add") is not is_sequence and method != "mul":
            return _typed(run, method, left_value, right, node)
        combined_items = _combined(run, method, content, right, node)
        if in_place:
            run.set_content(left_value, combined_items)
            return left_value
        return run.new_container(left_value.type, combined_items, node)
    return UNKNOWN


def _combined(
    run: AbstractInterpreter, method: str, content: Items, right: AbstractValue, node: ast.AST
) -> Items:
    if method == "mul":
        return Items((), content.element(), certain=False)
    second: Items = run.operation("items of", right, node)
    if (
        method == "add"
        and content.other is None
        and second.other is None
        and not isinstance(right, Container)
    ):
        return Items((*content.items, *second.items))
    if method == "add" and content.other is None and second.other is None:
        return Items((*content.items, *second.items))
    elements = [content.element(), *([second.element()] if method in ("add", "or", "xor") else [])]
    present = [element for element in elements if element is not None]
    return Items((), join(present)) if present else Items()


def merge(first: Entries, second: Entries) -> Entries:
    """Return the content of a dict updated by another."""
    class_name = dict(first.known)
    if second.value is not None:
        class_name = {key: join([value, UNKNOWN]) for key, value in class_name.items()}
    for key, value in second.known.items():
        class_name[key] = value
    keys = [key for key in (first.key, second.key) if key is not None]
    values = [value for value in (first.value, second.value) if value is not None]
    return Entries(class_name, join(keys) if keys else None, join(values) if values else None)


def _typed(
    run: AbstractInterpreter, method: str, left_value: AbstractValue, right: AbstractValue, node: ast.AST
) -> AbstractValue:
    of_arrays = array_operator(left_value, right, compares=False)
    if of_arrays is not None:
        return of_arrays
    kinds = [type_name(left_value), type_name(right)]
    if None in kinds:
        return _union_type(left_value, right) if method == "or" else UNKNOWN
    for owner, name, second in ((left_value, f"__{method}__", right), (right, f"__r{method}__", left_value)):
        kind = described_type(owner)
        special = run.tables.functions.get(f"{kind}.{name}")
        if special is not None:
            return special(run, Arguments((owner, second)), node)  # type: ignore[no-any-return]  # a handler
        package_result: AbstractValue | None = run.operation(
            "measured", f"{kind}.{name}", Arguments((second,))
        )
        if package_result is not None:
            return package_result
        member = class_member(run, kind, name)
        if member is None:
            continue
        result = call_signatures(
            run, member.signatures, Arguments((second,)), run.operation("type variables", owner), owner
        )
        if result is not UNKNOWN:
            return result
    if _never_fit(method, left_value, right):
        raise _unsupported(run, method, left_value, right, node)
    return UNKNOWN


def _never_fit(method: str, left_value: AbstractValue, right: AbstractValue) -> bool:
    """Return whether two types are known not to support an operator."""
    pair = [described_type(left_value), described_type(right)]
    if method == "mod" and pair[0] in ("builtins.str", "builtins.bytes"):
        return False
    if is_none(left_value) or is_none(right):
        return all(kind.startswith(("builtins.", *_PATHS)) for kind in pair)
    text = [kind in ("builtins.str", "builtins.bytes", "builtins.list", "builtins.dict") for kind in pair]
    if method == "add" and all(
        kind in (*_PATHS, *_NUMBERS, "builtins.str", "builtins.bytes", "builtins.list", "builtins.dict")
        for kind in pair
    ):
        return (any(text) or any(kind in _PATHS for kind in pair)) and (
            pair[0] != pair[1] or pair[0] in (*_PATHS, "builtins.dict")
        )
    return False


def _unsupported(
    run: AbstractInterpreter, method: str, left_value: AbstractValue, right: AbstractValue, node: ast.AST
) -> Exception:
    label = [
        described_type(value).rpartition(".")[2].replace("NoneType", "None") for value in (left_value, right)
    ]
    message = f"`{label[0]} {_SYMBOLS.get(method, method)} {label[1]}` is not supported"
    help_text = "Convert one of the two."
    if any(described_type(value) in _PATHS for value in (left_value, right)):
        help_text = 'Join paths with `/`: `path / "name"`.'
    return run.fail(FailureKind.OPERATION, "TypeError", node, message, help_text)


def _union_type(left_value: AbstractValue, right: AbstractValue) -> AbstractValue:
    kinds = (LibraryObject, ClassObject)
    return (
        LibraryObject("typing.Union")
        if isinstance(left_value, kinds) or isinstance(right, kinds)
        else UNKNOWN
    )


def _unary(run: AbstractInterpreter, node: ast.UnaryOp) -> AbstractValue:
    value = run.evaluate(node.operand)
    if isinstance(node.op, ast.Not):
        outcome = truth(run, value)
        return Typed("builtins.bool") if outcome is None else constant(not outcome)
    if isinstance(value, Json):
        return JSON
    if isinstance(value, Constant) and isinstance(value.value, int | float):
        if isinstance(node.op, ast.USub):
            return constant(-value.value)
        return constant(+value.value) if isinstance(node.op, ast.UAdd) else Typed("builtins.int")
    name = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__"}[type(node.op)]
    kind = type_name(value)
    if kind is None:
        return UNKNOWN
    package_result = run.operation("measured", f"{kind}.{name}", Arguments())
    if package_result is not None:
        return package_result  # type: ignore[no-any-return]  # an operation returns Any
    member = class_member(run, kind, name)
    return call_signatures(run, member.signatures, Arguments(), {}, value) if member else UNKNOWN


def _compare(run: AbstractInterpreter, node: ast.Compare) -> AbstractValue:
    left_value = run.evaluate(node.left)
    results: list[AbstractValue] = []
    for op, comparator in zip(node.ops, node.comparators, strict=True):
        right = run.evaluate(comparator)
        results.append(_compared(run, op, left_value, right, node))
        left_value = right
    if len(results) == 1:
        return results[0]
    outcomes = [truth(run, result) for result in results]
    if False in outcomes:
        return constant(value=False)
    return constant(value=True) if all(outcomes) else join(results)


def _compared(
    run: AbstractInterpreter, op: ast.cmpop, left_value: AbstractValue, right: AbstractValue, node: ast.AST
) -> AbstractValue:
    run.operation("compared", left_value, right, node)
    if isinstance(op, ast.Is | ast.IsNot):
        outcome = _is_same(left_value, right)
        return Typed("builtins.bool") if outcome is None else constant(outcome is isinstance(op, ast.Is))
    if isinstance(op, ast.In | ast.NotIn):
        outcome = contains(run, right, left_value)
        return Typed("builtins.bool") if outcome is None else constant(outcome is isinstance(op, ast.In))
    if isinstance(left_value, Union) or isinstance(right, Union):
        return run.each(
            left_value,
            lambda item: run.each(right, lambda second: _compared_values(run, op, item, second, node)),
        )
    return _compared_values(run, op, left_value, right, node)


def _compared_values(
    run: AbstractInterpreter, op: ast.cmpop, left_value: AbstractValue, right: AbstractValue, node: ast.AST
) -> AbstractValue:
    if isinstance(left_value, Constant) and isinstance(right, Constant):
        try:
            return constant(bool(_CONSTANT_COMPARISONS[type(op)](left_value.value, right.value)))
        except TypeError:
            return UNKNOWN
    if isinstance(op, ast.Eq | ast.NotEq):
        if isinstance(left_value, Instance) and left_value.cls.kind == "enum" and left_value == right:
            return constant(isinstance(op, ast.Eq)) if run.entries(left_value).known.get("name") else UNKNOWN
        if (is_none(left_value) and isinstance(right, Container | Typed)) or (
            is_none(right) and isinstance(left_value, Container)
        ):
            return constant(isinstance(op, ast.NotEq)) if not _is_array(left_value, right) else UNKNOWN
    if isinstance(left_value, Typed) and left_value.name == "sys._version_info":
        return _version_comparison(run, op, right)
    if not isinstance(op, ast.Eq | ast.NotEq) and (_is_coroutine(left_value) or _is_coroutine(right)):
        message = "a coroutine cannot be compared"
        raise run.fail(FailureKind.OPERATION, "TypeError", node, message, "Write `await` before the call.")
    of_arrays = array_operator(left_value, right, compares=True)
    if of_arrays is not None:
        return of_arrays
    return _plain_comparison(left_value, right, node)


def _version_comparison(run: AbstractInterpreter, op: ast.cmpop, right: AbstractValue) -> AbstractValue:
    """Return the result of comparing the version of Python with a tuple of up to two numbers."""
    items = right.items if isinstance(right, TupleValue) else ()
    numbers = tuple(item.value for item in items if isinstance(item, Constant))
    if not numbers or len(numbers) != len(items) or len(numbers) > len(run.version):
        return Typed("builtins.bool")
    # The version is longer than the tuple, so that it is greater where the numbers are equal.
    return constant(bool(_CONSTANT_COMPARISONS[type(op)]((*run.version, 0), numbers)))


def _is_coroutine(value: AbstractValue) -> bool:
    is_pending = isinstance(value, Pending) and value.kind == "coroutine"
    return is_pending or (isinstance(value, Typed) and value.name == "types.CoroutineType")


def _is_array(*values: AbstractValue) -> bool:
    return any((type_name(value) or "").startswith(("numpy.", "pandas.", "torch.")) for value in values)


def _plain_comparison(left_value: AbstractValue, right: AbstractValue, node: ast.AST) -> AbstractValue:
    kinds = [type_name(left_value), type_name(right)]
    plain = [
        isinstance(value, Json) or (kind or "").startswith("builtins.")
        for value, kind in zip((left_value, right), kinds, strict=True)
    ]
    return Typed("builtins.bool") if all(plain) else UNKNOWN


def _is_same(left_value: AbstractValue, right: AbstractValue) -> bool | None:
    """Return whether `left is right`; None if that is not known."""
    for item, second in ((left_value, right), (right, left_value)):
        if is_none(item):
            if is_none(second):
                return True
            if isinstance(second, Union):
                return None
            class_name = isinstance(
                second, Typed | Container | Instance | TupleValue | Constant | ClassObject
            )
            callables = type(second).__name__ in (
                "FunctionObject",
                "BoundMethod",
                "ModuleObject",
                "Pending",
                "Partial",
            )
            return False if class_name or callables else None
        if isinstance(item, Constant) and isinstance(second, Constant) and isinstance(item.value, bool):
            return item.value is second.value
    if isinstance(left_value, Instance | ClassObject) and left_value == right:
        return True
    return None


def contains(run: AbstractInterpreter, owner: AbstractValue, key: AbstractValue) -> bool | None:
    """Return whether a container has a key or an element; None if that is not known."""
    if isinstance(owner, Container) and isinstance(key, Constant):
        content = run.content(owner)
        if isinstance(content, Entries):
            value = content.known.get(key.value)
            if value is not None and UNBOUND not in members(value):
                return True
            return False if value is None and content.value is None else None
        return _among(list(content.items), key) if content.other is None else None
    if isinstance(owner, TupleValue) and isinstance(key, Constant):
        return _among(list(owner.items), key)
    if isinstance(owner, Constant) and isinstance(key, Constant):
        texts = isinstance(owner.value, str) and isinstance(key.value, str)
        return key.value in owner.value if texts else None  # type: ignore[operator]  # both are strings
    return None


def _among(items: list[AbstractValue], key: Constant) -> bool | None:
    if not all(isinstance(item, Constant) for item in items):
        return None
    return any(item.value == key.value for item in items if isinstance(item, Constant))


OPERATORS: dict[type, Handler] = {
    ast.BinOp: _binary_node,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
}

"""Functions that always create an array, a tensor or an image, and comparisons of NumPy scalars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.static.values.values import UNKNOWN, AbstractValue, Arguments, Typed, type_name

if TYPE_CHECKING:
    import ast

    from truss_cli.static.interpreter.interpreter import AbstractInterpreter, Handler

_ARRAY = "numpy.ndarray"
_CREATING = """
arange array asarray ascontiguousarray atleast_1d atleast_2d concatenate empty empty_like eye frombuffer full
full_like hstack identity linspace logspace ones ones_like stack tile vstack zeros zeros_like
"""
_NUMBERS = ("builtins.int", "builtins.float", "builtins.bool")


_INDEXES = ["argsort", "argpartition", "flatnonzero", "searchsorted", "digitize"]
"""Functions that return positions."""
_FRAMES = ("concat", "merge", "read_csv", "read_excel", "read_json", "read_parquet", "DataFrame")
_PARTIAL_READS = ("chunksize", "iterator")


def _indexes(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del arguments
    return Typed(_ARRAY, (Typed("numpy.int64"),), run.origin(node))


def _item(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    """Return an item of an array whose elements are known, or a part of any array."""
    array, key = arguments.positional
    if isinstance(key, Typed) and key.name == "builtins.slice":
        return array
    is_position = type_name(key) == "builtins.int" and isinstance(array, Typed) and bool(array.arguments)
    return array.arguments[0] if is_position and isinstance(array, Typed) else UNKNOWN


def _frame(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    if any(name in _PARTIAL_READS for name, _ in arguments.keywords):
        return UNKNOWN
    return Typed("pandas.DataFrame", (), run.origin(node))


def array_operator(first: AbstractValue, second: AbstractValue, *, compares: bool) -> AbstractValue | None:
    """Return the result of an operator on arrays, series or NumPy scalars; None for other values."""
    kinds = [type_name(first) or "", type_name(second) or ""]
    for kind in ("pandas.DataFrame", "pandas.Series", _ARRAY):
        if kind in kinds:
            return Typed(kind)
    scalars = [kind.startswith("numpy.") for kind in kinds]
    if any(scalars) and all(scalar or kind in _NUMBERS for scalar, kind in zip(scalars, kinds, strict=True)):
        return Typed("numpy.bool_" if compares else "numpy.generic")
    return None


def _array(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del arguments
    return Typed(_ARRAY, (), run.origin(node))


def _instance(kind: str) -> Handler:
    def create(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
        del arguments
        return Typed(kind, (), run.origin(node))

    return create


ARRAYS: dict[str, Handler] = {
    **{f"PIL.Image.{name}": _instance("PIL.Image.Image") for name in ("fromarray", "new", "open")},
    **{
        f"torch.{name}": _instance("torch.Tensor")
        for name in ("arange", "from_numpy", "full", "ones", "rand", "randn", "stack", "tensor", "zeros")
    },
    **{f"numpy.{name}": _array for name in _CREATING.split()},
    "numpy.datetime64": _instance("numpy.datetime64"),
    "numpy.timedelta64": _instance("numpy.timedelta64"),
    "numpy.ndarray.tobytes": _instance("builtins.bytes"),
    **{f"numpy.{name}": _indexes for name in _INDEXES},
    **{f"numpy.ndarray.{name}": _indexes for name in ("argsort", "argpartition", "searchsorted")},
    **{f"pandas.{name}": _frame for name in _FRAMES},
    "pandas.Series": _instance("pandas.Series"),
    "numpy.ndarray.__getitem__": _item,
    "numpy.ndarray.reshape": _array,
}

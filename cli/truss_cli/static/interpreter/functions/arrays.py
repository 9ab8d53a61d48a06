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
_COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")


def _array(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    del arguments
    return Typed(_ARRAY, (), run.origin(node))


def _scalar_comparison(run: AbstractInterpreter, arguments: Arguments, node: ast.AST) -> AbstractValue:
    """Return the result of comparing a NumPy scalar with a number."""
    second = type_name(arguments.positional[-1]) or ""
    is_scalar = second in _NUMBERS or (second.startswith("numpy.") and second != _ARRAY)
    return Typed("numpy.bool_", (), run.origin(node)) if is_scalar else UNKNOWN


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
    **{
        f"numpy.{kind}.{name}": _scalar_comparison
        for kind in ("generic", "floating", "integer", "float64", "float32", "int64", "int32")
        for name in _COMPARISONS
    },
}

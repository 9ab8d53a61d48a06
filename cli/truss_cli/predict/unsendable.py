"""Where in a result the value is that cannot be sent, and what to write instead."""

import math
import re
from collections.abc import Callable, Iterator

from truss_cli.errors import ExitCode, TrussError

_DEEPEST = 900
_IDENTIFIER = re.compile(r"[^\W\d]\w*")

_FIXES = {
    "set": "Return a list: `sorted(value)` or `list(value)`.",
    "frozenset": "Return a list: `sorted(value)` or `list(value)`.",
    "bytes": "Return a string: `value.decode()`, or `base64.b64encode(value).decode()`.",
    "bytearray": "Return a string: `base64.b64encode(value).decode()`.",
    "datetime": "Return a string: `value.isoformat()`.",
    "date": "Return a string: `value.isoformat()`.",
    "time": "Return a string: `value.isoformat()`.",
    "timedelta": "Return a number: `value.total_seconds()`.",
    "Decimal": "Return `float(value)` or `str(value)`.",
    "UUID": "Return `str(value)`.",
    "complex": "Return `[value.real, value.imag]`.",
    "bool": "Return `bool(value)`.",
    "bool_": "Return `bool(value)`.",
    "datetime64": "Return `str(value)`.",
    "coroutine": "Await it: `return await f()` in an `async def`.",
    "generator": "Return `list(value)`, or return the generator itself to stream.",
    "async_generator": "Return the generator itself to stream.",
    "Tensor": "Return `value.tolist()`.",
    "DataFrame": 'Return `value.to_dict(orient="records")`.',
    "Series": "Return `value.tolist()`.",
    "deque": "Return `list(value)`.",
    "mappingproxy": "Return `dict(value)`.",
    "UserDict": "Return `dict(value)`.",
}


def unsendable(result: object, plain_of: Callable[[object], object]) -> TrussError | None:
    """Give the error for the first value, in order, that JSON cannot hold; None if there is none.

    `plain_of` gives what is sent in place of a value that is not JSON's own, or raises TypeError.
    """
    for path, problem, fix in _Search(plain_of).problems(result, "$"):
        return TrussError(f"the result cannot be sent: {path}{problem}", hint=fix, exit_code=ExitCode.FAULT)
    return None


class _Search:
    """Walks a result; gives the path, the problem and the fix of each value that cannot be sent."""

    def __init__(self, plain_of: Callable[[object], object]) -> None:
        self._plain_of = plain_of
        self._within: list[object] = []

    def problems(self, value: object, path: str) -> Iterator[tuple[str, str, str]]:
        if value is None or isinstance(value, str | bool):
            return
        if isinstance(value, int | float):
            yield from _number_problems(value, path)
        elif any(value is outer for outer in self._within):
            yield path, " contains itself", "Return a structure without circles."
        elif len(self._within) > _DEEPEST:
            yield path, " is nested too deeply", "Return a flatter structure."
        else:
            self._within.append(value)
            yield from self._inner_problems(value, path)
            self._within.pop()

    def _inner_problems(self, value: object, path: str) -> Iterator[tuple[str, str, str]]:
        if isinstance(value, dict):
            for key, item in value.items():
                if key is not None and not isinstance(key, str | int | float):
                    problem = f" has a key of type {type(key).__name__}: {_shortened(key)}"
                    yield path, problem, "Keys must be strings: `str(key)`."
                yield from self.problems(item, path + _step(key))
        elif isinstance(value, list | tuple):
            for index, item in enumerate(value):
                yield from self.problems(item, f"{path}[{index}]")
        else:
            try:
                plain = self._plain_of(value)
            except TypeError:
                yield path, f": {type(value).__name__} is not JSON serializable", _fix(value)
            else:
                yield from self.problems(plain, path)


def _number_problems(value: float, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, int):
        try:
            int.__repr__(value)
        except ValueError:
            yield path, " is an integer with too many digits", "Return it as a string or a float."
    elif not math.isfinite(value):
        name = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        yield path, f" is {name}, which JSON does not have", "Return None or a finite number instead."


def _step(key: object) -> str:
    return f".{key}" if isinstance(key, str) and _IDENTIFIER.fullmatch(key) else f"[{_shortened(key)}]"


def _shortened(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - one line's worth


def _fix(value: object) -> str:
    """Give what to write instead of a value, by the name of its class or what it offers."""
    if hasattr(value, "model_dump"):
        return "Return `value.model_dump()`; only a result that is itself a Pydantic object is dumped."
    if hasattr(value, "__dataclass_fields__"):
        return "Return `dataclasses.asdict(value)`."
    names = [cls.__name__ for cls in type(value).__mro__]
    if "Enum" in names:
        return "Return `value.value`."
    if "PurePath" in names:
        return "Return `str(value)`."
    known = (_FIXES[name] for name in names if name in _FIXES)
    return next(known, "Return dicts, lists, strings, numbers, booleans and None.")

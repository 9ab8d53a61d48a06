"""Which types a result may have: what the server's JSON encoder refuses, and what to give instead.

Measured: NumPy integers, floats and arrays, and a Pydantic object as the whole
result, are encoded besides JSON's own types; everything else is HTTP 500.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from truss_cli.contract.terms import PYDANTIC_MODEL

if TYPE_CHECKING:
    from truss_cli.contract.shape import Type

_TEXT = "Convert it with `str(...)`."
_LIST = "Convert it with `list(...)`."
_ISO = "Convert it with `.isoformat()`."
_BASE64 = "Encode it as text: `base64.b64encode(...).decode()`."
_TOLIST = "Convert it with `.tolist()`."

UNSENDABLE = {
    "asyncio.Future": "Await it, and return what that gives.",
    "builtins.BaseException": _TEXT,
    "builtins.bytearray": _BASE64,
    "builtins.bytes": _BASE64,
    "builtins.complex": "Return its real and imaginary parts as a list.",
    "builtins.enumerate": _LIST,
    "builtins.filter": _LIST,
    "builtins.frozenset": _LIST,
    "builtins.map": _LIST,
    "builtins.memoryview": _BASE64,
    "builtins.range": _LIST,
    "builtins.reversed": _LIST,
    "builtins.set": _LIST,
    "builtins.zip": _LIST,
    "collections.abc.ItemsView": _LIST,
    "collections.abc.KeysView": _LIST,
    "collections.abc.ValuesView": _LIST,
    "collections.deque": _LIST,
    "concurrent.futures.Future": "Return its `.result()`.",
    "datetime.date": _ISO,
    "datetime.time": _ISO,
    "datetime.timedelta": "Convert it with `.total_seconds()`.",
    "decimal.Decimal": "Convert it with `float(...)` or `str(...)`.",
    "enum.Enum": "Return its `.value`, or derive the enumeration from `str` as well.",
    "fractions.Fraction": "Convert it with `float(...)`.",
    "io.BytesIO": _BASE64,
    "io.StringIO": "Give its `.getvalue()`.",
    "numpy.bool_": "Convert it with `bool(...)`.",
    "pandas.DataFrame": 'Convert it with `.to_dict(orient="records")`.',
    "pandas.Series": _TOLIST,
    "pathlib.Path": _TEXT,
    "PIL.Image.Image": "Save it to a `BytesIO`, and encode that as text with `base64`.",
    "torch.Tensor": _TOLIST,
    "array.array": _TOLIST,
    "collections.ChainMap": "Convert it with `dict(...)`.",
    "collections.UserDict": "Convert it with `dict(...)`.",
    "collections.UserList": _LIST,
    "ipaddress.IPv4Address": _TEXT,
    "ipaddress.IPv6Address": _TEXT,
    "numpy.complex128": "Return its real and imaginary parts as a list.",
    "numpy.complex64": "Return its real and imaginary parts as a list.",
    "numpy.datetime64": _TEXT,
    "numpy.timedelta64": _TEXT,
    "pathlib.PurePath": _TEXT,
    "re.Match": "Give its `.group()`.",
    "re.Pattern": "Give its `.pattern`.",
    "starlette.datastructures.Headers": "Convert it with `dict(...)`.",
    "starlette.datastructures.QueryParams": "Convert it with `dict(...)`.",
    "starlette.datastructures.State": "Return the values that it holds.",
    "starlette.datastructures.URL": _TEXT,
    "starlette.responses.Response": "Return the response alone.",
    "types.MappingProxyType": "Convert it with `dict(...)`.",
    "types.SimpleNamespace": "Convert it with `vars(...)`.",
    "types.AsyncGeneratorType": "Collect it in a list, or return it whole to stream.",
    "types.CoroutineType": "Write `await` before the call.",
    "types.FunctionType": "Call it, and return the result.",
    "types.GeneratorType": "Convert it with `list(...)`, or return it whole to stream.",
    "uuid.UUID": _TEXT,
}
"""Classes of which no instance can be sent as JSON, each with how to fix it."""

_JSON_CLASSES = (
    "builtins.str",
    "builtins.int",
    "builtins.float",
    "builtins.dict",
    "builtins.list",
    "builtins.tuple",
    "numpy.ndarray",
)
"""An instance of a class derived from one of these can be sent, whatever else it derives from."""

_SENT_WHOLE = (
    PYDANTIC_MODEL,
    "starlette.responses.Response",
    "types.AsyncGeneratorType",
    "types.GeneratorType",
)
STREAM_TYPES = frozenset(
    f"{module}.{name}"
    for module in ("typing", "collections.abc")
    for name in ("Generator", "AsyncGenerator", "Iterator", "AsyncIterator", "Iterable", "AsyncIterable")
)
"""Annotations of what a generator gives."""
CHUNK_TYPES = ("builtins.str", "builtins.bytes", "builtins.memoryview")
"""What a stream may yield; it is sent as it is."""

INSIDE_HELP = "Convert it with `.model_dump()`; only a whole result is converted."
DATACLASS_HELP = "Convert it with `dataclasses.asdict(...)`."
KEY_HELP = "Use a string as the key: `str(key)`."


_CONVERSION = re.compile(r"Convert it with `([\w.]+\()\.\.\.\)`[^`]*|Convert it with `(\.[^`]+)`[^`]*")


def conversion(help_text: str) -> tuple[str, str] | None:
    """Return what to write before and after a value as the help says; None if that names no one way."""
    said = _CONVERSION.fullmatch(help_text)
    if said is None:
        return None
    return (said[1], ")") if said[1] else ("", said[2])


def refusal(result: Type, *, whole: bool) -> str | None:
    """Return how to fix a type that can certainly not be sent, whole or as a part; None if it can be sent."""
    if result.is_a(*_JSON_CLASSES) or (whole and result.is_a(*_SENT_WHOLE)):
        return None
    if result.is_a(PYDANTIC_MODEL):
        return INSIDE_HELP
    for name in (result.name, *sorted(result.ancestors)):
        if name in UNSENDABLE:
            return UNSENDABLE[name]
    return None

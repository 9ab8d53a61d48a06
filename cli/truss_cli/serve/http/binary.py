"""MessagePack with the extensions of the deployed server: dates, decimals, UUIDs and NumPy arrays.

An extension is a mapping with a marker as its key, in bytes. Arrays are written
as the package msgpack-numpy writes them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

_DATA = b"data"
_MAX_EMPTY_ITEMS = 2**20
"""Items of an array whose items have no bytes, so that a short request can claim any number of them."""
_Decode = Callable[[Any], object]  # Any: what a client sent

_DECODERS: Mapping[bytes, _Decode] = {
    b"__dt_datetime_iso__": datetime.fromisoformat,
    b"__dt_date_iso__": date.fromisoformat,
    b"__dt_time_iso__": time.fromisoformat,
    b"__dt_timedelta__": lambda parts: _timedelta(*parts),
    b"__decimal__": Decimal,
    b"__uuid__": UUID,
}


def pack(value: object) -> bytes:
    """Return a value as MessagePack; raise what the encoder raises for what cannot be sent."""
    import msgpack  # type: ignore[import-untyped]  # noqa: PLC0415 - for binary requests alone; it has no stubs

    packed: bytes = msgpack.packb(value, default=_encode)
    return packed


def unpack(data: bytes) -> object:
    """Return the value in MessagePack; ValueError, or another exception, for what is none."""
    import msgpack  # noqa: PLC0415 - for binary requests alone

    return msgpack.unpackb(data, object_hook=_decode)


def _encode(value: object) -> object:
    for kind, marker, data in _ENCODERS:
        if isinstance(value, kind):
            return _marked(marker, data(value))
    return _encode_numpy(value)


def _datetime_text(value: datetime) -> str:
    text = value.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def _time_text(value: time) -> str:
    if value.utcoffset() is not None:
        raise ValueError("Cannot represent timezone-aware times.")
    return value.isoformat()


_ENCODERS: tuple[tuple[type, bytes, Callable[[Any], object]], ...] = (  # Any: a value of the type
    (datetime, b"__dt_datetime_iso__", _datetime_text),
    (date, b"__dt_date_iso__", date.isoformat),
    (time, b"__dt_time_iso__", _time_text),
    (timedelta, b"__dt_timedelta__", lambda value: (value.days, value.seconds, value.microseconds)),
    (Decimal, b"__decimal__", str),
    (UUID, b"__uuid__", str),
    (complex, b"complex", repr),
)
"""In the order in which a value is tried: a datetime is also a date."""


def _marked(marker: bytes, data: object) -> dict[bytes, object]:
    return {marker: True, _DATA: data}


def _encode_numpy(value: object) -> object:
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return value
    if isinstance(value, numpy.ndarray):
        structured = value.dtype.kind == "V"
        if value.dtype.hasobject:  # its bytes are pointers
            raise TypeError("can not serialize an array of objects")
        kind = b"V" if structured else b""
        layout = value.dtype.descr if structured else value.dtype.str
        return {b"nd": True, b"type": layout, b"kind": kind, b"shape": value.shape, _DATA: value.tobytes()}
    if isinstance(value, (numpy.bool_, numpy.number)):
        return {b"nd": False, b"type": value.dtype.str, _DATA: value.tobytes()}
    return value


def _decode(value: dict[Any, Any]) -> object:  # Any: what a client sent
    if value.get(b"nd") is True and value.get(b"kind") == b"O":
        raise ValueError("unsupported payload")  # it would be unpickled, which runs code
    for marker, decode in _DECODERS.items():
        if marker in value:
            return decode(value[_DATA]) if _DATA in value else value
    if b"complex" in value:
        return complex(_text(value[_DATA]))
    if b"nd" in value:
        return _decode_numpy(value)
    return value


def _decode_numpy(value: dict[Any, Any]) -> object:  # Any: what a client sent
    try:
        layout, data = value[b"type"], value[_DATA]
        shape = value[b"shape"] if value[b"nd"] is True else ()
    except KeyError:
        return value
    import numpy as np  # noqa: PLC0415 - not a dependency; the client sends arrays, so the model takes them

    if isinstance(layout, list):
        dtype = np.dtype([tuple(map(_text_or_list, field)) for field in layout])
    else:
        dtype = np.dtype(_text(layout))
    if dtype.hasobject:
        raise ValueError("unsupported payload")  # its bytes would be used as pointers
    if not isinstance(data, bytes):  # without a buffer the array would show memory of this process
        raise TypeError(f"a bytes-like object is required, not {type(data).__name__!r}")
    if value[b"nd"] is not True:
        return np.frombuffer(data, dtype=dtype)[0]
    array = np.ndarray(buffer=data, dtype=dtype, shape=shape)
    if not dtype.itemsize and array.size > _MAX_EMPTY_ITEMS:
        raise ValueError("array is too big")
    return array


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _text_or_list(value: Any) -> Any:  # noqa: ANN401 - a part of a field's description
    return value if isinstance(value, (list, int)) else _text(value)


def _timedelta(days: float, seconds: float, microseconds: float) -> timedelta:
    return timedelta(days=days, seconds=seconds, microseconds=microseconds)

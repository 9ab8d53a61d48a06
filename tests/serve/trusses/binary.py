"""MessagePack, with dates, numbers and NumPy arrays."""

import msgpack  # type: ignore[import-untyped]  # it has no stubs

from serve.trusses.served_truss import BINARY, Ask, ServedTruss, packed


def _array(kind_of_item: object, shape: list[int], data: bytes, kind: bytes = b"") -> dict[bytes, object]:
    """Return an array as msgpack-numpy writes it."""
    return {b"nd": True, b"type": kind_of_item, b"kind": kind, b"shape": shape, b"data": data}


MSGPACK = ServedTruss(
    "msgpack",
    """
    import datetime, decimal, uuid
    import numpy as np

    RESULTS = {
        "plain": lambda: {"a": [1, 2.5, None, True, "x", b"raw"]},
        "array": lambda: np.arange(6, dtype=np.int32).reshape(2, 3),
        "floats": lambda: {"x": np.array([0.5, float("nan")])},
        "scalar": lambda: [np.float32(1.5), np.int64(7), np.bool_(True)],
        "structured": lambda: np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
        "texts": lambda: np.array(["a", "bc"]),
        "zero_d": lambda: np.array(5),
        "fortran": lambda: np.asfortranarray(np.arange(4).reshape(2, 2)),
        "strided": lambda: np.arange(10)[::3],
        "complex": lambda: 1 + 2j,
        "datetime": lambda: datetime.datetime(2020, 1, 2, 3, 4, 5, 6),
        "aware": lambda: datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc),
        "date": lambda: datetime.date(2020, 1, 2),
        "time": lambda: datetime.time(1, 2, 3),
        "aware_time": lambda: datetime.time(1, tzinfo=datetime.timezone.utc),
        "delta": lambda: datetime.timedelta(days=1, seconds=2, microseconds=3),
        "decimal": lambda: decimal.Decimal("1.50"),
        "uuid": lambda: uuid.UUID(int=5),
        "bytes": lambda: b"as it is",
        "set": lambda: {1},
        "tuple": lambda: (1, 2),
        "big": lambda: 2 ** 70,
        "none": lambda: None,
    }

    class Model:
        def predict(self, model_input):
            if isinstance(model_input, str):
                return RESULTS[model_input]()
            return f"{type(model_input).__name__}: {model_input}"
    """,
    [
        *(
            Ask(body=bytes([0xA0 + len(name)]) + name.encode(), headers=BINARY)
            for name in [
                "plain",
                "array",
                "floats",
                "scalar",
                "structured",
                "texts",
                "zero_d",
                "fortran",
                "strided",
                "complex",
                "datetime",
                "aware",
                "date",
                "time",
                "aware_time",
                "delta",
                "decimal",
                "uuid",
                "bytes",
                "set",
                "tuple",
                "big",
                "none",
                "missing",
            ]
        ),
        *(
            Ask(body=body, headers=BINARY)
            for body in (
                b"",
                b"\xc1",  # a byte that msgpack never uses
                b"\x93\x01\x02",  # an array that ends early
                b"\x01\x02",  # two values
                *(
                    msgpack.packb(value)
                    for value in (
                        {"a": 1},
                        {b"nd": True},
                        {1: 2},
                        [{b"__dt_date_iso__": True, b"data": "2020-01-02"}],
                        {b"__dt_date_iso__": True, b"data": "bad"},
                        {b"__dt_date_iso__": True},
                        {b"__dt_date_iso__": True, b"data": 5},
                        {b"__dt_datetime_iso__": True, b"data": "2020-01-02T03:04:05Z"},
                        {b"__dt_time_iso__": True, b"data": "01:02:03"},
                        {b"__dt_time_iso__": True, b"data": "61:02:03"},
                        {b"__dt_timedelta__": True, b"data": [1, 2, 3]},
                        {b"__decimal__": True, b"data": "1.5"},
                        {b"__decimal__": True, b"data": "abc"},
                        {b"__uuid__": True, b"data": "00000000-0000-0000-0000-000000000005"},
                        {b"__uuid__": True, b"data": "no"},
                        _array("<i4", [2], bytes([1, 0, 0, 0, 2, 0, 0, 0])),
                        _array("<i4", [3], bytes(8)),
                        _array("<i4", [2], bytes(8), kind=b"O"),
                        _array([["a", "<i4"], ["b", "<f8"]], [1], bytes(12), kind=b"V"),
                        _array("nonsense", [1], bytes(8)),
                        {"x": [_array("<f8", [1, 1], bytes(8))]},
                        {b"nd": False, b"type": "<f4", b"data": b"\x00\x00\xc0\x3f"},
                        {b"complex": True, b"data": "(1+2j)"},
                        {b"complex": True, b"data": "one"},
                    )
                ),
            )
        ),
        Ask(body=packed("gaFhAQ=="), headers={"content-type": "APPLICATION/Octet-Stream; x=1"}),
        Ask(path="/v1/models/model:predict_binary", body='{"a": 1}'),
        Ask(path="/invocations", body=packed("gaFhAQ=="), headers=BINARY),
    ],
)

"""MessagePack whose arrays could harm the process is refused, with the statuses of the deployed server."""

import msgpack  # type: ignore[import-untyped]  # it has no stubs
import numpy as np
import pytest

from truss_cli.serve.http.answer import AnswerError
from truss_cli.serve.http.binary import pack
from truss_cli.serve.http.body import parse_input

BAD_INPUT, UNEXPECTED = 400, 500


def status(value: object) -> int:
    """Return the status for a value as the body of a request."""
    try:
        parse_input(msgpack.packb(value), None, binary=True)
    except AnswerError as error:
        return error.answer.status
    return 200


def array(dtype: object, shape: object, data: object = bytes(64), kind: bytes = b"") -> dict[bytes, object]:
    return {b"nd": True, b"type": dtype, b"kind": kind, b"shape": shape, b"data": data}


@pytest.mark.parametrize(
    "dtype",
    [
        "O",
        "|O8",
        "object",
        "i4,O",
        "(2,)O",
        "T",  # strings of variable length, since NumPy 2
        [["a", "O"]],
        [["a", "<i4"], ["b", "O", [2]]],
        {"names": ["a"], "formats": ["O"]},
    ],
)
@pytest.mark.parametrize("shape", [[1], [0], []])
def test_pointers_are_refused(dtype: object, shape: list[int]) -> None:
    assert status(array(dtype, shape, b"\x01" * 64, b"V" if isinstance(dtype, list) else b"")) == BAD_INPUT
    assert status({b"nd": False, b"type": dtype, b"data": b"\x01" * 64}) == BAD_INPUT


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (array("<i4", [-1, -1]), BAD_INPUT),
        (array("<i4", [2**62]), BAD_INPUT),
        (array("<i4", [2**40, 2**40]), BAD_INPUT),
        (array("<i4", [1] * 65), BAD_INPUT),
        (array("(100000,100000)i4", [1]), BAD_INPUT),
        (array("V0", [2**40], b""), BAD_INPUT),
        (array("S0", [2**20, 2], b""), BAD_INPUT),
        (array([["a", "<i4", [-1]]], [1], kind=b"V"), BAD_INPUT),
        ({b"nd": False, b"type": "<i4", b"data": b"abc"}, BAD_INPUT),
        (array("<i4", [17]), UNEXPECTED),
        (array("<i4", [1.5]), UNEXPECTED),
        (array("<i4", [2], None), UNEXPECTED),  # memory that was not initialised
        (array("<i4", [1], "text"), UNEXPECTED),
        (array("(" * 500 + "i4", [1]), UNEXPECTED),
        (array("<i4", [2]), 200),
        (array("<U0", [2], b""), 200),
    ],
)
def test_impossible_arrays_are_refused(value: object, expected: int) -> None:
    assert status(value) == expected


def test_pointers_are_not_sent() -> None:
    with pytest.raises(TypeError, match="array of objects"):
        pack(np.array([("text",)], dtype=[("a", "O")]))

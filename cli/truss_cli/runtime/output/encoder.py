"""Results as JSON, as the server encodes them; what it cannot send is an error that says where."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from truss_cli.runtime.output.unsendable import unsendable

if TYPE_CHECKING:
    from collections.abc import Callable


def encode(result: object) -> bytes:
    """Return a result as JSON in one line of ASCII, without a line end; raise TrussError."""
    pydantic = sys.modules.get("pydantic")
    if pydantic is not None and isinstance(result, pydantic.BaseModel):
        own = type(result).json is not pydantic.BaseModel.json  # the server calls `json`
        dumped: str = result.json() if own else result.model_dump_json(by_alias=False)
        if "NaN" in dumped or "Infinity" in dumped:
            _require_finite(json.loads(dumped))
        return dumped.encode()
    try:
        return _dumps(result).encode()
    except (TypeError, ValueError, RecursionError) as error:
        found = unsendable(result, to_plain)
        if found is None and isinstance(error, ValueError):
            return json.dumps(result, default=to_plain).encode()  # a NaN that is a key, which becomes text
        raise (found or error) from None


def _require_finite(value: object) -> None:
    problem = unsendable(value, to_plain)
    if problem is not None:
        raise problem


def to_plain(value: object) -> object:
    """Return what the server puts in place of a NumPy value; raise TypeError for anything else."""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        if isinstance(value, numpy.integer):
            return int(value)
        if isinstance(value, numpy.floating):
            return float(value)
        if isinstance(value, numpy.ndarray):
            plain: object = value.tolist()
            return plain
    # The server's encoder asks that of json, which a model may have replaced.
    given: object = json.JSONEncoder.default(_JSON, value)
    return given


_JSON = json.JSONEncoder()


def _dumps_by(make_encoder: Callable[..., Any] | None) -> Callable[[object], str]:  # Any: private to json
    """Return what encodes as `json.dumps` does; with json's encoder in C made once, in half the time.

    Without a memory of what it is in, the encoder meets a circle as endless nesting.
    """
    python = json.JSONEncoder(allow_nan=False, check_circular=False, default=to_plain)
    if make_encoder is None:
        return python.encode
    text = json.encoder.encode_basestring_ascii
    chunks = make_encoder(None, to_plain, text, None, ": ", ", ", False, False, False)  # noqa: FBT003
    return lambda value: "".join(chunks(value, 0))


_dumps = _dumps_by(getattr(json.encoder, "c_make_encoder", None))

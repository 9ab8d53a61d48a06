"""Input that people write by hand instead of JSON: fields of the command line, and YAML."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

from truss_cli.errors import TrussError
from truss_cli.runtime.model.calling.input import HOW_TO_GIVE, read_body

YAML_SUFFIXES = (".yaml", ".yml")


def fields_as_json(fields: Sequence[str], most: int) -> bytes:
    """Return the JSON object of fields such as `name=Ada`, `top_k=3` and `image=@cat.png`; raise TrussError.

    A value that is JSON is taken as such, any other as text; one that starts with `@` is a
    file, which becomes base64, and `@@` stands for a leading `@`. A file has at most `most` bytes.
    """
    values: dict[str, object] = {}
    for field in fields:
        name, equals, text = field.partition("=")
        if not name or not equals:
            raise TrussError(f"the field {field!r} is not NAME=VALUE", hint="Write `-i name=value`.")
        if name in values:
            raise TrussError(
                f"the field {name!r} is given twice", hint=f"For a list, write `-i '{name}=[...]'`."
            )
        values[name] = _value(text, most)
    return json.dumps(values).encode()


def _value(text: str, most: int) -> object:
    if text.startswith("@@"):
        return text[1:]
    if text.startswith("@"):
        data, _ = read_body(None, Path(text[1:]), most)
        return base64.b64encode(data).decode()
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def yaml_as_json(body: bytes, origin: str) -> bytes:
    """Return the JSON of a YAML document; raise TrussError for what is not YAML, or not data of JSON."""
    import yaml  # noqa: PLC0415 - few inputs are YAML

    try:
        value = yaml.load(body, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
        return json.dumps(value, allow_nan=False).encode()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f": line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise TrussError(f"{origin} is not YAML{place}") from None
    except (TypeError, ValueError, RecursionError) as error:
        hint = "Quote dates and other values that JSON does not have."
        raise TrussError(f"{origin} is not data that JSON can hold: {error}", hint=hint) from None


def line_as_json(line: str, most: int) -> bytes:
    """Return the JSON of a line that is JSON, or else fields separated by spaces as in a shell."""
    import shlex  # noqa: PLC0415 - only for lines typed by hand

    if line.lstrip()[:1] in ("{", "[", '"') or "=" not in line:
        return line.encode()
    try:
        return fields_as_json(shlex.split(line), most)
    except ValueError as error:
        raise TrussError(f"the line cannot be split into fields: {error}", hint=HOW_TO_GIVE) from None

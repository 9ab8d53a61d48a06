"""What a truss was made from, kept in it so that a newer template can be merged later."""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from truss_cli import __version__
from truss_cli.errors import TrussError
from truss_cli.init.asking.interview import Choices
from truss_cli.init.files.plan import PlannedFile
from truss_cli.init.files.supporting import RECORD, SCHEMA
from truss_cli.init.files.target import Place
from truss_cli.init.paths import inside_path
from truss_cli.init.template.elsewhere import Origin
from truss_cli.init.template.question import LARGEST_NUMBER
from truss_cli.init.template.yaml_text import load_yaml

_HEADER = """\
# Written by `truss init`; `truss init --update` reads it to merge in what has changed in the template.
# Keep it under version control, and leave it as it is.
"""
_MOST_BYTES = 256 * 1024
"""Of a file that is kept as it was rendered; larger ones are taken as the truss has them."""
_MOST_UNPACKED = 64 * 1024 * 1024
_LINE = 100


class InitRecord(BaseModel):
    """The contents of answers.yaml."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    template: Annotated[str, Field(min_length=1)]
    commit: str = ""
    """Of a template that was fetched."""
    made_by: str = __version__
    answers: dict[str, str | bool | Annotated[int, Field(gt=-LARGEST_NUMBER, lt=LARGEST_NUMBER)]]
    with_tests: bool
    with_ci: bool
    rendered: str
    """The files as they were written: JSON of paths and base64, packed by zlib, in base64."""

    def files(self) -> dict[PurePosixPath, bytes]:
        """Return the files as the template gave them then; raise `TrussError` if they cannot be read."""
        try:
            unpacker = zlib.decompressobj()
            packed = base64.b64decode("".join(self.rendered.split()), validate=True)
            text = unpacker.decompress(packed, _MOST_UNPACKED)
            contents = json.loads(text).items()
            return {PurePosixPath(inside_path(path)): base64.b64decode(content) for path, content in contents}
        except (ValueError, zlib.error, AttributeError, TypeError, RecursionError) as error:
            raise TrussError(f"{RECORD}: `rendered` cannot be read: {error}") from error


def pack(files: Sequence[PlannedFile]) -> str:
    """Return the contents of `rendered` for files; the schema, which is always made anew, is left out."""
    contents = {
        file.path.as_posix(): base64.b64encode(file.content).decode("ascii")
        for file in files
        if file.path not in {SCHEMA, RECORD} and len(file.content) <= _MOST_BYTES
    }
    packed = base64.b64encode(zlib.compress(json.dumps(contents, sort_keys=True).encode(), 9)).decode("ascii")
    return "\n".join(packed[start : start + _LINE] for start in range(0, len(packed), _LINE)) + "\n"


def write(record: InitRecord) -> bytes:
    """Return answers.yaml."""
    values: Mapping[str, object] = record.model_dump()
    head = {key: value for key, value in values.items() if key != "rendered"}
    text = yaml.safe_dump(head, sort_keys=False, allow_unicode=True)
    lines = "".join(f"  {line}\n" for line in record.rendered.split())
    return f"{_HEADER}{text}rendered: |\n{lines}".encode()


def read(folder: Path) -> InitRecord:
    """Read answers.yaml of a truss; raise `TrussError` if there is none, or it is not one."""
    path = folder / RECORD
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        hint = "Only a truss that `truss init` has made can be updated."
        raise TrussError(f"{folder} has no {RECORD}", hint=hint) from None
    except (OSError, UnicodeDecodeError) as error:
        raise TrussError(f"{path} cannot be read: {error}") from error
    try:
        return InitRecord.model_validate(load_yaml(text, str(path)))
    except ValidationError as error:
        first = error.errors()[0]
        raise TrussError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def with_record(files: Sequence[PlannedFile], choices: Choices, origin: Origin) -> list[PlannedFile]:
    """Return the files of a truss, and the record of what they were made from."""
    record = InitRecord(
        template=origin.source,
        commit=origin.commit,
        answers=dict(choices.answers),
        with_tests=choices.with_tests,
        with_ci=choices.with_ci,
        rendered=pack(files),
    )
    place = Place(choices.target.folder, RECORD)
    return [*(file for file in files if file.path != RECORD), PlannedFile(place, write(record))]

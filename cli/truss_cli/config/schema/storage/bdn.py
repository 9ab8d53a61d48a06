"""`bdn`: volumes of the delivery network, and access to them."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from truss_cli.config.fields.section import RefusedValueError, Section, SectionFault, mapping

_PART = r"[^/:@\x00]+"
_SOURCE = rf"^bdn:({_PART})/({_PART})(?::({_PART})|@(?:b3:)?([0-9a-fA-F]+))?$"
_SOURCE_PATTERN = re.compile(_SOURCE[1:-1])
_DIGEST_LENGTHS = range(12, 65)


def _source(text: str) -> str:
    match = _SOURCE_PATTERN.fullmatch(text)
    advice = "Write it as bdn:namespace/volume, with :tag or @digest if one is meant."
    if not match or ".." in match.groups():
        raise RefusedValueError(f"`{text}` is not a volume", advice)
    digest = match.group(4)
    if digest is not None and len(digest) not in _DIGEST_LENGTHS:
        raise RefusedValueError(
            f"a digest of {len(digest)} characters", "Give 12 to 64 hexadecimal characters."
        )
    return text


def _mount(path: str) -> str:
    if not path.startswith("/"):
        raise RefusedValueError(
            f"`{path}` is not an absolute path", f"Start it with a slash: `/{path.strip()}`."
        )
    if "\0" in path:
        raise RefusedValueError("the path has a null character", "Remove it.")
    if ".." in path.split("/"):
        raise RefusedValueError(f"`{path}` leads upwards", "Write the path without `..`.")
    if str(PurePosixPath(path)) == "/":
        raise RefusedValueError(
            "a volume cannot be mounted at the root", "Mount it in a folder such as /models."
        )
    return str(PurePosixPath(path))


def _glob(text: str) -> str:
    parts = text.removesuffix("/").split("/")
    if text != text.strip() or "\\" in text or "\0" in text or {"", ".", ".."} & set(parts):
        advice = "Write a path inside the volume without `.`, `..` and backslashes, such as *.safetensors."
        raise RefusedValueError(f"`{text}` is not a relative glob", advice)
    return text


def _namespace(name: str) -> str:
    if "/" in name or "\0" in name or name == "..":
        raise RefusedValueError(f"`{name}` is not a namespace", "Write the name alone, without a slash.")
    return name


def _unique(grants: list[str]) -> list[str]:
    if len(set(grants)) < len(grants):
        raise RefusedValueError("a grant is listed twice", "List each once.")
    return grants


_GLOB = r"^(?!\s)(?!/)(?!.*//)(?!(.*/)?\.{1,2}(/|$))[^\\\0]*[^\\\0\s]$"
_NAMESPACE = r"^(?!\.\.$)[^/\0]+$"
_Glob = Annotated[str, AfterValidator(_glob), Field(min_length=1, json_schema_extra={"pattern": _GLOB})]


class VolumeMount(Section):
    """One volume and where it is mounted."""

    source: Annotated[
        str,
        AfterValidator(_source),
        Field(
            min_length=1, description="Volume: bdn:namespace/volume.", json_schema_extra={"pattern": _SOURCE}
        ),
    ]
    path: Annotated[
        str,
        AfterValidator(_mount),
        Field(min_length=1, description="Absolute path of the mount.", json_schema_extra={"pattern": "^/."}),
    ]
    include: Annotated[list[_Glob], Field(description="Globs of the files to mount.")] = []
    exclude: Annotated[list[_Glob], Field(description="Globs of files to leave out.")] = []

    @classmethod
    def clashes(cls, items: Sequence[object]) -> Iterator[SectionFault]:
        """Find volumes that are mounted at the same place."""
        first: dict[str, int] = {}
        for index, item in enumerate(items):
            path = mapping(item).get("path")
            if not isinstance(path, str):
                continue
            place = str(PurePosixPath(path))
            if first.setdefault(place, index) != index:
                related = (((first[place], "path"), "first mounted here"),)
                message = f"`{place}` is already the mount of another volume"
                yield SectionFault((index, "path"), message, "Choose another path.", related=related)


class Access(Section):
    """What the model may do in one namespace."""

    namespace: Annotated[
        str,
        AfterValidator(_namespace),
        Field(min_length=1, description="Name of the namespace.", json_schema_extra={"pattern": _NAMESPACE}),
    ]
    grants: Annotated[
        list[Literal["pull", "push", "tag", "inspect", "delete"]],
        AfterValidator(_unique),
        Field(min_length=1, description="What is allowed.", json_schema_extra={"uniqueItems": True}),
    ]

    @classmethod
    def clashes(cls, items: Sequence[object]) -> Iterator[SectionFault]:
        """Find a namespace that is listed twice."""
        first: dict[str, int] = {}
        for index, item in enumerate(items):
            name = mapping(item).get("namespace")
            if isinstance(name, str) and first.setdefault(name, index) != index:
                related = (((first[name], "namespace"), "first listed here"),)
                message = f"namespace `{name}` is listed twice"
                yield SectionFault(
                    (index, "namespace"), message, "Put all its grants in one item.", related=related
                )


class Hotload(Section):
    """Exchange of volumes while the model serves."""

    enabled: Annotated[
        bool, Field(description="Whether volumes may be exchanged while the model serves.")
    ] = False


class Bdn(Section):
    """Volumes of the delivery network, and access to them."""

    mounts: Annotated[list[VolumeMount], Field(description="Volumes to mount.")] = []
    access: Annotated[list[Access], Field(description="What the model may do, by namespace.")] = []
    hotload: Annotated[
        Hotload, Field(default_factory=Hotload, description="Exchange of volumes while the model serves.")
    ]

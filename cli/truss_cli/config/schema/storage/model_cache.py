"""`model_cache` and `cache_internal`: weights built into the image, or fetched at start."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field

from truss_cli.config.fields.editors import filled
from truss_cli.config.fields.section import RefusedValueError, Section, SectionFault, Values
from truss_cli.config.finding import Problem

_SHORTEST_REVISION = 2


def _revision(text: str) -> str:
    if text and len(text) < _SHORTEST_REVISION:
        raise RefusedValueError(
            f"`{text}` is too short for a revision", "Write a commit hash, or a branch or tag."
        )
    return text


class CachedRepo(Section):
    """One repository of weights."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": filled("use_volume"),
            "then": {
                "allOf": [
                    filled("volume_folder"),
                    {"if": {"properties": {"kind": {"const": "hf"}}}, "then": filled("revision")},
                ]
            },
        }
    )

    repo_id: Annotated[
        str, Field(min_length=1, description="Repository: owner/name on Hugging Face, or a bucket's URI.")
    ]
    revision: Annotated[
        str,
        AfterValidator(_revision),
        Field(description="Commit, branch or tag.", json_schema_extra={"pattern": "^(|..+)$"}),
    ] = ""
    allow_patterns: Annotated[list[str] | None, Field(description="Globs of the files to fetch.")] = None
    ignore_patterns: Annotated[list[str] | None, Field(description="Globs of files to leave out.")] = None
    volume_folder: Annotated[
        Annotated[str, Field(min_length=1)] | None, Field(description="Folder of the volume to fetch into.")
    ] = None
    use_volume: Annotated[
        bool,
        Field(description="Whether weights are mounted at start (v2) instead of built into the image (v1)."),
    ] = False
    kind: Annotated[Literal["hf", "gcs", "s3", "azure"], Field(description="Kind of store.")] = "hf"
    runtime_secret_name: Annotated[str, Field(description="Secret that opens the repository.")] = (
        "hf_access_token"
    )

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find what a mounted volume (v2) lacks; any value that is not empty counts as true here."""
        del root
        if not values.get("use_volume"):
            return
        if not values.get("volume_folder"):
            message = "`use_volume: true` needs `volume_folder`"
            yield SectionFault(
                ("use_volume",), message, "Name a folder: `volume_folder: my-model`.", Problem.MISSING_KEY
            )
        if values.get("kind") in (None, "hf") and not values.get("revision"):
            message = "`use_volume: true` needs a `revision` of the Hugging Face repository"
            yield SectionFault(
                ("use_volume",), message, "Add `revision` with the hash of a commit.", Problem.MISSING_KEY
            )


class ModelRepo(CachedRepo):
    """One repository of weights; says whether it is mounted or built in."""

    use_volume: Annotated[
        bool,
        Field(description="Whether weights are mounted at start (v2) instead of built into the image (v1)."),
    ]

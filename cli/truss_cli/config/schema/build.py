"""`build`: how the image of a model is built."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from truss_cli.config.fields.section import RefusedValueError, Section, SectionFault, Values, mapping
from truss_cli.config.finding import Problem

_SECRET_NAME = r"^[-._a-zA-Z0-9]+$"
_LONGEST_NAME = 253  # of an object in Kubernetes, which keeps the secrets of a build
_KEPT_PREFIX = "DOCKER_REGISTRY_"


def _secret_name(name: str) -> str:
    if len(name) > _LONGEST_NAME:
        raise RefusedValueError(
            f"the name has {len(name)} characters, but may have {_LONGEST_NAME}", "Choose a shorter name."
        )
    if not re.match(_SECRET_NAME, name) or name in {".", ".."}:
        raise RefusedValueError(
            f"`{name}` cannot name a secret", "Use letters, digits, `-`, `_` and `.` only."
        )
    return name


def _no_cache(value: object) -> object:
    if value is True:
        raise RefusedValueError(
            "`no_cache` cannot be set here", "Remove it, and push once with `--no-cache`."
        )
    return value


class Build(Section):
    """How the image of a model is built."""

    model_server: Annotated[
        Literal["TrussServer", "TRT_LLM"], Field(description="Server that the image contains.")
    ] = "TrussServer"
    arguments: Annotated[
        dict[str, Any], Field(description="Settings of the server.")
    ] = {}  # Any: the server's own
    secret_to_path_mapping: Annotated[
        dict[
            Annotated[
                str,
                AfterValidator(_secret_name),
                Field(min_length=1, max_length=_LONGEST_NAME, json_schema_extra={"pattern": _SECRET_NAME}),
            ],
            str,
        ],
        Field(description="Secrets that the build needs, and the file each is written to."),
    ] = {}
    no_cache: Annotated[
        bool,
        BeforeValidator(_no_cache),
        Field(description="Not for config.yaml.", json_schema_extra={"not": {"const": True}}),
    ] = False

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find names of secrets that the platform keeps for itself."""
        del root
        for name in mapping(values.get("secret_to_path_mapping")):
            if isinstance(name, str) and name.startswith(_KEPT_PREFIX):
                message = f"names that start with {_KEPT_PREFIX} are the platform's own"
                path = ("secret_to_path_mapping", name)
                yield SectionFault(path, message, "Choose another name.", Problem.SUSPECT_VALUE, key=True)

"""`weights`: files that are mounted when a replica starts."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from truss_cli.config.fields.editors import any_case, by_method
from truss_cli.config.fields.section import RefusedValueError, Section, SectionFault, Values, mapping
from truss_cli.config.schema.auth import NEEDS, AuthKeys, mismatches, upper

_BUCKETS = ("s3", "gs", "azure", "r2", "cw")
_SCHEMES = ("hf", *_BUCKETS, "https")
_SOURCE = rf"^(hf://[^/]|https://[^/]|({'|'.join(_BUCKETS)})://[^/@][^@]*$)"
_WeightsMethod = Literal["CUSTOM_SECRET", "AWS_OIDC", "GCP_OIDC", "AWS_ASSUME_ROLE"]
_WEIGHTS_NEEDS = {**NEEDS, "CUSTOM_SECRET": ("auth_secret_name",)}


def _source(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    advice = f"Start it with one of {', '.join(f'{known}://' for known in _SCHEMES)}."
    if not separator:
        raise RefusedValueError(f"`{text}` has no scheme", advice)
    if scheme not in _SCHEMES:
        raise RefusedValueError(f"`{scheme}://` is not a source of weights", advice)
    if not rest or rest.startswith("/"):
        example = {"hf": "hf://owner/name", "https": "https://host/path"}.get(
            scheme, f"{scheme}://bucket/path"
        )
        raise RefusedValueError(f"`{text}` names no place", f"Write it as {example}.")
    if scheme in _BUCKETS and "@" in rest:
        raise RefusedValueError(
            f"`@` names a revision, which {scheme}:// does not have", "Remove the `@` and what follows."
        )
    return text


def _absolute(path: str) -> str:
    if not path.startswith("/"):
        raise RefusedValueError(
            f"`{path}` is not an absolute path", f"Start it with a slash: `/{path.strip()}`."
        )
    return path


class WeightsAuth(AuthKeys):
    """Login to the store of the weights."""

    model_config = ConfigDict(json_schema_extra=by_method(_WEIGHTS_NEEDS, "auth_secret_name"))

    auth_method: Annotated[
        _WeightsMethod,
        BeforeValidator(upper),
        any_case(get_args(_WeightsMethod)),
        Field(description="Way to log in, in any case."),
    ]
    auth_secret_name: Annotated[str | None, Field(description="Secret that opens the store.")] = None

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find keys that do not fit the method."""
        del root
        yield from mismatches(values, _WEIGHTS_NEEDS, "auth_secret_name")


class WeightsSource(Section):
    """One source of weights and where it is mounted."""

    source: Annotated[
        str,
        AfterValidator(_source),
        Field(min_length=1, description="URI of the files.", json_schema_extra={"pattern": _SOURCE}),
    ]
    mount_location: Annotated[
        str,
        AfterValidator(_absolute),
        Field(min_length=1, description="Absolute path of the mount.", json_schema_extra={"pattern": "^/"}),
    ]
    auth: Annotated[WeightsAuth | None, Field(description="Login to a private store.")] = None
    auth_secret_name: Annotated[str | None, Field(description="Secret that opens the store.")] = None
    allow_patterns: Annotated[list[str] | None, Field(description="Globs of the files to fetch.")] = None
    ignore_patterns: Annotated[list[str] | None, Field(description="Globs of files to leave out.")] = None

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find a secret that is named twice."""
        del root
        if values.get("auth_secret_name") and mapping(values.get("auth")).get("auth_secret_name"):
            message = "`auth_secret_name` is given both here and under `auth`"
            yield SectionFault(("auth_secret_name",), message, "Keep the one under `auth`.", key=True)

    @classmethod
    def clashes(cls, items: Sequence[object]) -> Iterator[SectionFault]:
        """Find sources that are mounted at the same place."""
        first: dict[object, int] = {}
        for index, item in enumerate(items):
            place = mapping(item).get("mount_location")
            if isinstance(place, str) and first.setdefault(place, index) != index:
                related = (((first[place], "mount_location"), "first mounted here"),)
                message = f"`{place}` is already the mount of another source"
                yield SectionFault(
                    (index, "mount_location"), message, "Choose another path.", related=related
                )

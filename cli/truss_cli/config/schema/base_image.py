"""`base_image`: the image that a model's own is built on."""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from truss_cli.config.fields.editors import any_case, by_method
from truss_cli.config.fields.section import RefusedValueError, Section, SectionFault, Values
from truss_cli.config.schema.auth import NEEDS, AuthKeys, mismatches, upper

_DockerMethod = Literal[
    "GCP_SERVICE_ACCOUNT_JSON", "AWS_IAM", "AWS_OIDC", "GCP_OIDC", "REGISTRY_SECRET", "AWS_ASSUME_ROLE"
]  # fmt: skip
_DOCKER_METHODS: tuple[str, ...] = get_args(_DockerMethod)
_DOCKER_NEEDS = {**NEEDS, "GCP_SERVICE_ACCOUNT_JSON": ("secret_name",)}


def _absolute(path: str) -> str:
    if path and not path.startswith("/"):
        raise RefusedValueError(
            f"`{path}` is not an absolute path", "Write the path from `/`, such as /usr/bin/python3."
        )
    return path


class DockerAuth(AuthKeys):
    """Login to the registry of the base image."""

    model_config = ConfigDict(json_schema_extra=by_method(_DOCKER_NEEDS, "secret_name"))

    auth_method: Annotated[
        _DockerMethod,
        BeforeValidator(upper),
        any_case(_DOCKER_METHODS),
        Field(description="Way to log in, in any case."),
    ]
    registry: Annotated[str | None, Field(description="Host of the registry.")] = ""
    secret_name: Annotated[str | None, Field(description="Secret that holds the login.")] = None
    aws_access_key_id_secret_name: Annotated[
        str, Field(description="Secret that holds the id of the AWS access key.")
    ] = "aws_access_key_id"
    aws_secret_access_key_secret_name: Annotated[
        str, Field(description="Secret that holds the AWS access key.")
    ] = "aws_secret_access_key"

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find keys that do not fit the method."""
        del root
        yield from mismatches(values, _DOCKER_NEEDS, "secret_name")


class BaseImage(Section):
    """The image that a model's own is built on."""

    image: Annotated[str, Field(description="Name of the image, with its tag.")] = ""
    python_executable_path: Annotated[
        str,
        AfterValidator(_absolute),
        Field(
            description="Python inside the image, by its absolute path.",
            json_schema_extra={"pattern": "^(/|$)"},
        ),
    ] = ""
    docker_auth: Annotated[DockerAuth | None, Field(description="Login to a private registry.")] = None

"""Ways to log in to a registry or a store, and the keys that each needs or excludes."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from truss_cli.config.fields.section import Section, SectionFault, Values
from truss_cli.config.finding import Problem


class AuthKeys(Section):
    """Keys of every way to log in with an identity instead of a password."""

    aws_oidc_role_arn: Annotated[str | None, Field(description="AWS role, by its ARN, for AWS_OIDC.")] = None
    aws_oidc_region: Annotated[str | None, Field(description="AWS region for AWS_OIDC.")] = None
    gcp_oidc_service_account: Annotated[
        str | None, Field(description="Google service account for GCP_OIDC.")
    ] = None
    gcp_oidc_workload_id_provider: Annotated[
        str | None, Field(description="Google workload identity provider for GCP_OIDC.")
    ] = None
    aws_assume_role_arn: Annotated[
        str | None, Field(description="AWS role, by its ARN, for AWS_ASSUME_ROLE.")
    ] = None
    aws_assume_role_region: Annotated[str | None, Field(description="AWS region for AWS_ASSUME_ROLE.")] = None


NEEDS: Mapping[str, tuple[str, ...]] = {
    "AWS_OIDC": ("aws_oidc_role_arn", "aws_oidc_region"),
    "GCP_OIDC": ("gcp_oidc_service_account", "gcp_oidc_workload_id_provider"),
    "AWS_ASSUME_ROLE": ("aws_assume_role_arn", "aws_assume_role_region"),
}
"""What each identity needs; a method that is not named here needs a secret or nothing."""


def upper(value: object) -> object:
    """Let a method be written in any case."""
    return value.upper() if isinstance(value, str) else value


def mismatches(values: Values, needs: Mapping[str, tuple[str, ...]], secret: str) -> Iterator[SectionFault]:
    """Find keys that the method needs and lacks, and those of others; `secret` is the key of a secret."""
    method = upper(values.get("auth_method"))
    if not isinstance(method, str) or method not in needs:
        return
    for key in needs[method]:
        if not values.get(key):
            message = f"`{method}` needs `{key}`"
            given = key in values
            path = (key,) if given else ("auth_method",)
            yield SectionFault(
                path, message, f"Add `{key}`.", Problem.CONFLICT if given else Problem.MISSING_KEY
            )
    others = {*(key for keys in needs.values() for key in keys), secret} - set(needs[method])
    for key in values:
        if key in others and values[key]:
            yield SectionFault((key,), f"`{key}` does not go with `{method}`", "Remove it.", key=True)

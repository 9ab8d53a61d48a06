"""`docker_server`: an image with a server of its own instead of a class Model."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from truss_cli.config.fields.editors import TRUE_TEXTS, any_case_pattern
from truss_cli.config.fields.section import RefusedValueError, Section, SectionFault, Values, mapping, truth
from truss_cli.config.finding import Problem

_TAKEN_USERS = (0, 60000)
_LARGEST_PORT = 65535


def _user(number: int) -> int:
    if number in _TAKEN_USERS:
        raise RefusedValueError(f"the server cannot run as user {number}", "Use another user id.")
    return number


class DockerServer(Section):
    """An image with a server of its own."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["start_command"], "properties": {"start_command": {"type": "string"}}},
                {
                    "required": ["no_build"],
                    "properties": {
                        "no_build": {
                            "anyOf": [
                                {"enum": [True, 1]},
                                {"type": "string", "pattern": any_case_pattern(TRUE_TEXTS)},
                            ]
                        }
                    },
                },
            ]
        }
    )

    start_command: Annotated[str | None, Field(description="Command that starts the server.")] = None
    server_port: Annotated[int, Field(description="Port that the server listens on.")]
    predict_endpoint: Annotated[str, Field(description="Path that requests are sent to.")]
    readiness_endpoint: Annotated[str, Field(description="Path that answers whether the server is ready.")]
    liveness_endpoint: Annotated[str, Field(description="Path that answers whether the server is alive.")]
    run_as_user_id: Annotated[
        Annotated[int, AfterValidator(_user), Field(json_schema_extra={"not": {"enum": list(_TAKEN_USERS)}})]
        | None,
        Field(description="User id of the server's process."),
    ] = None
    no_build: Annotated[
        bool | None, Field(description="Whether the image is used as it is; it must bring its start command.")
    ] = None

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find a server that cannot be started or reached."""
        if values.get("start_command") is None and not truth(values.get("no_build")):
            message = "`docker_server` has no `start_command`"
            advice = "Add `start_command`, or `no_build: true` for an image that starts by itself."
            yield SectionFault((), message, advice, Problem.MISSING_KEY, key=True)
        ssh = mapping(mapping(root.get("runtime")).get("remote_ssh")).get("enabled")
        if truth(ssh) and values.get("run_as_user_id") is not None:
            message = "`run_as_user_id` excludes `runtime.remote_ssh`, which needs the image's default user"
            yield SectionFault(("run_as_user_id",), message, "Remove one of them.", key=True)
        port = values.get("server_port")
        if isinstance(port, int) and not isinstance(port, bool) and not 0 < port <= _LARGEST_PORT:
            message = f"{port} is not a port"
            yield SectionFault(("server_port",), message, f"Use 1 to {_LARGEST_PORT}.", Problem.SUSPECT_VALUE)
        for key in ("predict_endpoint", "readiness_endpoint", "liveness_endpoint"):
            path = values.get(key)
            if isinstance(path, str) and not path.startswith("/"):
                yield SectionFault(
                    (key,),
                    f"`{path}` is not a path",
                    f"Start it with a slash: `/{path}`.",
                    Problem.SUSPECT_VALUE,
                )

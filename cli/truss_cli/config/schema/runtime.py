"""`runtime`: how the server of a model behaves."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field

from truss_cli.config.fields.section import RefusedValueError, Section, SectionFault, Values, mapping
from truss_cli.config.finding import Problem
from truss_cli.contract.defaults import PREDICT_CONCURRENCY, STREAM_GAP_SECONDS

_NAME_PART = r"[a-zA-Z0-9*](?:[a-zA-Z0-9*-]{0,61}[a-zA-Z0-9*])?"
_IPV4 = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9.]+)?$"
_HOST_NAME = rf"^{_NAME_PART}(?:\.{_NAME_PART})*$"
_WEBSOCKET = "transport: {kind: websocket}"


def _version(text: str) -> str:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - for a key that few configs have

    try:
        Version(text)
    except InvalidVersion:
        raise RefusedValueError(
            f"`{text}` is not a version", "Write a release number such as `0.9.100`."
        ) from None
    return text


def _address(text: str) -> str:
    from ipaddress import IPv4Network, ip_network  # noqa: PLC0415 - for a key that few configs have

    advice = "Write an IPv4 address such as 203.0.113.7, or a block such as 203.0.113.0/24."
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise RefusedValueError(f"`{text}` is not an IP address or block", advice) from None
    if not isinstance(network, IPv4Network):
        raise RefusedValueError(f"`{text}` is IPv6, which is not supported", advice)
    return text


def _host_name(text: str) -> str:
    if not re.match(_HOST_NAME, text):
        advice = "Write a domain name without scheme or path, such as example.com or *.example.com."
        raise RefusedValueError(f"`{text}` is not a host name", advice)
    return text


_NEEDS_KIND = ConfigDict(json_schema_extra={"required": ["kind"]})


class HealthChecks(Section):
    """When a replica counts as unwell."""

    restart_check_delay_seconds: Annotated[
        int | None, Field(description="Seconds after start before health is looked at.")
    ] = None
    restart_threshold_seconds: Annotated[
        int | None, Field(description="Seconds of failing health after which the replica is restarted.")
    ] = None
    stop_traffic_threshold_seconds: Annotated[
        int | None, Field(description="Seconds of failing health after which it gets no more requests.")
    ] = None
    startup_threshold_seconds: Annotated[
        int | None, Field(description="Seconds that a replica may take to start.")
    ] = None


class HttpTransport(Section):
    """Requests and responses over HTTP."""

    model_config = _NEEDS_KIND

    ignores_unknown: ClassVar[bool] = True

    kind: Literal["http"] = "http"


class WebsocketTransport(Section):
    """A WebSocket for each client."""

    model_config = _NEEDS_KIND

    ignores_unknown: ClassVar[bool] = True

    kind: Literal["websocket"] = "websocket"
    ping_interval_seconds: Annotated[float | None, Field(description="Seconds between pings.")] = None
    ping_timeout_seconds: Annotated[
        float | None, Field(description="Seconds to wait for the answer to a ping.")
    ] = None


class GrpcTransport(Section):
    """Calls over gRPC."""

    model_config = _NEEDS_KIND

    ignores_unknown: ClassVar[bool] = True

    kind: Literal["grpc"] = "grpc"


class Oidc(Section):
    """Identity tokens for the model."""

    enabled: Annotated[bool | None, Field(description="Whether the model gets identity tokens.")] = None


class RemoteSsh(Section):
    """SSH into a replica."""

    enabled: Annotated[bool, Field(description="Whether one may log in to the replica.")] = False


class EgressRestrictions(Section):
    """Where the model may connect to; everywhere when absent."""

    ip_allow_list: Annotated[
        list[Annotated[str, AfterValidator(_address), Field(json_schema_extra={"pattern": _IPV4})]] | None,
        Field(description="IPv4 addresses and blocks."),
    ] = None
    fqdn_allow_list: Annotated[
        list[Annotated[str, AfterValidator(_host_name), Field(json_schema_extra={"pattern": _HOST_NAME})]]
        | None,
        Field(description="Host names; `*` stands for any characters."),
    ] = None


class Runtime(Section):
    """How the server of a model behaves."""

    refused_keys: ClassVar[Mapping[str, str]] = {
        "num_workers": "Remove it: a server has one worker. Raise `predict_concurrency`, or add replicas.",
    }

    predict_concurrency: Annotated[
        int, Field(description="Requests that `predict` handles at the same time.")
    ] = PREDICT_CONCURRENCY
    streaming_read_timeout: Annotated[
        int, Field(description="Seconds that a stream may stay silent before it is cut off.")
    ] = STREAM_GAP_SECONDS
    enable_tracing_data: Annotated[bool, Field(description="Whether traces of requests are recorded.")] = (
        False
    )
    enable_debug_logs: Annotated[bool, Field(description="Whether the server logs at debug level.")] = False
    transport: Annotated[
        HttpTransport | WebsocketTransport | GrpcTransport,
        Field(
            default_factory=HttpTransport, discriminator="kind", description="Protocol that clients speak."
        ),
    ]
    is_websocket_endpoint: Annotated[
        bool | None,
        Field(description="Former way to choose WebSocket.", json_schema_extra={"deprecated": True}),
    ] = None
    health_checks: Annotated[
        HealthChecks, Field(default_factory=HealthChecks, description="When a replica counts as unwell.")
    ]
    oidc: Annotated[Oidc, Field(default_factory=Oidc, description="Identity tokens for the model.")]
    remote_ssh: Annotated[RemoteSsh, Field(default_factory=RemoteSsh, description="SSH into a replica.")]
    egress_restrictions: Annotated[
        EgressRestrictions | None, Field(description="Where the model may connect to.")
    ] = None
    truss_server_version_override: Annotated[
        Annotated[str, AfterValidator(_version)] | None,
        Field(description="Release of the model server to use instead of the newest."),
    ] = None

    @classmethod
    def deployed(cls, filled: dict[str, object]) -> dict[str, object]:
        """Let the transport, or the former switch where there is none, say whether it is a WebSocket."""
        transport = mapping(filled["transport"])
        if filled["is_websocket_endpoint"] and not transport.get("kind"):
            filled["transport"] = WebsocketTransport.model_construct().model_dump()
        filled["transport"] = filled["transport"] or HttpTransport.model_construct().model_dump()
        filled["is_websocket_endpoint"] = mapping(filled["transport"]).get("kind") == "websocket"
        return filled

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Find the former WebSocket switch, and numbers that make a server useless."""
        del root
        transport = mapping(values.get("transport"))
        websocket = values.get("is_websocket_endpoint")
        if websocket and not transport:
            message = "`is_websocket_endpoint` is deprecated"
            advice = f"Write instead `{_WEBSOCKET}`."
            place = ("is_websocket_endpoint",)
            meant = None if "transport" in values else _WEBSOCKET
            yield SectionFault(place, message, advice, Problem.DEPRECATED, key=True, successor=meant)
        elif (
            websocket is not None and bool(websocket) != (transport.get("kind") == "websocket") and transport
        ):
            message = "`is_websocket_endpoint` contradicts `transport`, which counts"
            yield SectionFault(
                ("is_websocket_endpoint",), message, "Remove it.", Problem.SUSPECT_VALUE, key=True
            )
        for key in ("predict_concurrency", "streaming_read_timeout"):
            number = values.get(key)
            if isinstance(number, int) and number < 1:
                yield SectionFault(
                    (key,), f"`{key}` is below 1", "Write a positive number.", Problem.SUSPECT_VALUE
                )

"""A connection to Ray, and what its nodes have: problems are found before anything waits for them."""

import logging
import os
import re
import socket
from collections.abc import Callable, Mapping
from typing import Any

import ray

from truss_cli.errors import TrussError
from truss_cli.predict.batch.ray.options import RayOptions

_ADDRESS = re.compile(r"(?:ray://)?(\[[0-9a-fA-F:]+\]|[^:/\s]+):(\d{1,5})")
_CONNECT_SECONDS = 5.0
_RECONNECT_SECONDS = 15
"""How long the head may be away."""
_MEMORY = ("memory", "object_store_memory")
_LEAST = 1e-9


def connect(options: RayOptions) -> Callable[[], None]:
    """Connect to the cluster, or start a Ray of this machine's own; return what ends that.

    Raises TrussError if there is nothing at the address, or nothing that is Ray.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_gcs_rpc_server_reconnect_timeout_s", str(_RECONNECT_SECONDS))
    arguments: dict[str, Any] = {"address": options.address}  # Any: as Ray types it
    if options.address is None:
        arguments = {"address": "local", "num_cpus": options.workers, "include_dashboard": False}
    else:
        _require_listener(options.address)
    try:
        ray.init(logging_level=logging.ERROR, runtime_env=dict(options.runtime_env) or None, **arguments)
    except (ConnectionError, RuntimeError, ValueError, OSError, ray.exceptions.RayError) as error:
        causes = " ".join(str(cause) for cause in (error, error.__cause__) if cause)
        where = f"to Ray at {options.address}" if options.address else "to a Ray of this machine's own"
        hint = "Look whether a head of the same version of Ray runs there (`ray status`)."
        if "AuthenticationError" in repr(error.__cause__) or "auth token" in causes.lower():
            hint = "If the cluster asks for a token, set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN."
        message = f"cannot connect {where}: {_first_line(str(error))}"
        raise TrussError(message, hint=hint) from None
    return ray.shutdown


def require_resources(options: RayOptions) -> None:
    """Raise TrussError if the nodes that are there cannot hold the workers, even with nothing else to do."""
    known: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]  # Any: as Ray has them
    nodes = [node["Resources"] for node in known if node["Alive"]]
    asked = _asked(options.resources)
    room = sum(_room(node, asked) for node in nodes)
    if room >= options.workers:
        return
    wanted = f"{options.workers} worker{'s' * (options.workers != 1)} with {_listed(asked)}"
    there = "; ".join(_listed(_shown(node)) for node in nodes) or "no nodes"
    raise TrussError(
        f"the cluster cannot hold {wanted}"
        + (f" each: there is room for {room}" if room else ": no node has that"),
        hint=f"Its nodes have: {there}. Give fewer `--workers`, or ask for less in config.yaml.",
    )


def free_resources() -> str:
    """Return what of the cluster's resources is free, for people."""
    free: dict[str, float] = ray.available_resources()  # type: ignore[no-untyped-call]
    return _listed(_shown(free)) or "nothing"


def _require_listener(address: str) -> None:
    """Raise TrussError for an address that is none, or where nothing listens."""
    if address == "auto":
        return
    match = _ADDRESS.fullmatch(address)
    if match is None or int(match[2]) > 65535:  # noqa: PLR2004 - the highest port
        hint = "Write `HOST:PORT`, `ray://HOST:PORT`, or `auto` for a cluster that runs on this machine."
        raise TrussError(f"`--ray-address {address}` is not an address of a cluster", hint=hint)
    try:
        socket.create_connection((match[1].strip("[]"), int(match[2])), _CONNECT_SECONDS).close()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TrussError(
            f"no Ray can be reached at {address}: {reason}",
            hint="Start a head with `ray start --head`, or name the address of one that runs.",
        ) from None


def _asked(resources: Mapping[str, object]) -> dict[str, float]:
    """Turn the options of an actor into the names of the nodes' resources."""
    names = {"num_cpus": "CPU", "num_gpus": "GPU", "memory": "memory"}
    asked = {names[name]: float(str(amount)) for name, amount in resources.items() if name in names}
    if "accelerator_type" in resources:
        asked[f"accelerator_type:{resources['accelerator_type']}"] = 0.001
    return asked


def _room(node: Mapping[str, float], asked: Mapping[str, float]) -> int:
    return min(int(node.get(name, 0.0) / amount + _LEAST) for name, amount in asked.items() if amount)


def _shown(node: Mapping[str, float]) -> dict[str, float]:
    kept = ("CPU", "GPU", "memory", "accelerator_type:")
    return {name: amount for name, amount in node.items() if name.startswith(kept)}


def _listed(resources: Mapping[str, float]) -> str:
    return ", ".join(
        name.partition(":")[2]
        if ":" in name
        else f"{amount / 2**30:.1f} GiB of memory"
        if name in _MEMORY
        else f"{amount:g} {name}"
        for name, amount in sorted(resources.items())
    )


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")

"""The environment variables that a deployment has, as opposed to those of the developer's shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.contract.terms import SECRET_VARIABLE_PREFIX
from truss_cli.errors import TrussError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from truss_cli.project import Truss

_IMAGE_NAMES = frozenset(
    """
    APP_HOME CONTROL_SERVER_PORT DEBIAN_FRONTEND GPG_KEY HASH_TRUSS HOME HOSTNAME INFERENCE_SERVER_PORT LANG
    LANGUAGE LD_LIBRARY_PATH LIBRARY_PATH NUM_LOAD_RETRIES_TRUSS OLDPWD PATH PIP_CACHE_DIR PORT PWD
    SERVER_START_CMD SHLVL SUPERVISOR_SERVER_URL TERM TMPDIR TZ UV_CACHE_DIR _
    """.split()  # noqa: SIM905 - a list would take a page
)
"""Variables that the server's Dockerfile, its base images or a shell in it set."""
_IMAGE_PREFIXES = (
    "B10_",
    "BASETEN_",
    "BT_",
    "CUDA_",
    "CUDNN_",
    "KUBERNETES_",
    "LC_",
    "NCCL_",
    "NVIDIA_",
    "NV_",
    "PYTHON",
    SECRET_VARIABLE_PREFIX,
)
"""Prefixes of variables that base images, the server or the platform set."""
_SERVICE_SUFFIXES = ("_SERVICE_HOST", "_SERVICE_PORT")
_SERVICE_PARTS = ("_PORT_", "_TCP")
"""Parts of the names of variables that Kubernetes sets for each service."""


def configured_variables(truss: Truss) -> dict[str, str]:
    """Return the variables that config.yaml sets, as the server has them."""
    variables = truss.values.get("environment_variables")
    if not isinstance(variables, dict):
        return {}
    return {str(name): _text(value) for name, value in variables.items()}


def parse_variables(assignments: Iterable[str]) -> dict[str, str]:
    """Return the variables of the option `--env NAME=VALUE`; raise TrussError for other text."""
    variables = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name or name != "".join(name.split()) or "\0" in assignment:
            raise TrussError("`--env` takes NAME=VALUE", hint="For example: `--env LOG_LEVEL=debug`.")
        variables[name] = value
    return variables


def is_image_variable(name: str) -> bool:
    """Return whether an image or the platform may set a variable on its own."""
    is_of_service = name.endswith(_SERVICE_SUFFIXES) or all(part in name for part in _SERVICE_PARTS)
    return name in _IMAGE_NAMES or name.startswith(_IMAGE_PREFIXES) or is_of_service


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

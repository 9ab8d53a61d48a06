"""The abstract run of a truss, and the input that the server passes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from truss_cli.contract.defaults import PYTHON_VERSION
from truss_cli.static.run import RunOutcome, ServerInput, run_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from truss_cli.project import Truss
    from truss_cli.static.names.symbols import Module, Symbols

_KEPT_AS_WRITTEN = ("model_metadata", "model_name", "secrets", "environment_variables")
"""Keys whose values the server passes on as config.yaml has them."""
NO_RUN = RunOutcome((), complete=False)


def run_truss(truss: Truss, symbols: Symbols, module: Module, version: tuple[int, int] | None) -> RunOutcome:
    """Run the model of a truss on a version of Python, by default that of the server."""
    config = _config(truss)
    has_engine = truss.values.get("trt_llm") is not None
    server = ServerInput(truss.class_name, version or _version(PYTHON_VERSION), config, has_engine=has_engine)
    try:
        return run_model(symbols, module, server)
    except RecursionError:
        return NO_RUN  # deeply nested code stays unknown


def _version(name: str) -> tuple[int, int]:
    return 3, int(name.removeprefix("py3"))


def _config(truss: Truss) -> Mapping[str, object] | None:
    """Return the config with its defaults; `...` for values that are not known."""
    if truss.document is None or not truss.document.readable:
        return None
    from truss_cli.config.schema.root import Config  # noqa: PLC0415 - the check of config.yaml also imports it

    values = truss.values
    config: dict[str, object] = dict.fromkeys(Config.model_fields, ...)
    config["model_metadata"] = {}
    for key, value in values.items():
        config[str(key)] = value if key in _KEPT_AS_WRITTEN or key not in Config.model_fields else ...
    return config

"""From a folder to what a model is loaded from; what is known to fail is said before anything runs."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from truss_cli.contract.defaults import PREDICT_CONCURRENCY, STREAM_GAP_SECONDS
from truss_cli.contract.terms import SECRET_VARIABLE_PREFIX
from truss_cli.deployment.model_folder import renamed_model_folder
from truss_cli.discovery import truss_above
from truss_cli.errors import ExitCode, TrussError
from truss_cli.project import Truss, open_truss
from truss_cli.runtime.model.errors import ErrorReporter
from truss_cli.runtime.model.loader import ModelSpec, require_deployable
from truss_cli.runtime.model.secrets.lookup import Secrets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class SecretSources(NamedTuple):
    """Where secrets are given: a file, and `NAME=VALUE`, in which the value `-` is read from stdin."""

    file: Path | None = None
    values: tuple[str, ...] = ()
    stdin_is_free: bool = True
    """Whether nothing else is read from stdin."""

    def read(self) -> SecretSources:
        """Return the same with what is read from stdin, so that they can be used more than once."""
        pairs = (_secret(text, self) for text in self.values)
        return self._replace(values=tuple(f"{name}={value}" for name, value in pairs))


def open_named_truss(folder: Path, command: str) -> Truss:
    """Return the truss in a folder that was named to a command; raise TrussError if there is none."""
    if not os.path.isdir(folder):  # noqa: PTH112 - pathlib raises for a name that is too long
        problem = "is not a folder" if os.path.lexists(folder) else "does not exist"
        hint = f"Give the folder of a truss: `truss {command} DIRECTORY`."
        raise TrussError(f"{folder} {problem}", hint=hint)
    try:
        truss = open_truss(folder)
    except OSError as error:
        raise TrussError(f"cannot read {folder / 'config.yaml'}: {error.strerror}") from None
    if truss.document is None:
        around = truss_above(folder)
        if around is not None:
            hint = f"It lies in the truss {around}: run `truss {command} {around}`."
            raise TrussError(f"{folder} is not a truss, but a folder in one", hint=hint)
        hint = "Run this in the truss's folder, or name the folder; `truss init` makes a new one."
        raise TrussError(f"{folder} is not a truss: it has no config.yaml", hint=hint)
    return truss


def model_spec(  # noqa: PLR0913 - keyword arguments, each for an option
    truss: Truss,
    *,
    secrets: SecretSources,
    environment: str | None,
    variables: Mapping[str, str],
    full_traceback: bool = False,
    method: str | None = "predict",
) -> ModelSpec:
    """Return what the model is loaded from, to have `method` called; raise TrussError if it cannot be run."""
    require_deployable(truss)
    _require_model_file(truss)
    values = Secrets(truss.secrets, secret_values(truss, secrets, variables))
    truss = Truss(truss.folder.resolve(), truss.document)  # the worker has another current folder
    reporter = ErrorReporter(tuple(values.values_known()), truss, full=full_traceback)
    return ModelSpec(truss, values, environment, reporter, method, variables=variables)


def stream_gap_seconds(truss: Truss) -> float:
    """Return how long the server waits for the next chunk of a stream."""
    seconds = _runtime_value(truss, "streaming_read_timeout")
    return float(seconds) if isinstance(seconds, int | float) and seconds > 0 else STREAM_GAP_SECONDS


def predict_concurrency(truss: Truss) -> int:
    """Return how many calls of `predict` the server runs at once."""
    number = _runtime_value(truss, "predict_concurrency")
    return number if isinstance(number, int) and number > 0 else PREDICT_CONCURRENCY


def _runtime_value(truss: Truss, key: str) -> object:
    runtime = truss.values.get("runtime")
    return runtime.get(key) if isinstance(runtime, dict) else None


def secret_values(truss: Truss, sources: SecretSources, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the values that override those of the environment, and those that only `.env` has.

    `variables` are those that the command line sets.
    """
    values = dict(_secret(text, sources) for text in sources.values)
    undeclared = next((name for name in values if name not in truss.secrets), None)
    if undeclared is not None:
        hint = f"Add `{undeclared}: null` under `secrets` in config.yaml, or correct the name."
        raise TrussError(f"config.yaml declares no secret {undeclared!r}", hint=hint)
    if not truss.secrets and sources.file is None:
        return {}
    from truss_cli.runtime.model.secrets.file import read_env_file, read_secrets  # noqa: PLC0415 - few have any

    given = read_env_file(truss.folder / ".env", truss.secrets)
    by_variable = {
        name: variables[f"{SECRET_VARIABLE_PREFIX}{name}"]
        for name in truss.secrets
        if f"{SECRET_VARIABLE_PREFIX}{name}" in variables
    }
    return given | by_variable | (read_secrets(sources.file) if sources.file else {}) | values


def _secret(text: str, sources: SecretSources) -> tuple[str, str]:
    """Return the name and value of `--secret NAME=VALUE`."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        hint = "Write `--secret NAME=-` to read the value from stdin."
        raise TrussError("`--secret` takes NAME=VALUE", hint=hint)
    if value != "-":
        return name, value
    if not sources.stdin_is_free:
        hint = "Give the input with `-d` or `-f`."
        raise TrussError("the input and a secret are both read from stdin", hint=hint)
    return name, sys.stdin.readline().rstrip("\r\n")


def _require_model_file(truss: Truss) -> None:
    """Raise TrussError for a truss without a model file, or whose model the server does not find."""
    if truss.model_path.is_file():
        breach = renamed_model_folder(truss)
        if breach is not None:
            raise TrussError(breach.message, hint=breach.help, exit_code=ExitCode.FAULT)
        return
    if not truss.needs_model_file:
        message = "this truss has no model class: its own server answers requests, and cannot be run here"
        raise TrussError(message, exit_code=ExitCode.FAULT)
    path = f"{truss.module_folder}/{truss.model_path.name}"
    raise TrussError(
        f"the truss has no {path}",
        hint=f"Write it, with a class `{truss.class_name}`, or name the file that has it in config.yaml.",
        exit_code=ExitCode.FAULT,
    )

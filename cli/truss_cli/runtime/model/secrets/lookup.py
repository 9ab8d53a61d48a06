"""The secrets a model is given: a lookup that refuses what the server refuses."""

import os
from collections.abc import Iterator, Mapping
from typing import NoReturn

from truss_cli.contract.terms import SECRET_VARIABLE_PREFIX


class SecretNotFound(Exception):  # noqa: N818 - named as deployed
    """A secret that the model looked up is not declared, or has no value; not a KeyError, as deployed."""

    __module__ = "_truss_shared.secrets_resolver"  # where the server has it, as tracebacks show

    def __init__(self, name: object, *, declared: bool) -> None:
        if declared:
            message = f"secret {name!r} has no value"
            self.hint = f"Set {SECRET_VARIABLE_PREFIX}{name} in the environment, or give `--secrets FILE`."
        else:
            message = f"secret {name!r} is not declared in config.yaml"
            self.hint = f"Add `{name}: null` under `secrets:` in config.yaml."
        super().__init__(message)


class Secrets(Mapping[str, str]):
    """Secrets by name; a name without a value raises from every lookup, and there is no iteration."""

    def __init__(self, declared: Mapping[str, object], given: Mapping[str, str]) -> None:
        """Take config.yaml's section, whose values are defaults, and the values that come before all else."""
        self._base_secrets = declared  # some models read this attribute of the server's object
        self._given = given

    def __getitem__(self, name: str) -> str:
        if name not in self._base_secrets:
            raise SecretNotFound(name, declared=False)
        value: object = self._given.get(name, os.environ.get(f"{SECRET_VARIABLE_PREFIX}{name}"))
        if value is None:
            value = self._base_secrets[name]
        if not value:
            raise SecretNotFound(name, declared=True)
        return value  # type: ignore[return-value]  # a default in config.yaml is given as it is

    def __contains__(self, name: object) -> bool:
        return bool(self[str(name)])

    def __iter__(self) -> NoReturn:
        raise NotImplementedError("secrets are looked up by name; the server does not let them be iterated")

    def __len__(self) -> int:
        return len(self._base_secrets)

    def with_environment(self) -> "Secrets":
        """Return the same secrets with what this process's environment gives, for another process."""
        variables = {name: os.environ.get(f"{SECRET_VARIABLE_PREFIX}{name}") for name in self._base_secrets}
        found = {name: value for name, value in variables.items() if value is not None}
        return Secrets(self._base_secrets, {**found, **self._given})

    def values_known(self) -> Iterator[str]:
        """Yield the values there are, so that they can be kept out of messages."""
        for name, default in self._base_secrets.items():
            for value in (self._given.get(name), os.environ.get(f"{SECRET_VARIABLE_PREFIX}{name}"), default):
                if isinstance(value, str) and value:
                    yield value

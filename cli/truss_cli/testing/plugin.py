"""Fixtures for pytest, found by the entry point `pytest11`; nothing else is imported until one is used."""

import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from truss_cli.testing.model import TrussModel


@pytest.fixture(scope="session")
def truss_folder(request: pytest.FixtureRequest) -> Path:
    """Return the folder of the truss under test: the one that the tests lie in, or the working folder's."""
    from truss_cli.testing.opening import find_truss  # noqa: PLC0415 - off unless used

    tests = [item.path for item in request.session.items]
    return find_truss([request.config.invocation_params.dir, *tests[:1], request.config.rootpath])


@pytest.fixture(scope="session")
def truss_config() -> Mapping[str, Any]:  # Any: values of YAML
    """Return values that config.yaml is to have in tests, such as the place of small weights; override it."""
    return {}


@pytest.fixture(scope="session")
def truss_secrets() -> Mapping[str, str]:
    """Return the values of secrets in tests; override it. Others come from TRUSS_SECRET_<name>."""
    return {}


@pytest.fixture(scope="session")
def truss_environment() -> str | None:
    """Return the name of the environment that the model is told it is deployed to; override it."""
    return None


@pytest.fixture(scope="session")
def truss_model(
    truss_folder: Path,
    truss_config: Mapping[str, Any],  # Any: values of YAML
    truss_secrets: Mapping[str, str],
    truss_environment: str | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator["TrussModel"]:
    """Yield the model, loaded once a session as it is when deployed."""
    from truss_cli.testing.model import TrussModel  # noqa: PLC0415 - off unless used
    from truss_cli.testing.opening import open_with  # noqa: PLC0415

    truss = open_with(truss_folder, truss_config, tmp_path_factory.mktemp("truss"))
    model = TrussModel(truss, truss_secrets, truss_environment)
    yield model
    model.close()


@pytest.fixture
def truss_client(truss_model: "TrussModel") -> Iterator["TestClient"]:
    """Yield a client of the deployed routes, in this process; needs starlette and its client's httpx."""
    with warnings.catch_warnings(action="ignore"):  # starlette's advice on which httpx to install
        from truss_cli.testing.client import open_client  # noqa: PLC0415 - off unless used
    with open_client(truss_model) as client:
        yield client

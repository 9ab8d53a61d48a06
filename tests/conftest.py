"""What every test may use: the installed command in a process of its own, and trusses on disk."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

TRUSS = Path(sys.executable).with_name("truss")

_NOT_INHERITED = ("TRUSS_", "NO_COLOR", "CI", "FORCE_COLOR", "GITHUB_")

Run = Callable[..., subprocess.CompletedProcess[str]]
WriteTruss = Callable[[Mapping[str, str]], Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="Write what is now put out as what is expected.")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the installed `truss` with arguments; pipes on all three streams, no colour, no secrets."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}

    def run_truss(
        *arguments: str | Path,
        stdin: str = "",
        cwd: Path = tmp_path,
        env: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [TRUSS, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            check=False,
            cwd=cwd,
            encoding="utf-8",
            env={**environment, **(env or {})},
            timeout=timeout,
        )

    return run_truss


@pytest.fixture
def write_truss(tmp_path: Path) -> WriteTruss:
    """Write files (name to text) as a truss and give its folder; a config.yaml is added if absent."""

    def write(files: Mapping[str, str]) -> Path:
        folder = tmp_path / "truss"
        for name, text in {"config.yaml": "model_name: m\n", **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return write

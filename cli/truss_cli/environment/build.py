"""Making an environment: as a whole, or not at all."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from truss_cli.environment.cache import python_in
from truss_cli.environment.interpreters import OLDEST, version_of
from truss_cli.environment.resolution import Resolution
from truss_cli.environment.uv import Uv, UvError
from truss_cli.errors import ExitCode, TrussError
from truss_cli.interrupts import deferred_interrupts
from truss_cli.scratch_folder import scratch_folder


def build(target: Path, python: Path, resolution: Resolution, uv: Uv) -> None:
    """Make the environment of a resolution in a folder; raise TrussError, and leave nothing, if that fails.

    What is in the folder is replaced.
    """
    with _aside(target) as folder:
        try:
            uv.run("venv", "--quiet", "--no-project", "--relocatable", "--python", python, folder)
            _require_new_enough(folder)
            _install(folder, resolution, uv)
        except UvError as error:
            raise _failed(error) from None
        with deferred_interrupts():
            if target.exists():
                target.rename(folder.with_name(f"{folder.name}-old"))
            folder.rename(target)


def _install(folder: Path, resolution: Resolution, uv: Uv) -> None:
    lines = folder.with_name("requirements.txt")
    lines.write_text(resolution.text, encoding="utf-8")
    # Bytecode is compiled here since nothing writes it when the model runs.
    options = ("--no-deps", "--compile-bytecode", "--index-strategy", "unsafe-best-match")
    uv.run("pip", "install", "--python", python_in(folder), *options, "-r", lines, shown=sys.stderr.isatty())


def _require_new_enough(folder: Path) -> None:
    version = version_of(folder)
    if version < OLDEST:
        found, needed = (".".join(map(str, numbers)) for numbers in (version, OLDEST))
        raise TrussError(f"Python {found} is too old to run a model in", hint=f"Name {needed} or newer.")


@contextlib.contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """Yield where to build; what is left there in the end is removed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder("building-", target.parent) as folder:
        yield folder / "environment"


def _failed(error: UvError) -> TrussError:
    if error.text:
        return error.as_failure()
    return TrussError("the environment could not be built", exit_code=ExitCode.FAULT)  # uv has shown why

"""The Python of the environment that a truss describes: found in the cache, or resolved and built."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

from truss_cli.display import relative_name, visible
from truss_cli.environment.cache import (
    Cache,
    CachedAnswer,
    environment_key,
    python_in,
    request_key,
    user_cache,
)
from truss_cli.environment.requirements import Wanted, wanted_by
from truss_cli.environment.unreproduced import unreproduced
from truss_cli.errors import ExitCode, TrussError
from truss_cli.project import Truss


class Isolation(NamedTuple):
    """How to come by an environment: without the network, anew, or with another Python."""

    offline: bool = False
    refresh: bool = False
    python: str | None = None

    def require_wanted(self, *, isolated: bool) -> None:
        """Raise TrussError if it is said how, but not that there is to be an environment."""
        given = {"--offline": self.offline, "--refresh": self.refresh, "--python": self.python is not None}
        named = next((option for option, is_given in given.items() if is_given), None)
        if named and not isolated:
            raise TrussError(f"`{named}` is for an environment of its own", hint="Add `--isolated`.")


def note_unreproduced(truss: Truss) -> None:
    """Say on stderr what of config.yaml an environment does not reproduce."""
    left_out = unreproduced(truss)
    if left_out:
        sys.stderr.write(f"note: not reproduced here: {visible('; '.join(left_out))}\n")


def isolated_python(truss: Truss, isolation: Isolation) -> Path:
    """Return the interpreter of a truss's environment, built if it is not there; raise TrussError."""
    wanted = wanted_by(truss, isolation.python)
    cache = user_cache()
    cache.prepare()
    found = None if isolation.refresh else _found(cache, wanted)
    return found or _made(cache, wanted, isolation)


def built_environment(truss: Truss, python: str | None = None) -> Path | None:
    """Return the built environment's interpreter, of another Python if one is named; None without one."""
    return _found(user_cache(), wanted_by(truss, python))


def _found(cache: Cache, wanted: Wanted) -> Path | None:
    answer = cache.answer(request_key(wanted)) if cache.is_private else None
    python = python_in(cache.environment(answer.environment)) if answer else None
    return python if python is not None and os.path.exists(python) else None  # noqa: PTH110 - pathlib raises if access is denied


def _made(cache: Cache, wanted: Wanted, isolation: Isolation) -> Path:
    # Only what is not in the cache needs uv, and the modules that know it.
    from truss_cli.environment.build import build  # noqa: PLC0415
    from truss_cli.environment.interpreters import find_python  # noqa: PLC0415
    from truss_cli.environment.resolution import ResolutionError, ResolutionTarget, resolve  # noqa: PLC0415
    from truss_cli.environment.uv import UvError, find_uv  # noqa: PLC0415

    uv = find_uv(wanted.truss.folder, offline=isolation.offline)
    python = find_python(wanted.python, uv)
    _report(f"resolving the requirements for Python {wanted.python}")
    try:
        resolution = resolve(wanted, ResolutionTarget(str(python)), uv, refresh=isolation.refresh)
    except ResolutionError as error:
        raise _unresolvable(wanted.truss, error.explanation.text) from None
    except UvError as error:
        raise error.as_failure() from None
    key = environment_key(resolution.lines, python)
    environment = cache.environment(key)
    with cache.reporting_errors(), cache.locked(key):
        if isolation.refresh or not python_in(environment).exists():
            _report(f"building an environment of {len(resolution.versions)} packages")
            build(environment, python, resolution, uv)
        cache.remember(request_key(wanted), CachedAnswer(resolution.lines, key))
    return python_in(environment)


def _unresolvable(truss: Truss, text: str) -> TrussError:
    from truss_cli.environment.places import named_in, written_requirements  # noqa: PLC0415 - for this failure alone

    named = named_in(text, written_requirements(truss))
    places = [
        f"{relative_name(one.path)}:{one.span.start.line}:{one.span.start.column}: `{one.text}`"
        for one in named
    ]
    message = f"{places[0]} cannot be met" if places else "the requirements cannot be met"
    more = "".join(f"  {place}\n" for place in places[1:])
    return TrussError(
        message,
        hint="Change the version, or what it excludes; `truss check --resolve` says which.",
        detail=text.rstrip() + (f"\nAlso named in it:\n{more}" if more else ""),
        exit_code=ExitCode.FAULT,
    )


def _report(text: str) -> None:
    """Say what takes a while, to a person who waits."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{text} ...\n")
        sys.stderr.flush()

"""The program `uv`: where it is, and what it says."""

import os
import re
import sys
from pathlib import Path
from typing import NamedTuple

from truss_cli.child_program import run_program
from truss_cli.errors import ExitCode, TrussError
from truss_cli.packages import how_to_install
from truss_cli.programs import find_program, trusted_search_path

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
_SHIMS = "pyenv/shims"
_OWN_FILE = re.compile(r"`?[^\s`]*/truss-resolution-\w+/requirements\.txt`?(?::\d+:\d+| at position \d+)?")
"""The file in which uv is given what config.yaml lists."""
_HOST = re.compile(r"://(?:[^/@\s'`\"]*@)?([\w.-]+)")
_UNSOLVED = "No solution found"
_DISABLED = "network was disabled"
_LIMITED = ("exclude-newer", "building from source is disabled", "using a pre-built wheel is disabled")
"""What it says of versions that its own settings keep it from taking."""
_NOT_OF_THE_BUILD = frozenset(
    {
        # An environment of the user's.
        "CONDA_PREFIX",
        "UV_PROJECT",
        "UV_PROJECT_ENVIRONMENT",
        "UV_PYTHON",
        "UV_SYSTEM_PYTHON",
        "UV_WORKING_DIR",
        "VIRTUAL_ENV",
        # Other versions than the requirements ask for.
        "UV_BUILD_CONSTRAINT",
        "UV_CONSTRAINT",
        "UV_EXCLUDE",
        "UV_OVERRIDE",
        "UV_PRERELEASE",
        "UV_RESOLUTION",
        "UV_TORCH_BACKEND",
        # Contradict options that are given here.
        "UV_FROZEN",
        "UV_LOCKED",
        "UV_REQUIRE_HASHES",
    }
)
_UNREACHABLE = ("error sending request", "Failed to fetch", "dns error", "Connection refused", "timed out")
_UNBUILT = ("Failed to build", "failed to build", "Build backend", "Failed to download and build")


class UvError(Exception):
    """What uv said when it failed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    @property
    def unsolved(self) -> bool:
        """Whether the requirements cannot be met, by all that is known of the packages.

        That holds neither for what a package needs to be built here, nor for what uv's settings leave out.
        """
        left_out = any(text in self.text for text in (_DISABLED, *_LIMITED))
        return _UNSOLVED in self.text and not left_out and not self.unbuilt

    @property
    def unreachable(self) -> bool:
        """Whether an index could not be reached, or may not be."""
        return _DISABLED in self.text or any(text in self.text for text in _UNREACHABLE)

    @property
    def unbuilt(self) -> bool:
        """Whether a package that has to be built here could not be."""
        return any(text in self.text for text in _UNBUILT)

    @property
    def hosts(self) -> frozenset[str]:
        """The machines that it names by an address."""
        return frozenset(_HOST.findall(self.text))

    @property
    def reason(self) -> str:
        """Its first line, with the machine that did not answer where that line names nothing."""
        reason = next(iter(self.text.strip().splitlines()), "it gave no reason").removeprefix("error: ")
        reason = _OWN_FILE.sub("config.yaml", reason)
        return reason if "`" in reason or not self.hosts else f"{reason} ({', '.join(sorted(self.hosts))})"

    def as_failure(self) -> TrussError:
        """Return the error for a command that cannot be done without what failed."""
        if not self.unbuilt:
            return self.as_unavailable()
        return TrussError(
            "a package could not be built on this machine",
            hint="It has no wheel for this Python and platform; look at what its build needs.",
            detail=self.text,
            exit_code=ExitCode.FAULT,
        )

    def as_unavailable(self) -> TrussError:
        """Return the error for packages that cannot be looked up, which says nothing about the truss."""
        if _DISABLED in self.text:
            return TrussError(
                "packages that are not in uv's cache are needed",
                hint="Leave out `--offline` (or UV_OFFLINE).",
                detail=self.text,
            )
        return TrussError(
            f"uv cannot look up the packages: {self.reason}",
            hint="Look at the network, and at uv's settings of package indexes.",
            detail=self.text if "\n" in self.text.strip() else None,
        )


class Uv(NamedTuple):
    """The uv program, with or without network access; it finds no interpreter in `untrusted_folder`."""

    program: str
    offline: bool = False
    untrusted_folder: Path | None = None

    def run(self, *arguments: str | Path, cwd: Path | None = None, shown: bool = False) -> str:
        """Run uv and return its output; raise UvError.

        With `shown`, it draws its progress on the terminal that stderr is, and its errors.
        """
        network = ("--offline",) if self.offline else ()
        plain = () if shown else ("--color", "never")
        try:
            done = run_program(
                [self.program, *arguments, *network, *plain],
                environment=_environment(self.untrusted_folder),
                folder=cwd,
                capture_stderr=not shown,
            )
        except OSError as error:
            raise TrussError(f"cannot run {self.program}: {error.strerror}") from None
        if done.status:
            raise UvError(_ESCAPE.sub("", done.stderr))
        return done.stdout


def find_uv(untrusted_folder: Path, *, offline: bool = False) -> Uv:
    """Return the uv that is installed next to this package, or the one on PATH outside an untrusted folder.

    Raises TrussError if there is none.
    """
    program = _beside() or find_program("uv", untrusted_folder)
    if program is None:
        raise TrussError(
            "uv is not installed, which makes the environment of config.yaml",
            hint=f"Run `{how_to_install('isolated')}`, or put `uv` on PATH.",
        )
    return Uv(program, offline, untrusted_folder)


def _beside() -> str | None:
    program = Path(sys.executable).with_name("uv.exe" if sys.platform == "win32" else "uv")
    if program.is_file():
        return str(program)
    try:
        from uv import find_uv_bin  # noqa: PLC0415 - an optional package
    except ImportError:
        return None
    try:
        return find_uv_bin()
    except FileNotFoundError:
        return None


def _environment(untrusted_folder: Path | None) -> dict[str, str]:
    """Return this process's variables without those that the build of an image knows nothing of.

    pyenv's shims are left out of PATH: uv would start each to see what it is, and they take their time.
    """
    path = trusted_search_path(untrusted_folder).split(os.pathsep)
    without_shims = os.pathsep.join(folder for folder in path if not folder.rstrip("/").endswith(_SHIMS))
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_OF_THE_BUILD}
    # Lines broken to the width of a terminal would break addresses and requirements, which are looked for.
    return {**kept, "PATH": without_shims, "UV_NO_WRAP": "1"}

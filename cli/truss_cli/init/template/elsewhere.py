"""Templates from elsewhere: fetched by git into a temporary folder, from which nothing is run."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from truss_cli.errors import TrussError
from truss_cli.init.template.gallery import Template, find_template, is_folder
from truss_cli.init.template.manifest import read_manifest

_SHORT = re.compile(r"gh:([A-Za-z0-9][A-Za-z0-9-]*)/([A-Za-z0-9._-]+?)(?:@([^:@]+))?(?::([^:]+))?")
_URL = re.compile(
    r"((?:https|ssh|file)://[^#\s]+|[\w.-]+@[\w.-]+:[^#\s]+|(?!\w+:)[^#]*\.git)(?:#([^:#]*))?(?::([^:#]+))?"
)
_OPTIONS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.autocrlf=false",
    "core.symlinks=true",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
    "protocol.allow=never",
    "protocol.https.allow=always",
    "protocol.ssh.allow=always",
    "protocol.file.allow=always",
    "fetch.recurseSubmodules=false",
    "transfer.fsckObjects=true",
    "advice.detachedHead=false",
    "gc.auto=0",
)
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "https:ssh:file",
}
_ITS_OWN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_CONFIG_PARAMETERS")
_NEVER = re.compile(r"^-|[\x00-\x20\x7f]")


class Source(NamedTuple):
    """Where a template is fetched from: a repository, a branch, tag or commit of it, and a folder in it."""

    url: str
    ref: str
    folder: str


def parse_source(text: str) -> Source | None:
    """Read `gh:owner/name[@ref][:folder]` or `URL[#ref][:folder]`; None for what is neither.

    Raises `TrussError` for one that git would take for an option, and for a folder outside the repository.
    """
    if short := _SHORT.fullmatch(text):
        owner, name, ref, folder = short.groups()
        source = Source(f"https://github.com/{owner}/{name}.git", ref or "HEAD", folder or ".")
    elif url := _URL.fullmatch(text):
        source = Source(url[1], url[2] or "HEAD", url[3] or ".")
    else:
        return None
    path = PurePosixPath(source.folder)
    if any(_NEVER.search(part) for part in source) or path.is_absolute() or ".." in path.parts:
        raise TrussError(f"{text!r} is not a source of templates", hint=_HINT)
    return source


_HINT = "Write gh:OWNER/NAME@REF:FOLDER, or URL#REF:FOLDER; the reference and the folder may be left out."


class Origin(NamedTuple):
    """How a template is found again, and its commit if it was fetched."""

    source: str
    commit: str


class TemplateFinder:
    """Finds templates by name, folder or source, each once; what was fetched is removed by `close`."""

    def __init__(self) -> None:
        self._found: dict[str, Template] = {}
        self._commits: dict[str, str] = {}
        self._stack = ExitStack()

    def __call__(self, name: str) -> Template:
        """Return the template; raise `TrussError` if there is none."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def commit(self, name: str) -> str:
        """Return the commit that was fetched for a template; empty if it came otherwise."""
        return self._commits.get(name, "")

    def origin(self, name: str) -> Origin:
        """Return how a template that was found is found again, from any folder."""
        template = self._found[name]
        if name in self._commits or template.is_built_in:
            return Origin(_absolute(name), self.commit(name))
        return Origin(str(template.folder.resolve()), "")

    def close(self) -> None:
        """Remove what was fetched."""
        self._stack.close()

    def _find(self, name: str) -> Template:
        folder = Path(name)
        source = None if is_folder(folder) and not name.endswith(".git") else parse_source(_absolute(name))
        if source is None:
            return find_template(name)
        top = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="truss-template-")))
        self._commits[name] = _fetch(source, top)
        folder = top / source.folder
        if folder.resolve() != top.resolve() / source.folder or not folder.is_dir():
            raise TrussError(f"{source.url} has no folder {source.folder}")
        title = folder.name if source.folder != "." else PurePosixPath(source.url).stem
        return Template(title, folder, read_manifest(folder))


def _absolute(source: str) -> str:
    """Return a source whose repository is a folder of this machine by its full path."""
    path, mark, rest = source.partition(".git")
    return str(Path(path + mark).resolve()) + rest if mark and Path(path + mark).is_dir() else source


def _fetch(source: Source, folder: Path) -> str:
    """Fetch one commit without its history, and return its name; raise `TrussError` if that fails."""
    _git(folder, "init", "--quiet", "--template=")
    fetch = ("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules")
    _git(
        folder,
        *fetch,
        "--",
        source.url,
        source.ref,
        failure=f"{source.url} at {source.ref} cannot be fetched",
    )
    _git(folder, "checkout", "--quiet", "FETCH_HEAD")
    return _git(folder, "rev-parse", "HEAD").strip()


def _git(folder: Path, *arguments: str, failure: str = "git failed") -> str:
    """Run git in the folder, with hooks, submodules and all but a few protocols off, and nothing asked."""
    options = [part for option in _OPTIONS for part in ("-c", option)]
    try:
        done = subprocess.run(  # noqa: S603 - what is fetched is checked by `parse_source`
            ["git", *options, *arguments],  # noqa: S607 - the user's git
            cwd=folder,
            env={**_environment(), "GIT_CEILING_DIRECTORIES": str(folder.parent)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError:
        raise TrussError("git is not installed, and fetches templates from elsewhere") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise TrussError(f"{failure}: {lines[-1] if lines else f'git exited with {done.returncode}'}")
    return done.stdout


def _environment() -> Mapping[str, str]:
    """Return the user's environment, in which git finds how to log in, without what points it elsewhere."""
    kept = {name: value for name, value in os.environ.items() if name not in _ITS_OWN}
    kept.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
    return kept | _ENVIRONMENT

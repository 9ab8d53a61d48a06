"""The files around a truss: README, .gitignore, the schema of config.yaml for editors, and a workflow."""

import functools
import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from truss_cli.config.json_schema import config_json_schema
from truss_cli.init.files.target import Place, Target
from truss_cli.init.files.usage import Usage
from truss_cli.init.template import question
from truss_cli.init.template.gallery import SUFFIX, Template, templates_folder
from truss_cli.init.template.question import Answer
from truss_cli.init.template.render import Variables, render
from truss_cli.project import CONFIG_NAME

README = PurePosixPath("README.md")
GITIGNORE = PurePosixPath(".gitignore")
PYTEST = PurePosixPath("pytest.ini")
SCHEMA = PurePosixPath(".truss/config.schema.json")
RECORD = PurePosixPath(".truss/answers.yaml")
KEPT = frozenset({README, GITIGNORE})
"""Files that are left as they are where a folder has them already."""
_MODELINE = f"# yaml-language-server: $schema={SCHEMA}\n".encode()
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PLAIN_PATH = re.compile(r"[\w./-]+", re.ASCII)


def workflow_place(target: Target) -> Place:
    """Return where the workflow goes: GitHub runs workflows from the top of a repository alone."""
    top, inside = target.repository()
    name = "truss" if inside == "." else f"truss-{re.sub(r'[^A-Za-z0-9._-]+', '-', inside).strip('-.')}"
    return Place(top, PurePosixPath(".github", "workflows", f"{name}.yml"))


def render_shared(path: PurePosixPath, variables: Variables) -> bytes:
    """Render one of the files that all templates share."""
    return render(templates_folder() / "_shared" / f"{path}{SUFFIX}", variables).encode()


def readme(template: Template, answers: Mapping[str, Answer], usage: Usage) -> bytes:
    """Return the README: the name of the truss, and the commands that work for it."""
    return render_shared(
        README,
        {
            "name": answers["name"],
            "summary": template.manifest.summary,
            "install": usage.install,
            "commands": usage.commands,
        },
    )


def workflow(target: Target, answers: Mapping[str, Answer], usage: Usage) -> bytes:
    """Return a GitHub workflow that checks the truss, and tests it or runs its example."""
    _, inside = target.repository()
    python = str(answers.get("python", question.PYTHON.default)).replace("py3", "3.")
    return render_shared(
        PurePosixPath(".github/workflows/truss.yml"),
        {
            "truss_path": inside,
            "filtered": inside != "." and _PLAIN_PATH.fullmatch(inside) is not None,
            "workflow": workflow_place(target).path.as_posix(),
            "python_version": python if python != "3.10" else "3.11",  # the oldest that this tool runs on
            "packages": usage.install.removeprefix("python -m pip install").strip(),
            "tests": usage.tests,
            "example": usage.example and not usage.weights,
            "source": _installed_from(),
        },
    )


@functools.cache
def schema() -> bytes:
    """Return the JSON Schema of config.yaml, as `truss check --config-schema` prints it, on one line."""
    return json.dumps(config_json_schema(), separators=(",", ":")).encode() + b"\n"


def add_modeline(path: PurePosixPath, content: bytes) -> bytes:
    """Add the line that names the schema to an editor, at the top of a config.yaml that has none.

    The path is relative, so that it holds in every clone and without a network.
    """
    if str(path) != CONFIG_NAME or b"yaml-language-server" in content or content.startswith(_UTF16):
        return content
    mark = _BOM if content.startswith(_BOM) else b""
    return mark + _MODELINE + content.removeprefix(_BOM)


def _installed_from() -> str:
    """Return what pip installed this tool from, if that is a repository that others can reach (PEP 610)."""
    try:
        origin = json.loads(distribution("truss-cli").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return ""
    url, vcs = str(origin.get("url", "")), origin.get("vcs_info")
    parts = urlsplit(url)
    if not vcs or parts.scheme != "https" or parts.username or not re.fullmatch(r"[\w:/.~+-]+", url):
        return ""
    return f"{vcs['vcs']}+{url}@{vcs['commit_id']}"

"""The templates that come with the tool, and how one is found by its name or as a folder of one's own."""

import difflib
from dataclasses import dataclass
from pathlib import Path

from truss_cli.errors import TrussError
from truss_cli.init.template.manifest import MANIFEST, Manifest, read_manifest

DEFAULT_TEMPLATE = "basic"
SUFFIX = ".jinja"
"""Of the files of a template that are rendered; others are copied."""
_PACKAGE = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Template:
    """A folder of files to render, and what its manifest says of it."""

    name: str
    folder: Path
    manifest: Manifest

    @property
    def is_built_in(self) -> bool:
        """Return whether the template comes with the tool."""
        return self.folder.parent == templates_folder()


def templates_folder() -> Path:
    """Where the templates are: in the installed package, or else at the top of the checkout."""
    packaged = _PACKAGE / "templates"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "templates"


def gallery() -> list[Template]:
    """Read all templates that come with the tool, the default first: every folder with a manifest is one."""
    return [_built_in(name) for name in sorted(_names(), key=lambda name: (name != DEFAULT_TEMPLATE, name))]


def _names() -> list[str]:
    return [path.parent.name for path in templates_folder().glob(f"*/{MANIFEST}")]


def _built_in(name: str) -> Template:
    folder = templates_folder() / name
    return Template(name, folder, read_manifest(folder))


def is_folder(path: Path) -> bool:
    """Whether there is a folder; a name too long, or one that no file system takes, is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def find_template(name: str) -> Template:
    """Find a template of the gallery by name, or else the folder at a path; raise `TrussError` if neither."""
    names = _names()
    if name in names:
        return _built_in(name)
    folder = Path(name)
    if name and is_folder(folder):
        return Template(folder.resolve().name, folder, read_manifest(folder))
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Templates: {', '.join(sorted(names))}."
    raise TrussError(f"there is no template, and no folder, {name!r}", hint=hint)


def markdown_section() -> str:
    """Render the gallery as the Markdown that docs/init.md shows."""
    return "\n".join(
        f"#### `{template.name}`: {template.manifest.title}\n\n"
        f"{' '.join(template.manifest.about.split())}\n\n"
        f"{_example(template.manifest.output)}"
        for template in gallery()
    )


def _example(output: str) -> str:
    return f"```console\n$ truss predict --example\n{output}```\n" if output else ""

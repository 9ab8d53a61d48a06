"""template.yaml: what a template is, what it asks, and which files it has."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from truss_cli.errors import TrussError
from truss_cli.init.paths import InsidePath
from truss_cli.init.template import question
from truss_cli.init.template.question import Question
from truss_cli.init.template.yaml_text import load_yaml

MANIFEST = "template.yaml"
_RESERVED = {"name", "python", "accelerator", "python_version", "files", "truss_path", "title", "runs"}


class Manifest(BaseModel):
    """The contents of template.yaml; a template without one has its folder's name and all files in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    summary: str
    """One line, for the table of templates."""
    about: str = ""
    """One paragraph, for the documentation."""
    output: str = ""
    """What `truss predict --example` prints, for the documentation."""
    accelerator: str = question.NO_ACCELERATOR
    """The accelerator that is offered."""
    python: bool = True
    """Whether the Python to deploy with is asked; an image with a server of its own has one already."""
    questions: tuple[Question, ...] = ()
    files: tuple[InsidePath, ...] | None = None
    """Paths in the truss, folders included; None for everything in the template."""
    tests: tuple[InsidePath, ...] = ()
    """Paths that `--with-tests` adds."""

    @model_validator(mode="after")
    def _keys_are_free(self) -> "Manifest":
        keys = [question.key for question in self.questions]
        if taken := [key for key in keys if key in _RESERVED or keys.count(key) > 1]:
            raise ValueError(f"the key {taken[0]} is taken")
        question.accelerator(self.accelerator)
        return self

    def all_questions(self, name: str) -> list[Question]:
        """Return what is asked for a truss of this template: the questions of every truss, then its own."""
        python = [question.PYTHON] if self.python else []
        return [question.name(name), *python, question.accelerator(self.accelerator), *self.questions]


def read_manifest(folder: Path) -> Manifest:
    """Read a template's manifest; raise `TrussError` with its path if it cannot be understood."""
    path = folder / MANIFEST
    try:
        if path.exists() and not path.is_file():
            raise TrussError(f"{path} is not a file")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Manifest(title=folder.name, summary="")
    except (OSError, UnicodeDecodeError) as error:
        raise TrussError(f"{path} cannot be read: {error}") from error
    try:
        return Manifest.model_validate(load_yaml(text, str(path)))
    except RecursionError as error:
        raise TrussError(f"{path} is nested too deeply") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        problem = first["msg"].removeprefix("Value error, ")
        raise TrussError(f"{path}: {where + ': ' if where else ''}{problem}") from error

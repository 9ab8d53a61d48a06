"""One annotation read twice: by Pydantic from the running code, and by `truss schema` from its source."""

import ast
import linecache
import sys
import types
import warnings
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from truss_cli.check.facts.truss import TrussFacts
from truss_cli.project import open_truss
from truss_cli.static.pydantic.classes import ClassBuilder

MODES = ("validation", "serialization")
Schemas = list[dict[str, Any]]  # Any: JSON


def run_source(source: str) -> types.ModuleType:
    """Run the source of a model as the server imports it."""
    module = types.ModuleType("model.model")
    sys.modules["model.model"] = module  # Pydantic looks names up there
    name = f"<{abs(hash(source))}>"
    module.__file__ = name
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), module.__dict__)  # noqa: S102 - the tests' own
    return module


def by_pydantic(source: str, annotation: str) -> Schemas:
    """Return what Pydantic says of an annotation, both ways."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kind = eval(annotation, run_source(source).__dict__)  # noqa: S307 - the tests' own
        return [TypeAdapter(kind).json_schema(mode=mode) for mode in MODES]  # type: ignore[arg-type]  # of MODES


def facts_of(source: str, folder: Path) -> TrussFacts:
    """Write a truss around a model's source, and return the facts of it."""
    (folder / "model").mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text("model_name: m\n")
    (folder / "model/model.py").write_text(source, encoding="utf-8")
    return TrussFacts(open_truss(folder))


def by_source(source: str, annotation: str, folder: Path) -> Schemas:
    """Return what `truss schema` says of an annotation, both ways."""
    facts = facts_of(source, folder)
    assert facts.model_module is not None
    kind = (
        ClassBuilder(facts.types)
        .annotations(facts.model_module)
        .read(ast.parse(annotation, mode="eval").body)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [TypeAdapter(kind).json_schema(mode=mode) for mode in MODES]  # type: ignore[arg-type]  # of MODES

"""All that a rule may know of one truss; each fact is worked out when first asked for, and once."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeVar

from truss_cli.check.facts.model.model_class import ModelClass, read_model
from truss_cli.check.facts.model_run import NO_RUN, run_truss
from truss_cli.check.facts.secrets.uses import SecretUses, secret_uses
from truss_cli.config.finding import ConfigFinding
from truss_cli.contract import breaches
from truss_cli.contract.defaults import PYTHON_VERSION
from truss_cli.contract.installed import ALWAYS_INSTALLED
from truss_cli.contract.terms import Breach
from truss_cli.project import Truss
from truss_cli.source import ON_DISK, Overlay
from truss_cli.static.names.patches import patched_attributes
from truss_cli.static.names.symbols import Local, Module, SourceRoot, Symbol, Symbols
from truss_cli.static.names.types import Types
from truss_cli.static.run import RunOutcome
from truss_cli.static.syntax.files import PythonFile, read_python

_T = TypeVar("_T")
_ENCODING = frozenset({"default", "dumps", "encode", "iterencode"})
"""What `json` and its `JSONEncoder` encode with."""


class TrussFacts:
    """The facts of one truss. Raises OSError from any of them if a file cannot be read."""

    def __init__(self, truss: Truss, overlay: Overlay = ON_DISK) -> None:
        self.truss = truss
        self.overlay = overlay
        self._analyses: dict[object, object] = {}

    def analysis(self, analyze: Callable[["TrussFacts"], _T]) -> _T:
        """Return what `analyze` makes of these facts; it runs once, however many rules ask."""
        if analyze not in self._analyses:
            self._analyses[analyze] = analyze(self)
        return self._analyses[analyze]  # type: ignore[return-value]  # stored under the function that made it

    @cached_property
    def config_findings(self) -> tuple[ConfigFinding, ...]:
        """What is wrong with config.yaml, in the order of the text."""
        if self.truss.document is None:
            return ()
        from truss_cli.config.validation.inspect import inspect  # noqa: PLC0415 - pydantic only when there is a config

        document = self.truss.document
        found = [*document.findings, *inspect(document, self.truss.folder)]
        return tuple(sorted(found, key=lambda finding: finding.span))

    @cached_property
    def model_file(self) -> PythonFile | None:
        """The model's source; None if there is none."""
        path = self.truss.model_path
        return read_python(path, self.overlay) if self.overlay.is_file(path) else None

    @cached_property
    def symbols(self) -> Symbols:
        """The names of the truss's own files."""
        truss = self.truss
        packages = (
            SourceRoot(folder, hidden=ALWAYS_INSTALLED) for folder in truss.package_folders if folder.is_dir()
        )
        return Symbols([SourceRoot(truss.folder, truss.module_folder), *packages], self.overlay)

    def outside_functions(self, module: Module, node: ast.expr) -> Symbol | None:
        """Return what a name means to a module's body, and to its annotations, bases and decorators.

        What it means inside a function, `FunctionNames` knows.
        """
        return self.symbols.expression(module, node)

    @cached_property
    def types(self) -> Types:
        """The types of the truss's own files."""
        return Types(self.symbols)

    @cached_property
    def model_module(self) -> Module | None:
        """The model's module; None if its source is missing or cannot be parsed."""
        if self.model_file is None or self.model_file.tree is None:
            return None
        return self.symbols.add(f"{self.truss.module_folder}.{self.truss.model_path.stem}", self.model_file)

    @cached_property
    def model_symbol(self) -> Symbol | None:
        """What the model's class name means in its module."""
        return self.symbols.lookup(self.model_module, self.truss.class_name) if self.model_module else None

    @cached_property
    def model(self) -> ModelClass | None:
        """The model's class; None if it is missing, or not written in the truss."""
        return read_model(self.types, self.model_symbol) if isinstance(self.model_symbol, Local) else None

    @cached_property
    def breaches(self) -> tuple[Breach, ...]:
        """The contract's rules that the model breaks."""
        if self.model is None:
            return ()
        return tuple(breaches(self.model.shape, trt_llm=self.truss.values.get("trt_llm") is not None))

    @cached_property
    def secret_uses(self) -> SecretUses:
        """Where the model uses its secrets."""
        return secret_uses(self.types, self.model) if self.model else SecretUses()

    @cached_property
    def replaces_encoder(self) -> bool:
        """Whether a file that was read sets what `json` encodes with, as `JSONEncoder.default = ...` does."""
        trees = [module.file.tree for module in self.symbols.loaded() if module.file.tree]
        return any(not _ENCODING.isdisjoint(patched_attributes(tree)) for tree in trees)

    @cached_property
    def run(self) -> RunOutcome:
        """The abstract run of the model; without events if there is no model that can be read."""
        if self.model_module is None or self.model is None:
            return NO_RUN
        return run_truss(self.truss, self.symbols, self.model_module, self.python_version)

    @property
    def config_is_readable(self) -> bool:
        """Whether config.yaml is there and could be read, so that what it lacks is known."""
        return self.truss.document is not None and self.truss.document.readable

    @property
    def python_files(self) -> Iterator[PythonFile]:
        """The Python files that were looked into so far: the model's, then those it imports from."""
        if self.model_file is not None:
            yield self.model_file
        for module in self.symbols.loaded():
            if module.file is not self.model_file:
                yield module.file

    @property
    def python_version(self) -> tuple[int, int] | None:
        """Version of Python on the server: as in config.yaml, or the default; None if it is unclear."""
        named = re.fullmatch(r"py3(\d\d?)", self.truss.text("python_version", PYTHON_VERSION))
        return (3, int(named[1])) if named else None

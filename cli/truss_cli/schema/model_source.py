"""The interface through which schemas read a truss and its model class."""

import ast
from typing import Protocol

from truss_cli.contract.shape import ModelShape
from truss_cli.project import Truss
from truss_cli.static.names.symbols import Module
from truss_cli.static.names.types import Types
from truss_cli.static.syntax.files import PythonFile
from truss_cli.static.syntax.nodes import Function


class ModelSource(Protocol):
    """The model class of a truss."""

    @property
    def node(self) -> ast.ClassDef | Function:
        """The class, or the function that constructs the model."""

    @property
    def shape(self) -> ModelShape:
        """The methods of the class, with their parameters and annotations."""

    def function(self, method: str) -> tuple[Module, Function] | None:
        """Return the function of a method and its module; None if it is not a plain function."""


class TrussSource(Protocol):
    """A truss and the source of its model. Raises OSError if a file cannot be read."""

    @property
    def truss(self) -> Truss:
        """The truss on disk."""

    @property
    def types(self) -> Types:
        """The types of the truss's files."""

    @property
    def model_file(self) -> PythonFile | None:
        """The file of the model class; None if it is missing."""

    @property
    def model_module(self) -> Module | None:
        """The module of the model class; None if it is missing or cannot be parsed."""

    @property
    def model(self) -> ModelSource | None:
        """The model class; None if it is missing or not part of the truss."""

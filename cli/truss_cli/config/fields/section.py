"""What every section of config.yaml is made of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict

from truss_cli.config.fields.editors import FALSE_TEXTS
from truss_cli.config.finding import Problem

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

Values = Mapping[str, object]
Path = tuple[str | int, ...]


class SectionFault(NamedTuple):
    """What is wrong between keys, or accepted but hardly meant; `path` starts at the section or list."""

    path: Path
    message: str
    help: str | None = None
    problem: Problem = Problem.CONFLICT
    key: bool = False
    """Whether the key, rather than the value, is at fault."""
    related: tuple[tuple[Path, str], ...] = ()
    successor: str | None = None
    """What the entry, a key and its plain value, surely should read as a whole."""


class RefusedValueError(ValueError):
    """A value that a field's own check refuses, with how to fix it."""

    def __init__(self, message: str, advice: str | None = None) -> None:
        super().__init__(message)
        self.advice = advice


class Section(BaseModel):
    """A mapping whose keys are the fields of its class.

    Checks read the values as written, since that is what the toolchain's own checks between keys see.
    """

    model_config = ConfigDict(extra="allow", defer_build=True, protected_namespaces=())

    ignores_unknown: ClassVar[bool] = False
    """Whether unknown keys are dropped silently, where elsewhere they stop the push."""
    passes_unknown: ClassVar[bool] = False
    """Whether unknown keys, at any depth, are handed on unchecked."""
    refused_keys: ClassVar[Mapping[str, str]] = {}
    """Keys that do not exist, and what to do instead."""
    moved_keys: ClassVar[Mapping[str, str]] = {}
    """Keys that stop the push even where unknown ones pass, and where they belong."""
    former_keys: ClassVar[Mapping[str, str]] = {}
    """Former names of keys, still read when the present one is absent."""

    @classmethod
    def deployed(cls, filled: dict[str, object]) -> dict[str, object]:
        """Return the section as the build writes it out, from its values with defaults filled in."""
        return filled

    @classmethod
    def breaches(cls, values: Values, root: Values) -> Iterator[SectionFault]:
        """Check the section's keys against each other and against the whole config."""
        del values, root
        yield from ()

    @classmethod
    def clashes(cls, items: Sequence[object]) -> Iterator[SectionFault]:
        """Check the items of a list of such sections against each other."""
        del items
        yield from ()


class Spelling(NamedTuple):
    """In an annotation: how a number in the file, `16`, becomes the string that was meant, `16Gi`."""

    meant: Callable[[str], str]


class Lazy:
    """In an annotation, sections by the name of their module and classes, imported when first needed."""

    def __init__(
        self, module: str, *names: str, many: bool = False, nullable: bool = False, by: str | None = None
    ) -> None:
        self.module, self.names = module, names
        self.many, self.nullable = many, nullable
        self.by = by
        """The key whose value decides between several classes."""

    def classes(self) -> tuple[type[Section], ...]:
        """Import the classes."""
        module = import_module(f"truss_cli.config.schema.{self.module}")
        return tuple(getattr(module, name) for name in self.names)

    def __get_pydantic_core_schema__(
        self,
        source: Any,  # noqa: ANN401 - pydantic's own signature
        handler: "GetCoreSchemaHandler",
    ) -> "CoreSchema":
        from pydantic_core import core_schema  # noqa: PLC0415 - only when a whole schema is built

        schemas = [handler.generate_schema(section) for section in self.classes()]
        schema = schemas[0] if len(schemas) == 1 else core_schema.union_schema(list(schemas))
        if self.many:
            schema = core_schema.list_schema(schema)
        return core_schema.nullable_schema(schema) if self.nullable else schema


def truth(value: object) -> bool:
    """Return a value as a boolean, as pydantic reads it where one is meant."""
    return value not in (None, False, 0) and str(value).lower() not in FALSE_TEXTS


def mapping(value: object) -> Values:
    """Return a value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}

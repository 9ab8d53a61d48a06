"""A document held against the schema: every finding, at its key or item."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from truss_cli.config.fields.nesting import Nested, fast_check, name_type, nested, plain_type
from truss_cli.config.fields.section import Section, SectionFault, Spelling
from truss_cli.config.finding import ConfigFinding, Problem, kind_of
from truss_cli.config.schema.root import Config
from truss_cli.config.text.document import Document
from truss_cli.config.validation.value_error import explain_error

ValuePath = tuple[Any, ...]  # Any: a mapping in YAML may have any key
_NOWHERE = object()
MOST_FINDINGS = 500
"""Nobody reads more; what is left is found when these are mended."""
_REFUSED = (Problem.WRONG_TYPE, Problem.BAD_VALUE)


class _Enough(Exception):  # noqa: N818 - it ends the validation
    """There are `MOST_FINDINGS`."""


class SchemaValidator:
    """Holds a document against the schema; `findings` fills as it goes."""

    def __init__(self, document: Document) -> None:
        self.findings: list[ConfigFinding] = []
        self._document = document
        self._passing_unknown = 0

    def run(self) -> list[ConfigFinding]:
        """Check the whole document."""
        with suppress(_Enough):
            self._section(Config, self._document.values, ())
        refused = {found.span for found in self.findings if found.problem in _REFUSED}
        return [
            found
            for found in self.findings
            if found.problem is not Problem.SUSPECT_VALUE or found.span not in refused
        ]

    def _section(self, section: type[Section], values: Mapping[Any, object], path: ValuePath) -> None:
        self._passing_unknown += section.passes_unknown
        fields = section.model_fields
        for key, value in values.items():
            if key in fields:
                self._field(section, key, value, (*path, key))
            else:
                self._other_key(section, key, values, path)
        for name, field in fields.items():
            if name not in values and field.is_required():
                advice = f"Add `{name}`."
                self._add(Problem.MISSING_KEY, f"`{name_of(path)}` has no `{name}`", advice, path, key=True)
        self._breaches(section.breaches(values, self._document.values), path)
        self._passing_unknown -= section.passes_unknown

    def _field(self, section: type[Section], key: str, value: object, path: ValuePath) -> None:
        held = nested(section, key)
        if held is None or (held.beside and not isinstance(value, dict)):
            self._plain(section, key, value, path)
        elif value is None and held.nullable:
            return
        elif held.form == "one":
            self._one(held, value, path)
        elif held.form == "list":
            self._list(held, value, path)
        elif isinstance(value, dict):
            for name, item in value.items():
                self._validate(name_type(section, key).validate_python, name, (*path, name), key=True)
                self._one(held, item, (*path, name))
        else:
            self._wrong_type("a mapping", value, path)

    def _one(self, held: Nested, value: object, path: ValuePath) -> None:
        if not isinstance(value, dict):
            self._wrong_type("a mapping", value, path)
            return
        chosen = held.choose(value)
        if chosen is not None:
            self._section(chosen, value, path)
        elif value:
            kinds = [str(kind) for section in held.classes for kind in held.kinds(section)]
            if held.by in value:
                message = f"`{held.by}` cannot be `{value[held.by]}`"
                self._add(Problem.BAD_VALUE, message, f"Write one of {', '.join(kinds)}.", (*path, held.by))
            else:
                message = f"`{name_of(path)}` has no `{held.by}`"
                self._add(Problem.MISSING_KEY, message, f"Add `{held.by}: {kinds[0]}`.", path, key=True)

    def _list(self, held: Nested, value: object, path: ValuePath) -> None:
        if not isinstance(value, list):
            self._wrong_type("a list", value, path)
            return
        for index, item in enumerate(value):
            self._one(held, item, (*path, index))
        self._breaches(held.classes[0].clashes(value), path)

    def _plain(self, section: type[Section], key: str, value: object, path: ValuePath) -> None:
        if fast_check(section, key)(value):
            return
        spelling = next(
            (mark for mark in section.model_fields[key].metadata if isinstance(mark, Spelling)), None
        )
        meant = spelling.meant if spelling else None
        self._validate(plain_type(section, key).validate_python, value, path, meant=meant)

    def _validate(
        self,
        validate: Callable[[object], object],
        value: object,
        path: ValuePath,
        *,
        key: bool = False,
        meant: Callable[[str], str] | None = None,
    ) -> None:
        try:
            validate(value)
        except ValidationError as error:
            seen: set[ValuePath] = set()
            for one in error.errors(include_url=False):
                location = one["loc"]
                at_key = location[-1:] == ("[key]",)
                inner = (*follow(value, location[:-2]), one["input"]) if at_key else follow(value, location)
                place = (*path, *inner)
                if place in seen:
                    continue  # each member of a union says what it would have liked
                seen.add(place)
                if at_key and not isinstance(one["input"], str):
                    self._not_text(one["input"], place)
                    continue
                written = None if path[0] == "secrets" else self._document.scalar(place)
                explained = explain_error(one, name_of(place), written, meant)
                self._add(*explained[:3], place, key=key or at_key, meant=explained.replacement)

    def _not_text(self, key: object, path: ValuePath) -> None:
        written = self._document.scalar(path, key=True)
        meant = f'"{written}"' if written else None
        message = f"key `{written}` is {kind_of(key)}, but must be a string"
        self._add(Problem.KEY_TYPE, message, "Put the key in quotes.", path, key=True, meant=meant)

    def _other_key(
        self, section: type[Section], key: object, values: Mapping[Any, object], path: ValuePath
    ) -> None:
        if not isinstance(key, str):
            if not section.ignores_unknown:
                self._not_text(key, (*path, key))
            return
        present = section.former_keys.get(key)
        if key in section.moved_keys:
            message = f"`{key}` does not belong in `{name_of(path)}`"
            self._add(Problem.UNKNOWN_KEY, message, section.moved_keys[key], (*path, key), key=True)
        elif present is None:
            ignored = section.ignores_unknown or bool(self._passing_unknown)
            self._unknown(section, key, values, path, ignored=ignored)
        elif present in values:
            message = f"`{key}` is the former name of `{present}`, which is given too"
            self._add(Problem.UNKNOWN_KEY, message, f"Keep `{present}`.", (*path, key), key=True)
        else:
            message, advice = f"`{key}` is deprecated", f"Rename it to `{present}`."
            self._add(Problem.DEPRECATED, message, advice, (*path, key), key=True, meant=present)
            if values[key]:
                self._field(section, present, values[key], (*path, key))

    def _unknown(
        self,
        section: type[Section],
        key: str,
        values: Mapping[Any, object],
        path: ValuePath,
        *,
        ignored: bool,
    ) -> None:
        from truss_cli.config.validation.unknown_key import (  # noqa: PLC0415 - only for a finding
            how_to_fix,
            surely_meant,
        )

        message = f"unknown key `{key}`" + (f" in `{name_of(path)}`" if path else "")
        problem = Problem.IGNORED_KEY if ignored else Problem.UNKNOWN_KEY
        meant = surely_meant(section, key, values.keys())
        self._add(problem, message, how_to_fix(section, key), (*path, key), key=True, meant=meant)

    def _wrong_type(self, wanted: str, value: object, path: ValuePath) -> None:
        empty = {"a list": "[]", "a mapping": "{}"}[wanted]
        name = name_of(path)
        advice = f"Remove the key, or write `{name}: {empty}`." if value is None else None
        self._add(Problem.WRONG_TYPE, f"`{name}` must be {wanted}, but is {kind_of(value)}", advice, path)

    def _breaches(self, breaches: Iterable[SectionFault], path: ValuePath) -> None:
        for breach in breaches:
            related = tuple((self._document.span((*path, *place)), text) for place, text in breach.related)
            place = (*path, *breach.path)
            entry = self._document.plain_entry(place) if breach.successor else None
            span = entry or self._document.span(place, key=breach.key)
            meant = breach.successor if entry else None
            self._found(ConfigFinding(breach.problem, breach.message, breach.help, span, related, meant))

    def _add(  # noqa: PLR0913 - one parameter for each field of a finding
        self,
        problem: Problem,
        message: str,
        advice: str | None,
        path: ValuePath,
        *,
        key: bool = False,
        meant: str | None = None,
    ) -> None:
        span = self._document.span(path, key=key)
        replacement = meant and self._document.requoted(span, meant)
        self._found(ConfigFinding(problem, message, advice, span, replacement=replacement))

    def _found(self, finding: ConfigFinding) -> None:
        self.findings.append(finding)
        if len(self.findings) >= MOST_FINDINGS:
            raise _Enough


def name_of(path: ValuePath) -> str:
    """Return a value's own name: its key, with the index if it is an item of a list."""
    name = ""
    for step in path:
        name = (
            f"{name}[{step}]" if isinstance(step, int) and not isinstance(step, bool) and name else str(step)
        )
    return name


def follow(value: object, location: tuple[int | str, ...]) -> ValuePath:
    """Follow pydantic's location into a value, as far as it goes without the names of union members."""
    path: list[object] = []
    for step in location:
        inner = _step(value, step)
        if inner is not _NOWHERE:
            path.append(step)
            value = inner
    return tuple(path)


def _step(value: object, step: int | str) -> object:
    if isinstance(value, dict):
        return value.get(step, _NOWHERE)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return _NOWHERE

"""Prints the results of calls of installed packages as JSON: `python -m library_tables.measured NAME ...`."""

import contextlib
import copy
import importlib
import io
import itertools
import json
import os
import re
import signal
import sys
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple

from library_tables.measured.subjects import KEYWORDS, SUBJECTS, Subject
from library_tables.measured.type_names import class_name, merge, type_expression

# Any: values of packages that are looked up here.

SECONDS = 2
MOST_CALLS = 9
"""Combinations of arguments that are tried for a shape."""
FRACTION = 0.34
"""Share of the arguments of one shape that a call has to accept before its result is believed."""
OMITTED = re.compile(
    r"(_|test$|test_|bench|source|info|lookfor|save|load|fromfile|tofile|from_file|memmap|dump|show|to_clipboard|"
    r"read_clipboard|plot|hist$|boxplot|to_sql|to_latex|style|to_gbq|to_hdf|DataSource|set_|seed|share_memory|cuda|compile|"
    r"multiprocessing|distributed|register|requires_grad|manual_seed|get_include|show_config|setbufsize|err|"
    r"use_deterministic|add_docstring|add_newdoc|empty|backward|init_|quit|exit|fork|random$|eval$|query$|pin_memory)"
)
OPERATORS = (
    *("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__", "__rtruediv__"),
    *("__floordiv__", "__mod__", "__pow__", "__matmul__", "__and__", "__or__", "__xor__", "__invert__"),
    *("__neg__", "__abs__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__getitem__"),
    *("__iter__", "__len__", "__float__", "__int__", "__contains__"),
)
SCALARS = {"builtins.float", "builtins.int", "builtins.str", "builtins.tuple"}
"""Arguments that are tried in pairs without an object of the package."""


class Shape(NamedTuple):
    """Types of the positional arguments and names of the keyword arguments of a call."""

    arguments: tuple[str, ...]
    keywords: tuple[str, ...]

    def text(self) -> str:
        """Return the shape as the table has it."""
        return f"{','.join(self.arguments)};{','.join(self.keywords)}"


def main() -> None:
    """Measure the named packages."""
    tables: dict[str, dict[str, Any]] = defaultdict(lambda: {"calls": {}, "attributes": {}, "bases": []})
    # Functions that write to a file take 1 for a file descriptor, and close it.
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null_device = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null_device, descriptor)
    # Some functions write files; this folder is removed.
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        os.chdir(folder)
        warnings.simplefilter("ignore")
        for name in sys.argv[1:]:
            _measure(SUBJECTS[name](), tables)
        os.chdir("/")
    output.write(json.dumps(tables))
    output.flush()
    os._exit(0)


def _measure(subject: Subject, tables: Mapping[str, dict[str, Any]]) -> None:
    for name in subject.modules:
        module = importlib.import_module(name)
        for attribute in dir(module):
            if callable(getattr(module, attribute)) and not OMITTED.match(attribute):
                shapes = _results([module], attribute, subject)
                _record(tables[name]["calls"], attribute, shapes)
    for name, receivers in subject.receivers.items():
        _record_bases(type(receivers[0]), tables)
        for attribute in sorted({*dir(receivers[0]), *dir(type(receivers[0]))}):
            is_column = attribute in getattr(receivers[0], "columns", ())
            if is_column or (OMITTED.match(attribute) and attribute not in OPERATORS):
                continue
            values = [value for receiver in receivers for value in _attribute(receiver, attribute)]
            if values and all(callable(value) for value in values):
                _record(tables[name]["calls"], attribute, _results(receivers, attribute, subject))
            elif len(values) >= FRACTION * len(receivers):
                result = merge([type_expression(value) for value in values])
                if result and result != "None":  # None is set in other objects
                    tables[name]["attributes"][attribute] = result


def _record_bases(cls: type, tables: Mapping[str, dict[str, Any]]) -> None:
    """Record the bases of a class and of its bases, without classes that are private to the package."""
    bases = list(_public_bases(cls))
    tables[class_name(cls)]["bases"] = [class_name(base) for base in bases]
    for base in bases:
        if base.__module__.partition(".")[0] not in sys.stdlib_module_names:
            _record_bases(base, tables)


def _public_bases(cls: type) -> Iterator[type]:
    for base in cls.__bases__:
        if "._" in class_name(base) or class_name(base) == class_name(cls):
            yield from _public_bases(base)
        elif base is not object:
            yield base


def _record(calls: dict[str, Any], name: str, shapes: Mapping[str, str]) -> None:
    by_result: dict[str, list[str]] = defaultdict(list)
    for shape, result in shapes.items():
        by_result[result].append(shape)
    if by_result:
        calls[name] = by_result


def _attribute(receiver: object, name: str) -> Iterator[Any]:
    with contextlib.suppress(Exception):
        yield getattr(receiver, name)


def _results(receivers: Sequence[Any], name: str, subject: Subject) -> dict[str, str]:
    """Return the type of the result for each shape of a call whose results agree."""
    results = {}
    count = 1 + isinstance(receivers[0], ModuleType)
    for shape, calls in _calls(subject, count):
        tries = [
            outcome
            for receiver in receivers
            for positional, keywords in calls
            for outcome in _call(receiver, name, positional, keywords)
        ]
        if tries and len(tries) >= FRACTION * len(receivers) * min(len(calls), len(receivers) + 1):
            result = merge(tries)
            if result and result != "builtins.NotImplementedType":
                results[shape.text()] = result
    return results


def _calls(
    subject: Subject, most_arguments: int
) -> Iterator[tuple[Shape, list[tuple[tuple[Any, ...], Mapping[str, Any]]]]]:
    """Yield shapes of calls with up to a number of arguments, each with the arguments to try."""
    main = next(iter(subject.receivers))
    for count in range(most_arguments + 1):
        for types in itertools.product(subject.arguments, repeat=count):
            if count > 1 and main not in types and not set(types) <= SCALARS:
                continue
            choices = itertools.product(*(subject.arguments[name] for name in types))
            yield Shape(types, ()), [(positional, {}) for positional in itertools.islice(choices, MOST_CALLS)]
    by_names: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for keywords in KEYWORDS:
        by_names[tuple(sorted(keywords))].append(keywords)
    for names, options in by_names.items():
        yield Shape((), names), [((), keywords) for keywords in options]
        if most_arguments > 1:
            values = [((value,), keywords) for value in subject.arguments[main] for keywords in options]
            yield Shape((main,), names), values


def _call(
    receiver: object, name: str, positional: Sequence[Any], keywords: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the type of the result unless the call fails, on copies that it may change."""
    with contextlib.suppress(Exception, SystemExit):
        subject = receiver if isinstance(receiver, ModuleType) else copy.copy(receiver)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            yield type_expression(getattr(subject, name)(*map(copy.copy, positional), **keywords))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def _expired(*_: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, _expired)
    main()

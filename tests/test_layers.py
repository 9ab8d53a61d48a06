"""Imports run downward only, those inside functions too."""

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest

from truss_cli.app import COMMANDS as COMMAND_LINE

SOURCES = Path(__file__).parents[1] / "cli"
LAYERS = (
    ("truss_cli.entry_point",),
    ("truss_cli.__main__",),
    ("truss_cli.app",),
    ("truss_cli.commands",),
    ("truss_cli.testing",),
    (
        "truss_cli.check.command",
        "truss_cli.doctor",
        "truss_cli.predict",
        "truss_cli.init",
        "truss_cli.schema",
        "truss_cli.serve",
        "truss_cli.lsp",
    ),
    ("truss_cli.check.output",),
    ("truss_cli.check.report", "truss_cli.check.explain", "truss_cli.check.fix"),
    ("truss_cli.check.workers",),
    ("truss_cli.check.engine",),
    ("truss_cli.check.selection", "truss_cli.check.settings", "truss_cli.check.suppression"),
    ("truss_cli.check.registry",),
    ("truss_cli.check.rules",),
    ("truss_cli.check.rules.breaches", "truss_cli.check.rules.config.findings"),
    ("truss_cli.check.rule",),
    ("truss_cli.check.facts",),
    ("truss_cli.static.run",),
    ("truss_cli.static.interpreter",),
    ("truss_cli.static.events",),
    ("truss_cli.static.values",),
    ("truss_cli.static.pydantic",),
    ("truss_cli.static.names",),
    ("truss_cli.static.syntax",),
    ("truss_cli.static.library",),
    ("truss_cli.diagnostic",),
    ("truss_cli.runtime",),
    ("truss_cli.environment",),
    ("truss_cli.deployment",),
    ("truss_cli.discovery",),
    ("truss_cli.gitignore",),
    ("truss_cli.project",),
    ("truss_cli.config",),
    ("truss_cli.quantities",),
    ("truss_cli.contract",),
    ("truss_cli.choices",),
    ("truss_cli.commands.watching",),
    ("truss_cli.packages", "truss_cli.programs"),
    (
        "truss_cli.child_program",
        "truss_cli.replace_file",
        "truss_cli.scratch_folder",
        "truss_cli.cache_folder",
    ),
    ("truss_cli.interrupts", "truss_cli.descendants", "truss_cli.file_lock"),
    ("truss_cli.source", "truss_cli.errors", "truss_cli.display", "truss_cli.garbage"),
    ("truss_cli.regular_file",),
    ("truss_cli.check", "truss_cli.static", "truss_cli"),  # packages that hold no code
)
"""From top to bottom; a name stands for all modules in it that no longer name stands for."""
COMMANDS = (
    "truss_cli.check",
    "truss_cli.doctor",
    "truss_cli.init",
    "truss_cli.predict",
    "truss_cli.serve",
)


def _name(path: Path) -> str:
    parts = path.relative_to(SOURCES).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in sorted((SOURCES / "truss_cli").rglob("*.py"))}


def _imported(module: str) -> set[str]:
    """Return the modules that a module imports, anywhere in it."""
    return set(_imports(ast.parse(MODULES[module].read_text(encoding="utf-8"))))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            assert not node.level
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


def _place(module: str) -> tuple[int, str]:
    """Return the layer of a module, and the name in it that stands for the module."""
    names = {name: depth for depth, layer in enumerate(LAYERS) for name in layer}
    while module not in names:
        module = module.rpartition(".")[0]
    return names[module], module


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_downward(module: str) -> None:
    depth, name = _place(module)
    upward = {
        other
        for other in _imported(module) & MODULES.keys()
        if _place(other)[0] <= depth and _place(other)[1] != name
    }
    assert not upward


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = {module: _imported(module) & MODULES.keys() for module in MODULES}
    assert not _circles(graph)


def _circles(graph: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Return the modules that import each other, directly or through others: one list per circle."""
    reachable = {module: _reachable(graph, module) for module in graph}
    circles = {
        tuple(sorted(name for name in reachable[module] if module in reachable[name])) for module in graph
    }
    return [list(circle) for circle in sorted(circles) if circle]


def _reachable(graph: Mapping[str, Collection[str]], start: str) -> set[str]:
    """Return the modules that a module imports, directly or through others."""
    reached: set[str] = set()
    remaining = [*graph[start]]
    while remaining:
        module = remaining.pop()
        if module not in reached:
            reached.add(module)
            remaining += graph[module]
    return reached


def test_a_circle_of_files_is_found() -> None:
    graph = {"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": ["d"], "e": ["a"]}
    assert _circles(graph) == [["a", "b", "c"], ["d"]]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_knows_nothing_of_the_others(command: str) -> None:
    others = tuple(f"{other}." for other in COMMANDS if other != command)
    own = [module for module in MODULES if f"{module}.".startswith(f"{command}.")]
    assert own
    assert not [other for module in own for other in _imported(module) if f"{other}.".startswith(others)]


def test_check_runs_nothing_of_the_runtime() -> None:
    own = [module for module in MODULES if module.startswith("truss_cli.check.")]
    assert not [other for module in own for other in _imported(module) if "runtime" in other]


def test_schema_knows_nothing_of_check() -> None:
    modules = [module for module in MODULES if module.startswith("truss_cli.schema.")]
    assert modules
    assert not [name for module in modules for name in _imported(module) if "truss_cli.check" in name]


def test_every_module_of_ours_that_is_imported_is_there() -> None:
    named = {other for module in MODULES for other in _imported(module)}
    assert {name for name in named if name.partition(".")[0] == "truss_cli"} <= MODULES.keys()


def test_only_the_command_line_knows_of_typer_and_nothing_of_click() -> None:
    users = {
        package: {module for module in MODULES for name in _imported(module) if name.split(".")[0] == package}
        for package in ("typer", "click")
    }
    commands = {f"truss_cli.commands.{name}" for name in (*COMMAND_LINE, "options")}
    assert users == {"typer": {"truss_cli.__main__", "truss_cli.app", *commands}, "click": set()}


def test_reading_python_knows_nothing_of_trusses() -> None:
    readers = [module for module in MODULES if module.startswith("truss_cli.static.")]
    readers.remove("truss_cli.static.run")
    assert readers
    for module in readers:
        beyond = {other for other in _imported(module) & MODULES.keys() if _knows_trusses(other)}
        assert not beyond, module


def _knows_trusses(module: str) -> bool:
    return _place(module)[1] in ("truss_cli.project", "truss_cli.discovery", "truss_cli.config")


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("truss_cli.check.rules.")])
def test_rules_resolve_names_by_the_scope_they_stand_in(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {function.attr for function in calls if isinstance(function, ast.Attribute)}
    assert not called & {"expression", "lookup", "binding", "attribute"}


def test_no_two_classes_have_one_name() -> None:
    names = [
        node.name
        for path in MODULES.values()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    assert sorted(names) == sorted(set(names))

"""The names that a body binds."""

import ast

import pytest

from truss_cli.static.interpreter.scope import FunctionScope, scope_of_body


def _scope(source: str) -> FunctionScope:
    return scope_of_body(ast.parse(source).body)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b", {"a"}),
        ("(a, [b, *c]), d.e = f", {"a", "b", "c"}),
        ("a: int", {"a"}),
        ("a += 1", {"a"}),
        ("del a", {"a"}),
        ("f(a := 1)", {"a"}),
        ("[b for a in (c := d)]", {"c"}),
        ("for a in b:\n    c = 1\nelse:\n    d = 1", {"a", "c", "d"}),
        ("with open(a) as b: pass", {"b"}),
        ("try:\n    a = 1\nexcept E as b:\n    c = 1", {"a", "b", "c"}),
        ("import a.b, c as d\nfrom e import f, g as h", {"a", "d", "f", "h"}),
        ("match a:\n    case [b, *c]: pass\n    case D() as e: pass", {"b", "c", "e"}),
        ("def a(b=(c := 1)):\n    d = 1", {"a", "c"}),
        ("class A(B):\n    c = 1", {"A"}),
        ("lambda a: (b := 1)", set()),
        ("global a\na = b = 1", {"b"}),
    ],
)
def test_names_that_a_body_binds(source: str, names: set[str]) -> None:
    assert _scope(source).bound == names


def test_parameters_are_bound() -> None:
    function = ast.parse("def f(a, /, b, *c, d, **e): pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert scope_of_body(function.body, function.args).bound == {"a", "b", "c", "d", "e"}


def test_names_declared_elsewhere() -> None:
    assert _scope("global a\nnonlocal b").elsewhere == {"a": "global", "b": "nonlocal"}


@pytest.mark.parametrize(
    ("source", "yields"),
    [("yield 1", True), ("a = yield from b", True), ("def f():\n    yield 1", False), ("return 1", False)],
)
def test_a_body_that_yields(source: str, *, yields: bool) -> None:
    assert _scope(source).yields is yields


@pytest.mark.parametrize(
    ("source", "is_captured"),
    [("f = lambda: a", True), ("g = (a for b in c)", True), ("g = [a for b in c]", False), ("a = 1", False)],
)
def test_names_that_may_be_used_later(source: str, *, is_captured: bool) -> None:
    assert _scope(source).captured is is_captured


def test_tests_are_counted_by_their_text() -> None:
    assert sorted(_scope("if a: pass\nif a : pass\nx = 1 if b else 2").tests.values()) == [1, 2]

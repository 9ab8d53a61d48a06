"""Syntax, parsed for the server's Python rather than the one that runs the check."""

import pytest

from callables import Check
from truss_cli.static.syntax.files import running_version

FINE = "class Model:\n    def predict(self, model_input) -> dict:\n        return model_input\n"
GENERIC = (
    "class Model[T]:\n    def predict[U: dict](self, model_input: U) -> dict[str, U]:\n        return {}\n"
)


def _codes(check: Check, version: str, model: str) -> list[str]:
    """Return the codes of the findings; a version of "" stands for the default."""
    config = f"python_version: {version}\n" if version else "model_name: m\n"
    files = {"config.yaml": config, "model/model.py": model}
    return [diagnostic.code for diagnostic in check(files)]


@pytest.mark.parametrize(
    "source",
    [
        "type Pair[T] = tuple[T, T]\n" + FINE,
        "class Box[T = int]: ...\n" + FINE,
        "def first[*Ts](*items: *Ts): ...\n" + FINE,
        'names = {"a": 1}\ntext = f"{names["a"]}"\n' + FINE,
        'text = f"{", ".join(["a"])}"\n' + FINE,
        'text = f"{(")")}"\n' + FINE,
        'text = f"{"}"}"\n' + FINE,
        'text = f"{\n    1  # one\n}"\n' + FINE,
        "text = rf'{'\\n'.join(['a'])}'\n" + FINE,
        'text = f"{f"{f"{1}"}"}"\n' + FINE,
        "try: ...\nexcept ValueError, TypeError: ...\n" + FINE,
        'text = t"{1}"\n' + FINE,
        GENERIC,
    ],
)
def test_syntax_of_a_newer_python_is_no_error_there(source: str, check: Check) -> None:
    assert _codes(check, "py314", source) == []


@pytest.mark.parametrize(
    "source",
    [
        "class Model:\n    def predict(self, a)\n        return a\n",
        "print 'a'\n" + FINE,
        "text = f'{1}'\nx = = 2\n" + FINE,
        'text = f"{1"\n' + FINE,
        'text = f"{(1}" + f"{2}"\n' + FINE,
        "class Model:\n    def predict(self, a):\n    return a\n",
        "class Model:\n    def predict(self, a:\n        return a\n",
        "class Model:\n  def predict(self, a): ...\n      x = 1\n",
        "x = (1]\n" + FINE,
    ],
)
def test_what_no_python_parses_is_an_error_in_each_version(source: str, check: Check) -> None:
    assert [_codes(check, version, source) for version in ("py314", "py311", "")] == [["TRS003"]] * 3


@pytest.mark.parametrize(
    ("version", "source"),
    [
        ("py39", "match 1:\n    case _: ...\n" + FINE),
        ("py310", "try: ...\nexcept* ValueError: ...\n" + FINE),
    ],
)
def test_syntax_that_the_named_python_lacks(version: str, source: str, check: Check) -> None:
    assert "TRS004" in _codes(check, version, source)
    assert "TRS004" not in _codes(check, "py311", source)


@pytest.mark.parametrize(
    "source",
    [
        'names = {"a": 1}\ntext = f"{names["a"]}"\n' + FINE,
        'text = f"{"("}"\nother = 1\n' + FINE,
        'text = (\n    f"{["a", "b"][0]}"\n)\n' + FINE,
        GENERIC,
    ],
)
def test_a_truss_that_names_no_python_runs_in_the_default_one(source: str, check: Check) -> None:
    assert _codes(check, "", source) == []
    assert _codes(check, "", "match 1:\n    case _: ...\n" + FINE) == []


@pytest.mark.skipif(running_version() >= (3, 12), reason="this Python parses it")
def test_a_named_python_of_this_version_cannot_parse_newer_syntax(check: Check) -> None:
    assert _codes(check, "py311", GENERIC) == ["TRS003"]

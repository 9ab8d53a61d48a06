"""Syntax, held to the Python that config.yaml names rather than the one that runs the check."""

import pytest

from callables import Check

FINE = "class Model:\n    def predict(self, model_input) -> dict:\n        return model_input\n"
GENERIC = (
    "class Model[T]:\n    def predict[U: dict](self, model_input: U) -> dict[str, U]:\n        return {}\n"
)


def _codes(check: Check, version: str, model: str) -> list[str]:
    files = {"config.yaml": f"python_version: {version}\n", "model/model.py": model}
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
        "class Model:\n    def predict(self, a):\n    return a\n",
        "class Model:\n    def predict(self, a:\n        return a\n",
        "class Model:\n  def predict(self, a): ...\n      x = 1\n",
        "x = (1]\n" + FINE,
    ],
)
def test_what_no_python_parses_is_an_error_whichever_is_named(source: str, check: Check) -> None:
    assert _codes(check, "py314", source) == _codes(check, "py311", source) == ["TRS003"]


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


def test_a_truss_that_names_no_python_is_held_to_the_running_one(check: Check) -> None:
    assert [d.code for d in check({"model/model.py": "match 1:\n    case _: ...\n" + FINE})] == []

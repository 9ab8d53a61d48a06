"""Whatever stands in the files: no crash, no hang, and every place lies inside its text."""

import os
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from callables import Run, WriteTruss
from truss_cli.check.engine import check_truss
from truss_cli.check.registry import all_rules
from truss_cli.diagnostic import Diagnostic
from truss_cli.source import SourceText, Span

FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""Enough to find what is wrong with a common kind of text; the folder is written anew each time."""

TEXTS = {
    item
    for rule in all_rules()
    for shown in rule.bad
    for item in rule.example_files(shown).items()
    if item[1]
}
SOURCES = sorted({text for name, text in TEXTS if name.endswith(".py")})
CONFIGS = sorted({text for name, text in TEXTS if name == "config.yaml"})


def checked(folder: Path, *, model: bytes = b"", config: bytes = b"") -> Sequence[Diagnostic]:
    """Check a truss of these files; every place in what is found must be one in its file."""
    texts = {}
    for name, raw in (("model/model.py", model), ("config.yaml", config)):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
        texts[path] = SourceText(path, raw.decode("utf-8", "replace"))
    found = check_truss(folder, [rule for rule in all_rules() if not rule.resolves])
    for diagnostic in found:
        finding = diagnostic.finding
        assert_inside(texts[finding.path], finding.span)
        for related in finding.related:
            assert_inside(texts[related.path], related.span)
    return found


def assert_inside(text: SourceText, span: Span) -> None:
    assert 1 <= span.start.line <= span.end.line <= text.line_count
    assert span.start <= span.end
    for position in (span.start, span.end):
        assert 1 <= position.column <= len(text.line(position.line)) + 1


PYTHON_WORDS = st.sampled_from(
    [
        *(
            "class ",
            "Model",
            "def ",
            "predict",
            "self",
            "(",
            ")",
            ":",
            "\n",
            "    ",
            "\t",
            "async ",
            "yield ",
            "return ",
        ),
        *(
            "import ",
            "from ",
            "*",
            ".",
            "lambda ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "=",
            "->",
            "|",
            "'",
            '"',
            '"""',
            "#",
            "\\\n",
        ),
        *(
            "é",
            "熱",
            "🔥",
            "\x0c",
            "\r",
            "\u2028",
            "\x00",
            "\ufeff",
            "f'{",
            "if TYPE_CHECKING:",
            "match x:",
            "# truss: ignore",
        ),
    ]
)
YAML_WORDS = st.sampled_from(
    [
        *(
            "model_name",
            "resources",
            "secrets",
            "python_version",
            ": ",
            "- ",
            "\n",
            "  ",
            "\t",
            "{",
            "}",
            "[",
            "]",
            ",",
        ),
        *(
            "&a ",
            "*a",
            "<<: ",
            "!!binary ",
            "|",
            ">",
            "'",
            '"',
            "#",
            "---\n",
            "...",
            "?",
            "null",
            "1e999",
            "0x1",
            "é",
            "\x85",
        ),
        *("\u2028", "\ufeff", "%YAML 1.1", "@", "# truss: ignore"),
    ]
)


@FEW
@given(st.binary(max_size=200))
@example(b"# -*- coding: utf-16 -*-\nclass Model: pass\n")
@example(b"# coding: latin-1\nclass Model:\n    def predict(self, \xe9, b): pass\n")
@example(b"\xef\xbb\xbfclass Model:\n    def predict(self, a, b): pass\n")
def test_any_bytes_as_source(tmp_path: Path, model: bytes) -> None:
    checked(tmp_path, model=model)


@FEW
@given(st.binary(max_size=200))
@example(b"\xff\xfea\x00:\x00 \x001\x00")
def test_any_bytes_as_config(tmp_path: Path, config: bytes) -> None:
    checked(tmp_path, config=config)


@FEW
@given(st.lists(PYTHON_WORDS, max_size=40).map("".join))
def test_what_looks_like_python(tmp_path: Path, model: str) -> None:
    checked(tmp_path, model=model.encode())


@FEW
@given(st.lists(YAML_WORDS, max_size=30).map("".join))
@example("# truss: ignore\n[")
def test_what_looks_like_yaml(tmp_path: Path, config: str) -> None:
    checked(tmp_path, config=config.encode())


@st.composite
def damaged(draw: st.DrawFn, texts: Sequence[str]) -> str:
    """Take a text and cut it off, or drop, double or exchange lines, or put a character somewhere."""
    lines = draw(st.sampled_from(texts)).splitlines(keepends=True)
    first, second = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    match draw(st.sampled_from(["cut", "drop", "double", "exchange", "indent", "insert"])):
        case "cut":
            text = "".join(lines)
            return text[: draw(st.integers(0, len(text)))]
        case "drop":
            del lines[first]
        case "double":
            lines.insert(second, lines[first])
        case "exchange":
            lines[first], lines[second] = lines[second], lines[first]
        case "indent":
            lines[first] = textwrap.indent(lines[first], "  ")
        case "insert":
            place = draw(st.integers(0, len(lines[first])))
            lines[first] = lines[first][:place] + draw(st.characters(codec="utf-8")) + lines[first][place:]
    return "".join(lines)


@settings(FEW, max_examples=300)
@given(damaged(SOURCES))
def test_damaged_source(tmp_path: Path, model: str) -> None:
    checked(tmp_path, model=model.encode())


@settings(FEW, max_examples=100)
@given(damaged(CONFIGS))
def test_damaged_config(tmp_path: Path, config: str) -> None:
    checked(tmp_path, config=config.encode())


PREDICT = "class Model:\n    def predict(self, a)"
DEEP = 100_000


@pytest.mark.parametrize(
    "model",
    [
        pytest.param("(" * DEEP, id="parentheses"),
        pytest.param("x = " + "[" * 90 + "]" * 90, id="brackets"),
        pytest.param("x = " + "-" * DEEP + "1", id="minus"),
        pytest.param("x = " + "not " * 50_000 + "1", id="not"),
        pytest.param("x = 1" + " + 1" * 50_000, id="sum"),
        pytest.param("x = a" + ".a" * 50_000, id="attributes"),
        pytest.param("x = a" + "()" * 50_000, id="calls"),
        pytest.param(PREDICT + " -> " + "list[" * 90 + "int" + "]" * 90 + ": ...", id="subscripts"),
        pytest.param(PREDICT + " -> " + " | ".join(["int"] * 20_000) + ": ...", id="union"),
        pytest.param(PREDICT + f" -> {'list[' * 50_000!r}: ...", id="string annotation"),
        pytest.param(PREDICT + ":\n        return " + "[" * 90 + "{1}" + "]" * 90, id="result"),
        pytest.param(PREDICT + ":\n        return " + " if a else ".join(["{1}"] * 900), id="conditional"),
        pytest.param("".join(f"{' ' * i}if 1:\n" for i in range(99)) + " " * 99 + "pass", id="blocks"),
        pytest.param("if a: pass\n" + "elif a: pass\n" * 20_000, id="elif"),
        pytest.param(
            "".join(f"{' ' * i}class Model:\n" for i in range(99)) + " " * 99 + "pass", id="classes"
        ),
        pytest.param("x = " + "9" * 10_000, id="number"),
        pytest.param("x = '" + "a" * 1_000_000 + "'", id="text"),
        pytest.param(PREDICT + ": return {b'" + "a" * 100_000 + "': 1}", id="long key"),
        pytest.param("".join(f"A{i} = A{i + 1}\n" for i in range(2000)) + "Model = A0", id="aliases"),
        pytest.param(
            "".join(f"class A{i}(A{i - 1}): ...\n" for i in range(2000)) + "Model = A1999", id="bases"
        ),
        pytest.param("class Model(" + ", ".join(f"A{i}" for i in range(5000)) + "): ...", id="many bases"),
        pytest.param("class A(B): ...\nclass B(A): ...\nclass Model(A, B): ...\nModel = Model", id="circle"),
        pytest.param(
            "from .model import *\nfrom model.model import Model\nfrom model import model", id="itself"
        ),
        pytest.param("X = 'X'\nY = list['Y']\n" + PREDICT + " -> 'X | Y': ...", id="alias of itself"),
        pytest.param(PREDICT + ", a): ...", id="same name twice"),
        pytest.param("class Model:\n" + "    def predict(self, a, b): ...\n" * 3000, id="many definitions"),
        pytest.param("\n" * 200_000 + PREDICT, id="empty lines"),
        pytest.param("#" * 1_000_000, id="comment"),
    ],
)
def test_source_beyond_measure(tmp_path: Path, model: str) -> None:
    checked(tmp_path, model=model.encode())


DIAMONDS = "class A0: ...\n" + "".join(
    f"class L{i}(A{i}): ...\nclass R{i}(A{i}): ...\nclass A{i + 1}(L{i}, R{i}): ...\n" for i in range(40)
)


def test_diamonds_of_bases_do_not_multiply(tmp_path: Path) -> None:
    checked(tmp_path, model=f"{DIAMONDS}class Model(A40):\n    def predict(self, a) -> A40: ...\n".encode())


@pytest.mark.parametrize(
    "config",
    [
        pytest.param("a: " + "[" * DEEP, id="brackets"),
        pytest.param("".join(f"{' ' * i}a:\n" for i in range(1000)), id="mappings"),
        pytest.param("a: &a [x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(1000)), id="aliases"),
        pytest.param(
            "a0: &a0 [x, x]\n" + "".join(f"a{i + 1}: &a{i + 1} [*a{i}, *a{i}]\n" for i in range(60)),
            id="bomb",
        ),
        pytest.param("&a a: *a\n", id="key of itself"),
        pytest.param("a: &a\n  <<: *a\n", id="merged into itself"),
        pytest.param("a: 1\n" * 20_000, id="same key"),
        pytest.param("a: " + "9" * 100_000, id="number"),
        pytest.param("a: 1" + ":1" * 20_000, id="sexagesimal"),
        pytest.param("a: 2001-99-99\n", id="date"),
        pytest.param("requirements: [" + "a, " * 20_000 + "]", id="requirements"),
        pytest.param("\u2028" * 50_000, id="separators"),
    ],
)
def test_config_beyond_measure(tmp_path: Path, config: str) -> None:
    checked(tmp_path, config=config.encode())


ALIASES = "from typing import Dict, List, Union\nA0 = Union[int, set]\n" + "".join(
    f"A{i + 1} = Union[A{i}, List[A{i}], Dict[str, A{i}]]\n" for i in range(40)
)


def test_unions_that_reuse_each_other_do_not_multiply(tmp_path: Path) -> None:
    model = (
        f"{ALIASES}class Model:\n    def predict(self, a) -> A40: return a\n    def load(self) -> A40: ...\n"
    )
    checked(tmp_path, model=model.encode())


@pytest.mark.parametrize("output_format", ["text", "sarif"])
@pytest.mark.parametrize("name", ["model/model.py", "config.yaml"])
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_has_no_end_is_not_read(
    kind: str, name: str, output_format: str, run: Run, write_truss: WriteTruss
) -> None:
    truss = write_truss({"model/model.py": "class Model: ...\n"})
    (truss / name).unlink()
    if kind == "pipe":
        os.mkfifo(truss / name)
    else:
        (truss / name).symlink_to("/dev/zero")
    done = run("check", "--output-format", output_format, truss)
    assert done.returncode == 1
    assert name in done.stdout

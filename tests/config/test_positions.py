"""Where values and keys lie, in every style that YAML has."""

from pathlib import Path

import pytest

from truss_cli.config.text.document import Document, read_document
from truss_cli.source import START_OF_FILE, Span


def read(tmp_path: Path, text: str | bytes) -> Document:
    path = tmp_path / "config.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_document(path)


def marked(document: Document, span: Span) -> str:
    """Return the text inside a span."""
    lines = [document.source.line(number) for number in range(span.start.line, span.end.line + 1)]
    lines[-1] = lines[-1][: span.end.column - 1]
    lines[0] = lines[0][span.start.column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "path", "value", "key"),
    [
        ("resources:\n  cpu: '1'\n", ("resources", "cpu"), "'1'", "cpu"),
        ("resources: {cpu: '1', memory: 2Gi}\n", ("resources", "memory"), "2Gi", "memory"),
        ("requirements:\n- a\n- b  # why\n", ("requirements", 1), "b", "b"),
        ("requirements: [a, 'b c']\n", ("requirements", 1), "'b c'", "'b c'"),
        (
            "description: |\n  one\n  two\n\nmodel_name: m\n",
            ("description",),
            "|\n  one\n  two",
            "description",
        ),
        ("description: one\n  two\nmodel_name: m\n", ("description",), "one\n  two", "description"),
        ("x: &a {cpu: '1'}\nresources: *a\n", ("resources", "cpu"), "'1'", "cpu"),
        ("x: &a {cpu: '1'}\nresources:\n  <<: *a\n", ("resources", "cpu"), "'1'", "cpu"),
        ("x: &a {cpu: '1'}\nresources:\n  <<: *a\n  cpu: '2'\n", ("resources", "cpu"), "'2'", "cpu"),
        ("cpu: '1'\ncpu: '2'\n", ("cpu",), "'2'", "cpu"),
        ("ключ: значение\n", ("ключ",), "значение", "ключ"),
        ("a: '😀'\nb: {c: d}\n", ("b", "c"), "d", "c"),
        ("a: {b: '😀', c: d}\n", ("a", "c"), "d", "c"),
        ("a: '1'\r\nb:\r\n  c: d\r\n", ("b", "c"), "d", "c"),
        ("\ufeffa: b\n", ("a",), "b", "a"),
        ("a: 'x\u2028y'\nb: c\n", ("b",), "c", "b"),
        ('"quoted key": 1\n', ("quoted key",), "1", '"quoted key"'),
        ("? a\n: b\n", ("a",), "b", "a"),
        ("a:\n  b: 1\n  c: 2\n\n\n# end\nd: 3\n", ("a",), "b: 1\n  c: 2", "a"),
        ("secrets:\n  1: a\n  true: b\n", ("secrets", True), "b", "true"),
        ("secrets:\n  1: a\n  true: b\n", ("secrets", 1), "a", "1"),
    ],
)
def test_value_and_key(tmp_path: Path, text: str, path: tuple[object, ...], value: str, key: str) -> None:
    document = read(tmp_path, text)
    assert marked(document, document.span(path)) == value
    assert marked(document, document.span(path, key=True)) == key


def test_a_path_that_leads_nowhere_gives_its_nearest_ancestor(tmp_path: Path) -> None:
    document = read(tmp_path, "resources:\n  cpu: '1'\nmodel_cache:\n- repo_id: a/b\n")
    assert marked(document, document.span(("resources", "memory"))) == "resources"
    assert marked(document, document.span(("model_cache", 0, "revision"))) == "repo_id: a/b"
    assert document.span(("no", "such")) == START_OF_FILE
    assert document.span(()) == START_OF_FILE


def test_an_empty_value_is_shown_at_its_key(tmp_path: Path) -> None:
    document = read(tmp_path, "model_name: m\nrequirements:\n")
    assert marked(document, document.span(("requirements",))) == "requirements"


def test_duplicates_at_any_depth_are_found_with_the_first(tmp_path: Path) -> None:
    document = read(tmp_path, "a:\n- {b: 1, b: 2}\nc: 1\nc: 2\n")
    assert document.values == {"a": [{"b": 2}], "c": 2}
    assert [(marked(document, found.span), found.span.start.line) for found in document.findings] == [
        ("b", 2),
        ("c", 4),
    ]
    assert [found.related[0][0].start.line for found in document.findings] == [2, 3]


def test_a_merged_key_that_is_overridden_is_no_duplicate(tmp_path: Path) -> None:
    document = read(tmp_path, "x: &a {cpu: '1', memory: 2Gi}\nresources:\n  <<: *a\n  cpu: '2'\n")
    assert document.values["resources"] == {"cpu": "2", "memory": "2Gi"}
    assert document.findings == ()


def test_scalars_are_those_of_yaml_1_1(tmp_path: Path) -> None:
    document = read(tmp_path, "a: yes\nb: 1:30\nc: 010\nd: 1e3\ne: ~\nf: 0x1F\ng: 1_000\nh: !!str 16\n")
    assert document.values == {
        "a": True,
        "b": 90,
        "c": 8,
        "d": "1e3",
        "e": None,
        "f": 31,
        "g": 1000,
        "h": "16",
    }


@pytest.mark.parametrize("text", ["", "# nothing\n", "null\n", "---\n", "[]\n", "false\n"])
def test_an_empty_file_is_an_empty_mapping(tmp_path: Path, text: str) -> None:
    document = read(tmp_path, text)
    assert (document.values, document.readable, document.findings) == ({}, True, ())

"""Texts that are refused: each with its kind of finding, at its place, soon, and never by a crash."""

import resource
import runpy
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from truss_cli.config.finding import Problem
from truss_cli.config.text import compose
from truss_cli.config.text.document import Document, read_document
from truss_cli.config.validation.inspect import inspect
from truss_cli.source import SourceText, Span


def read(folder: Path, data: bytes) -> Document:
    path = folder / "config.yaml"
    path.write_bytes(data)
    return read_document(path)


@pytest.mark.parametrize(
    ("data", "problem", "line", "column"),
    [
        (b"model_name:\tm\n", Problem.YAML_SYNTAX, 1, 12),
        (b"resources:\n\tcpu: '1'\n", Problem.YAML_SYNTAX, 2, 1),
        (b"a: [1\n", Problem.YAML_SYNTAX, 1, 5),
        (b"a: b: c\n", Problem.YAML_SYNTAX, 1, 5),
        (b"requirements:\n- *torch\n", Problem.YAML_SYNTAX, 2, 3),
        (b"a: @b\n", Problem.YAML_SYNTAX, 1, 4),
        (b"a: 'b\n", Problem.YAML_SYNTAX, 1, 5),
        (b"a: 2020-13-45\n", Problem.YAML_SYNTAX, 1, 4),
        (b"a:\n  <<: 1\n", Problem.YAML_SYNTAX, 2, 7),
        (b"a: {[b]: c}\n", Problem.KEY_TYPE, 1, 5),
        ("name: café\n".encode("latin-1"), Problem.YAML_ENCODING, 1, 10),
        ("name: м\n".encode("utf-16"), Problem.YAML_ENCODING, 1, 1),
        (b"a: b\nc: \x1b[31m\n", Problem.YAML_ENCODING, 2, 4),
        (b"- a\n", Problem.YAML_DOCUMENT, 1, 1),
        (b"# why\nhello\n", Problem.YAML_DOCUMENT, 2, 1),
        (b"a: b\n---\nc: d\n", Problem.YAML_DOCUMENT, 2, 1),
        (b"a: !secret b\n", Problem.YAML_TAG, 1, 4),
        (b"a: !!python/name:os.system\n", Problem.YAML_TAG, 1, 4),
        (b"a: =\n", Problem.YAML_TAG, 1, 4),
        (b"=: a\n", Problem.YAML_TAG, 1, 1),
        (b"a: &b\n  c: *b\n", Problem.YAML_UNBOUNDED, 1, 4),
        (b"a: &b [*b]\n", Problem.YAML_UNBOUNDED, 1, 4),
        (b"[" * 5000, Problem.YAML_UNBOUNDED, 1, 201),
        (b"- " * 5000, Problem.YAML_UNBOUNDED, 1, 401),
    ],
)
def test_what_is_refused(tmp_path: Path, data: bytes, problem: Problem, line: int, column: int) -> None:
    document = read(tmp_path, data)
    [finding] = document.findings
    assert finding.problem is problem
    assert (finding.span.start.line, finding.span.start.column) == (line, column)
    assert not document.readable
    assert document.values == {}


def test_what_python_reads_and_c_does_not_is_read_as_python_does(tmp_path: Path) -> None:
    assert read(tmp_path, b'a: "\\ud83d"\n').values == {"a": "\ud83d"}
    assert not read(tmp_path, b"a: {b: why? c}\n").readable
    assert read(tmp_path, b"a: why? c\n").values == {"a": "why? c"}


def bomb(levels: int, line: str) -> bytes:
    """Return a text in which each level refers nine times to the one before."""
    lines = ["a0: &a0 {x: 1}"]
    for level in range(1, levels):
        aliases = ", ".join([f"*a{level - 1}"] * 9)
        lines.append(line.format(level=level, aliases=aliases))
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "data",
    [
        bomb(30, "a{level}: &a{level} [{aliases}]"),
        bomb(30, "a{level}: &a{level} {{<<: [{aliases}]}}"),
        b"b0: &b0 [1]\n" + b"".join(b"b%d: &b%d [*b%d]\n" % (n, n, n - 1) for n in range(1, 3000)),
        b"a: [" + b"1," * 2_000_000 + b"]",
        b"a: {" * 100_000,
        b"? " * 100_000,
        b"a:\n" + b"".join(b" " * n + b"a:\n" for n in range(1, 1500)),
        b"a: " + b"x" * 11_000_000,
    ],
    ids=["aliases", "merges", "chain", "items", "braces", "keys", "indents", "long"],
)
def test_bombs_are_bounded_in_time_and_memory(tmp_path: Path, data: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    document = read(tmp_path, data)
    assert [found.problem for found in document.findings] == [Problem.YAML_UNBOUNDED]
    assert time.process_time() - started < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024  # KiB


@pytest.mark.parametrize(
    "data",
    [
        b"".join(b"key%d: 1\n" % n for n in range(40_000)),
        b"key: 1\n" * 40_000,
        b"system_packages: [" + b"1," * 40_000 + b"]",
        b"requirements: [" + b"a=1," * 40_000 + b"]",
        b"weights: [" + b"{}," * 20_000 + b"]",
        b"environment_variables: {" + b"".join(b"%d: 1," % n for n in range(20_000)) + b"}",
    ],
    ids=["unknown", "duplicate", "items", "requirements", "sections", "names"],
)
def test_countless_findings_are_cut_off_soon(tmp_path: Path, data: bytes) -> None:
    started = time.process_time()
    document = read(tmp_path, data)
    findings = [*document.findings, *inspect(document, tmp_path)]
    assert 0 < len(findings) <= 1000
    assert time.process_time() - started < 4


def inside(span: Span, document: Document) -> bool:
    """Tell whether a span lies in the text."""
    return all(
        1 <= place.line <= document.source.line_count
        and 1 <= place.column <= len(document.source.line(place.line)) + 1
        for place in (span.start, span.end)
    )


def check_all(folder: Path, data: bytes) -> None:
    document = read(folder, data)
    for finding in [*document.findings, *inspect(document, folder)]:
        assert finding.message
        assert inside(finding.span, document)
        assert finding.span.start <= finding.span.end
        assert all(inside(span, document) for span, _ in finding.related)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("truss")


@given(data=st.binary(max_size=200))
@settings(deadline=None, max_examples=300)
def test_bytes_never_crash(folder: Path, data: bytes) -> None:
    check_all(folder, data)


# fmt: off
PIECES = [
    "a", "b", "resources", "cpu", "model_cache", "requirements", "trt_llm", "build", "secrets", "1",
    "1.5", "~", "yes", "''", '"x"', ":", "-", "?", "{", "}", "[", "]", ",", "#", "&", "*", "&a", "*a",
    "!!str", "!x", "|", ">", "|-", "<<: ", "\\", "\t", "é", "😀", "\u2028", "\x85", "\ufeff", "\x00",
    "---", "...", " ", "\n", "\n  ", "\n- ", ": ", "\r\n", "\r", "a: ", "resources:\n  ", "runtime: {",
    "%YAML 1.1\n---\n",
]
KEYS = [
    "model_metadata", "external_data", "python_version", "base_image", "requirements",
    "requirements_file", "secrets", "environment_variables", "resources", "runtime", "build",
    "docker_server", "model_cache", "weights", "bdn", "trt_llm", "training_checkpoints", "bis_llm",
    "hf_cache", "cache_internal", "external_package_dirs", "accelerator", "transport", "docker_auth",
    "mounts", "access", "config", "speculator", "lora_adapters",
]
# fmt: on


@given(text=st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@settings(deadline=None, max_examples=1500)
def test_yaml_like_text_never_crashes_and_reads_as_pyyaml_reads_it(folder: Path, text: str) -> None:
    data = text.encode()
    check_all(folder, data)
    document = read(folder, data)
    try:
        wanted = yaml.safe_load(text.removeprefix("\ufeff")) or {}
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        assert not document.readable
    else:
        if document.readable:
            assert repr(document.values) == repr(
                {key: value for key, value in wanted.items() if isinstance(key, str)}
            )
        else:
            assert document.findings[0].problem in (Problem.YAML_DOCUMENT, Problem.YAML_UNBOUNDED)


ANY_KEY = st.sampled_from(KEYS)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3),
    max_leaves=6,
)


@given(config=st.dictionaries(ANY_KEY, VALUES | st.dictionaries(ANY_KEY, VALUES, max_size=3), max_size=4))
@settings(deadline=None, max_examples=500)
def test_any_value_under_any_key_never_crashes(folder: Path, config: dict[str, object]) -> None:
    check_all(folder, yaml.safe_dump(config, allow_unicode=True).encode("utf-8", "surrogatepass"))


def test_a_config_is_read_by_pyyaml_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in vars(yaml) if name.startswith("C") and name.endswith(("Loader", "Dumper"))]:
        monkeypatch.delattr(yaml, name)
    _, root = runpy.run_path(compose.__file__)["compose"](SourceText(Path("config.yaml"), "a: 1\n"))
    assert isinstance(root, yaml.MappingNode)

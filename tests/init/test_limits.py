"""A user's template, however it is written, ends soon and with a message."""

import os
from pathlib import Path

import pytest

from callables import Run
from truss_cli.errors import TrussError
from truss_cli.init.template.render import render

HUGE = {
    "a huge power": "{{ 9 ** (9 ** 9) }}",
    "a huge text": "{{ ('x' * 10**6) * 10**6 }}",
    "a filter that pads": "{{ ('x' * 9**6)|center(10**12) }}",
    "a filter over a product": "{{ range(99999)|map('string')|batch(1)|map('list')|list * 10**9 }}",
    "a method that pads": "{{ 'x'.center(10**12) }}",
    "a filter that indents": "{{ ('x\\n' * 10**6)|indent(10**5) }}",
    "a width by keyword": "{{ 'x'|indent(width=10**12, first=true) }}",
    "a width in a format": "{{ '%999999999999d'|format(1) }}",
    "a width that is an argument": "{{ '%*d'|format(10**12, 1) }}",
    "a width in an operator": "{{ '%99999999999d' % 1 }}",
    "a width in a format method": "{{ '{:>99999999999}'.format(1) }}",
    "a nested width": "{{ '{:>{}}'.format(1, 10**11) }}",
    "a filter that replaces": "{{ ('x' * 10**7)|replace('x', 'y' * 10**6) }}",
    "a sum of strings": "{% set a = 'x' * 10**7 %}{% set b = a + a + a + a + a + a %}{{ b ~ b ~ b ~ b ~ b }}",
    "a filter that joins": "{{ range(9999)|join('x' * 10**6) }}",
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_rendering_is_bounded(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.py.jinja"
    path.write_text(text)
    with pytest.raises(TrussError, match=r"model\.py\.jinja:1: "):
        render(path, {})


def test_an_ordinary_width_is_within_the_bounds(tmp_path: Path) -> None:
    path = tmp_path / "model.py.jinja"
    path.write_text(
        "{{ 'a'|indent(4, true) }}{{ '%12d'|format(10**15) }}{{ '{:>3}'.format('b') }}{{ 'c'|center(3) }}"
    )
    assert render(path, {}) == "    a1000000000000000  b c "


def test_a_template_that_takes_too_long_writes_nothing(run: Run, tmp_path: Path) -> None:
    template = tmp_path / "template"
    (template / "model").mkdir(parents=True)
    (template / "model/model.py.jinja").write_text(
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    )
    done = run("init", tmp_path / "made", "--template", template, "--yes")
    assert done.returncode == 2
    assert "model.py.jinja:1: " in done.stderr
    assert not (tmp_path / "made").exists()


MANIFESTS = {
    "a pattern that backtracks": """
title: t
summary: s
questions: [{key: a, ask: A, default: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab, pattern: "(a+)+$"}]
""",
    "deep nesting": "[" * 100_000,
}


@pytest.mark.parametrize("text", MANIFESTS.values(), ids=MANIFESTS)
def test_reading_a_manifest_is_bounded(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "template").mkdir()
    (tmp_path / "template/template.yaml").write_text(text)
    done = run("init", tmp_path / "made", "--template", tmp_path / "template", "--yes")
    assert done.returncode == 2
    assert "template.yaml" in done.stderr


@pytest.mark.parametrize("name", ["template.yaml", "data.jinja"])
def test_a_pipe_in_a_template_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "template").mkdir()
    os.mkfifo(tmp_path / "template" / name)
    done = run("init", tmp_path / "made", "--template", tmp_path / "template", "--yes")
    assert done.returncode == 2
    assert f"{name} is not a file" in done.stderr

"""A user's template, however it is written, ends soon and with a message."""

import os
from pathlib import Path

import pytest

from callables import Run

ENDLESS = {
    "nested ranges": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "a huge power": "{{ 9 ** (9 ** 9) }}",
    "a huge text": "{{ ('x' * 10**6) * 10**6 }}",
    "a filter that pads": "{{ ('x' * 9**6)|center(10**12) }}",
    "a filter over a product": "{{ range(99999)|map('string')|batch(1)|map('list')|list * 10**9 }}",
    "a method that pads": "{{ 'x'.center(10**12) }}",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_rendering_is_bounded(run: Run, tmp_path: Path, text: str) -> None:
    template = tmp_path / "template"
    (template / "model").mkdir(parents=True)
    (template / "model/model.py.jinja").write_text(text)
    done = run("init", tmp_path / "made", "--template", template, "--yes", timeout=30)
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
    done = run("init", tmp_path / "made", "--template", tmp_path / "template", "--yes", timeout=30)
    assert done.returncode == 2
    assert "template.yaml" in done.stderr


@pytest.mark.parametrize("name", ["template.yaml", "data.jinja"])
def test_a_pipe_in_a_template_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "template").mkdir()
    os.mkfifo(tmp_path / "template" / name)
    done = run("init", tmp_path / "made", "--template", tmp_path / "template", "--yes", timeout=30)
    assert done.returncode == 2
    assert f"{name} is not a file" in done.stderr

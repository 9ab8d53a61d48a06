"""README.md and docs/ show what the commands print; `pytest --renew` writes it anew."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from truss_cli.check.explain import markdown_page
from truss_cli.init.template.gallery import markdown_section
from waiting import SECONDS

TOP = Path(__file__).parents[1]
DOCUMENTS = (TOP / "README.md", *sorted((TOP / "docs").glob("*.md")))
_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
_RUN = re.compile(r"(?<=<!-- run -->\n```console\n)(.*?)(?=```)", re.DOTALL)
_TIME = re.compile(r"\(\d+(\.\d+)? m?s\)")
_LINK = re.compile(r"\]\(([^)#:]+)(#[^)]*)?\)")


def _section(name: str, content: str, text: str) -> str:
    marked = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    return marked.sub(lambda _: content.rstrip() + "\n", text)


def _run(block: str, folder: Path) -> Iterator[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TRUSS_", "CI"))}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
        done = subprocess.run(
            ["bash", "-c", f"{command} 2>&1"],  # noqa: S607 - any bash will do
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=SECONDS,
        )
        yield f"$ {command}\n{done.stdout}"


def _keep_times(old: str, new: str) -> str:
    """Return the new text, with the times of the old one in lines that differ in nothing else."""
    shown = {_TIME.sub("(N ms)", line): line for line in old.splitlines() if _TIME.search(line)}
    return "".join(
        f"{shown.get(_TIME.sub('(N ms)', line), line)}\n" if _TIME.search(line) else f"{line}\n"
        for line in new.splitlines()
    )


def _renewed(text: str, folder: Path) -> str:
    for name, content in _FILE.findall(text):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    text = _RUN.sub(lambda block: "\n".join(_run(block[0], folder)), text)
    text = _section("rules", markdown_page(), text)
    return _section("gallery", markdown_section(), text)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_shows_what_is_printed(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    text = path.read_text(encoding="utf-8")
    renewed = _keep_times(text, _renewed(text, tmp_path))
    if request.config.getoption("--renew"):
        path.write_text(renewed, encoding="utf-8")
        return
    assert text == renewed, "if that is meant, `pytest tests/test_docs.py --renew` writes it"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_links_lead_to_files(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not [target for target, _ in _LINK.findall(text) if not (path.parent / target).exists()]

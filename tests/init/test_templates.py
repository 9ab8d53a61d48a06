"""Every template of the gallery, rendered with an awkward name and every answer it offers."""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from callables import Run
from truss_cli.config.json_schema import config_json_schema
from truss_cli.init import question
from truss_cli.init.command import InitOptions, init
from truss_cli.init.gallery import Template, find_template, gallery
from truss_cli.init.question import Question

NAME = "{{ name }}: 'ünï' \"quoted\" # %}\x1b[31m\t模型"
BIN = Path(sys.executable).parent
TEMPLATES = [template.name for template in gallery()]


def offered(question: Question) -> list[str]:
    """Every answer that a question offers."""
    if isinstance(question.default, bool):
        return ["yes", "no"]
    return list(question.choices) or [str(question.default)]


def settings(template: Template) -> Iterator[tuple[str, ...]]:
    """Every combination of the answers to a template's own questions."""
    questions = template.manifest.questions
    for answers in itertools.product(*map(offered, questions)):
        yield tuple(f"{question.key}={answer}" for question, answer in zip(questions, answers, strict=True))


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """Trusses of each template, one for each combination of answers, all in one folder."""
    top = tmp_path_factory.mktemp("gallery")
    trusses: dict[str, list[Path]] = {}
    for template in gallery():
        for number, answers in enumerate(settings(template)):
            folder = top / f"{template.name}_{number}"
            init(
                InitOptions(str(folder), template=template.name, name=NAME, settings=answers, with_tests=True)
            )
            trusses.setdefault(template.name, []).append(folder)
    return trusses


@pytest.fixture(scope="session")
def top(rendered: dict[str, list[Path]]) -> Path:
    return rendered["basic"][0].parent


def tool(name: str, *arguments: str | Path, cwd: Path) -> str:
    """Run a development tool and give what it says; nothing but 0 will do."""
    ended = subprocess.run(
        [BIN / name, *arguments], capture_output=True, check=False, cwd=cwd, encoding="utf-8"
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_the_gallery_has_each_kind() -> None:
    assert TEMPLATES == ["basic", "async", "chat", "full", "pydantic", "sklearn", "streaming"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_its_own_test_passes(
    rendered: dict[str, list[Path]], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    for folder in rendered[name]:
        said = tool("python", "-m", "pytest", "-q", "-Werror", "-pno:cacheprovider", cwd=folder)
        assert "passed" in said


def test_check_finds_nothing(run: Run, top: Path) -> None:
    checked = run("check", "--strict", top)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.startswith(f"No problems found in {len(list(top.iterdir()))} trusses")


@pytest.mark.parametrize("name", TEMPLATES)
def test_its_example_gives_what_its_manifest_says(
    run: Run, rendered: dict[str, list[Path]], name: str
) -> None:
    for folder in rendered[name]:
        predicted = run("predict", "--example", cwd=folder)
        assert predicted.returncode == 0, predicted.stderr
        assert predicted.stdout.splitlines() == find_template(name).manifest.output.splitlines()


def test_the_secret_of_full_is_read_where_it_has_a_value(run: Run, rendered: dict[str, list[Path]]) -> None:
    arguments = ("predict", "--example", "--environment", "production")
    refused = run(*arguments, cwd=rendered["full"][0])
    assert refused.returncode == 1
    assert "signing_key" in refused.stderr
    signed = run(*arguments, cwd=rendered["full"][0], env={"TRUSS_SECRET_signing_key": "key"})
    assert len(json.loads(signed.stdout)["signature"]) == 64


def test_ruff_is_content(top: Path) -> None:
    allowed = "COM812,CPY,D103,D104,D203,D213,INP001,PLR2004,S101"
    sources = f"src = {[folder.name for folder in top.iterdir()]}"
    tool(
        "ruff",
        "check",
        "--isolated",
        "--no-cache",
        "--select=ALL",
        f"--ignore={allowed}",
        "--config",
        sources,
        cwd=top,
    )
    tool("ruff", "format", "--isolated", "--no-cache", "--check", cwd=top)


def test_mypy_is_content(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYPYPATH", "packages")
    cache = f"--cache-dir={top.parent / 'mypy_cache'}"
    for folder in sorted(top.iterdir()):
        tool("mypy", "--config-file=", "--strict", "--explicit-package-bases", cache, ".", cwd=folder)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_answer_renders_the_config_it_says(tmp_path: Path, name: str) -> None:
    template = find_template(name)
    accelerators = ("none", "L4", "H100:2")
    schema = Draft202012Validator(config_json_schema())
    asked = list(itertools.product(question.PYTHONS, accelerators, settings(template)))
    for number, (python, accelerator, answers) in enumerate(asked):
        folder = tmp_path / str(number)
        init(
            InitOptions(
                str(folder),
                template=name,
                name=NAME,
                python=python,
                accelerator=accelerator,
                settings=answers,
            )
        )
        config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
        schema.validate(config)
        assert config["model_name"] == NAME
        assert config["python_version"] == python
        assert config["resources"].get("accelerator", "none") == accelerator
        assert config["model_metadata"]["example_model_input"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_manifest_is_complete(name: str) -> None:
    manifest = find_template(name).manifest
    assert len(manifest.summary) < len("x" * 80)
    assert len(manifest.about) > len(manifest.summary)
    assert manifest.output
    assert manifest.tests


def test_the_workflow_checks_and_tests(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    init(
        InitOptions(str(tmp_path / "models" / "my: model"), template="sklearn", with_tests=True, with_ci=True)
    )
    path = tmp_path / "models" / "my: model" / ".github" / "workflows" / "truss.yml"
    job = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["truss"]
    assert job["defaults"] == {"run": {"working-directory": "models/my: model"}}
    assert job["steps"][1]["with"] == {"python-version": "3.12"}
    assert [step["run"] for step in job["steps"] if "run" in step] == [
        "python -m pip install truss-cli pytest -r requirements.txt",
        "truss check --strict --output-format github",
        "python -m pytest",
    ]


def test_a_template_needs_its_folder_alone_to_appear(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "config.yaml.jinja").write_text(
        "model_name: {{ name | quoted }}\n", encoding="utf-8"
    )
    init(InitOptions(str(tmp_path / "truss"), template=str(tmp_path / "mine"), name="a"))
    assert (tmp_path / "truss" / "config.yaml").read_text(encoding="utf-8") == 'model_name: "a"\n'
    assert "Wrote a truss from the template mine:" in capsys.readouterr().out

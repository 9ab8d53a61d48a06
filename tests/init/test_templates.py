"""Every template of the gallery, rendered with an awkward name and every answer it offers."""

import itertools
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from callables import Run
from truss_cli.config.json_schema import config_json_schema
from truss_cli.init.command import init
from truss_cli.init.options import InitOptions
from truss_cli.init.template import question
from truss_cli.init.template.gallery import Template, find_template, gallery
from truss_cli.init.template.question import Question

NAME = "{{ name }}: 'ünï' \"quoted\" # %}\x1b[31m\t模型"
BIN = Path(sys.executable).parent
TEMPLATES = [template.name for template in gallery()]
NAMES = [
    "basic", "async", "chat", "embeddings", "full", "image", "pydantic", "sklearn", "streaming", "torch",
    "transformers", "vllm", "websocket",
]  # fmt: skip
HEAVY = {"embeddings", "torch", "transformers"}
"""Their libraries take gigabytes; `make test-templates` installs them, and runs what is marked so."""
TESTED = [
    pytest.param(template.name, marks=[pytest.mark.heavy] if template.name in HEAVY else [])
    for template in gallery()
    if template.manifest.tests
]
ANSWERING = [
    pytest.param(template.name, marks=[pytest.mark.heavy] if template.name in HEAVY else [])
    for template in gallery()
    if template.manifest.output
]


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
                InitOptions(
                    str(folder),
                    template=template.name,
                    name=NAME,
                    settings=answers,
                    with_tests=bool(template.manifest.tests),
                )
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
    assert TEMPLATES == NAMES


@pytest.mark.parametrize("name", TESTED)
def test_its_own_test_passes(
    rendered: dict[str, list[Path]], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    for folder in rendered[name]:
        plugins = ("-pno:cacheprovider", "-ptruss_cli.testing.plugin")
        said = tool("python", "-m", "pytest", "-q", "-Werror", *plugins, cwd=folder)
        assert "passed" in said


def test_check_finds_nothing(run: Run, top: Path) -> None:
    checked = run("check", "--strict", top)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.startswith(f"No problems found in {len(list(top.iterdir()))} trusses")


@pytest.mark.parametrize("name", ANSWERING)
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


@pytest.mark.parametrize("heavy", [pytest.param(True, marks=pytest.mark.heavy), False])
def test_mypy_is_content(
    rendered: dict[str, list[Path]], top: Path, monkeypatch: pytest.MonkeyPatch, *, heavy: bool
) -> None:
    monkeypatch.setenv("MYPYPATH", "packages")
    cache = f"--cache-dir={top.parent / 'mypy_cache'}"
    folders = [folder for name in TEMPLATES if (name in HEAVY) is heavy for folder in rendered[name]]
    for folder in folders:
        if (folder / "model").is_dir():
            tool("mypy", "--config-file=", "--strict", "--explicit-package-bases", cache, ".", cwd=folder)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_answer_renders_the_config_it_says(tmp_path: Path, name: str) -> None:
    template = find_template(name)
    accelerators = ("none", "L4", "H100:2")
    schema = Draft202012Validator(config_json_schema())
    pythons = question.PYTHONS if template.manifest.python else (None,)
    asked = list(itertools.product(pythons, accelerators, settings(template)))
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
        assert config.get("python_version") == python
        assert config["resources"].get("accelerator", "none") == accelerator
        assert name == "websocket" or config["model_metadata"]["example_model_input"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_manifest_is_complete(name: str) -> None:
    manifest = find_template(name).manifest
    assert len(manifest.summary) < len("x" * 80)
    assert len(manifest.about) > len(manifest.summary)
    assert manifest.tests or name == "vllm"
    assert manifest.output or name in {"embeddings", "image", "transformers", "vllm", "websocket"}


@pytest.mark.parametrize(
    ("accelerator", "release"),
    [("L4", "2.13.0"), ("V100", "2.10.0"), ("none", "2.13.0"), ("B200:8", "2.13.0")],
)
@pytest.mark.parametrize("name", sorted(HEAVY))
def test_the_release_of_torch_suits_the_accelerator(
    tmp_path: Path, name: str, accelerator: str, release: str
) -> None:
    init(InitOptions(str(tmp_path / "truss"), template=name, accelerator=accelerator, yes=True))
    requirements = (tmp_path / "truss" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in requirements if line.startswith("torch")] == [f"torch=={release}"]


@pytest.mark.parametrize(("accelerator", "size"), [("none", "1"), ("L4", "1"), ("H100:4", "4")])
def test_vllm_spreads_the_model_over_all_its_gpus(tmp_path: Path, accelerator: str, size: str) -> None:
    init(InitOptions(str(tmp_path / "truss"), template="vllm", accelerator=accelerator, yes=True))
    config = yaml.safe_load((tmp_path / "truss" / "config.yaml").read_text(encoding="utf-8"))
    words = shlex.split(config["docker_server"]["start_command"])
    assert words[:3] == ["vllm", "serve", config["weights"][0]["mount_location"]]
    options = dict(zip(words[3::2], words[4::2], strict=True))
    assert options["--tensor-parallel-size"] == size
    assert options["--port"] == str(config["docker_server"]["server_port"])
    assert options["--served-model-name"] == config["model_metadata"]["example_model_input"]["model"]


def test_the_workflow_checks_and_tests(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    init(
        InitOptions(str(tmp_path / "models" / "my: model"), template="sklearn", with_tests=True, with_ci=True)
    )
    path = tmp_path / ".github" / "workflows" / "truss-models-my-model.yml"
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    job = workflow["jobs"]["truss"]
    assert workflow[True] == {"push": None, "pull_request": None}  # `on` is a truth value to YAML 1.1
    assert job["defaults"] == {"run": {"working-directory": "models/my: model"}}
    assert job["steps"][1]["with"] == {"python-version": "3.13"}
    assert job["steps"][2]["env"]["TRUSS_CLI"].startswith("${{ vars.TRUSS_CLI")
    assert [step["run"] for step in job["steps"] if "run" in step] == [
        (
            'python -m pip install "${TRUSS_CLI:?is not set in the variables of this repository}" '
            "pytest -r requirements.txt"
        ),
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
    config = (tmp_path / "truss" / "config.yaml").read_text(encoding="utf-8")
    assert config == '# yaml-language-server: $schema=.truss/config.schema.json\nmodel_name: "a"\n'
    assert "Wrote a truss from the template mine:" in capsys.readouterr().out

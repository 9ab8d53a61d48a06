"""template.yaml: what it may say, and what is said of one that is wrong."""

from pathlib import Path

import pytest

from truss_cli.errors import TrussError
from truss_cli.init.command import init
from truss_cli.init.options import InitOptions

HEAD = "title: T\nsummary: S\n"


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "answers.txt.jinja").write_text("{{ who }} {{ many }} {{ sure }} {{ size }}", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("manifest", "problem"),
    [
        ("title: [", "is not YAML"),
        ("- a list", "Input should be a valid dictionary"),
        ("title: T\n", "summary: Field required"),
        (HEAD + "colour: red\n", "colour: Extra inputs are not permitted"),
        (HEAD + "files: [../../etc/passwd]\n", "files.0: must be a path inside the truss"),
        (HEAD + "files: [/etc/passwd]\n", "files.0: must be a path inside the truss"),
        (HEAD + "files: ['a\\..\\..\\b']\n", "files.0: must be a path inside the truss"),
        (HEAD + "tests: ['C:/b']\n", "tests.0: must be a path inside the truss"),
        (HEAD + 'files: ["a\\eb"]\n', "files.0: must be printable"),
        (HEAD + "files: [absent.txt]\n", "names absent.txt, which is not in the template"),
        (HEAD + "questions: [{key: name, ask: N, default: x}]\n", "the key name is taken"),
        (HEAD + "questions: [{key: Who, ask: N, default: x}]\n", "questions.0.key: "),
        (HEAD + "questions: [{key: who, ask: N, default: x, choices: [a]}]\n", "expected one of a"),
        (HEAD + "questions: [{key: who, ask: N, default: x, pattern: '['}]\n", "not a regular expression"),
    ],
)
def test_a_wrong_manifest_is_refused_by_name(template: Path, manifest: str, problem: str) -> None:
    (template / "template.yaml").write_text(manifest, encoding="utf-8")
    with pytest.raises(TrussError) as error:
        init(InitOptions("truss", template="mine"))
    assert error.value.message.startswith("mine/template.yaml")
    assert problem in error.value.message
    assert not Path("truss").exists()


QUESTIONS = """
questions:
  - {key: who, ask: Who, default: Ada, pattern: "[A-Z][a-z]+", expects: a given name}
  - {key: many, ask: How many, default: 3}
  - {key: sure, ask: Sure, default: true}
  - {key: size, ask: Size, default: s, choices: [s, m]}
"""


@pytest.mark.parametrize(
    ("settings", "rendered"),
    [
        ((), "Ada 3 True s"),
        (("who=Grace", "many=-7", "sure=No", "size=m"), "Grace -7 False m"),
    ],
)
def test_answers_reach_the_files(template: Path, settings: tuple[str, ...], rendered: str) -> None:
    (template / "template.yaml").write_text(HEAD + QUESTIONS, encoding="utf-8")
    init(InitOptions("truss", template="mine", settings=settings))
    assert Path("truss/answers.txt").read_text(encoding="utf-8") == rendered


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("who", "--set 'who' is not of the form key=value"),
        ("who=ada", "who cannot be 'ada': expected a given name"),
        ("many=3.5", "many cannot be '3.5': expected a whole number"),
        ("sure=maybe", "sure cannot be 'maybe': expected yes or no"),
        ("size=l", "size cannot be 'l': expected one of s, m"),
        ("colour=red", "the template does not ask for 'colour'"),
        ("name=x", "name is given twice: with --name and with --set"),
    ],
)
def test_an_answer_that_is_not_valid_is_refused(template: Path, setting: str, problem: str) -> None:
    (template / "template.yaml").write_text(HEAD + QUESTIONS, encoding="utf-8")
    with pytest.raises(TrussError) as error:
        init(InitOptions("truss", template="mine", name="mine", settings=(setting,)))
    assert error.value.message == problem
    assert not Path("truss").exists()


def test_a_template_without_tests_says_so(template: Path) -> None:
    (template / "template.yaml").write_text(HEAD + QUESTIONS, encoding="utf-8")
    with pytest.raises(TrussError, match="has no tests"):
        init(InitOptions("truss", template="mine", with_tests=True))

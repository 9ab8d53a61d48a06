"""No file of a template is run by itself: no version control in any spelling, others only if agreed to."""

from pathlib import Path, PurePosixPath

import pytest

from truss_cli.errors import TrussError
from truss_cli.init.command import init
from truss_cli.init.options import InitOptions
from truss_cli.init.paths import is_run_by_tools, is_version_control


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "config.yaml").write_text("model_name: m\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "path",
    [".git", ".GIT/config", "a/.Git/x", ".git ", ".git.", "git~1/x", ".g\u200cit/x", ".HG/hgrc", ".\uff47it"],
)
def test_version_control_is_recognized_in_any_spelling(path: str) -> None:
    assert is_version_control(PurePosixPath(path))


@pytest.mark.parametrize("path", [".gitignore", "git", "a/.gitattributes", ".github/x.yml", "x.git"])
def test_other_names_are_not_version_control(path: str) -> None:
    assert not is_version_control(PurePosixPath(path))


@pytest.mark.parametrize(
    "name", [".git.jinja", ".GIT/config", "a/.Git/hooks/post-checkout", ".git /config", "a:b"]
)
def test_a_template_with_a_file_of_version_control_is_refused(template: Path, name: str) -> None:
    path = template / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[core]\nfsmonitor = touch PWNED\n", encoding="utf-8")
    with pytest.raises(TrussError, match="cannot be part of a template"):
        init(InitOptions("truss", template="mine", yes=True))
    assert not Path("truss").exists()


@pytest.mark.parametrize("key", ["files", "tests"])
def test_a_manifest_cannot_name_version_control(template: Path, key: str) -> None:
    (template / ".git").mkdir()
    (template / "template.yaml").write_text(f"title: T\nsummary: S\n{key}: [.git]\n", encoding="utf-8")
    with pytest.raises(TrussError, match="must not be in the folder of a version control system"):
        init(InitOptions("truss", template="mine", yes=True))


def test_a_template_that_is_a_clone_leaves_its_repository_behind(template: Path) -> None:
    (template / ".git").mkdir()
    (template / ".git" / "config").touch()
    init(InitOptions("truss", template="mine", yes=True))
    assert not Path("truss/.git").exists()


@pytest.mark.parametrize("name", [".envrc.jinja", ".vscode/tasks.json", ".GitHub/workflows/x.yml", "run.sh"])
def test_files_that_tools_run_need_consent(
    template: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = template / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755 if name == "run.sh" else 0o644)
    with pytest.raises(TrussError, match="nothing was written"):
        init(InitOptions("truss", template="mine"))
    output = capsys.readouterr().out
    assert Path(name.removesuffix(".jinja")).name in output
    assert "config.yaml" not in output
    assert not Path("truss").exists()
    init(InitOptions("truss", template="mine", yes=True))
    assert (Path("truss") / name.removesuffix(".jinja")).exists()


def test_ordinary_files_need_no_consent(template: Path) -> None:
    assert template
    assert not is_run_by_tools(PurePosixPath("model/model.py"))
    init(InitOptions("truss", template="mine"))
    assert Path("truss/config.yaml").exists()

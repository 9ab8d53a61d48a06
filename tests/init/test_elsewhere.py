"""Templates from git repositories: fetched as data, shown before they are used, and gone afterwards."""

import subprocess
import tempfile
from pathlib import Path

import pytest

from callables import Run
from truss_cli.errors import TrussError
from truss_cli.init.command import init
from truss_cli.init.options import InitOptions
from truss_cli.init.template.elsewhere import Source, parse_source

CONFIG = "model_name: {{ name | quoted }}\n"


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit(repository: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=m")
    return git(repository, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a repository of templates, from which `templates.git` is cloned by `publish`."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "--quiet")
    commit(folder, {"one/config.yaml.jinja": CONFIG, "one/model/model.py": "first = 1\n"})
    git(folder, "tag", "v1")
    commit(folder, {"one/model/model.py": "second = 2\n"})
    publish(folder)
    return folder


def publish(folder: Path) -> None:
    target = folder.parent / "templates.git"
    if target.is_dir():
        git(folder, "push", "--quiet", "--all", "--force", str(target))
        git(folder, "push", "--quiet", "--tags", "--force", str(target))
    else:
        git(folder.parent, "clone", "--quiet", "--bare", str(folder), str(target))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("gh:owner/name", Source("https://github.com/owner/name.git", "HEAD", ".")),
        ("gh:owner/na.me@v1:a/b", Source("https://github.com/owner/na.me.git", "v1", "a/b")),
        ("https://example.com/x/y.git", Source("https://example.com/x/y.git", "HEAD", ".")),
        ("https://example.com:8443/y#v1:a", Source("https://example.com:8443/y", "v1", "a")),
        ("git@example.com:o/n.git#main", Source("git@example.com:o/n.git", "main", ".")),
        ("ssh://git@example.com/n#abc:b", Source("ssh://git@example.com/n", "abc", "b")),
        ("/srv/templates.git#v1:one", Source("/srv/templates.git", "v1", "one")),
        ("basic", None),
        ("ext::sh -c touch% x", None),
        ("http://example.com/y.git", None),
    ],
)
def test_a_source_is_read(text: str, source: Source | None) -> None:
    assert parse_source(text) == source


@pytest.mark.parametrize(
    "text",
    [
        "gh:owner/name@--upload-pack=touch x:a",
        "https://example.com/y#--upload-pack=x",
        "--upload-pack=touch.git",
        "gh:owner/name:../../etc",
        "gh:owner/name:/etc",
    ],
)
def test_what_git_would_take_for_an_option_is_refused(text: str) -> None:
    with pytest.raises(TrussError, match="is not a source of templates"):
        parse_source(text)


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(("reference", "word"), [("", "second"), ("#v1", "first"), ("#main", "second")])
def test_a_template_is_fetched_and_nothing_of_it_stays(
    reference: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    init(InitOptions("truss", template=f"templates.git{reference}:one", yes=True))
    assert word in Path("truss/model/model.py").read_text(encoding="utf-8")
    assert list(scratch.iterdir()) == []
    assert not Path("truss/.git").exists()


def test_a_commit_is_fetched_by_its_name(repository: Path) -> None:
    first = git(repository, "rev-parse", "v1")
    git(repository.parent / "templates.git", "config", "uploadpack.allowAnySHA1InWant", "true")
    init(InitOptions("truss", template=f"templates.git#{first}:one", yes=True))
    assert Path("truss/model/model.py").read_text(encoding="utf-8") == "first = 1\n"


@pytest.mark.usefixtures("repository")
def test_it_is_shown_first_and_written_after_a_yes_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TrussError, match="nothing was written from a template from elsewhere") as refused:
        init(InitOptions("truss", template="templates.git:one"))
    assert refused.value.hint == "There is no terminal to ask on: agree with --yes."
    shown = capsys.readouterr().out
    assert "templates.git:one at commit " in shown
    assert "model.py" in shown
    assert not Path("truss").exists()


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("templates.git#v9:one", "at v9 cannot be fetched: fatal: "),
        ("templates.git:two", "has no folder two"),
        ("absent.git", "cannot be fetched: "),
        ("https://127.0.0.1:9/x.git", "cannot be fetched: "),
    ],
)
def test_what_cannot_be_fetched_is_one_clear_message(source: str, problem: str) -> None:
    with pytest.raises(TrussError) as refused:
        init(InitOptions("truss", template=source, yes=True))
    assert problem in refused.value.message
    assert not Path("truss").exists()


def test_nothing_of_a_template_runs(repository: Path, run: Run, tmp_path: Path) -> None:
    hook = f"#!/bin/sh\ntouch {tmp_path}/hooked\n"
    commit(
        repository,
        {
            "bad/config.yaml.jinja": CONFIG,
            "bad/hooks/post-checkout": hook,
            "bad/.gitattributes": "*.txt filter=evil\n",
            "bad/notes.txt": "as it is\n",
            "bad/notes.md.jinja": "{{ ''.__class__ }}\n",
        },
    )
    git(repository, "update-index", "--chmod=+x", "bad/hooks/post-checkout")
    publish(repository)
    config = tmp_path / "gitconfig"
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "post-checkout").write_text(hook, encoding="utf-8")
    (hooks / "post-checkout").chmod(0o755)
    config.write_text(f"[core]\n\thooksPath = {hooks}\n", encoding="utf-8")
    made = run("init", "truss", "-t", "templates.git:bad", "-y", env={"GIT_CONFIG_GLOBAL": str(config)})
    assert made.returncode == 2
    assert "access to attribute '__class__' of 'str' object is unsafe" in made.stderr
    assert not (tmp_path / "hooked").exists()
    assert not (tmp_path / "truss").exists()


def test_a_submodule_and_a_link_are_not_followed(repository: Path, tmp_path: Path) -> None:
    git(
        repository,
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(tmp_path / "templates.git"),
        "one/sub",
    )
    commit(repository, {})
    publish(repository)
    init(InitOptions("with-submodule", template="templates.git:one", yes=True))
    assert not Path("with-submodule/sub").exists()
    (repository / "one" / "passwd").symlink_to("/etc/passwd")
    commit(repository, {})
    publish(repository)
    with pytest.raises(TrussError, match="passwd is a symbolic link"):
        init(InitOptions("with-link", template="templates.git:one", yes=True))
    assert not Path("with-link").exists()


@pytest.mark.usefixtures("repository")
def test_git_is_not_led_astray_by_the_environment_of_a_hook(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    git(tmp_path / "mine", "init", "--quiet")
    inside = {"GIT_DIR": str(tmp_path / "mine" / ".git"), "GIT_WORK_TREE": str(tmp_path / "mine")}
    made = run("init", "truss", "-t", "templates.git:one", "--yes", env=inside)
    assert made.returncode == 0, made.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == [".git"]

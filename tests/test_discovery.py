"""Which folders are trusses."""

import subprocess
from pathlib import Path

import pytest

from truss_cli.discovery import excluded_by, find_trusses

pytestmark = pytest.mark.usefixtures("here")


def _found(*paths: Path) -> tuple[list[str], list[OSError]]:
    unreadable: list[OSError] = []
    return [str(path) for path in find_trusses(paths, unreadable)], unreadable


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _make(*folders: str) -> None:
    for folder in folders:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / "config.yaml").write_text("model_name: m\n")


def _add_model(folder: str) -> None:
    (Path(folder) / "model").mkdir()
    (Path(folder) / "model/model.py").touch()


def test_what_is_not_the_users_own_is_not_searched() -> None:
    _make(
        "a",
        "b/deep/er",
        ".git/c",
        ".venv/lib/d",
        "env/lib/e",
        "venv/f",
        "node_modules/g",
        "lib/site-packages/h",
    )
    Path("env/pyvenv.cfg").touch()
    assert _found(Path()) == (["a", "b/deep/er"], [])


def test_a_truss_named_outright_is_checked_wherever_it_lies() -> None:
    _make(".hidden/a", "t/packages/b")
    assert _found(Path(".hidden/a"), Path("t/packages/b")) == ([".hidden/a", "t/packages/b"], [])
    assert _found(Path(".hidden")) == ([".hidden/a"], [])


def test_a_truss_is_checked_once_however_often_it_is_named() -> None:
    _make("x/a", "x/b")
    Path("link").symlink_to("x/b")
    paths = [Path("x/b"), Path("x"), Path("x/../x/a"), Path("link"), Path("x").absolute()]
    assert _found(*paths) == (["x/b", "x/a"], [])


def test_loops_of_links_end() -> None:
    _make("a")
    Path("loop").symlink_to(".")
    Path("b").mkdir()
    Path("b/up").symlink_to("..")
    Path("self").symlink_to("self")
    assert _found(Path()) == (["a"], [])


def test_a_folder_without_a_truss_is_taken_for_one() -> None:
    Path("empty/folder").mkdir(parents=True)
    assert _found(Path("empty")) == (["empty"], [])


HYDRA = "defaults:\n  - db: mysql\nmodel:\n  hidden: 128\ntraining:\n  weights: x\n"
HELM = "apiVersion: v1\nname: chart\nresources:\n  cpu: 1\n"


@pytest.mark.parametrize(
    "text",
    [
        HYDRA,
        HELM,
        "site_name: Docs\n",
        "# model_name: m\n",
        "",
        "{a: {model_name: m}}",
        "[",
        "a: 1\n  model_name: m\n",
    ],
)
def test_a_config_of_another_program_is_not_a_truss(text: str) -> None:
    _make("truss")
    Path("other").mkdir()
    Path("other/config.yaml").write_text(text)
    assert _found(Path()) == (["truss"], [])
    assert _found(Path("other/config.yaml")) == ([], [])


@pytest.mark.parametrize(
    "text",
    ["python_version: py311\n", "a: 1\n'weights' : []\n", "{a: 1, trt_llm: {}}\n", "\ufeffmodel_name: m\n"],
)
def test_a_key_that_only_trusses_have_makes_one(text: str) -> None:
    Path("t").mkdir()
    Path("t/config.yaml").write_text(text)
    assert _found(Path()) == (["t"], [])


def test_a_model_file_makes_a_truss_whatever_its_config_says() -> None:
    Path("t/model").mkdir(parents=True)
    Path("t/config.yaml").write_text("requirements: [")
    Path("t/model/model.py").touch()
    assert _found(Path()) == (["t"], [])


def test_a_folder_named_outright_is_checked_whatever_its_config_says() -> None:
    Path("t").mkdir()
    Path("t/config.yaml").write_text("requirements: []\n")
    assert _found(Path("t")) == (["t"], [])


def test_trusses_in_a_truss_are_found_after_it() -> None:
    _make(".", "examples/b", "packages/inner", "served")
    for folder in ("examples/b", "packages/inner"):
        _add_model(folder)
    Path("served/config.yaml").write_text("docker_server: {start_command: serve}\n")
    Path("data").mkdir()
    Path("data/config.yaml").write_text(HYDRA)
    assert _found(Path()) == ([".", "examples/b", "packages/inner", "served"], [])


def test_a_config_in_a_truss_without_a_model_file_belongs_to_the_model() -> None:
    _make("a", "a/training", "a/training/deep", "a/named")
    Path("a/named/config.yaml").write_text("model_name: m\nmodel_module_dir: code\n")
    assert _found(Path()) == (["a"], [])
    assert _found(Path("a/training/deep/config.yaml"), Path("a/named/config.yaml")) == (["a"], [])
    Path("a/named/code").mkdir()
    Path("a/named/code/model.py").touch()
    assert _found(Path()) == (["a", "a/named"], [])
    assert _found(Path("a/named/config.yaml")) == (["a/named"], [])
    assert _found(Path("a/training")) == (["a/training"], [])


def test_a_file_stands_for_the_nearest_truss_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _make("a", "a/packages/b")
    _add_model("a/packages/b")
    Path("a/model").mkdir()
    Path("a/model/config.yaml").write_text(HYDRA)
    Path("a/packages/b/deep").mkdir()
    for name in ("a/model/model.py", "a/packages/b/deep/x.py", "outside.py"):
        Path(name).touch()
    files = [Path("a/model/config.yaml"), Path("a/model/model.py"), Path("a/packages/b/deep/x.py")]
    assert _found(*files, Path("outside.py")) == (["a", "a/packages/b"], [])
    monkeypatch.chdir("a/model")
    assert _found(Path("model.py")) == ([".."], [])


def test_what_git_ignores_is_not_searched_but_may_be_named() -> None:
    _make("a", "build/b", "ü\n'c")
    Path(".gitignore").write_text("build/\n*c\n")
    subprocess.run(["git", "init", "--quiet"], check=True)  # noqa: S607 - the user's git
    assert _found(Path()) == (["a"], [])
    assert _found(Path("build/b"), Path("build")) == (["build/b", "build"], [])


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("vendor", ["a"]),
        ("vendor/", ["a"]),
        ("./vendor", ["a"]),
        ("ven*", ["a"]),
        ("vendor/b", ["a", "vendor/c/a"]),
        ("vendor/*", ["a"]),
        ("a", ["vendor/b"]),
        ("b", ["a", "vendor/c/a"]),
        ("other", ["a", "vendor/b", "vendor/c/a"]),
    ],
)
def test_patterns_exclude_by_name_and_by_path(pattern: str, found: list[str]) -> None:
    _make("a", "vendor/b", "vendor/c/a")
    excluded = excluded_by([pattern], Path())
    assert list(map(str, find_trusses([Path()], [], excluded))) == found
    files = [Path(folder, "config.yaml") for folder in ("a", "vendor/b", "vendor/c/a")]
    assert list(map(str, find_trusses(files, [], excluded))) == found


NETWORK = "class Model(nn.Module):\n    def forward(self, x): return x\n"
SERVED = "class Model:\n    def predict(self, x): return x\n"


@pytest.mark.parametrize(
    ("text", "source", "trusses"),
    [
        ("lr: 1\nmodel: {hidden: 3}\n", NETWORK, []),
        ("lr: 1\nmodel: {hidden: 3}\n", SERVED, ["top/t"]),
        ("requirements: []\n", NETWORK, ["top/t"]),
        ("", NETWORK, ["top/t"]),
    ],
)
def test_a_network_with_the_config_of_its_training_is_not_a_truss(
    text: str, source: str, trusses: list[str]
) -> None:
    Path("top/t/model").mkdir(parents=True)
    Path("top/t/config.yaml").write_text(text)
    Path("top/t/model/model.py").write_text(source)
    _make("top/other")
    assert _found(Path("top")) == (["top/other", *trusses], [])

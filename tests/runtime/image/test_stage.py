"""A model that runs sees the files of the image, and changes none of the truss."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from staged_runs import PredictHere
from truss_cli.deployment.stage import Stage
from truss_cli.runtime.image.search_path import without_truss

NOT_COPIED = "is in the truss, but is not copied to the image"
MODEL = """
import os, sys
from pathlib import Path
{top}
class Model:
    def load(self):
        {load}
    def predict(self, i): return getattr(self, "x", None)
"""


def _model(load: str, top: str = "") -> str:
    return MODEL.format(load=load, top=top)


MISSING: Mapping[str, tuple[str, Mapping[str, str], str, str]] = {
    "a file next to config.yaml": (
        _model("open('labels.txt')"),
        {"labels.txt": ""},
        "model_name: m",
        f"labels.txt {NOT_COPIED}: move it to data/.",
    ),
    "by the path of the code": (
        _model("Path(__file__).resolve().parents[1].joinpath('assets', 'a.txt').read_text()"),
        {"assets/a.txt": ""},
        "model_name: m",
        f"assets/a.txt {NOT_COPIED}: move it to data/.",
    ),
    "by an absolute path": (
        _model("open(self.top + '/labels.txt')", "Model = None").replace("self.top", "os.environ['TOP']"),
        {"labels.txt": ""},
        "model_name: m",
        f"labels.txt {NOT_COPIED}: move it to data/.",
    ),
    "in packages": (
        _model("open('packages/t.txt')"),
        {"packages/t.txt": ""},
        "model_name: m",
        "packages/t.txt is /packages/t.txt in the image: use that path.",
    ),
    "dropped by default": (
        _model("open('data/tok.spec')"),
        {"data/tok.spec": ""},
        "model_name: m",
        f"data/tok.spec {NOT_COPIED} because of `*.spec` in the default ignore list: rename it.",
    ),
    "dropped by the user": (
        _model("open('model/w.bin')"),
        {"model/w.bin": "", ".truss_ignore": "*.bin"},
        "model_name: m",
        f"model/w.bin {NOT_COPIED} because of `*.bin` in .truss_ignore: change the pattern.",
    ),
    "a renamed data folder": (
        _model("open('assets/a.txt')"),
        {"assets/a.txt": ""},
        "data_dir: assets",
        "assets/a.txt is data/a.txt in the image: use that path.",
    ),
    "a module beside the model's folder": (
        _model("import arch", "sys.path.append('src')"),
        {"src/arch.py": ""},
        "model_name: m",
        f"src/arch.py {NOT_COPIED}: move it to packages/.",
    ),
    "a module in a dropped folder": (
        _model("import model.lib.t"),
        {"model/lib/t.py": ""},
        "model_name: m",
        f"model/lib {NOT_COPIED} because of `lib/` in the default ignore list: rename it.",
    ),
}


@pytest.mark.parametrize("case", MISSING.values(), ids=MISSING)
def test_a_file_that_the_image_lacks_is_missing(
    case: tuple[str, Mapping[str, str], str, str], predict_here: PredictHere, tmp_path: Path
) -> None:
    source, files, config, hint = case
    result = predict_here(source, files, config=config, variables={"TOP": str(tmp_path / "truss")})
    assert (result.code, result.hint) == (1, hint)
    assert "/run/" not in result.stderr + result.message
    assert not list((tmp_path / "truss").rglob("__pycache__"))


def test_copied_files_are_found_and_tracebacks_name_the_truss(
    predict_here: PredictHere, tmp_path: Path
) -> None:
    source = """
        import os, tool, model.helper
        from pathlib import Path
        class Model:
            def __init__(self, data_dir, config): self.data, self.config = data_dir, config
            def predict(self, i):
                texts = [Path("data/a.txt").read_text(), (self.data / "s" / "b.txt").read_text()]
                assert os.path.exists("config.yaml") and not os.path.exists("labels.txt")
                assert sorted(os.listdir(".")) == ["config.yaml", "data", "model"]
                raise ValueError(f"{texts} {self.config['data_dir']} {__file__}")
    """
    files = {"assets/a.txt": "A", "assets/s/b.txt": "B", "packages/tool.py": "", "model/helper.py": ""}
    result = predict_here(source, {**files, "labels.txt": ""}, config="data_dir: assets\n")
    model = tmp_path / "truss" / "model" / "model.py"
    assert result.message == f"`predict` raised ValueError: ['A', 'B'] assets {model}"
    assert f'File "{model}", line 10, in predict' in result.stderr


WRITES = """
import os, sqlite3
from pathlib import Path
class Model:
    def predict(self, i):
        Path("data/a.txt").write_text("changed")
        with open("data/b.txt", "a") as file: file.write("more")
        connection = sqlite3.connect("data/c.db")
        connection.execute("create table t (x)")
        connection.commit()
        connection.close()
        os.rename("data/d.txt", "data/moved.txt")
        os.chmod("data/f.txt", 0o600)
        os.utime("data/f.txt", (0, 0))
        os.truncate("data/g.txt", 1)
        Path("new.txt").write_text("new")
        kinds = {name: os.path.islink(f"data/{name}") for name in sorted(os.listdir("data"))}
        return [kinds, Path("data/b.txt").read_text()]
"""


@pytest.mark.parametrize("is_large", [False, True])
def test_the_truss_stays_as_it_is(predict_here: PredictHere, tmp_path: Path, *, is_large: bool) -> None:
    names = ("a.txt", "b.txt", "d.txt", "f.txt", "g.txt")
    files = {f"data/{name}": "text" for name in names} | {"data/c.db": ""}
    if is_large:
        files |= {f"data/s/{number}": "" for number in range(100)}
    data = tmp_path / "truss" / "data"

    def state() -> dict[str, tuple[bytes, int]]:
        return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in data.rglob("*.*")}

    for name, text in files.items():
        (tmp_path / "truss" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "truss" / name).write_text(text)
    before = state()
    result = predict_here(WRITES)
    links, text = result.value
    assert text == "textmore"
    assert {name for name, is_link in links.items() if is_link} == ({"moved.txt"} if is_large else set())
    assert state() == before
    assert not (tmp_path / "truss" / "new.txt").exists()


def test_no_data_folder_is_created_in_the_truss(
    predict_here: PredictHere, tmp_path: Path, cache: Path
) -> None:
    result = predict_here(_model("open('data/out.txt', 'w'); self.x = os.listdir('data')"))
    assert result.value == ["out.txt"]
    assert {path.name for path in (tmp_path / "truss").iterdir()} == {"config.yaml", "model"}
    assert list((cache / "run").iterdir()) == []


ALLOWED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "the real path of a copied file": ("open(os.environ['TOP'] + '/data/a.txt')", {}),
    "a virtual environment": ("open(os.environ['TOP'] + '/.venv/lib/site-packages/x.py')", {}),
    "a folder that a variable names": ("open(os.environ['TOP'] + '/hub/x')", {"HF_HOME": "{top}/hub"}),
    "a folder": ("os.listdir(os.environ['TOP'] + '/assets')", {}),
    "a file that is not there": ("self.x = os.path.exists(os.environ['TOP'] + '/none')", {}),
}


@pytest.mark.parametrize(("load", "variables"), ALLOWED.values(), ids=ALLOWED)
def test_what_a_deployment_has_elsewhere_is_not_denied(
    load: str, variables: Mapping[str, str], predict_here: PredictHere, tmp_path: Path
) -> None:
    top = str(tmp_path / "truss")
    files = {"data/a.txt": "", ".venv/lib/site-packages/x.py": "", "hub/x": "", "assets/a": ""}
    shell = {name: value.format(top=top) for name, value in variables.items()}
    assert predict_here(_model(load), files, variables={"TOP": top, **shell}).code == 0


def test_a_file_that_cannot_be_read_stops_nothing(predict_here: PredictHere, tmp_path: Path) -> None:
    secret = tmp_path / "truss" / "data" / "locked"
    secret.parent.mkdir(parents=True)
    secret.write_text("x")
    secret.chmod(0)
    os.mkfifo(secret.with_name("pipe"))
    secret.with_name("broken").symlink_to("none")
    result = predict_here(_model("self.x = sorted(os.listdir('data'))"))
    assert result.value == ["locked"]


def test_packages_that_look_for_env_files_continue_without_them(predict_here: PredictHere) -> None:
    package = """
import os, sys
def read():
    file = os.path.join(os.path.dirname(os.path.dirname(sys._getframe(1).f_code.co_filename)), ".env")
    if not os.path.isfile(file): return None
    with open(file) as opened: return opened.read()
"""
    files = {"packages/decouple.py": package, ".env": "KEY=1"}
    result = predict_here(_model("import decouple; self.x = decouple.read()"), files)
    assert result.value == ""
    assert "note: '.env' is not copied to the image; it is not read" in result.stderr


def test_in_place_the_model_sees_the_folder_of_the_truss(predict_here: PredictHere) -> None:
    source = _model("self.x = [os.listdir('assets'), open('labels.txt').read()]")
    result = predict_here(source, {"assets/a": "", "labels.txt": "x"}, options={"in_place": True})
    assert result.value == [["a"], "x"]
    assert result.stderr == "note: the model runs in the truss's folder, with files that the image may lack\n"


def test_folders_of_the_truss_on_the_import_path_are_dropped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = Stage("/stage", str(tmp_path), ())
    for name in ("src", ".venv/lib/site-packages"):
        (tmp_path / name).mkdir(parents=True)
    entries = [str(tmp_path / "src"), str(tmp_path / ".venv/lib/site-packages"), "/usr/lib"]
    assert without_truss(entries, stage) == entries[1:]
    assert "note: modules in src are not imported" in capsys.readouterr().err


def test_variables_of_the_shell_are_noted_once(predict_here: PredictHere) -> None:
    source = _model(
        "for _ in 'ab': os.environ['OPENAI_KEY'], os.getenv('SET'), os.getenv('HOME'), os.environ['SIZE']",
        "import os\nos.environ.get('LEVEL')\n'CUDA_X' in os.environ",
    )
    shell = {"OPENAI_KEY": "k", "SET": "x", "LEVEL": "1", "CUDA_X": "1", "SIZE": "2", "UNREAD": "1"}
    config = "environment_variables: {SIZE: 3}\n"
    options = {"variables": ["SET=given"]}
    result = predict_here(source, config=config, variables=shell, options=options)
    notes = [line for line in result.stderr.splitlines() if line.startswith("note: ")]
    assert notes == [
        "note: LEVEL comes from your shell; a deployment will not have it",
        "note: OPENAI_KEY comes from your shell; a deployment will not have it",
    ]
    image = predict_here(
        source, config="base_image: {image: x}\nenvironment_variables: {SIZE: 3}\n", variables=shell
    )
    assert "comes from your shell" not in image.stderr


def test_modules_of_the_server_hide_those_of_the_packages(predict_here: PredictHere) -> None:
    result = predict_here(_model("import model_wrapper"), {"packages/model_wrapper.py": ""})
    assert result.code == 1
    assert "the server has a module 'model_wrapper'" in result.message

"""What a person reads when it does not work."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from callables import Completed, Predict


def fault(done: Completed) -> str:
    """Return what is told of a fault of the model's, in which nothing of the tool shows."""
    assert (done.returncode, done.stdout) == (1, "")
    assert "truss_cli" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith(("error: ", "help: "))
    return done.stderr


RAISES = """
    from model.inner import boom
    class Model:
        def __init__(self): {init}
        def load(self): {load}
        def preprocess(self, i): {preprocess}
        {predict}
        def postprocess(self, r): {postprocess}
"""
CALM = {
    "init": "pass",
    "load": "pass",
    "preprocess": "return i",
    "predict": "def predict(self, i): return i",
    "postprocess": "return r",
}
INNER = {"model/inner.py": "def boom():\n    hidden = 'local value'\n    raise ValueError('bad thing')\n"}


@pytest.mark.parametrize(
    ("part", "code", "named"),
    [
        ("init", "boom()", "`Model.__init__`"),
        ("load", "boom()", "`load`"),
        ("preprocess", "boom()", "`preprocess`"),
        ("predict", "def predict(self, i): boom()", "`predict`"),
        ("predict", "async def predict(self, i): boom()", "`predict`"),
        ("postprocess", "boom()", "`postprocess`"),
    ],
)
def test_the_failing_method_is_named_and_only_the_models_frames_are_shown(
    predict: Predict, part: str, code: str, named: str
) -> None:
    text = fault(predict(RAISES.format(**{**CALM, part: code}), files=INNER))
    assert f"error: {named} raised ValueError: bad thing\n" in text
    assert text.count('File "') == 2
    assert 'inner.py", line 3, in boom' in text
    assert "local value" not in text


def test_all_frames_are_shown_on_request(predict: Predict) -> None:
    done = predict(RAISES.format(**{**CALM, "load": "boom()"}), "--traceback", "full", files=INNER)
    assert "truss_cli" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("source", "message", "hint"),
    [
        ("import nonesuch_package", "No module named 'nonesuch_package'", "-m pip install"),
        ("import helper", "No module named 'helper'", "Write `model.helper`"),
        ("from helper import x", "No module named 'helper'", "Write `model.helper`"),
        ("import rootmodule", "No module named 'rootmodule'", "Move `rootmodule` into `packages/`"),
        ("import model.other", "No module named 'model.other'", "`model/` has no such module"),
        ("from packages.tool import x", "No module named 'packages'", "by bare name"),
        ("def f(:", "SyntaxError", None),
        ("raise OSError('libcuda.so.1: cannot open shared object file')", "libcuda.so.1", "GPU"),
        ("class Modell: pass", "has no class `Model`", "Rename `Modell` to `Model`"),
        ("class Model:\n    def predict(self, a, b): pass", "second argument", "starlette.requests.Request"),
        (
            "class Model:\n    async def load(self): pass\n    def predict(self, i): pass",
            "never awaited",
            "def load",
        ),
        (
            "class Model:\n    def __len__(self): return 0\n    def predict(self, i): pass",
            "not ready",
            "__len__",
        ),
        ("class Model: pass", "neither `predict` nor `websocket`", "def predict"),
    ],
)
def test_what_the_server_would_refuse_is_told_with_the_way_out(
    predict: Predict, source: str, message: str, hint: str | None
) -> None:
    files = {"model/helper.py": "", "rootmodule.py": "", "packages/tool.py": "x = 1"}
    text = fault(predict(source, files=files))
    assert message in text
    if hint:
        assert hint in text.splitlines()[-1]


def test_a_missing_requirement_is_installed_with_the_python_that_runs(predict: Predict) -> None:
    text = fault(predict("import nonesuch_package", config="requirements: [nonesuch-package==1.2]\n"))
    assert f"{sys.executable} -m pip install nonesuch-package==1.2" in text


def test_a_load_that_fails_is_tried_once_more_as_deployed(predict: Predict) -> None:
    source = """
        class Model:
            tries = 0
            def load(self):
                self.tries += 1
                if self.tries == 1: raise OSError("not yet")
            def predict(self, i): return self.tries
    """
    done = predict(source)
    assert (done.stdout, done.returncode) == ("2\n", 0)
    assert "`load` raised OSError; trying it once more" in done.stderr


def test_a_websocket_cannot_be_called_with_one_input(predict: Predict) -> None:
    done = predict("class Model:\n    async def websocket(self, ws): pass\n")
    assert (done.stdout, done.returncode) == ("", 1)
    assert "has only `websocket`" in done.stderr


def test_a_websocket_is_served_rather_than_given_an_example(predict: Predict) -> None:
    done = predict("class Model:\n    async def websocket(self, ws): pass\n", "--example", stdin="")
    assert (done.stdout, done.returncode) == ("", 2)
    assert "serve it with `truss serve`" in done.stderr
    done = predict("class Model:\n    def predict(self, i): return i\n", "--example", stdin="")
    assert "model_metadata: example_model_input:" in done.stderr


def test_nobody_leaves_before_the_answer_is_there(predict: Predict) -> None:
    source = """
        from starlette.requests import Request
        class Model:
            async def predict(self, i, request: Request):
                with request.state.watch_disconnect() as gone:
                    return [await request.is_disconnected(), gone.is_set()]
    """
    assert predict(source).stdout == "[false, false]\n"


def test_what_init_may_replace_is_judged_once_it_has_run(predict: Predict) -> None:
    source = """
        class Model:
            def __init__(self): self.predict = lambda value: value
            def predict(self, a, b, c): raise NotImplementedError
    """
    assert predict(source).stdout == '{"x": 1}\n'


def test_an_http_exception_shows_status_and_detail(predict: Predict) -> None:
    source = """
        import fastapi
        class Model:
            def predict(self, i): raise fastapi.HTTPException(418, "short and stout")
    """
    assert "`predict` answered with HTTP status 418: short and stout" in fault(predict(source))


def test_a_result_that_cannot_be_sent_has_its_path(predict: Predict) -> None:
    text = fault(predict("class Model:\n    def predict(self, i): return {'a': [1, {2}]}\n"))
    assert "$.a[1]: set is not JSON serializable" in text


def test_text_of_the_models_cannot_control_the_terminal(predict: Predict) -> None:
    text = fault(predict("class Model:\n    def predict(self, i): raise ValueError('\\x1b[31m\\x07')\n"))
    assert "\x1b" not in text
    assert "\x07" not in text


def test_an_exception_that_cannot_be_printed_is_still_reported(predict: Predict) -> None:
    source = """
        class Bad(Exception):
            def __str__(self): raise RuntimeError
        class Model:
            def predict(self, i): raise Bad
    """
    assert "`predict` raised Bad" in fault(predict(source))


@pytest.mark.parametrize(
    ("files", "code", "message"),
    [
        (None, 2, "does not exist"),
        ({"model/model.py": ""}, 2, "has no config.yaml"),
        ({"config.yaml": "model_name: m\n"}, 1, "has no model/model.py"),
        ({"config.yaml": "a: b: c\n", "model/model.py": ""}, 1, "config.yaml:1:"),
        ({"config.yaml": "resources: {cpu: lots}\n", "model/model.py": ""}, 1, "config.yaml:1:"),
        ({"config.yaml": "docker_server: {image: x}\n"}, 1, "config.yaml:1:"),
    ],
)
def test_a_folder_that_is_no_truss_says_why(
    run: Callable[..., Completed], tmp_path: Path, files: dict[str, str] | None, code: int, message: str
) -> None:
    folder = tmp_path / "truss"
    for name, text in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    done = run("predict", str(folder), "-d", "1")
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr


def test_a_message_that_nobody_would_read_is_cut(predict: Predict) -> None:
    done = predict("class Model:\n    def predict(self, i): raise ValueError('x\\n' * 100_000 + 'end')\n")
    assert done.returncode == 1
    assert len(done.stderr) < 25_000
    assert "characters left out" in done.stderr
    assert "\nend\n" in done.stderr


def test_a_message_that_stops_python_is_still_an_exception(predict: Predict) -> None:
    source = """
        class Bad(Exception):
            def __str__(self): raise SystemExit
        class Model:
            def predict(self, i): raise Bad
    """
    assert "`predict` raised Bad" in fault(predict(source))

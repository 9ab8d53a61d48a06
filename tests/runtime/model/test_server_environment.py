"""What the model's code finds around it, as in the server."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from callables import Predict


def test_the_model_finds_what_the_server_gives_it(predict: Predict, tmp_path: Path) -> None:
    source = """
        import os, pathlib, sys, threading
        import tool, mine
        from model.helper import name
        main = threading.main_thread()
        seen = {"import": threading.current_thread() is main, "module": __name__}
        class Model:
            def __init__(self, config, data_dir, environment, **kwargs):
                seen.update(
                    folder=pathlib.Path.cwd().name, argv=len(sys.argv),
                    variable=[os.environ["SIZE"], os.environ["FAST"]],
                    defaults=[config["python_version"], config["runtime"]["predict_concurrency"]],
                    config=config["model_metadata"], data=[str(data_dir), data_dir.is_dir()],
                    environment=environment, kwargs=sorted(kwargs), init=threading.current_thread() is main,
                )
            def load(self): seen["load"] = threading.current_thread() is main
            def predict(self, i):
                seen["predict"] = threading.current_thread() is main
                return {**seen, "modules": [tool.x, mine.x, name]}
    """
    config = """
        environment_variables: {SIZE: 3, FAST: true}
        model_metadata: {a: 1}
        external_package_dirs: [../elsewhere]
    """
    files = {
        "packages/tool.py": "x = 'tool'",
        "../elsewhere/mine.py": "x = 'mine'",
        "model/helper.py": "name = 'helper'",
    }
    config = "\n".join(line.strip() for line in config.strip().splitlines())
    done = predict(source, config=config, files=files)
    assert json.loads(done.stdout) == {
        "import": False,
        "init": False,
        "load": False,
        "predict": False,
        "module": "model.model",
        "folder": "app",
        "variable": ["3", "true"],
        "argv": 1,
        "defaults": ["py313", 1],
        "config": {"a": 1},
        "data": ["data", True],
        "environment": None,
        "kwargs": ["lazy_data_resolver", "secrets"],
        "modules": ["tool", "mine", "helper"],
    }
    assert not (tmp_path / "truss/data").exists()
    assert not list((tmp_path / "truss").rglob("__pycache__"))


def test_setup_environment_comes_before_load_and_only_with_an_environment(predict: Predict) -> None:
    source = """
        class Model:
            def __init__(self, environment): self.log = [environment]
            def setup_environment(self, environment): self.log.append(["setup", environment])
            def load(self): self.log.append("load")
            def predict(self, i): return self.log
    """
    with_one = predict(source, "--environment", "staging")
    assert json.loads(with_one.stdout) == [{"name": "staging"}, ["setup", {"name": "staging"}], "load"]
    assert json.loads(predict(source).stdout) == [None, "load"]


ORDER: Mapping[str, tuple[str, object]] = {
    "sync and async in order": (
        """
        class Model:
            async def preprocess(self, i): return [i, "pre"]
            def predict(self, i): return [*i, "predict"]
            async def postprocess(self, i): return [*i, "post"]
        """,
        [{"x": 1}, "pre", "predict", "post"],
    ),
    "no argument": (
        """
        class Model:
            def predict(self): return "none"
        """,
        "none",
    ),
    "methods are bound before load": (
        """
        class Model:
            def predict(self, i): return "class"
            def load(self): self.predict = lambda i: "load"
        """,
        "class",
    ),
    "a wrapped method": (
        """
        import functools
        def passed(function):
            @functools.wraps(function)
            def inner(*arguments): return function(*arguments)
            return inner
        class Model:
            @passed
            def predict(self, i): return i
        """,
        {"x": 1},
    ),
    "a coroutine runs on the main thread": (
        """
        import threading
        class Model:
            async def predict(self, i): return threading.current_thread() is threading.main_thread()
        """,
        True,
    ),
    "a factory makes the model": (
        """
        class Inner:
            def predict(self, i): return i
        def Model(**kwargs): return Inner()
        """,
        {"x": 1},
    ),
}


@pytest.mark.parametrize(("source", "result"), ORDER.values(), ids=ORDER)
def test_methods_are_called_as_they_are_written(predict: Predict, source: str, result: object) -> None:
    assert json.loads(predict(source).stdout) == result


def test_a_custom_class_file_and_folder(predict: Predict) -> None:
    config = "model_class_name: Mine\nmodel_class_filename: main.py\n"
    files = {"model/main.py": "class Mine:\n    def predict(self, i): return __name__\n"}
    assert predict("", config=config, files=files).stdout == '"main"\n'


def test_a_model_folder_of_another_name_is_refused(predict: Predict) -> None:
    refusal = predict(
        "", config="model_module_dir: src\n", files={"src/model.py": "class Model:\n    predict = None\n"}
    )
    assert refusal.returncode == 1
    assert "the server does not find a model in `src`: the image has it in `model`" in refusal.stderr

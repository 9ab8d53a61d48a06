import json
from pathlib import Path

import pytest

from callables import Predict
from truss_cli.errors import TrussError
from truss_cli.runtime.model.secrets.file import read_secrets
from truss_cli.runtime.model.secrets.lookup import SecretNotFound, Secrets


def test_secrets_are_looked_up_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSS_SECRET_token", "from environment")
    monkeypatch.setenv("TRUSS_SECRET_undeclared", "x")
    monkeypatch.setenv("TRUSS_SECRET_emptied", "")
    declared = {"token": "default", "other": "default", "none": None, "emptied": "default", "file": None}
    secrets = Secrets(declared, {"file": "from file"})
    assert [secrets["token"], secrets["other"], secrets.get("file")] == [
        "from environment",
        "default",
        "from file",
    ]
    assert "token" in secrets
    assert (len(secrets), bool(secrets), bool(Secrets({}, {}))) == (5, True, False)
    for name in ("none", "emptied", "undeclared"):
        with pytest.raises(SecretNotFound):
            secrets.get(name, "default")
        with pytest.raises(SecretNotFound):
            assert name in secrets
    with pytest.raises(NotImplementedError):
        dict(secrets)
    assert not isinstance(SecretNotFound("x", declared=True), KeyError)


@pytest.mark.parametrize(
    ("config", "hint"),
    [("{}\n", "`tok: null` under `secrets:`"), ("secrets: {tok: null}\n", "TRUSS_SECRET_tok")],
)
def test_a_missing_secret_says_what_to_set(predict: Predict, config: str, hint: str) -> None:
    source = """
        class Model:
            def __init__(self, secrets): self.token = secrets["tok"]
            def predict(self, i): return self.token
    """
    done = predict(source, config=config)
    assert done.returncode == 1
    assert hint in done.stderr.splitlines()[-1]


def test_values_are_kept_out_of_what_we_print(predict: Predict) -> None:
    source = """
        class Model:
            def __init__(self, secrets): self.token = secrets["tok"]
            def predict(self, i): raise ValueError(f"bad token {self.token}")
    """
    done = predict(source, config="secrets: {tok: null}\n", env={"TRUSS_SECRET_tok": "hunter2"})
    assert "bad token ***" in done.stderr
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize(
    "source",
    [
        """
        import threading
        class Model:
            def __init__(self, secrets): self.token = secrets["tok"]
            def fail(self): raise ValueError(f"bad token {self.token}")
            def predict(self, i):
                thread = threading.Thread(target=self.fail)
                thread.start()
                thread.join()
        """,
        """
        class Model:
            def __init__(self, secrets): self.token = secrets["tok"]
            def predict(self, i): Failing().token = self.token
        class Failing:
            def __del__(self): raise ValueError(f"bad token {self.token}")
        """,
        """
        import atexit
        class Model:
            def __init__(self, secrets): self.token = secrets["tok"]
            def fail(self): raise ValueError(f"bad token {self.token}")
            def predict(self, i): atexit.register(self.fail)
        """,
        """
        import asyncio
        class Model:
            def __init__(self, secrets): self.token = secrets["tok"]
            async def fail(self): raise ValueError(f"bad token {self.token}")
            async def predict(self, i):
                asyncio.create_task(self.fail())
                await asyncio.sleep(0)
                await asyncio.sleep(0)
        """,
        """
        from concurrent.futures import Future
        class Model:
            def __init__(self, secrets): self.token = secrets["tok"]
            def fail(self, future): raise ValueError(f"bad token {self.token}")
            def predict(self, i):
                future = Future()
                future.add_done_callback(self.fail)
                future.set_result(None)
        """,
    ],
    ids=["thread", "finalizer", "exit handler", "task", "callback"],
)
def test_values_are_kept_out_of_exceptions_that_nobody_catches(predict: Predict, source: str) -> None:
    process = predict(source, config="secrets: {tok: null}\n", env={"TRUSS_SECRET_tok": "hunter2"})
    assert (process.returncode, process.stdout) == (0, "null\n")
    assert "ValueError: bad token ***" in process.stderr
    assert "hunter2" not in process.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.json", '{"a": "x y", "TRUSS_SECRET_b": 2}'),
        ("s.yaml", "a: x y\nTRUSS_SECRET_b: 2\nc:\n"),
        ("s.yml", "a: 'x y'\nb: 2\nc: ~\n"),
        (".env", "# mine\nexport a='x y'\n\nTRUSS_SECRET_b = 2 # two\n"),
        ("secrets.txt", 'a="x\\u0020y"\nb=2\n'.replace("\\u0020", " ")),
    ],
)
def test_a_file_of_secrets_is_json_yaml_or_dotenv(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    file.chmod(0o600)
    assert read_secrets(file) == {"a": "x y", "b": "2"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("s.json", "{bad hunter2", "not JSON: line 1, column 2"),
        ("s.yaml", "a: [hunter2", "not YAML"),
        ("s.yaml", "- hunter2", "not a mapping"),
        ("s.yaml", "a: [hunter2]", "'a'"),
        (".env", "hunter2", "line 1"),
    ],
)
def test_a_bad_file_of_secrets_is_refused_and_not_shown(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(TrussError) as refused:
        read_secrets(file)
    assert message in refused.value.message
    assert "hunter2" not in refused.value.message
    assert refused.value.exit_code == 2


def test_a_file_gives_the_model_its_secrets(predict: Predict, tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_text(json.dumps({"tok": "from file", "undeclared": "x"}))
    file.chmod(0o600)
    source = """
        class Model:
            def __init__(self, secrets): self.secrets = secrets
            def predict(self, name): return self.secrets[name]
    """
    config = "secrets: {tok: null}\n"
    given = predict(
        source, "--secrets", str(file), "-d", '"tok"', config=config, env={"TRUSS_SECRET_tok": "other"}
    )
    assert given.stdout == '"from file"\n'
    assert predict(source, "--secrets", str(file), "-d", '"undeclared"', config=config).returncode == 1


def test_yaml_does_not_make_numbers_or_dates_of_secrets(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("pin: 0070\nword: yes\nday: 2020-01-01\nnumber: 1e3\nkey: |\n  a\n  b\n")
    file.chmod(0o600)
    read = {"pin": "0070", "word": "yes", "day": "2020-01-01", "number": "1e3", "key": "a\nb\n"}
    assert read_secrets(file) == read


@pytest.mark.parametrize(
    "raised",
    [
        "ValueError(self.key)",
        "KeyError(self.key)",
        "ValueError({'key': self.key})",
        "ExceptionGroup('several', [ValueError(self.key)])",
        "ValueError('x' * 480 + self.key)",
    ],
)
def test_no_part_of_a_long_secret_is_printed(predict: Predict, raised: str) -> None:
    source = f"""
        class Model:
            def __init__(self, secrets): self.key = secrets["key"]
            def predict(self, i): raise {raised}
    """
    key = '-----BEGIN-----\nhunter2hunter2\nit\'s "secret"\n'
    done = predict(source, config="secrets: {key: null}\n", env={"TRUSS_SECRET_key": key})
    assert done.returncode == 1
    assert "***" in done.stderr
    for part in ("BEGIN", "hunter", "secret\\", '"secret'):
        assert part not in done.stderr


def test_a_secret_in_a_result_is_not_named_by_its_path(predict: Predict) -> None:
    source = """
        class Model:
            def __init__(self, secrets): self.key = secrets["key"]
            def predict(self, i): return {self.key: {1}}
    """
    done = predict(source, config="secrets: {key: null}\n", env={"TRUSS_SECRET_key": "hunter2"})
    assert "$.***: set" in done.stderr


def test_a_missing_secret_raises_by_the_name_it_has_when_deployed(predict: Predict) -> None:
    source = """
        class Model:
            def __init__(self, secrets): self.secrets = secrets
            def predict(self, i):
                try: return self.secrets["a"]
                except Exception as e: return f"{type(e).__module__}.{type(e).__name__}"
    """
    assert predict(source).stdout == '"_truss_shared.secrets_resolver.SecretNotFound"\n'
    assert "truss_cli" not in predict(source.replace("except Exception", "except KeyError")).stderr

"""Input and secrets that people write by hand."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callables import Predict, Run, WriteModel
from truss_cli.errors import TrussError
from truss_cli.predict.written_input import fields_as_json, line_as_json, yaml_as_json

ECHO = "class Model:\n    def predict(self, i): return i\n"
LOOKUP = """
    class Model:
        def __init__(self, secrets): self.secrets = secrets
        def predict(self, name): return self.secrets[name]
"""
DECLARED = "secrets: {tok: null}\n"
MOST = 1 << 20


def test_fields_make_an_object(predict: Predict, tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(b"\x89PNG")
    fields = [
        "name=Ada",
        "top_k=3",
        'tags=["a"]',
        'version="3"',
        "image=@cat.png",
        "handle=@@ada",
        "sum=1+1=2",
    ]
    done = predict(ECHO, *(part for field in fields for part in ("-i", field)))
    assert json.loads(done.stdout) == {
        "name": "Ada",
        "top_k": 3,
        "tags": ["a"],
        "version": "3",
        "image": base64.b64encode(b"\x89PNG").decode(),
        "handle": "@ada",
        "sum": "1+1=2",
    }


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (["name"], "'name' is not NAME=VALUE"),
        (["=x"], "'=x' is not NAME=VALUE"),
        (["a=1", "a=2"], "the field 'a' is given twice"),
        (["a=@absent"], "cannot read the input file absent"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named(fields: list[str], message: str) -> None:
    with pytest.raises(TrussError) as refused:
        fields_as_json(fields, MOST)
    assert message in refused.value.message
    assert refused.value.exit_code == 2


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]+", fullmatch=True), st.text().filter(lambda t: not t.startswith("@"))
    )
)
def test_text_stays_text_unless_it_is_json(values: dict[str, str]) -> None:
    made = json.loads(fields_as_json([f"{name}={value}" for name, value in values.items()], MOST))
    assert made.keys() == values.keys()
    for name, value in values.items():
        assert made[name] == value or json.dumps(made[name]) == json.dumps(json.loads(value))


def test_a_yaml_file_is_read_as_its_name_says(predict: Predict, tmp_path: Path) -> None:
    (tmp_path / "in.yaml").write_text("prompt: |\n  two\n  lines\nlimit: 2\n")
    assert json.loads(predict(ECHO, "-f", "in.yaml").stdout) == {"prompt": "two\nlines\n", "limit": 2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: ]", "in.yaml is not YAML: line 1, column 4"),
        ("day: 2020-01-01", "not data that JSON can hold"),
        ("a: .nan", "not data that JSON can hold"),
        ("a: !!python/object:os.system {}", "in.yaml is not YAML"),
    ],
)
def test_what_is_not_yaml_or_not_data_is_refused(text: str, message: str) -> None:
    with pytest.raises(TrussError) as refused:
        yaml_as_json(text.encode(), "in.yaml")
    assert message in refused.value.message


def test_two_inputs_are_one_too_many(predict: Predict) -> None:
    done = predict(ECHO, "-d", "1", "-i", "a=1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Give one of `-d` and `-i`." in done.stderr


@pytest.mark.parametrize(
    ("line", "value"),
    [('{"a": 1}', {"a": 1}), ("a=1 b='x y'", {"a": 1, "b": "x y"}), ("[1]", [1]), ("3", 3), ('"a=b"', "a=b")],
)
def test_a_line_of_a_session_is_json_or_fields(line: str, value: object) -> None:
    assert json.loads(line_as_json(line, MOST)) == value


def test_a_secret_is_given_by_value_or_on_stdin(predict: Predict) -> None:
    assert predict(LOOKUP, "-d", '"tok"', "--secret", "tok=a=b", config=DECLARED).stdout == '"a=b"\n'
    on_stdin = predict(LOOKUP, "-d", '"tok"', "--secret", "tok=-", stdin="hunter2\n", config=DECLARED)
    assert on_stdin.stdout == '"hunter2"\n'
    both = predict(LOOKUP, "--secret", "tok=-", config=DECLARED)
    assert both.returncode == 2
    assert "both read from stdin" in both.stderr
    assert predict(LOOKUP, "--secret", "tok", config=DECLARED).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--secret", "other=x"], "config.yaml declares no secret 'other'"),
        (["--secret", "other"], "`--secret` takes NAME=VALUE"),
        (["--secrets", "absent.yaml"], "cannot read the secrets file absent.yaml"),
    ],
)
@pytest.mark.parametrize("config", [DECLARED, "model_name: m\n"])
def test_a_secret_that_would_be_lost_is_refused(
    arguments: list[str], message: str, config: str, predict: Predict
) -> None:
    done = predict(LOOKUP, "-d", '"tok"', *arguments, config=config)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


@pytest.mark.parametrize(
    ("env", "value"), [({}, "from .env"), ({"TRUSS_SECRET_tok": "from environment"}, "from environment")]
)
def test_a_dotenv_file_beside_the_truss_gives_what_the_environment_lacks(
    predict: Predict, env: dict[str, str], value: str
) -> None:
    lines = "# all sorts\nOTHER=x\nif true; then\nexport TRUSS_SECRET_tok='from .env'\n"
    done = predict(LOOKUP, "-d", '"tok"', config=DECLARED, files={".env": lines}, env=env)
    assert done.stdout == f'"{value}"\n', done.stderr


def test_a_file_of_secrets_that_others_can_read_is_warned_of(
    run: Run, write_model: WriteModel, tmp_path: Path
) -> None:
    (tmp_path / "s.env").write_text("tok=hunter2\n")
    (tmp_path / "s.env").chmod(0o644)
    folder = write_model(LOOKUP, config=DECLARED)
    done = run("predict", folder, "-d", '"tok"', "--secrets", "s.env")
    assert (done.returncode, done.stdout) == (0, '"hunter2"\n')
    assert done.stderr == "warning: s.env can be read by other users; run `chmod 600 s.env`\n"

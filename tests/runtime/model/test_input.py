from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callables import Predict, Run, WriteTruss
from truss_cli.runtime.model.calling.input import parse_payload

ECHO = """
    print("imported")
    class Model:
        def predict(self, model_input): return repr(model_input)
"""


@pytest.mark.parametrize(
    ("body", "value"),
    [(b'{"a": 1, "a": 2}', {"a": 2}), (b"\xef\xbb\xbf[1]", [1]), ("[2]".encode("utf-16"), [2]), (b" 3\n", 3)],
)
def test_a_body_is_read_as_the_server_reads_it(body: bytes, value: object) -> None:
    assert parse_payload(body, "the input").value == value


@pytest.mark.parametrize(
    ("body", "place", "hint"),
    [
        (b'{"a": 1,\n "b" 2}', "line 2, column 6", None),
        (b"{'a': 1}", "line 1, column 2", "double quotes"),
        (b'{"a": True}', "line 1, column 7", "`true`"),
        (b'{"a": 1,}', "line 1, column", "comma"),
        (b'{"a": 1}\n{"a": 2}\n', "line 2, column 1: extra data", "`--jsonl`"),
        (b'{"a": }', "line 1, column 7: expecting value", None),
        (b"", "is empty", "truss predict"),
        (b" \n", "is empty", "truss predict"),
        (b'{"a":\n "\xe9t\xe9"}', "not UTF-8: line 2, column 3: byte 0xe9", "UTF-8"),
        (b"[" * 200_000, "nested too deeply", None),
        (b"9" * 5000, "4300 digits", None),
    ],
)
def test_what_is_not_json_is_told_with_its_place(body: bytes, place: str, hint: str | None) -> None:
    error = parse_payload(body, "the input").error
    assert error is not None
    assert error.exit_code == 2
    assert place in error.message
    assert (hint or "") in (error.hint or "")


def test_the_offending_text_is_shown_and_pointed_at() -> None:
    line = '{"long": "' + "x" * 500 + '", oops}'
    error = parse_payload(f"[1,\n{line}\n]".encode(), "the input").error
    assert error is not None
    assert error.detail is not None
    shown, caret = error.detail.splitlines()
    assert shown[caret.index("^") :].startswith("oops")
    assert len(shown) < 80


@given(st.binary(max_size=40))
def test_any_bytes_are_a_value_or_a_fault_of_the_input(body: bytes) -> None:
    error = parse_payload(body, "the input").error
    assert error is None or error.exit_code == 2


def test_input_comes_from_an_argument_a_file_or_stdin(predict: Predict, tmp_path: Path) -> None:
    file = tmp_path / "in.json"
    file.write_text('["file"]')
    for arguments, text in (
        (("-d", '["argument"]'), "argument"),
        (("-f", str(file)), "file"),
        (("-f", "-"), "stdin"),
        ((), "stdin"),
    ):
        done = predict(ECHO, *arguments, stdin='["stdin"]')
        assert done.stdout == f"\"['{text}']\"\n"


def test_a_typing_error_costs_no_load(predict: Predict) -> None:
    done = predict(ECHO, stdin="{bad")
    assert (done.returncode, done.stdout) == (2, "")
    assert "imported" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["truss", "-d", "@in.json"], "the input of `-d` is not JSON", "To read a file, write `-f in.json`."),
        (['{"a": 1}'], "the input is given in place of the truss's folder", "Use `-d JSON`."),
        (['["' + "x" * 5000 + '"]'], "the input is given in place of the truss's folder", "Use `-d JSON`."),
        (["x" * 5000], "does not exist", "Give the folder of a truss"),
        (["truss/model"], "truss/model is not a truss, but a folder in one", "`truss predict truss`."),
    ],
)
def test_input_and_folder_in_the_wrong_place_are_told(
    arguments: list[str], message: str, hint: str, run: Run, write_truss: WriteTruss
) -> None:
    write_truss(
        {
            "model/model.py": "class Model:\n    def predict(self, i): return i\n",
            "config.yaml": "model_name: m\n",
        }
    )
    done = run("predict", *arguments, stdin="1")
    assert (done.returncode, done.stdout) == (2, "")
    error, help_line = done.stderr.splitlines()[-2:]
    assert error.startswith("error: ")
    assert message in error
    assert hint in help_line


def test_two_inputs_are_one_too_many(predict: Predict) -> None:
    done = predict(ECHO, "-d", "1", "--example")
    assert done.returncode == 2
    assert "twice" in done.stderr


def test_the_example_of_config_is_an_input(predict: Predict) -> None:
    config = "model_metadata:\n  example_model_input: {name: Ada, n: 3}\n"
    assert predict(ECHO, "--example", config=config).stdout == "\"{'name': 'Ada', 'n': 3}\"\n"
    missing = predict(ECHO, "--example")
    assert missing.returncode == 2
    assert "example_model_input" in missing.stderr


def test_a_missing_file_is_named(predict: Predict) -> None:
    done = predict(ECHO, "-f", "nowhere.json")
    assert done.returncode == 2
    assert "nowhere.json" in done.stderr


def test_pydantic_input_is_parsed_and_its_misfits_name_the_field(predict: Predict) -> None:
    source = """
        import datetime, pydantic
        class Item(pydantic.BaseModel):
            price: float
        class Order(pydantic.BaseModel):
            day: datetime.date
            items: list[Item]
        class Model:
            def predict(self, order: Order): return [type(order).__name__, order.items[0].price]
    """
    fits = predict(source, stdin='{"day": "2020-01-02", "items": [{"price": "2"}]}')
    assert fits.stdout == '["Order", 2.0]\n'
    misfit = predict(source, stdin='{"items": [{"price": 1}, {"price": "dear"}]}')
    assert misfit.returncode == 2
    assert "$.day: Field required" in misfit.stderr
    assert "$.items[1].price: Input should be a valid number" in misfit.stderr
    assert "'dear'" in misfit.stderr


def test_a_model_that_takes_the_request_alone_reads_any_body(predict: Predict) -> None:
    source = """
        from starlette.requests import Request
        class Model:
            async def predict(self, request: Request):
                return [request.method, (await request.body()).decode()]
    """
    assert predict(source, stdin="not json").stdout == '["POST", "not json"]\n'


def test_input_and_request_have_the_same_body(predict: Predict) -> None:
    source = """
        from fastapi import Request
        class Model:
            async def preprocess(self, value, request: Request): return [value, await request.json()]
            def predict(self, value): return value
    """
    assert predict(source).stdout == '[{"x": 1}, {"x": 1}]\n'

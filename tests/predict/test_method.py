"""`--method`: an optional method, called in one go."""

import json

import pytest

from callables import Predict

SOURCE = """
    from starlette.requests import Request

    class Model:
        def predict(self, model_input):
            return "predict"

        async def chat_completions(self, body, request: Request):
            return [body, request.url.path]

        def completions(self, body):
            yield "a"
            yield "b"

        def messages(self, request: Request):
            return request.method

        async def responses(self, body):
            raise ValueError("broken")
"""


@pytest.mark.parametrize(
    ("method", "printed"),
    [
        ("predict", '"predict"\n'),
        ("chat_completions", json.dumps([{"x": 1}, "/v1/chat/completions"]) + "\n"),
        ("completions", "ab"),
        ("messages", '"POST"\n'),
    ],
)
def test_a_method_is_called_as_by_its_route(predict: Predict, method: str, printed: str) -> None:
    done = predict(SOURCE, "--method", method)
    assert (done.stdout, done.returncode) == (printed, 0)


def test_what_a_method_raises_names_it(predict: Predict) -> None:
    done = predict(SOURCE, "--method", "responses")
    assert done.returncode == 1
    assert "`responses` raised ValueError: broken" in done.stderr


def test_a_method_that_is_absent_is_named_before_the_model_loads(predict: Predict) -> None:
    done = predict(
        SOURCE + "\n        def load(self):\n            print('loaded')\n", "--method", "embeddings"
    )
    assert done.returncode == 1
    assert "has no method `embeddings`" in done.stderr
    assert "`chat_completions`" in done.stderr
    assert "loaded" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--method", "load"), "`--method load` answers no requests"),
        (("--method", "completions", "--jsonl"), "is for one input"),
    ],
)
def test_methods_that_cannot_be_called_are_refused(
    predict: Predict, arguments: tuple[str, ...], problem: str
) -> None:
    done = predict(SOURCE, *arguments)
    assert done.returncode == 2
    assert problem in done.stderr


def test_a_model_of_a_websocket_is_sent_to_serve(predict: Predict) -> None:
    done = predict("class Model:\n    async def websocket(self, websocket): ...\n")
    assert done.returncode == 1
    assert "truss serve" in done.stderr

"""Clients of others: OpenAI's own talks to the model of the `chat` template."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openai import NotFoundError, OpenAI

from callables import Run
from serve.serving import Serving

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam

Serve = Callable[..., Serving]


def test_an_openai_client_completes_and_streams_a_chat(serve: Serve, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "chat"
    assert run("init", folder, "--template", "chat", "--yes").returncode == 0
    server = serve(folder)
    server.wait_for("ready")
    client = OpenAI(base_url=f"http://127.0.0.1:{server.port}/v1", api_key="none", max_retries=0)
    messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Hello there"}]
    with client:
        whole = client.chat.completions.create(model="m", messages=messages)
        streamed = list(client.chat.completions.create(model="m", messages=messages, stream=True))
        with pytest.raises(NotFoundError):
            client.embeddings.create(model="m", input="x")
    text = whole.choices[0].message.content
    assert text
    assert "".join(chunk.choices[0].delta.content or "" for chunk in streamed if chunk.choices) == text
    assert len(streamed) > 1

"""Models that load, are ill, or have a websocket."""

from serve.trusses.served_truss import Ask, ServedTruss, posts

HEALTHY = ServedTruss(
    "healthy",
    """
    import os

    class Model:
        def is_healthy(self):
            if os.path.exists("raise"):
                raise ValueError("sick")
            return not os.path.exists("sick")

        def predict(self, model_input):
            return model_input
    """,
    [
        Ask.get("/v1/models/model"),
        Ask("GET", "/v1/models/model", after=["sick"]),
        Ask.get("/v1/models/model/loaded"),
        Ask.get("/ping"),
        *posts("1"),
        Ask("GET", "/v1/models/model", after=["raise"]),
    ],
)


ASYNC_HEALTHY = ServedTruss(
    "async-healthy",
    """
    class Model:
        def __init__(self):
            self.answers = iter([True, 1, 0, None, "", "text"])

        async def is_healthy(self):
            return next(self.answers)

        def predict(self, model_input):
            return model_input
    """,
    [Ask.get("/v1/models/model") for _ in range(6)],
    ready="/ping",
)


LOADING = ServedTruss(
    "loading",
    """
    import os, time
    from pydantic import BaseModel

    class Item(BaseModel):
        x: int

    class Model:
        def load(self):
            open("loading", "w").close()
            while not os.path.exists("go"):
                time.sleep(0.01)

        def is_healthy(self):
            return True

        def predict(self, model_input: Item):
            return model_input.x

        def completions(self, model_input):
            return 1
    """,
    [
        Ask.get("/"),
        Ask.get("/v1/models/model"),
        Ask.get("/v1/models/model/loaded"),
        Ask.get("/v1/models/model/schema"),
        Ask.get("/ping"),
        Ask.get("/metrics/"),
        *posts("{}", "{"),
        *posts("{}", path="/invocations"),
        *posts("{}", path="/v1/completions"),
        *posts("{}", path="/v1/messages"),
        Ask("GET", "/v1/websocket", say=["hello"]),
    ],
    ready="",
)


CONSTRUCTING = ServedTruss(
    "constructing",
    """
    import os, time

    class Model:
        def __init__(self):
            open("loading", "w").close()
            while not os.path.exists("go"):
                time.sleep(0.01)

        def is_healthy(self):
            return True

        def predict(self, model_input):
            return 1
    """,
    [
        Ask.get("/"),
        Ask.get("/v1/models/model"),
        Ask.get("/v1/models/model/loaded"),
        Ask.get("/v1/models/model/schema"),
        *posts("{}"),
        *posts("{}", path="/v1/messages"),
    ],
    ready="",
)


LOADING_NO_SCHEMA = ServedTruss(
    "loading-no-schema",
    """
    import os, time

    class Model:
        def load(self):
            open("loading", "w").close()
            while not os.path.exists("go"):
                time.sleep(0.01)

        def predict(self, model_input):
            return 1
    """,
    [Ask.get("/v1/models/model/schema"), Ask.get("/v1/models/model"), Ask("GET", "/v1/websocket", say=["x"])],
    ready="",
)


WEBSOCKET = ServedTruss(
    "websocket",
    """
    from fastapi import HTTPException, WebSocket

    class Model:
        async def websocket(self, websocket: WebSocket):
            async for text in websocket.iter_text():
                if text == "end":
                    return
                if text == "raise":
                    raise ValueError("broken")
                if text == "http":
                    raise HTTPException(400, "bad")
                if text == "close":
                    await websocket.close(4000, "own reason")
                    return
                if text == "bytes":
                    await websocket.send_bytes(b"\\x00\\xff")
                if text == "path":
                    await websocket.send_json([websocket.url.path, dict(websocket.query_params)])
                await websocket.send_text(f"got {text}")
    """,
    [
        Ask("GET", "/v1/websocket", say=["a", "b", "end"]),
        Ask("GET", "/v1/websocket", say=["end"]),
        Ask("GET", "/v1/websocket", say=["a", "raise"]),
        Ask("GET", "/v1/websocket", say=["http"]),
        Ask("GET", "/v1/websocket", say=["close"]),
        Ask("GET", "/v1/websocket", say=["bytes", "end"]),
        Ask("GET", "/v1/websocket", say=[b"binary"]),
        Ask("GET", "/v1/websocket?a=1", say=["path", "end"]),
        *posts("{}"),
        *posts("{}", path="/v1/chat/completions"),
        Ask.get("/v1/models/model"),
        Ask.get("/v1/models/model/schema"),
    ],
)

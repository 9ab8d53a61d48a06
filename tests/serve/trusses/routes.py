"""Every route, and paths that are none."""

from serve.trusses.served_truss import BINARY, PREDICT, Ask, ServedTruss, packed, posts

ROUTES = ServedTruss(
    "routes",
    """
    class Model:
        def predict(self, model_input):
            return model_input
    """,
    [
        *(
            Ask(method, path, body="{}" if method == "POST" else "")
            for path in (
                "/",
                "/ping",
                "/invocations",
                "/v1/models/model",
                "/v1/models/another%20name",
                "/v1/models/model/",
                "/v1/models/model/loaded",
                "/v1/models/model/schema",
                "/v1/models/model:predict",
                "/v1/models/model:predict/",
                "/v1/models/model:predict_binary",
                "/v1/models/x:y:predict",
                "/v1/models/:predict",
                "/v1/models/a/b:predict",
                "/v1/models",
                "/v1/models/",
                "/v1/chat/completions",
                "/v1/completions",
                "/v1/embeddings",
                "/v1/messages",
                "/v1/responses",
                "/v1/websocket",
                "/metrics",
                "/metrics/",
                "/nothing",
                "//",
                "/v1/models/model?x=1",
            )
            for method in ("GET", "POST")
        ),
        Ask("HEAD", "/"),
        Ask("HEAD", "/v1/models/model"),
        Ask("OPTIONS", PREDICT),
        Ask("PUT", PREDICT, "{}"),
        Ask("DELETE", "/v1/models/model"),
        Ask(
            "OPTIONS",
            PREDICT,
            headers={"origin": "http://a.example", "access-control-request-method": "POST"},
        ),
        Ask(body="{}", headers={"origin": "http://a.example"}),
        Ask.get("/metrics/", accept="application/openmetrics-text"),
        Ask("GET", "/v1/websocket", say=["hello"]),
        Ask("GET", "/v1/nothing", say=["hello"]),
    ],
)


REQUEST_ONLY = ServedTruss(
    "request-only",
    """
    from starlette.requests import Request

    class Model:
        async def predict(self, request: Request):
            body = await request.body()
            if body == b"json":
                return await request.json()
            if body == b"stream":
                return [part.decode() async for part in request.stream()]
            return {
                "body": repr(body), "query": dict(request.query_params), "method": request.method,
                "gone": await request.is_disconnected(), "watch": callable(request.state.watch_disconnect),
                "host": request.url.hostname, "mine": request.headers.get("x-mine"),
                "cookies": request.cookies, "path": request.url.path,
            }

        def completions(self, body):
            return [body]
    """,
    [
        *posts("not json", "", "stream", "json"),
        Ask(path="/v1/models/model:predict?a=1&b=%C3%A9", body="x", headers={"x-mine": "1", "cookie": "c=d"}),
        Ask(path="/v1/models/a%20b:predict", body="x"),
        Ask(body=b"\xff", headers=BINARY),
        *posts("{}", path="/v1/completions"),
    ],
)


ENDPOINTS = ServedTruss(
    "endpoints",
    """
    from starlette.requests import Request
    from fastapi import HTTPException
    from starlette.responses import JSONResponse

    class Model:
        def predict(self, model_input):
            return "predict"

        async def chat_completions(self, body, request: Request):
            if body.get("stream"):
                async def chunks():
                    yield 'data: {"n": 1}\\n\\n'
                    yield "data: [DONE]\\n\\n"
                return chunks()
            return {"body": body, "auth": request.headers.get("authorization")}

        def completions(self, body):
            if body.get("fail"):
                raise HTTPException(402, "pay")
            if body.get("stream"):
                return (text for text in "abc")
            return body["prompt"]

        def embeddings(self, request: Request):
            return request.url.path

        def messages(self, body):
            yield "event: a\\n\\n"

        async def responses(self, body):
            return JSONResponse({"error": "no"}, status_code=404)
    """,
    [
        *posts('{"stream": false}', '{"stream": true}', "[", path="/v1/chat/completions"),
        Ask(
            path="/v1/chat/completions",
            body='{"stream": true}',
            headers={"accept": "application/json", "user-agent": "OpenAI/Python 1.61.0"},
        ),
        *posts('{"stream": true}', path="/v1/chat/completions", accept="application/json"),
        *posts("{}", path="/v1/chat/completions", authorization="Bearer x"),
        *posts('{"prompt": 1}', "{}", '{"fail": 1}', '{"stream": 1}', path="/v1/completions"),
        *posts('{"stream": 1}', path="/v1/completions", accept="application/json"),
        *posts("{}", "[", path="/v1/embeddings"),
        *posts("{}", path="/v1/messages"),
        *posts("{}", path="/v1/messages", accept="application/json"),
        *posts("{}", path="/v1/responses"),
        Ask("GET", "/v1/chat/completions"),
        Ask(path="/v1/chat/completions", body=packed("gA=="), headers=BINARY),
    ],
)


METRICS = ServedTruss(
    "metrics",
    """
    from prometheus_client import Counter, Gauge

    CALLS = Counter("calls", "Calls so far", ["kind"])
    LEVEL = Gauge("level", "A level")

    class Model:
        def predict(self, model_input):
            CALLS.labels("predict").inc()
            LEVEL.set(model_input)
            return model_input
    """,
    [
        Ask.get("/metrics/"),
        *posts("2.5"),
        Ask.get("/metrics/"),
        Ask.get("/metrics/?name[]=level"),
        Ask.get("/metrics/anything"),
        Ask.get("/metrics/", accept="application/openmetrics-text; version=1.0.0"),
    ],
)


ENVIRONMENT = ServedTruss(
    "environment",
    """
    import os

    class Model:
        def __init__(self, environment, config):
            self.environment = environment
            self.config = config

        def predict(self, model_input):
            return [self.environment, self.config["model_name"], os.environ["MINE"]]
    """,
    posts("1"),
    {"environment_variables": {"MINE": "x"}},
)

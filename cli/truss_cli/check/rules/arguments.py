"""TRS105 to TRS108, TRS118 and TRS119: what the methods that answer requests may take."""

from truss_cli.check.contract_rule import breaches_of
from truss_cli.check.diagnostic import Severity
from truss_cli.check.rule import Rule, model
from truss_cli.contract.terms import Kind

TOO_MANY_ARGUMENTS = Rule(
    code="TRS105",
    name="too-many-arguments",
    severity=Severity.ERROR,
    summary="A method takes more than an input and a request",
    explanation="""\
The server calls `predict`, and the other methods that answer requests, with the parsed
input and, if asked for, the request. A method with more than two parameters besides
`self` (those with a default, `*args` and `**kwargs` count too) makes the model fail to load.

Take one input, usually a dict, and read the rest from it.""",
    find=breaches_of(Kind.TOO_MANY_ARGUMENTS),
    good=(
        model(
            """\
class Model:
    def predict(self, model_input):
        return model_input.get("temperature", 0.7)
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def predict(self, prompt, temperature=0.7, top_p=1.0):
        return prompt
"""
        ),
    ),
)

REQUEST_POSITION = Rule(
    code="TRS106",
    name="request-position",
    severity=Severity.ERROR,
    summary="Of two parameters, the second must be annotated as the request",
    explanation="""\
A method with two parameters besides `self` gets the input and the request, in this
order. The server recognises the request by the annotation: starlette's `Request` (which
is FastAPI's), or a class derived from it. A string, `Optional[Request]`, and any
annotation under `from __future__ import annotations` do not count. The model fails to load.

Annotate the second parameter with `starlette.requests.Request`, or keep one parameter
and read the rest from the input.""",
    find=breaches_of(Kind.REQUEST_FIRST, Kind.SECOND_NOT_REQUEST),
    good=(
        model(
            """\
from starlette.requests import Request


class Model:
    def predict(self, model_input, request: Request):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def predict(self, prompt, temperature=0.7):
        return prompt
"""
        ),
        model(
            """\
from fastapi import Request


class Model:
    def predict(self, request: Request, model_input):
        return model_input
"""
        ),
        model(
            """\
from __future__ import annotations

from fastapi import Request


class Model:
    def predict(self, model_input, request: Request):
        return model_input
"""
        ),
    ),
)

NOT_POSITIONAL = Rule(
    code="TRS107",
    name="not-positional",
    severity=Severity.ERROR,
    summary="A parameter cannot be passed by position",
    explanation="""\
The server passes the input and the request by position. A keyword-only parameter, or
`**kwargs`, cannot take them: every call fails.

Remove the `*`, or the `**`.""",
    find=breaches_of(Kind.NOT_POSITIONAL),
    good=(
        model(
            """\
class Model:
    def predict(self, model_input):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def predict(self, *, model_input):
        return model_input
"""
        ),
        model(
            """\
class Model:
    def predict(self, **inputs):
        return inputs
"""
        ),
    ),
)

RESULT_DISCARDED = Rule(
    code="TRS108",
    name="result-discarded",
    severity=Severity.ERROR,
    summary="A method takes the request alone, and would lose the result before it",
    explanation="""\
`predict` gets the result of `preprocess`, and `postprocess` that of `predict`. If such a
method takes only the request, that result has nowhere to go, and the model fails to load.

Take the input first, and the request second.""",
    find=breaches_of(Kind.RESULT_DISCARDED),
    good=(
        model(
            """\
from starlette.requests import Request


class Model:
    def preprocess(self, model_input):
        return model_input

    def predict(self, model_input, request: Request):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
from starlette.requests import Request


class Model:
    def preprocess(self, model_input):
        return model_input

    def predict(self, request: Request):
        return 1
"""
        ),
    ),
)

REQUEST_POSTPONED = Rule(
    code="TRS118",
    name="request-postponed",
    severity=Severity.WARNING,
    summary="A lone request parameter gets the input instead: its annotation is a string",
    explanation="""\
The server recognises the request by its annotation, and does not resolve strings. With
quotes around it, or under `from __future__ import annotations`, the parameter gets the
parsed input, a dict for instance, and not the request.

Remove the quotes or the import.""",
    find=breaches_of(Kind.REQUEST_POSTPONED),
    good=(
        model(
            """\
from starlette.requests import Request


class Model:
    async def predict(self, request: Request):
        return await request.json()
"""
        ),
    ),
    bad=(
        model(
            """\
from __future__ import annotations

from starlette.requests import Request


class Model:
    async def predict(self, request: Request):
        return str(request)
"""
        ),
    ),
)

ENDPOINT_NOT_POSITIONAL = Rule(
    code="TRS119",
    name="endpoint-not-positional",
    severity=Severity.WARNING,
    summary="A parameter of an extra endpoint cannot be passed by position",
    explanation="""\
The server calls `chat_completions`, `completions`, `embeddings`, `messages` and
`responses` as it calls `predict`: by position. With a keyword-only parameter or
`**kwargs`, the model serves `predict`, but each call of that endpoint fails.

Remove the `*`, or the `**`.""",
    find=breaches_of(Kind.ENDPOINT_NOT_POSITIONAL),
    good=(
        model(
            """\
class Model:
    def predict(self, model_input):
        return model_input

    def completions(self, model_input):
        return model_input
"""
        ),
    ),
    bad=(
        model(
            """\
class Model:
    def predict(self, model_input):
        return model_input

    def completions(self, *, model_input):
        return model_input
"""
        ),
    ),
)

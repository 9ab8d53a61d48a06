"""Classes outside the truss that rules know: their base classes, under one canonical name each."""

import builtins

from truss_cli.contract.results import UNSENDABLE
from truss_cli.contract.terms import CANONICAL

_RESPONSE = "starlette.responses.Response"

ANCESTORS: dict[str, tuple[str, ...]] = {
    "abc.ABC": (),
    "collections.Counter": ("builtins.dict",),
    "collections.OrderedDict": ("builtins.dict",),
    "collections.defaultdict": ("builtins.dict",),
    "datetime.datetime": ("datetime.date",),
    "enum.Flag": ("enum.Enum",),
    "enum.IntEnum": ("builtins.int", "enum.ReprEnum", "enum.Enum"),
    "enum.IntFlag": ("builtins.int", "enum.ReprEnum", "enum.Flag", "enum.Enum"),
    "enum.StrEnum": ("builtins.str", "enum.ReprEnum", "enum.Enum"),
    "numpy.ndarray": (),
    "pathlib.Path": ("pathlib.PurePath",),
    "pathlib.PosixPath": ("pathlib.Path", "pathlib.PurePath"),
    "pydantic.BaseModel": (),
    "pydantic.RootModel": ("pydantic.BaseModel",),
    "pydantic_settings.BaseSettings": ("pydantic.BaseModel",),
    "aiohttp.web.Request": (),
    "bottle.Request": (),
    "django.http.HttpRequest": (),
    "django.http.request.HttpRequest": (),
    "falcon.Request": (),
    "flask.Request": (),
    "httpx.Request": (),
    "quart.Request": (),
    "sanic.Request": (),
    "sanic.request.Request": (),
    "tornado.httputil.HTTPServerRequest": (),
    "urllib.request.Request": (),
    "werkzeug.Request": (),
    "werkzeug.wrappers.Request": (),
    "requests.Request": (),
    "requests.Response": (),
    "sqlmodel.SQLModel": ("pydantic.BaseModel",),
    "starlette.exceptions.HTTPException": ("builtins.Exception", "builtins.BaseException"),
    "starlette.requests.HTTPConnection": (),
    "starlette.requests.Request": ("starlette.requests.HTTPConnection",),
    "starlette.websockets.WebSocket": ("starlette.requests.HTTPConnection",),
    _RESPONSE: (),
    "starlette.responses.FileResponse": (_RESPONSE,),
    "starlette.responses.HTMLResponse": (_RESPONSE,),
    "starlette.responses.JSONResponse": (_RESPONSE,),
    "starlette.responses.PlainTextResponse": (_RESPONSE,),
    "starlette.responses.RedirectResponse": (_RESPONSE,),
    "starlette.responses.StreamingResponse": (_RESPONSE,),
    "typing.Any": (),
    "typing.Generic": (),
    "typing.NamedTuple": ("builtins.tuple",),
    "typing.Protocol": (),
    "typing.TypedDict": ("builtins.dict",),
}

_ALIASES = {
    **CANONICAL,
    "fastapi.HTTPException": "starlette.exceptions.HTTPException",
    "fastapi.exceptions.HTTPException": "starlette.exceptions.HTTPException",
    "fastapi.Response": _RESPONSE,
    "fastapi.WebSocket": "starlette.websockets.WebSocket",
    "fastapi.websockets.WebSocket": "starlette.websockets.WebSocket",
    "pandas.core.frame.DataFrame": "pandas.DataFrame",
    "typing.Text": "builtins.str",
    "typing_extensions.NamedTuple": "typing.NamedTuple",
    "typing_extensions.TypedDict": "typing.TypedDict",
}
_ALIAS_MODULES = {
    "typing_extensions.": "typing.",
    "fastapi.responses.": "starlette.responses.",
}

GENERIC_MODULES = ("typing.", "collections.abc.")
"""Modules whose names are forms of annotation rather than classes to derive from."""


def canonical(name: str) -> str:
    """Return the one name under which a class outside the truss is known."""
    if name in _ALIASES:
        return _ALIASES[name]
    for prefix, replacement in _ALIAS_MODULES.items():
        if name.startswith(prefix):
            return replacement + name.removeprefix(prefix)
    return name


def ancestors(name: str) -> frozenset[str] | None:
    """Return all base classes of a canonical name, `object` left aside; None if they are not known."""
    if name in ANCESTORS:
        return frozenset(ANCESTORS[name])
    if name in UNSENDABLE and not name.startswith("builtins."):
        return frozenset()
    if name.startswith(GENERIC_MODULES):
        return frozenset()
    module, _, attribute = name.partition(".")
    found = getattr(builtins, attribute, None) if module == "builtins" else None
    if not isinstance(found, type):
        return None
    return frozenset(f"builtins.{base.__name__}" for base in found.__mro__[1:-1])

"""Calls that block the event loop when a coroutine makes them, each with what to write instead."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from truss_cli.check.facts.function_names import FunctionNames, OwnFunction
from truss_cli.check.facts.model.methods import form_of
from truss_cli.check.facts.model.model_class import ModelClass
from truss_cli.contract.shape import Form
from truss_cli.static.names.symbols import External, Module, Symbol
from truss_cli.static.names.types import Types
from truss_cli.static.syntax.nodes import own_nodes

_HTTPX = "Use `httpx.AsyncClient` and `await`."
_THREAD = "Run it in a thread: `await asyncio.to_thread(...)`."
_PROCESS = "Use `await asyncio.create_subprocess_exec(...)`."

_BLOCKING = {
    "builtins.input": _THREAD,
    "builtins.open": _THREAD,
    "boto3.client": _THREAD,
    "boto3.resource": _THREAD,
    "huggingface_hub.hf_hub_download": _THREAD,
    "huggingface_hub.snapshot_download": _THREAD,
    "os.popen": _PROCESS,
    "os.system": _PROCESS,
    "shutil.copyfile": _THREAD,
    "shutil.copytree": _THREAD,
    "shutil.rmtree": _THREAD,
    "socket.create_connection": "Use `await asyncio.open_connection(...)`.",
    "socket.getaddrinfo": "Use `await loop.getaddrinfo(...)`.",
    "socket.gethostbyname": "Use `await loop.getaddrinfo(...)`.",
    "time.sleep": "Write `await asyncio.sleep(...)`.",
    "urllib.request.urlopen": _HTTPX,
    "urllib.request.urlretrieve": _HTTPX,
    "urllib3.request": _HTTPX,
}
_VERBS = ("get", "options", "head", "post", "put", "patch", "delete", "request")
_BLOCKING |= {f"{library}.{verb}": _HTTPX for library in ("requests", "httpx") for verb in _VERBS}
_BLOCKING |= {
    "requests.Session": _HTTPX,
    "requests.session": _HTTPX,
    "httpx.Client": _HTTPX,
    "httpx.stream": _HTTPX,
}
_BLOCKING |= {
    f"subprocess.{name}": _PROCESS for name in ("run", "call", "check_call", "check_output", "getoutput")
}
_NEVER_AWAITED = frozenset({"asyncio.sleep", "asyncio.wait_for", "asyncio.wait", "asyncio.to_thread"})


class BlockingCall(NamedTuple):
    """A blocking call by a coroutine; `through`: where the function that it calls blocks."""

    module: Module
    node: ast.Call
    name: str
    help: str
    through: tuple[Module, ast.Call] | None = None
    statement: bool = False
    """Whether the call is a statement of its own."""


def blocking_calls(types: Types, model: ModelClass) -> Iterator[BlockingCall]:
    """Yield the blocking calls of the model's coroutines, in themselves or in a function that they call."""
    for module, function in model.functions():
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        names = FunctionNames(types, model, module, function)
        statements = {node.value for node in own_nodes(function, ast.Expr)}
        for node, symbol in names.calls():
            direct = _blocking_name(symbol)
            if direct:
                statement = node in statements
                yield BlockingCall(module, node, direct, _BLOCKING[direct], statement=statement)
                continue
            inside = names.own_function(node.func)
            found = _first_blocking(names, inside) if inside else None
            if inside and found:
                help_text = f"Run `{inside.node.name}` in a thread: `await asyncio.to_thread(...)`."
                yield BlockingCall(module, node, found[1], help_text, (inside.module, found[0]))


def not_awaited(types: Types, model: ModelClass) -> Iterator[tuple[Module, ast.Call]]:
    """Yield the statements that call a coroutine function and drop the coroutine."""
    for module, function in model.functions():
        names = FunctionNames(types, model, module, function)
        dropped = {node.value for node in own_nodes(function, ast.Expr)}
        for node, symbol in names.calls():
            if node not in dropped:
                continue
            known = isinstance(symbol, External) and symbol.name in _NEVER_AWAITED
            own = names.own_function(node.func)
            if known or (own and form_of(own.node) is Form.COROUTINE):
                yield module, node


def _blocking_name(symbol: Symbol | None) -> str | None:
    return symbol.name if isinstance(symbol, External) and symbol.name in _BLOCKING else None


def _first_blocking(names: FunctionNames, own: OwnFunction) -> tuple[ast.Call, str] | None:
    """Return the first blocking call in a function that runs at once; calling a generator runs nothing."""
    if form_of(own.node) is not Form.SYNC:
        return None
    for node, symbol in names.of_function(own).calls():
        name = _blocking_name(symbol)
        if name:
            return node, name
    return None

"""What each fix writes, where it is not offered, and what is left alone."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from callables import WriteTruss
from truss_cli.check.fix.rounds import fix_truss

CONFIG, MODEL = "config.yaml", "model/model.py"
FINE = "class Model:\n    def predict(self, a) -> dict:\n        return a\n"
READS = FINE.replace(
    ":\n", ":\n    def __init__(self, secrets):\n        self.token = secrets['token']\n\n", 1
)


def _fixed(folder: Path, *, unsafe: bool = False) -> Mapping[str, str]:
    contents = fix_truss(folder, lambda _: True, {}, unsafe=unsafe).contents
    return {path.relative_to(folder).as_posix(): data.decode() for path, data in contents.items()}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "secrets:\n  token: null\n"),
        ("# only\n", "# only\nsecrets:\n  token: null\n"),
        ("model_name: m", "model_name: m\nsecrets:\n  token: null\n"),
        ("model_name: m\n# end\n", "model_name: m\n# end\nsecrets:\n  token: null\n"),
        ("---\nmodel_name: m\n...\n", "---\nmodel_name: m\nsecrets:\n  token: null\n...\n"),
        ("secrets:\nmodel_name: m\n", "secrets:\n  token: null\nmodel_name: m\n"),
        ("secrets: # none\nmodel_name: m\n", "secrets: # none\n  token: null\nmodel_name: m\n"),
        ("secrets: null\n", "secrets: {token: null}\n"),
        ("secrets: {}\n", "secrets: {token: null}\n"),
        ("secrets: {a: null}  # x\n", "secrets: {a: null, token: null}  # x\n"),
        ("secrets: {a: null,}\n", "secrets: {a: null, token: null,}\n"),
        (
            "secrets:\n    a: null # x\n\nmodel_name: m\n",
            "secrets:\n    a: null # x\n    token: null\n\nmodel_name: m\n",
        ),
        ("secrets:\n  a:\nmodel_name: m\n", "secrets:\n  a:\n  token: null\nmodel_name: m\n"),
        ('{"model_name": "m"}', '{"model_name": "m", "secrets": {"token": null}}'),
        ('{"secrets": {"a": null}}', '{"secrets": {"a": null, "token": null}}'),
        ("{}\n", "{secrets: {token: null}}\n"),
    ],
)
def test_a_secret_is_declared_in_the_style_of_the_file(
    before: str, after: str, write_truss: WriteTruss
) -> None:
    assert _fixed(write_truss({CONFIG: before, MODEL: READS})) == {CONFIG: after}


def test_all_secrets_are_declared_at_once(write_truss: WriteTruss) -> None:
    model = READS.replace("['token']", "['t']").replace(
        "return a", "return {1: self.all['u'], 2: self.all['v']}"
    )
    model = model.replace("self.token", "self.all = secrets\n        self.token")
    fixed = _fixed(write_truss({CONFIG: "model_name: m\n", MODEL: model}))
    assert fixed == {CONFIG: "model_name: m\nsecrets:\n  t: null\n  u: null\n  v: null\n"}


@pytest.mark.parametrize(
    "config",
    [
        "secrets: &s {a: null}\nmodel_metadata: *s\n",
        "x: &x {secrets: {a: null}}\n<<: *x\n",
        "secrets: [a]\n",
        "description: |\n  text",
        "model_name: [\n",
    ],
)
def test_a_secret_is_declared_only_where_the_file_is_understood(config: str, write_truss: WriteTruss) -> None:
    assert _fixed(write_truss({CONFIG: config, MODEL: READS})) == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model_name: m\nmodel_nam: n\n", None),
        ("modelname: m\n", "model_name: m\n"),
        ("'modelname': m\n", "'model_name': m\n"),
        ("requirement: [torch]\n", "requirements: [torch]\n"),
        ("owner: Ada\n", None),
        ("resources: {acelerator: nonsense}\n", None),
        ("hf_cache: []\n", "model_cache: []\n"),
        ("resources:\n  cpu: 4 # cores\n", 'resources:\n  cpu: "4" # cores\n'),
        ("resources: {cpu: &c 4, memory: *c}\n", None),
        (
            "resources: {cpu: 4, memory: 16, acelerator: L4}\n",
            'resources: {cpu: "4", memory: "16Gi", accelerator: L4}\n',
        ),
        ("resources: {cpu: 1_000, memory: 010}\n", None),
        ("python_version: 3.10\n", 'python_version: "py310"\n'),
        ("model_name: yes\n", 'model_name: "yes"\n'),
        ("environment_variables: {1: a}\n", 'environment_variables: {"1": a}\n'),
        ("secrets: {token: 5}\n", None),
        (
            "runtime:\n  is_websocket_endpoint: true # chat\n",
            "runtime:\n  transport: {kind: websocket} # chat\n",
        ),
        ("runtime: {is_websocket_endpoint: yes}\n", "runtime: {transport: {kind: websocket}}\n"),
        ("runtime: {is_websocket_endpoint: true, transport: {}}\n", None),
        ("runtime: {is_websocket_endpoint: &t true}\nmodel_metadata: *t\n", None),
        ('{"runtime": {"is_websocket_endpoint": true}}\n', None),
    ],
)
def test_keys_and_values_of_the_config(before: str, after: str | None, write_truss: WriteTruss) -> None:
    fixed = _fixed(write_truss({CONFIG: before, MODEL: FINE}))
    assert fixed.get(CONFIG) == after


LOADS = "class Model:\n    {load}\n        {body}\n\n    def predict(self, a) -> dict:\n        return a\n"


@pytest.mark.parametrize(
    ("load", "body", "fixed"),
    [
        ("async def load(self):", "self.a = 1", "def load(self):"),
        ("async  \\\n    def load(self):", "self.a = 1", "def load(self):"),
        ("async def load(self):", "await self.b()", None),
        ("async def load(self):", "self.a = [x async for x in y()]", None),
        ("async def load(self):", "yield 1", None),
        ("async def load(self):", "self.again = self.load", None),
        ("@staticmethod\n    async def load():", "pass", None),
    ],
)
def test_load_is_made_plain_where_nothing_is_awaited(
    load: str, body: str, fixed: str | None, write_truss: WriteTruss
) -> None:
    text = LOADS.format(load=load, body=body)
    expected = {MODEL: LOADS.format(load=fixed, body=body)} if fixed else {}
    assert _fixed(write_truss({MODEL: text})) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # truss: ignore[TRS301]\n", "x = 1\n"),
        ("# truss: ignore-file\nx = 1\n", "x = 1\n"),
        ("x = 1\n# truss: ignore", "x = 1\n"),
        ("x = 1  # noqa: E1 # truss: ignore[TRS301]\n", "x = 1  # noqa: E1\n"),
        ("x = 1  # truss: ignore[TRS301]  # noqa: E1\n", "x = 1  # noqa: E1\n"),
        ("x = 1  # truss: ignore[TRS301] - it is 1\n", "x = 1  # it is 1\n"),
        ("x = '# truss: ignore'\n", None),
    ],
)
def test_a_dead_suppression_goes_and_other_comments_stay(
    before: str, after: str | None, write_truss: WriteTruss
) -> None:
    fixed = _fixed(write_truss({MODEL: f"{FINE}\n{before}"}))
    assert fixed == ({MODEL: f"{FINE}\n{after}"} if after is not None else {})


def _model(body: str, imports: str = "", method: str = "async def predict(self, a) -> dict:") -> str:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    return f"{imports}class Model:\n    {method}\n{lines}"


DOC = '"""Doc."""\n\nfrom __future__ import annotations\n\n'
TIME = "import time\n\n\n"
NAP = "import asyncio\nfrom time import sleep as nap\n\n\n"
PLAIN = "def predict(self, a):"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            _model("time.sleep(1)  # é\nreturn a", DOC + TIME),
            _model("await asyncio.sleep(1)  # é\nreturn a", f"{DOC}import asyncio\n{TIME}"),
        ),
        (
            _model("nap(1)\nnap(2)\nreturn a", NAP),
            _model("await asyncio.sleep(1)\nawait asyncio.sleep(2)\nreturn a", NAP),
        ),
        (
            _model("import time\ntime.sleep(1)\nreturn a"),
            _model("import time\nawait asyncio.sleep(1)\nreturn a", "import asyncio\n\n\n"),
        ),
        (_model("time.sleep(1)\nreturn a", f"asyncio = None\n{TIME}"), None),
        (_model("return {'a': time.sleep(1)}", TIME), None),
        (_model("return {1, 2}", method=PLAIN), _model("return list({1, 2})", method=PLAIN)),
        (
            _model("if a:\n    return {1}\nreturn {2}", method="def predict(self, a) -> set[int]:"),
            _model(
                "if a:\n    return list({1})\nreturn list({2})", method="def predict(self, a) -> list[int]:"
            ),
        ),
        (
            _model("return {'é': {1}, 'b': [{2}]}", method=PLAIN),
            _model("return {'é': list({1}), 'b': [list({2})]}", method=PLAIN),
        ),
        (_model("one = {1}\nseen = {'a': one}\nseen = [seen]\nreturn seen", method=PLAIN), None),
        (_model("return {1, 2}", method="def predict(self, a, list=list):"), None),
    ],
)
def test_unsafe_fixes(before: str, after: str | None, write_truss: WriteTruss) -> None:
    folder = write_truss({MODEL: before})
    assert _fixed(folder) == {}
    assert _fixed(folder, unsafe=True) == ({MODEL: after} if after is not None else {})

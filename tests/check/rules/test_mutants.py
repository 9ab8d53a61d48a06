"""Ten valid models get no finding; each of them, damaged in each way that a rule covers, gets that rule's.

The models stand in `valid_models.txt`, as those in `working_models.txt` do.
"""

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from callables import Check
from truss_cli.check.registry import all_rules
from truss_cli.check.rules.project.unreadable import UNREADABLE

Files = dict[str, str]
Mutate = Callable[[Files], Files | None]
"""Gives the damaged truss; None where there is nothing to damage in this way."""

MODEL, CONFIG = "model/model.py", "config.yaml"


def _models() -> dict[str, Files]:
    text = Path(__file__).with_name("valid_models.txt").read_text(encoding="utf-8")
    _, *blocks = re.split(r"^=== (.*)\n", text, flags=re.MULTILINE)
    models = {}
    for name, block in zip(blocks[::2], blocks[1::2], strict=True):
        model, *others = re.split(r"^--- (.*)\n", block, flags=re.MULTILINE)
        models[name] = {MODEL: model, **dict(zip(others[::2], others[1::2], strict=True))}
    return models


MODELS = _models()


def replace(pattern: str, replacement: str, file: str = MODEL, absent: str = "$^") -> Mutate:
    """Replace what a pattern matches last in a file, unless it matches another."""

    def mutate(files: Files) -> Files | None:
        text = files[file]
        matches = list(re.finditer(pattern, text, re.MULTILINE))
        if not matches or re.search(absent, text):
            return None
        last = matches[-1]
        return {**files, file: text[: last.start()] + last.expand(replacement) + text[last.end() :]}

    return mutate


def method(source: str, *imports: str, absent: str = "$^", present: str = "") -> Mutate:
    """Add a method, which hides one of the same name, where the source lacks or has a pattern."""

    def mutate(files: Files) -> Files | None:
        text = files[MODEL]
        if re.search(absent, text) or not re.search(present, text):
            return None
        future = "from __future__ import annotations\n"
        head = "".join(f"import {name}\n" for name in imports)
        text = text.replace(future, future + head) if future in text else head + text
        return {**files, MODEL: f"{text}\n{textwrap.indent(source, '    ')}\n"}

    return mutate


def config(lines: str, **files: str) -> Mutate:
    """Add lines to config.yaml, unless it has one of their keys."""

    def mutate(given: Files) -> Files | None:
        keys = re.findall(r"^(\w+):", lines, re.MULTILINE)
        if any(re.search(rf"^{key}:", given[CONFIG], re.MULTILINE) for key in keys):
            return None
        return {**given, **files, CONFIG: f"{given[CONFIG]}{lines}\n"}

    return mutate


def with_files(mutate: Mutate, files: Files) -> Mutate:
    """Add files beside a change."""

    def mutate_both(given: Files) -> Files | None:
        changed = mutate(given)
        return None if changed is None else {**changed, **files}

    return mutate_both


def moved(old: str, new: str | None) -> Mutate:
    """Rename a file, or leave it out."""

    def mutate(files: Files) -> Files:
        kept = {name: text for name, text in files.items() if name != old}
        return {**kept, new: files[old]} if new else kept

    return mutate


def both(first: Mutate, second: Mutate) -> Mutate:
    """Change one thing, then another."""

    def mutate(files: Files) -> Files | None:
        changed = first(files)
        return None if changed is None else second(changed)

    return mutate


STREAMS = r"predict\(.*\n(?:.*\n)*? +yield"
POSTPONED = "__future__"
INIT = r"(def __init__\()[^)]*(\).*:\n        )"
ABSTRACT = "BaseModelServer"
PYDANTIC = replace(r"^class Model", "import pydantic\n\n\nclass In(pydantic.BaseModel): ...\n\n\nclass Model")
IMPORTS_CV2 = replace(r"^class Model", "import cv2\n\n\nclass Model")
HELPER = {"model/other.py": "def f(): ...\n"}
CONTRACT: list[tuple[str, Mutate]] = [
    ("TRS101", replace(r"^class Model\b", "class model")),
    ("TRS101", replace(r"^class Model\b", "class MyModel")),
    ("TRS101", config("model_class_name: Classifier")),
    ("TRS102", replace(r"def predict\b", "def predcit", absent=ABSTRACT)),
    ("TRS102", replace(r"def predict\b", "def _predict", absent=ABSTRACT)),
    ("TRS103", method("completions = None")),
    ("TRS103", method("predict = {}")),
    ("TRS103", replace(r"^( +)(def __init__.*)\n", r"\1\2\n\1    self.messages = []\n")),
    ("TRS104", method("def predict():\n    return 1")),
    ("TRS104", method("def embeddings():\n    return 1")),
    ("TRS104", replace(r"def load\(self\)", "def load()")),
    ("TRS105", replace(r"def predict\(self, (.*)\)", r"def predict(self, \1, top_k=1, top_p=1)")),
    ("TRS105", replace(r"def predict\(self, ([^,\n]*)\)", r"def predict(self, \1, *args, **kwargs)")),
    ("TRS106", replace(r"def predict\(self, ([^,\n]*)\)", r"def predict(self, \1, temperature=0.7)")),
    ("TRS106", replace(r"request: Request", 'request: "Request"')),
    ("TRS106", replace(r"request: Request", "request")),
    (
        "TRS106",
        method("def predict(self, r: fastapi.Request, i):\n    return i", "fastapi", absent=POSTPONED),
    ),
    ("TRS107", replace(r"def predict\(self, ([^,\n]*)\)", r"def predict(self, *, \1)")),
    ("TRS107", method("def predict(self, **inputs):\n    return self.f(inputs)")),
    (
        "TRS108",
        method("def postprocess(self, r: fastapi.Request):\n    return 1", "fastapi", absent=POSTPONED),
    ),
    ("TRS109", method("async def websocket(self, websocket): ...")),
    ("TRS109", both(replace(r"def predict\b", "def other"), method("def websocket(self, websocket): ..."))),
    ("TRS109", both(replace(r"def predict\b", "def other"), method("async def websocket(self): ..."))),
    ("TRS110", method("def is_healthy(self, timeout=1):\n    return True")),
    ("TRS111", method("def setup_environment(self): ...")),
    ("TRS111", method("def setup_environment(self, environment, force): ...")),
    ("TRS112", replace(r"def __init__\((self|self, [^*\n]*?)\)", r"def __init__(\1, *, weights)")),
    ("TRS112", method("def __init__(self, path, **kwargs): ...")),
    (
        "TRS113",
        replace(
            r"def __init__\(self, (config|secrets|data_dir|environment)\b([^,\n)]*)",
            r"def __init__(self, \1\2, /",
        ),
    ),
    ("TRS114", replace(r"def __init__", "async def __init__")),
    ("TRS114", method("def __init__(self):\n    return self")),
    ("TRS115", replace(r"def load\(self\)", "def load(self, path)")),
    ("TRS115", replace(r"def load\(self\)", "def load(self, *, path)")),
    ("TRS116", replace(r"def load", "async def load")),
    ("TRS116", method("def load(self):\n    yield")),
    ("TRS117", method("def postprocess(self, result):\n    return result", present=STREAMS)),
    (
        "TRS118",
        method(
            'def predict(self, r: "fastapi.Request"):\n    return self.f(r)', "fastapi", absent="preprocess"
        ),
    ),
    (
        "TRS120",
        both(
            replace(r"^class Model:", "class Model(abc.ABC):"),
            method("@abc.abstractmethod\ndef left_open(self): ...", "abc"),
        ),
    ),
    ("TRS121", method("@functools.lru_cache\ndef embeddings(self, body):\n    return 1", "functools")),
    ("TRS119", method("def messages(self, *, body):\n    return body")),
    ("TRS123", replace(r"def load\b", "def laod")),
    (
        "TRS124",
        both(
            method("def load(self):\n    lexicon = {}"),
            method("def embeddings(self, body):\n    return self.lexicon[body]"),
        ),
    ),
    (
        "TRS125",
        method("def load(self):\n    data = json.loads('{}')\n    return data", "json", absent="helper"),
    ),
    ("TRS126", replace(INIT, r"\1self, environment\2self.live = environment == 'production'\n        ")),
    ("TRS126", replace(INIT, r"\1self, environment: str = ''\2self.live = environment\n        ")),
    (
        "TRS126",
        replace(INIT, r"\1self, **kwargs\2self.live = kwargs['environment'].lower()\n        "),
    ),
    ("TRS127", method("def postprocess(self, result):\n    result['a'] = 1", absent=STREAMS)),
    ("TRS123", method("def post_processing(self, r):\n    return r", absent="postprocess")),
]
RESULTS: list[tuple[str, Mutate]] = [
    ("TRS201", replace(r"(def predict\(.*\)).*:$", r"\1 -> Outptu:", absent=POSTPONED)),
    ("TRS214", replace(r"(def predict\(.*\)).*:$", r'\1 -> "dict" | None:', absent=POSTPONED)),
    ("TRS201", replace(r"def load\(self\).*:$", "def load(self) -> Nothing:", absent=POSTPONED)),
    ("TRS202", method("def postprocess(self, r) -> set[str]:\n    return {str(r)}", absent=STREAMS)),
    (
        "TRS202",
        method("def postprocess(self, r) -> dict[str, bytes]:\n    return {'r': b''}", absent=STREAMS),
    ),
    (
        "TRS203",
        both(
            PYDANTIC,
            method(
                "def postprocess(self, r) -> list[In]:\n    return [In.model_construct()]", absent=STREAMS
            ),
        ),
    ),
    (
        "TRS204",
        method(
            "def postprocess(self, r) -> typing.Awaitable:\n    return self.f(r)", "typing", absent=POSTPONED
        ),
    ),
    ("TRS205", method("def postprocess(self, r) -> str:\n    return {'r': r}")),
    ("TRS205", replace(r"-> (Iterator|AsyncGenerator)\[.*\]", "-> dict")),
    ("TRS206", method("def postprocess(self, r):\n    return {'sum': decimal.Decimal(r)}", "decimal")),
    ("TRS206", method("def postprocess(self, r):\n    return {r}")),
    ("TRS206", method("async def work(self): ...\ndef postprocess(self, r):\n    return self.work()")),
    ("TRS207", replace(r"yield (json|event).*", r"yield {'a': 1}")),
    ("TRS207", replace(r"(Iterator|AsyncGenerator)\[str", r"\1[dict")),
    ("TRS208", both(PYDANTIC, method('def preprocess(self, i: "In"):\n    return i'))),
    ("TRS209", method("def postprocess(self, r):\n    return r")),
    ("TRS210", method("def postprocess(self, r):\n    if str(r):\n        return r\n    return {1}")),
    ("TRS210", method("def embeddings(self, r):\n    return {r}")),
    (
        "TRS211",
        both(
            method("def predict(self, i):\n    return starlette.responses.Response()", "starlette.responses"),
            method("def postprocess(self, r):\n    return r"),
        ),
    ),
    (
        "TRS213",
        method(
            "def own(self, i):\n    return __import__('x').f(i)\n"
            "def postprocess(self, i) -> bytes:\n    return self.own(i)"
        ),
    ),
    ("TRS212", replace(r"example_model_input: .*", "example_model_input: {txt: a}", CONFIG)),
]
ASYNC: list[tuple[str, Mutate]] = [
    ("TRS301", method("async def predict(self, i):\n    time.sleep(1)\n    return i", "time")),
    ("TRS301", method("async def predict(self, i):\n    return requests.get(i).json()", "requests")),
    (
        "TRS301",
        method(
            "async def predict(self, i):\n    return self.slow(i)\ndef slow(self, i):\n    subprocess.run(i)",
            "subprocess",
        ),
    ),
    (
        "TRS302",
        method("async def work(self): ...\nasync def predict(self, i):\n    self.work()\n    return i"),
    ),
    (
        "TRS302",
        method(
            "async def work(self): ...\nasync def predict(self, i):\n    asyncio.sleep(1)\n    return i",
            "asyncio",
        ),
    ),
]
FAILURE_BODIES = {
    "01": ("return never_defined(body)",),
    "02": ("class Box: ...", "return Box().size"),
    "03": ("def scale(value, factor): ...", "return scale(2)"),
    "04": ("return {'a': 1}['b']",),
    "05": ("return pathlib.Path('a') + 'b'",),
    "06": ("@dataclasses.dataclass", "class Box:", "    labels: list = []", "return Box()"),
}
"""Bodies of methods that raise, by the last digits of the rule."""


def _failures() -> Iterator[tuple[str, Mutate]]:
    for number, lines in FAILURE_BODIES.items():
        always = "".join(f"    {line}\n" for line in lines)
        sometimes = "    if body:\n" + "".join(f"        {line}\n" for line in lines) + "    return {}\n"
        for code, body in ((f"TRS7{number}", always), (f"TRS7{int(number) + 10}", sometimes)):
            source = f"def completions(self, body):\n{body}"
            yield code, method(source, "pathlib", "dataclasses", absent="completions|websocket")


REMARKS: list[tuple[str, Mutate]] = [
    ("TRS721", method("def completions(self, body):\n    ValueError(body)", absent="completions|websocket")),
    (
        "TRS722",
        replace(
            r"(def __init__\(self, \*\*(\w+).*\n)", r"\1        self.stage = \2['environment']['name']\n"
        ),
    ),
]
EVENT_LOOP: list[tuple[str, Mutate]] = [
    ("TRS303", method("def embeddings(self, body):\n    asyncio.get_event_loop()", "asyncio")),
    ("TRS304", method("async def helper(self):\n    asyncio.run(self.fetch())", "asyncio")),
]
SECRETS: list[tuple[str, Mutate]] = [
    ("TRS401", replace(r"(hf_access_token)", r"undeclared")),
    ("TRS401", replace(INIT, r"\1self, config, secrets\2self.key = secrets['undeclared']\n        ")),
    (
        "TRS401",
        replace(INIT, r"\1self, **kwargs\2self.key = kwargs['secrets'].get('undeclared', None)\n        "),
    ),
    (
        "TRS402",
        both(
            method("def __init__(self, secrets):\n    self.s = secrets"),
            method('def predict(self, i):\n    return {"a": self.s["undeclared"]}'),
        ),
    ),
    ("TRS405", method("def embeddings(self, body):\n    return open('/secrets/undeclared').read()")),
    (
        "TRS405",
        method(
            "def embeddings(self, body):\n    os.system(f'TOKEN=$(cat /secrets/undeclared) serve {body}')",
            "os",
        ),
    ),
    (
        "TRS405",
        method(
            "def embeddings(self, body):\n    return open(os.path.join('/secrets', 'undeclared')).read()",
            "os",
        ),
    ),
    ("TRS403", method("def __init__(self, secrets):\n    self.all = dict(secrets)")),
    ("TRS403", method("def __init__(self, secrets):\n    for name in secrets:\n        pass")),
    (
        "TRS404",
        both(
            method('def __init__(self, secrets):\n    print(secrets["k"])'),
            replace(r"^model_name.*", "secrets: {k: null}", CONFIG),
        ),
    ),
]
PROJECT: list[tuple[str, Mutate]] = [
    ("TRS001", moved(CONFIG, "config.yml")),
    ("TRS002", moved(MODEL, "model.py")),
    ("TRS002", config("model_class_filename: main.py")),
    ("TRS003", replace(r"(def predict.*):$", r"\1")),
    ("TRS003", replace(r"def predict\(", "def predict((")),
    ("TRS003", replace(r"^class Model", "class Model\x00")),
    (
        "TRS004",
        both(
            config("python_version: py39"),
            replace(r"^class Model", "match 1:\n    case _: ...\n\n\nclass Model"),
        ),
    ),
    ("TRS005", replace(r"from model.helper import", "from helper import")),
    ("TRS005", replace(r"from serving.text import", "from packages.serving.text import")),
    ("TRS006", replace(r"from model.helper import", "from .helper import")),
    ("TRS007", both(config("model_module_dir: src"), moved(MODEL, "src/model.py"))),
    ("TRS009", replace(r"^(class Model.*)", r"\1  # truss: ignore[TRS105]")),
    ("TRS013", replace(r"^(class Model.*)", r"\1  # truss: ignore[TRS999]")),
    ("TRS010", with_files(method("def later(self):\n    import other"), HELPER)),
    ("TRS012", both(config("model_class_filename: main"), moved(MODEL, "model/main"))),
    (
        "TRS011",
        with_files(
            replace(r"^class Model", "import build.tools\n\n\nclass Model"), {"packages/build/tools.py": ""}
        ),
    ),
]
YAML: list[tuple[str, Mutate]] = [
    ("TRS501", config("description: 'a")),
    ("TRS501", config("description: [a")),
    ("TRS502", config("description: \x07")),
    ("TRS503", replace(r"\A", "---\n- a\n---\n", CONFIG)),
    ("TRS504", config("description: !secret a")),
    ("TRS505", config("description: " + "[" * 300)),
    ("TRS506", replace(r"^(model_name.*\n)", r"\1\1", CONFIG)),
    ("TRS507", replace(r"\A", "1: a\n", CONFIG)),
    ("TRS508", replace(r"^model_name", "modelname", CONFIG)),
    ("TRS508", config("model_metadatas: {a: 1}")),
    ("TRS508", replace(r"accelerator|memory", "acelerator", CONFIG)),
    ("TRS509", config("runtime: {transport: {kind: websocket, ping_timout_seconds: 5}}")),
    ("TRS510", config("external_data: [{url: https://example.com/a}]")),
    ("TRS511", config("description: [a]")),
    ("TRS511", config("requirements: torch")),
    ("TRS511", replace(r"py311", "3.11", CONFIG)),
    ("TRS512", config("resources: {memory: 16GB}")),
    ("TRS512", config("resources: {accelerator: a100}")),
    ("TRS513", config("requirements: [torch]\nrequirements_file: a.txt", **{"a.txt": "torch\n"})),
    ("TRS514", config("requirements: [torch==]")),
    ("TRS515", config("requirements_file: absent.txt")),
    ("TRS515", config("external_package_dirs: [../absent]")),
    ("TRS516", config("data_dir: absent")),
    ("TRS517", config("requirements_file: ../truss/model/model.py")),
    ("TRS518", config("runtime: {is_websocket_endpoint: true}")),
    ("TRS519", config('resources: {cpu: "-1"}')),
    ("TRS520", config('environment_variables: {PORT: "1"}')),
    ("TRS521", config("secrets: {key: hf_Zk3vQ9dLw7TbYx2RmNs8Pc}")),
    (
        "TRS522",
        config(
            "resources: {accelerator: H100}\ntrt_llm:\n  build:\n    base_model: decoder\n"
            "    checkpoint_repository: {source: HF, repo: a/b}"
        ),
    ),
]
REQUIREMENTS = [
    ("TRS605", config("requirements: [torch==2.0.1]\nresources: {accelerator: H100}")),
    ("TRS606", config("requirements: [opencv-python]")),
    ("TRS015", replace(r"^class Model", 'LABELS = open("/home/ada/zeros.csv").read()\n\n\nclass Model')),
    ("TRS016", with_files(config("description: d"), {"data/lib/model.onnx": ""})),
    ("TRS610", replace(r"^class Model", 'import os\n\nREGION = os.environ["REGION"]\n\n\nclass Model')),
    ("TRS608", both(config("requirements: []\nrequirements_file: null"), IMPORTS_CV2)),
    ("TRS609", both(config("requirements: [torch]\nrequirements_file: null"), IMPORTS_CV2)),
    ("TRS607", config("requirements: [vllm]\nresources: {cpu: '4'}")),
]
MUTATIONS = [
    *CONTRACT,
    *RESULTS,
    *ASYNC,
    *_failures(),
    *REMARKS,
    *EVENT_LOOP,
    *SECRETS,
    *PROJECT,
    *YAML,
    *REQUIREMENTS,
]


def _mutants() -> Iterator[object]:
    for number, (code, mutate) in enumerate(MUTATIONS):
        mutants = {name: mutate(files) for name, files in MODELS.items()}
        yield pytest.param(
            code, {name: files for name, files in mutants.items() if files}, id=f"{code}-{number}"
        )


@pytest.mark.parametrize("name", MODELS)
def test_a_valid_model_gets_no_finding(name: str, check: Check) -> None:
    found = [d for d in check(MODELS[name]) if d.code != "TRS209"]  # the missing annotation is not an error
    assert [(d.code, d.finding.message) for d in found] == []


@pytest.mark.parametrize(("code", "mutants"), list(_mutants()))
def test_every_mutant_is_caught(code: str, mutants: Mapping[str, Files], check: Check) -> None:
    assert mutants, "the mutation applies to no model"
    missed = [name for name, files in mutants.items() if code not in {d.code for d in check(files)}]
    assert missed == []


def test_every_rule_has_mutants() -> None:
    rules = {rule.code for rule in all_rules() if not rule.resolves}
    assert {code for code, _ in MUTATIONS} == rules - {UNREADABLE.code}

"""Valid trusses, damaged in each way that a fix mends: mended as they were, once and for all."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from measured import Case, read_cases
from truss_cli.check.engine import check_truss
from truss_cli.check.fix.rounds import fix_truss
from truss_cli.check.registry import static_rules
from truss_cli.source import Overlay

CONFIG, MODEL = "config.yaml", "model/model.py"
Files = dict[str, str]


class Damage(NamedTuple):
    """A way to break a truss: the rule that finds it, and what it makes of the files (None: nothing)."""

    code: str
    apply: Callable[[Files], Files | None]
    unsafe: bool = False
    exact: bool = True
    """Whether the fix restores the text itself."""


def _replaced(file: str, pattern: str, new: str) -> Callable[[Files], Files | None]:
    def apply(files: Files) -> Files | None:
        text, count = re.subn(pattern, new, files[file], count=1, flags=re.MULTILINE)
        return {**files, file: text} if count else None

    return apply


def _unless_names_are_unknown(apply: Callable[[Files], Files | None]) -> Callable[[Files], Files | None]:
    """Leave alone a model in which `list` or `asyncio` may be anything, so that no fix writes them."""
    return lambda files: None if "import *" in files[MODEL] else apply(files)


def _without_secrets(files: Files) -> Files | None:
    if "secrets" not in files[CONFIG] or "secrets" not in files[MODEL]:
        return None
    document = yaml.safe_load(files[CONFIG])
    kept = {key: value for key, value in document.items() if key != "secrets"}
    return {**files, CONFIG: yaml.safe_dump(kept)}


_METHOD = r"^(class Model\b.*:)\n"
_SLEEPS = "    async def nap(self):\n        import time\n\n        time.sleep(1)\n\n"
_SET = "    def completions(self, body) -> set:\n        return {1, 2}\n\n"
_OUTPUT = "import pydantic\n\n\nclass Output(pydantic.BaseModel):\n    text: str\n\n\n"
_DUMPS = "    def messages(self, body) -> list:\n        return [Output(text='a')]\n\n"
DAMAGES = {
    "misspelt key": Damage("TRS508", _replaced(CONFIG, r"model_name(['\"]?):", r"model_nmae\1:")),
    "misspelt key inside": Damage("TRS508", _replaced(CONFIG, r"\bmemory(['\"]?):", r"memry\1:")),
    "unquoted memory": Damage("TRS511", _replaced(CONFIG, r'"(\d+)Gi"', r"\1")),
    "unquoted version": Damage("TRS511", _replaced(CONFIG, r'"py3(\d+)"', r"3.\1")),
    "deprecated key": Damage("TRS518", _replaced(CONFIG, r"\bmodel_cache(['\"]?):", r"hf_cache\1:")),
    "undeclared secret": Damage("TRS40", _without_secrets, exact=False),
    "coroutine load": Damage(
        "TRS116", _replaced(MODEL, r"(?<!method\n)^(    )def load\(", r"\1async def load(")
    ),
    "dead comment": Damage(
        "TRS009", _replaced(MODEL, r"^(class Model\b.*:)$", r"\1  # truss: ignore[TRS206]")
    ),
    "dead line": Damage("TRS009", _replaced(MODEL, r"^(class Model\b)", r"# truss: ignore-file\n\1")),
    "dead comment in YAML": Damage(
        "TRS009", _replaced(CONFIG, r"^(model_name: \w+)$", r"\1  # truss: ignore[TRS508]")
    ),
    "sleep": Damage(
        "TRS301",
        _unless_names_are_unknown(_replaced(MODEL, _METHOD, rf"\1\n{_SLEEPS}")),
        unsafe=True,
        exact=False,
    ),
    "set": Damage(
        "TRS210",
        _unless_names_are_unknown(_replaced(MODEL, _METHOD, rf"\1\n{_SET}")),
        unsafe=True,
        exact=False,
    ),
    "Pydantic object": Damage(
        "TRS210",
        _replaced(MODEL, rf"(?<!\w\n)(?<!\)\n){_METHOD}", rf"{_OUTPUT}\1\n{_DUMPS}"),
        unsafe=True,
        exact=False,
    ),
}
PREPARED: Mapping[str, object] = {
    "resources": {"cpu": "2", "memory": "16Gi"},
    "python_version": "py311",
    "model_cache": [{"repo_id": "a/b", "revision": "main", "volume_folder": "b", "use_volume": True}],
}
"""Added to a config.yaml, so that it has something to damage."""


def _block(config: Mapping[str, object]) -> str:
    text = yaml.safe_dump(dict(config), sort_keys=False)
    return re.sub(r": (16Gi|py311)$", r': "\1"', text, flags=re.MULTILINE)


LAYOUTS: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "block": lambda config: f"# A comment.\n\n{_block(config)}",
    "windows": lambda config: _block(config).replace("\n", "\r\n"),
    "marked": lambda config: f"\ufeff{_block(config)}# The end.",
    "json": json.dumps,
}


def _files(case: Case, layout: str) -> Files:
    config = {"model_name": "m", **PREPARED, **case["config"]}
    return {CONFIG: LAYOUTS[layout](config), **case["files"]}


CLEAN = [
    _files(case, list(LAYOUTS)[number % len(LAYOUTS)])
    for number, case in enumerate(read_cases("measured.jsonl", "models.jsonl"))
    if case["expect"]["check"] == "clean" and MODEL in case["files"]
    if all(isinstance(text, str) for text in case["files"].values())
]


@cache
def _damaged(name: str) -> Sequence[tuple[Files, Files]]:
    """Return the clean trusses that can be damaged in a way, each as it is and damaged."""
    return [(files, damaged) for files in CLEAN if (damaged := DAMAGES[name].apply(files))]


def _codes(folder: Path, contents: Mapping[Path, bytes]) -> list[str]:
    return sorted(found.code for found in check_truss(folder, static_rules(), Overlay(contents)))


@pytest.mark.parametrize("name", DAMAGES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_is_damaged_is_mended_once_and_for_all(name: str, data: st.DataObject) -> None:
    damage = DAMAGES[name]
    files, damaged = data.draw(st.sampled_from(_damaged(name)))
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for file, text in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(text.encode())
        before = _codes(folder, {})
        contents = {folder / file: text.encode() for file, text in damaged.items()}
        assume(any(code.startswith(damage.code) for code in _codes(folder, contents)))
        assume(not any(code.startswith(damage.code) for code in before))

        fixed = fix_truss(folder, lambda _: True, contents, unsafe=damage.unsafe)
        assert fixed.fixed
        after = _codes(folder, fixed.contents)
        assert [code for code in after if code.startswith(damage.code)] == []
        assert not Counter(after) - Counter(before)
        assert fix_truss(folder, lambda _: True, fixed.contents, unsafe=damage.unsafe).fixed == 0
        if damage.exact:
            # What else there is to fix in the truss is fixed in both.
            whole = fix_truss(folder, lambda _: True, {}, unsafe=damage.unsafe).contents
            assert {file: fixed.contents[folder / file] for file in files} == {
                file: whole.get(folder / file, text.encode()) for file, text in files.items()
            }
        _assert_comments_are_kept(damaged, {file: fixed.contents[folder / file].decode() for file in files})


def _assert_comments_are_kept(before: Files, after: Files) -> None:
    for file, text in before.items():
        comments = [line for line in re.findall(r"#.*", text) if "truss: ignore" not in line]
        assert re.findall(r"#.*", after[file]) == comments

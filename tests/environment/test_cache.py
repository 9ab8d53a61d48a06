"""The cache of environments: damaged or foreign content of its folder is not used."""

import json
import os
from pathlib import Path

import pytest

from callables import Run, WriteTruss
from truss_cli.environment.cache import Cache, CachedAnswer
from truss_cli.errors import TrussError

KEY = "0" * 32
MODEL = "class Model:\n    def predict(self, model_input): return model_input\n"


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    cache = Cache(tmp_path / "cache")
    cache.prepare()
    return cache


def test_an_answer_is_remembered(cache: Cache) -> None:
    cache.remember("request", CachedAnswer(("a==1",), KEY))
    assert cache.answer("request") == CachedAnswer(("a==1",), KEY)
    assert cache.is_private
    assert cache.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        "9" * 10_000,
        json.dumps({"resolved": "a", "environment": KEY}),
        json.dumps({"resolved": [1], "environment": KEY}),
        json.dumps({"resolved": [], "environment": 1}),
        json.dumps({"resolved": [], "environment": "../../elsewhere"}),
        json.dumps({"resolved": [], "environment": "/elsewhere"}),
        json.dumps({"resolved": [], "environment": f"{KEY}\n"}),
        json.dumps({"resolved": [], "environment": ""}),
    ],
)
def test_a_damaged_record_is_no_answer(text: str, cache: Cache) -> None:
    record = cache.folder / "requests/request.json"
    record.parent.mkdir()
    record.write_text(text)
    assert cache.answer("request") is None


@pytest.mark.parametrize("special", ["pipe", "folder", "loop", "bytes"])
def test_a_record_that_is_not_text_is_no_answer(special: str, cache: Cache) -> None:
    record = cache.folder / "requests/request.json"
    record.parent.mkdir()
    match special:
        case "pipe":
            os.mkfifo(record)
        case "folder":
            record.mkdir()
        case "loop":
            record.symlink_to(record)
        case "bytes":
            record.write_bytes(b"\xff\xfe{")
    assert cache.answer("request") is None


def test_a_folder_that_others_can_change_is_refused(cache: Cache) -> None:
    cache.folder.chmod(0o777)
    assert not cache.is_private
    with pytest.raises(TrussError, match="other users can change the cache folder"):
        cache.prepare()


@pytest.mark.parametrize("place", ["file", "file/inner", "dangling", "loop", "x" * 300, "/proc/none"])
def test_a_folder_that_cannot_be_used_is_named(
    place: str, run: Run, write_truss: WriteTruss, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("/proc/none")
    truss = write_truss({"model/model.py": MODEL})
    process = run("predict", truss, "--isolated", "-d", "1", env={"TRUSS_CACHE_DIR": str(tmp_path / place)})
    assert process.returncode == 2
    [error] = [line for line in process.stderr.splitlines() if line.startswith("error: ")]
    assert error.startswith(f"error: cannot use the cache folder {tmp_path / place}: ")

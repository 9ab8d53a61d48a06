import json

from callables import Predict

SOURCE = """
    import time
    class Model:
        def load(self): time.sleep(0.1)
        def predict(self, i):
            yield "ab"
            time.sleep(0.1)
            yield "c"
"""


def test_stats_tell_times_and_sizes_on_stderr(predict: Predict) -> None:
    done = predict(SOURCE, "--stats-format", "json")
    stats = json.loads(done.stderr)
    assert done.stdout == "abc"
    assert (stats["chunks"], stats["bytes"]) == (2, 3)
    assert stats["load_seconds"] >= 0.1
    assert 0 < stats["first_chunk_seconds"] <= stats["predict_seconds"] - 0.1
    assert stats["import_seconds"] + stats["init_seconds"] + stats["load_seconds"] < stats["total_seconds"]
    assert 1 < stats["peak_memory_mib"] < 1000


def test_stats_for_people(predict: Predict) -> None:
    lines = predict(SOURCE, "--stats").stderr.splitlines()
    assert [line.split()[-1] for line in lines if line.startswith(("load", "peak"))] == ["ms", "MiB"]


def test_stats_are_told_of_a_failure_too(predict: Predict) -> None:
    done = predict("class Model:\n    def predict(self, i): raise ValueError\n", "--stats-format", "json")
    assert done.returncode == 1
    assert "import_seconds" in json.loads(done.stderr.splitlines()[0])


def test_an_unknown_form_is_a_usage_error(predict: Predict) -> None:
    assert predict(SOURCE, "--stats-format", "xml").returncode == 2

"""The same answers from Ray: a real one on this machine, whose workers die on the way."""

import json
import subprocess
import sys
from pathlib import Path

from callables import Predict
from truss_cli.config.text.document import read_document
from truss_cli.predict.batch.ray_options import ray_options
from truss_cli.predict.options import PredictOptions
from truss_cli.project import Truss


def test_workers_that_die_are_replaced_and_nothing_is_lost(predict: Predict, tmp_path: Path) -> None:
    source = f"""
        import os, pathlib, time
        once = pathlib.Path({str(tmp_path)!r}, "died")
        class Model:
            def load(self): print("noise")
            def predict(self, i):
                print("noise")
                if i == 13: os._exit(1)
                if i == 70 and not once.exists():
                    once.touch()
                    os.kill(os.getpid(), 9)
                if i == 42: raise ValueError("unlucky")
                time.sleep(0.002)
                return [i, os.getpid()]
    """
    lines = "".join(f"{number}\n" for number in range(100))
    done = predict(
        source, "--jsonl", "--engine", "ray", "--workers", "2", "--stats-format", "json", stdin=lines
    )
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(records) == 100
    failed = {index: record["error"] for index, record in enumerate(records) if isinstance(record, dict)}
    assert {index: (error["line"], error["type"]) for index, error in failed.items()} == {
        13: (14, "WorkerDied"),
        42: (43, "ValueError"),
    }
    answers = [record for record in records if isinstance(record, list)]
    assert [number for number, _ in answers] == [number for number in range(100) if number not in failed]
    assert len({worker for _, worker in answers}) > 2
    assert done.returncode == 1
    assert "2 of 100 records failed" in done.stderr
    stats = json.loads(next(line for line in done.stderr.splitlines() if line.startswith("{")))
    assert stats["records"] == 100
    assert "worker_2_load_seconds" in stats


def test_a_model_that_cannot_be_loaded_ends_the_run(predict: Predict) -> None:
    source = """
        class Model:
            def load(self): raise ValueError("no weights")
            def predict(self, i): return i
    """
    done = predict(source, "--jsonl", "--engine", "ray", stdin="1\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert "error: `load` raised ValueError: no weights" in done.stderr


def test_a_cluster_is_asked_for_what_config_says_and_given_the_truss(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        "requirements: [torch==2.0]\nresources: {cpu: 500m, memory: 4Gi, accelerator: 'A10G:2'}\n"
    )
    truss = Truss(tmp_path, read_document(tmp_path / "config.yaml"))
    options = ray_options(PredictOptions(tmp_path, jsonl=True, workers=3, ray_address="ray://head:1"), truss)
    assert (options.workers, options.address) == (3, "ray://head:1")
    assert options.resources == {"num_cpus": 0.5, "memory": 4 * 2**30, "num_gpus": 2.0}
    assert options.runtime_env["working_dir"] == str(tmp_path)
    assert "torch==2.0" in str(options.runtime_env["pip"])


def test_ray_is_imported_only_when_asked_for() -> None:
    code = "import sys, truss_cli.predict.batch.prepare; sys.exit('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

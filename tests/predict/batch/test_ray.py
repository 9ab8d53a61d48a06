"""The same answers from Ray: a real one on this machine, whose workers die on the way."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from callables import Predict, Run, WriteModel
from truss_cli.config.text.document import read_document
from truss_cli.predict.batch.ray.options import ray_options
from truss_cli.predict.options import PredictOptions
from truss_cli.project import Truss
from waiting import SECONDS, wait_until

RAY = Path(sys.executable).with_name("ray")
AUTHENTICATION = {"RAY_AUTH_MODE": "disabled"}
ECHO = "class Model:\n    def predict(self, i): return i\n"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a head and a worker node with one CPU each on this machine, and give the head's address."""
    root = Path("/tmp", f"truss-ray-{os.getpid()}")  # noqa: S108 - paths of sockets must be short
    logs = tmp_path_factory.mktemp("ray")
    environment = {**os.environ, **AUTHENTICATION, "RAY_USAGE_STATS_ENABLED": "0"}
    common = ["--block", "--num-cpus", "1", "--object-store-memory", "100000000"]
    nodes: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> str:
        log = logs / f"{len(nodes)}.log"
        with log.open("wb") as file:
            command: list[str | Path] = [RAY, "start", *arguments, *common]
            nodes.append(subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment))
        wait_until(lambda: "block forever" in log.read_text() or nodes[-1].poll() is not None)
        assert nodes[-1].poll() is None, log.read_text()
        return log.read_text()

    try:
        text = start("--head", "--include-dashboard=false", "--port", "0", "--temp-dir", str(root))
        address = text.partition("--address='")[2].partition("'")[0]
        start("--address", address)
        yield address
    finally:
        for node in reversed(nodes):
            node.terminate()
        for node in nodes:
            node.wait(timeout=SECONDS)
        subprocess.run(["rm", "-rf", root], check=True)  # noqa: S607 - wherever it is


def test_a_cluster_is_given_the_truss_and_answers(run: Run, write_model: WriteModel, cluster: str) -> None:
    source = """
        import pathlib
        from model import helper
        class Model:
            def load(self): self.word = pathlib.Path("word.txt").read_text()
            def predict(self, i): return [helper.double(i), self.word]
    """
    files = {"model/helper.py": "def double(i): return 2 * i\n", "word.txt": "shipped"}
    folder = write_model(source, files=files)
    options = ["--jsonl", "--engine", "ray", "--ray-address", cluster]
    lines = "".join(f"{number}\n" for number in range(100))
    done = run(
        "predict", folder, *options, "--workers", "2", stdin=lines, env=AUTHENTICATION, timeout=SECONDS
    )
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, records) == (0, [[2 * number, "shipped"] for number in range(100)])


@pytest.mark.parametrize(
    ("config", "workers", "asked"),
    [
        ("", "3", "3 workers with 1 CPU each: there is room for 2"),
        ("resources: {cpu: '64'}\n", "1", "1 worker with 64 CPU: no node has that"),
        ("resources: {memory: 900Gi}\n", "1", "1 worker with 1 CPU, 900.0 GiB of memory: no node has that"),
        ("resources: {accelerator: 'H100:2'}\n", "1", "1 worker with 1 CPU, 2 GPU, H100: no node has that"),
    ],
)
def test_what_no_node_has_is_an_error_at_once(  # noqa: PLR0913, PLR0917 - three fixtures and three parameters
    run: Run, write_model: WriteModel, cluster: str, config: str, workers: str, asked: str
) -> None:
    folder = write_model(ECHO, config=f"model_name: m\n{config}")
    options = ["--jsonl", "--engine", "ray", "--ray-address", cluster, "--workers", workers]
    done = run("predict", folder, *options, stdin="1\n", env=AUTHENTICATION)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"error: the cluster cannot hold {asked}" in done.stderr
    assert "Its nodes have: 1 CPU, " in done.stderr


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("nonsense", "`--ray-address nonsense` is not an address"),
        ("ray://host:99999", "is not an address"),
        ("127.0.0.1:1", "no Ray can be reached at 127.0.0.1:1: Connection refused"),
    ],
)
def test_an_address_without_a_cluster_is_an_error_at_once(
    predict: Predict, address: str, message: str
) -> None:
    done = predict(ECHO, "--jsonl", "--engine", "ray", "--ray-address", address, stdin="1\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("load", "seconds", "code", "message"),
    [
        ("os._exit(3)", "30", 1, "error: a worker of Ray died in `load`"),
        ("time.sleep(1000)", "0.5", 124, "error: `load` took longer than 0.5 s"),
    ],
)
def test_a_worker_that_dies_or_hangs_in_load_ends_the_run(  # noqa: PLR0913, PLR0917 - three fixtures and four parameters
    run: Run, write_model: WriteModel, cluster: str, load: str, seconds: str, code: int, message: str
) -> None:
    source = f"""
        import os, time
        class Model:
            def load(self): {load}
            def predict(self, i): return i
    """
    options = ["--jsonl", "--engine", "ray", "--ray-address", cluster, "--load-timeout", seconds]
    done = run("predict", write_model(source), *options, stdin="1\n", env=AUTHENTICATION)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert code == 1 or "time.sleep(1000)" in done.stderr


def test_a_line_that_hangs_is_an_error_and_the_worker_is_replaced(
    run: Run, write_model: WriteModel, cluster: str
) -> None:
    source = """
        import time
        class Model:
            def predict(self, i):
                if i == 2: time.sleep(1000)
                return i
    """
    lines = "".join(f"{number}\n" for number in range(5))
    options = ["--jsonl", "--engine", "ray", "--ray-address", cluster, "--predict-timeout", "2"]
    done = run("predict", write_model(source), *options, stdin=lines, env=AUTHENTICATION)
    records = done.stdout.splitlines()
    assert done.returncode == 1
    assert [*records[:2], *records[3:]] == ["0", "1", "3", "4"]
    assert json.loads(records[2])["error"]["type"] == "TimeoutError"
    assert "time.sleep(1000)" in done.stderr


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
    assert options.resources == {
        "num_cpus": 0.5,
        "memory": 4 * 2**30,
        "num_gpus": 2.0,
        "accelerator_type": "A10G",
    }
    assert options.runtime_env["working_dir"] == str(tmp_path)
    assert "torch==2.0" in str(options.runtime_env["pip"])


def test_ray_is_imported_only_when_asked_for() -> None:
    code = "import sys, truss_cli.predict.batch.prepare; sys.exit('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""Going on with an output, if it belongs to the input."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from callables import Predict, WriteModel
from waiting import wait_until

TRUSS = Path(sys.executable).with_name("truss")
SAME = "class Model:\n    def predict(self, i): return i\n"


def numbers(count: int, first: int = 0) -> str:
    return "".join(f"{number}\n" for number in range(first, first + count))


def test_a_partial_output_of_another_input_is_refused(write_model: WriteModel, tmp_path: Path) -> None:
    source, output, partial = (tmp_path / name for name in ("in", "out", "out.partial"))
    source.write_text(numbers(100))
    folder = write_model(f"""
        import os, time
        class Model:
            def predict(self, i):
                while i == 50 and not os.path.exists({str(tmp_path / "truss/resumed")!r}): time.sleep(0.01)
                return i
    """)
    command: list[Path | str] = [TRUSS, "predict", folder, "--jsonl", "-f", source, "--output", output]
    with subprocess.Popen(command) as process:
        wait_until(lambda: partial.exists() and partial.stat().st_size)
        process.send_signal(signal.SIGINT)
    (folder / "resumed").touch()
    left = partial.read_bytes()
    assert left
    source.write_text(numbers(100, first=1))
    refused = subprocess.run([*command, "--resume"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "error: out.partial is left of a run over another input" in refused.stderr
    assert partial.read_bytes() == left
    source.write_text(numbers(100))
    subprocess.run([*command, "--resume"], check=True)
    assert output.read_text() == numbers(100)
    assert not list(tmp_path.glob("out.*"))


def test_an_output_longer_than_the_input_is_refused(predict: Predict, tmp_path: Path) -> None:
    (tmp_path / "out.partial").write_text("1\n2\n3\n")
    done = predict(SAME, "--jsonl", "--output", str(tmp_path / "out"), "--resume", stdin="1\n2\n")
    assert done.returncode == 2
    assert "has 3 records, more than the input has lines (2)" in done.stderr
    assert (tmp_path / "out.partial").read_text() == "1\n2\n3\n"


def test_a_partial_output_of_all_lines_is_finished_without_loading(predict: Predict, tmp_path: Path) -> None:
    (tmp_path / "out.partial").write_text("1\n2\n")
    source = "class Model:\n    def load(self): raise ValueError\n    def predict(self, i): return i\n"
    done = predict(source, "--jsonl", "--output", str(tmp_path / "out"), "--resume", stdin="1\n2")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out").read_text() == "1\n2\n"


def test_a_finished_output_with_failures_is_a_failure_each_time(predict: Predict, tmp_path: Path) -> None:
    source = "class Model:\n    def predict(self, i): return 1 / i\n"
    command = ("--jsonl", "--output", str(tmp_path / "out"), "--resume")
    first, second = (predict(source, *command, stdin="1\n0\n2\n") for _ in range(2))
    assert (first.returncode, second.returncode) == (1, 1)
    assert "is complete: nothing is left to resume" in second.stderr
    assert "1 of 3 records failed" in second.stderr


def test_a_finished_output_of_a_shorter_input_is_not_complete(predict: Predict, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("1\n2\n")
    done = predict(SAME, "--jsonl", "--output", str(tmp_path / "out"), "--resume", stdin="1\n2\n3\n")
    assert done.returncode == 2
    assert "of 2 lines, but the input has more" in done.stderr
    assert (tmp_path / "out").read_text() == "1\n2\n"


def test_a_crash_and_a_resumption_lose_nothing(write_model: WriteModel, tmp_path: Path) -> None:
    source = """
        import os, time
        class Model:
            def predict(self, i):
                if i == 40: os._exit(1)
                time.sleep(0.005)
                return i
    """
    (tmp_path / "in").write_text(numbers(120))
    command: list[Path | str] = [TRUSS, "predict", write_model(source), "--jsonl", "-f", tmp_path / "in"]
    command += ["--output", tmp_path / "out", "--concurrency", "3"]
    code = None
    for seconds in (0.4, 0.6, 0.8, None):
        with subprocess.Popen([*command, "--resume"], stderr=subprocess.DEVNULL) as process:
            try:
                code = process.wait(timeout=seconds)
                break
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
    assert code == 1
    records = (tmp_path / "out").read_text().splitlines()
    assert [record for index, record in enumerate(records) if index != 40] == [
        str(number) for number in range(120) if number != 40
    ]
    assert '"line": 41' in records[40]

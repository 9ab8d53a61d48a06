"""A line that crashes or hangs costs its own answer, and no other."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from callables import Predict, WriteModel

TRUSS = Path(sys.executable).with_name("truss")
DEADLY = """
    import asyncio, ctypes, os, signal, time
    class Model:
        def load(self): print("loaded")
        {kind} predict(self, i):
            if i == "exit": os._exit(3)
            if i == "segfault": ctypes.string_at(0)
            if i == "stop":
                os.kill(os.getpid(), signal.SIGSTOP)
                time.sleep(5)  # the signal may stop another thread first, and this one a little later
            if i == "hang": {sleep}(1000)
            if i == "raise": raise ValueError("no")
            {sleep}(0.001)
            return i
"""
SYNC = DEADLY.format(kind="def", sleep="time.sleep")
ASYNC = DEADLY.format(kind="async def", sleep="await asyncio.sleep")


def lines(*values: object) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


@pytest.mark.parametrize("concurrency", ["1", "5"])
@pytest.mark.parametrize("source", [SYNC, ASYNC], ids=["sync", "async"])
def test_the_guilty_line_is_found_and_all_others_are_answered_once(
    predict: Predict, source: str, concurrency: str
) -> None:
    values = [*range(20), "exit", *range(5), "segfault", "raise", 1, "hang", 2, "stop", *range(30)]
    done = predict(
        source, "--jsonl", "--concurrency", concurrency, "--predict-timeout", "1", stdin=lines(*values)
    )
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(records) == len(values)
    found = {}
    for number, (value, record) in enumerate(zip(values, records, strict=True), 1):
        if isinstance(value, int):
            assert record == value
        else:
            assert record["error"]["line"] == number
            found[value] = (record["error"]["type"], record["error"]["message"])
    assert found == {
        "exit": ("WorkerDied", "the model's code ended the process with status 3 in predict"),
        "segfault": ("WorkerDied", "the model's process was killed by SIGSEGV in predict"),
        "raise": ("ValueError", "`predict` raised ValueError: no"),
        "hang": ("TimeoutError", "`predict` took longer than 1 s"),
        "stop": ("TimeoutError", "`predict` took longer than 1 s"),
    }
    assert done.returncode == 1
    assert "5 of 62 records failed\nhelp: The first, line 21: the model's code ended" in done.stderr


def test_answers_before_a_crash_are_out_and_may_end_the_run(predict: Predict) -> None:
    source = SYNC.replace("0.001", "0")
    for value, code in (("exit", 1), ("hang", 124)):
        done = predict(
            source,
            "--jsonl",
            "--on-error",
            "stop",
            "--predict-timeout",
            "1",
            stdin=lines(*range(500), value, 1),
        )
        assert (done.returncode, done.stdout) == (code, lines(*range(500)))
        assert "error: line 501: " in done.stderr
        assert done.stderr.count("loaded") == 1


def test_where_a_line_hangs_is_shown_in_the_models_frames_alone(predict: Predict) -> None:
    done = predict(SYNC, "--jsonl", "--predict-timeout", "1", stdin=lines("hang"))
    assert "sleep(1000)" in done.stderr
    assert "truss_cli" not in done.stderr


def test_an_answer_is_out_while_the_next_line_hangs(write_model: WriteModel) -> None:
    command: list[Path | str] = [TRUSS, "predict", write_model(SYNC), "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(lines(1, "hang").encode())
        process.stdin.flush()
        assert process.stdout.readline() == b"1\n"
        process.terminate()


@pytest.mark.parametrize("concurrency", ["1", "3"])
def test_a_model_that_always_dies_ends_the_run(predict: Predict, concurrency: str) -> None:
    done = predict(SYNC, "--jsonl", "--concurrency", concurrency, stdin=lines(1, *["exit"] * 9))
    assert done.returncode == 1
    assert done.stdout.startswith("1\n")
    assert len(done.stdout.splitlines()) == 4
    assert "error: line 5: the model's code ended the process with status 3" in done.stderr
    assert "--max-restarts" in done.stderr
    done = predict(SYNC, "--jsonl", "--max-restarts", "0", stdin=lines(1, "exit", 2))
    assert (done.returncode, done.stdout) == (1, "1\n")
    assert "error: line 2: the model's code ended" in done.stderr


def test_lines_that_do_harm_only_together_are_answered_in_the_end(predict: Predict) -> None:
    source = """
        import os, time
        class Model:
            running = 0
            def predict(self, i):
                self.running += 1
                time.sleep(0.01)
                if self.running > 1: os._exit(1)
                self.running -= 1
                return i
    """
    done = predict(source, "--jsonl", "--concurrency", "3", stdin=lines(*range(30)))
    assert (done.returncode, done.stdout) == (0, lines(*range(30)))
    assert "none does harm alone" in done.stderr


def test_a_model_that_dies_while_it_waits_blames_no_line(write_model: WriteModel, tmp_path: Path) -> None:
    die = str(tmp_path / "truss" / "die")
    source = f"""
        import os, threading, time
        class Model:
            def load(self): threading.Thread(target=self.die, daemon=True).start()
            def die(self):
                while not os.path.exists({die!r}): time.sleep(0.01)
                os.remove({die!r})
                os._exit(7)
            def predict(self, i): return i
    """
    folder = write_model(source)
    command: list[Path | str] = [TRUSS, "predict", folder, "--jsonl"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"1\n2\n")
        process.stdin.flush()
        assert [process.stdout.readline(), process.stdout.readline()] == [b"1\n", b"2\n"]
        (folder / "die").touch()
        warning = process.stderr.readline()
        output, _ = process.communicate(b"3\n")
    assert (process.returncode, output) == (0, b"3\n")
    assert warning.startswith(b"warning: after line 2: the model's code ended the process with status 7")


def test_a_model_that_can_no_longer_be_loaded_ends_the_run(predict: Predict, tmp_path: Path) -> None:
    source = f"""
        import os, pathlib
        class Model:
            def load(self):
                pathlib.Path({str(tmp_path / "once")!r}).touch(exist_ok=False)
            def predict(self, i):
                if i == 2: os._exit(1)
                return i
    """
    done = predict(source, "--jsonl", stdin=lines(1, 2, 3))
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == "1"
    assert "`load` raised FileExistsError" in done.stderr


def test_a_large_answer_and_its_neighbours_survive_a_crash(predict: Predict) -> None:
    source = """
        import os
        class Model:
            def predict(self, i):
                if i == 7: os._exit(1)
                return "x" * (3_000_000 if i == 3 else 10)
    """
    done = predict(source, "--jsonl", stdin=lines(*range(12)))
    sizes = [len(line) for line in done.stdout.splitlines()]
    assert sizes[3] == 3_000_002
    assert len(sizes) == 12
    assert "line 8" in done.stderr


def test_a_result_that_holds_line_ends_is_one_line(predict: Predict) -> None:
    source = """
        import pydantic
        class Answer(pydantic.BaseModel):
            text: str
            def json(self): return self.model_dump_json(indent=2)
        class Model:
            def predict(self, i): return Answer(text="a\\nb")
    """
    done = predict(source, "--jsonl", stdin=lines(1, 2))
    assert [json.loads(line) for line in done.stdout.splitlines()] == [{"text": "a\nb"}] * 2


def test_a_line_without_end_is_refused(predict: Predict) -> None:
    done = predict(SYNC, "--jsonl", "-f", "/dev/zero", "--max-input", "1Mi")
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: line 1 of the input is too long" in done.stderr


def test_many_threads_are_used_at_once_for_a_plain_model(predict: Predict) -> None:
    source = """
        import threading
        barrier = threading.Barrier(4)
        class Model:
            def predict(self, i):
                barrier.wait(10)
                return i
    """
    done = predict(source, "--jsonl", "--concurrency", "4", stdin=lines(*range(16)))
    assert (done.returncode, done.stdout) == (0, lines(*range(16)))

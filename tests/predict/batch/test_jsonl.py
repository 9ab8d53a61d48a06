"""Many requests: a line in, a line out."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callables import Predict, WriteModel
from waiting import SECONDS, wait_until

TRUSS = Path(sys.executable).with_name("truss")
HALF = """
    class Model:
        def predict(self, i): return i / 2
"""
SLOW = """
    import time
    class Model:
        def predict(self, i):
            time.sleep(0.02)
            return i * 2
"""

INTERRUPTED = """
    import os, time
    class Model:
        def predict(self, i):
            while i == 50 and not os.path.exists("resumed"): time.sleep(0.01)
            return i * 2
"""


def numbers(count: int) -> str:
    return "".join(f"{number}\n" for number in range(count))


def doubled(count: int) -> str:
    return "".join(f"{number * 2}\n" for number in range(count))


def test_each_line_has_its_line_whatever_it_is(predict: Predict) -> None:
    source = """
        from starlette.responses import Response
        class Model:
            def predict(self, i):
                if i == "stream": return (chunk for chunk in "abc")
                if i == "async":
                    async def stream():
                        yield "d"
                    return stream()
                if i == "response": return Response("tea")
                if i == "refused": return Response("tea", status_code=418)
                if i == "nan": return [float("nan")]
                if i == "set": return {1}
                return 1 / i
    """
    lines = [
        "1",
        " 2\r",
        "0",
        "",
        "{bad",
        '"stream"',
        '"async"',
        '"response"',
        '"refused"',
        '"nan"',
        '"set"',
        "4",
    ]
    done = predict(source, "--jsonl", stdin="\n".join(lines))
    records = [json.loads(line) for line in done.stdout.splitlines()]
    errors = {
        record["error"]["line"]: record["error"]["type"] for record in records if isinstance(record, dict)
    }
    assert [record for record in records if not isinstance(record, dict)] == [
        1.0,
        0.5,
        "abc",
        "d",
        "tea",
        0.25,
    ]
    assert errors == {
        3: "ZeroDivisionError",
        4: "InvalidInput",
        5: "InvalidInput",
        9: "InvalidResult",
        10: "InvalidResult",
        11: "InvalidResult",
    }
    assert records[9]["error"]["message"].endswith("$[0] is NaN, which JSON does not have")
    assert done.returncode == 1
    assert (
        "error: 6 of 12 records failed\nhelp: The first, line 3: `predict` raised ZeroDivisionError"
        in done.stderr
    )


def test_all_is_well_without_failures_and_the_model_is_loaded_once(predict: Predict) -> None:
    source = """
        class Model:
            def load(self): print("loading")
            async def predict(self, i): return i
    """
    done = predict(source, "--jsonl", stdin='{"a": 1}\n[2]\n')
    assert (done.returncode, done.stdout, done.stderr) == (0, '{"a": 1}\n[2]\n', "loading\n")
    assert predict(source, "--jsonl", stdin="").stdout == ""


def test_the_first_error_may_end_the_run(predict: Predict) -> None:
    source = "class Model:\n    def predict(self, i): return 1 / i\n"
    done = predict(source, "--jsonl", "--on-error", "stop", stdin="1\n2\n0\n4\n")
    assert (done.returncode, done.stdout) == (1, "1.0\n0.5\n")
    assert "error: line 3: `predict` raised ZeroDivisionError" in done.stderr


@pytest.mark.parametrize("kind", ["async def", "def"])
def test_so_many_run_at_once_and_order_is_kept(predict: Predict, kind: str) -> None:
    sleep = "await asyncio.sleep" if kind == "async def" else "time.sleep"
    source = f"""
        import asyncio, time
        class Model:
            running = most = 0
            {kind} predict(self, i):
                self.running += 1
                self.most = max(self.most, self.running)
                {sleep}(0.05 if i % 3 else 0.1)
                self.running -= 1
                return [i, self.most]
    """
    config = "runtime: {predict_concurrency: 4}\n"
    for arguments, concurrency in (((), 4), (("--concurrency", "8"), 8)):
        done = predict(source, "--jsonl", *arguments, stdin=numbers(40), config=config)
        records = [json.loads(line) for line in done.stdout.splitlines()]
        assert [number for number, _ in records] == list(range(40))
        assert max(most for _, most in records) == concurrency


def test_an_answer_does_not_wait_for_the_next_line(write_model: WriteModel) -> None:
    for arguments in ([], ["--concurrency", "4"]):
        command: list[Path | str] = [TRUSS, "predict", write_model(HALF), "--jsonl", *arguments]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for number in (b"2\n", b"4\n"):
                process.stdin.write(number)
                process.stdin.flush()
                assert process.stdout.readline() == (b"1.0\n" if number == b"2\n" else b"2.0\n")


def test_a_file_is_whole_or_not_there(predict: Predict, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    source = tmp_path / "in.jsonl"
    source.write_text("1\n2\n")
    done = predict(HALF, "--jsonl", "-f", str(source), "--output", str(output))
    assert (done.returncode, done.stdout, output.read_text()) == (0, "", "0.5\n1.0\n")
    assert not (tmp_path / "out.jsonl.partial").exists()
    again = predict(HALF, "--jsonl", "-f", str(source), "--output", str(output), "--resume")
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr == f"{output} is complete: nothing is left to resume\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl", "truss"]


def test_a_killed_run_is_resumed_after_its_last_whole_line(write_model: WriteModel, tmp_path: Path) -> None:
    output, partial = tmp_path / "out.jsonl", tmp_path / "out.jsonl.partial"
    folder = write_model(INTERRUPTED.replace('"resumed"', repr(str(tmp_path / "truss" / "resumed"))))
    source = tmp_path / "in.jsonl"
    source.write_text(numbers(100))
    command: list[Path | str] = [TRUSS, "predict", folder, "--jsonl", "-f", source, "--output", output]
    with subprocess.Popen(command) as process:
        wait_until(lambda: partial.exists() and partial.stat().st_size)
        process.kill()
    (folder / "resumed").touch()
    assert not output.exists()
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "--resume" in refused.stderr
    with partial.open("ab") as file:
        file.write(b"12\0\0\n5")  # as a file may look when the power has failed
    done = subprocess.run([*command, "--resume"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert output.read_text() == doubled(100)


def test_failures_before_a_resumption_count_too(predict: Predict, tmp_path: Path) -> None:
    partial = tmp_path / "out.jsonl.partial"
    partial.write_text('1.0\n{"error": {"line": 2, "type": "X", "message": ""}}\n')
    done = predict(HALF, "--jsonl", "--output", str(tmp_path / "out.jsonl"), "--resume", stdin="2\n0\n6\n")
    assert done.returncode == 1
    assert "1 of 3 records failed" in done.stderr
    assert (tmp_path / "out.jsonl").read_text().splitlines()[2] == "3.0"


def test_two_runs_do_not_write_one_file(write_model: WriteModel, tmp_path: Path) -> None:
    command: list[Path | str] = [TRUSS, "predict", write_model(HALF), "--jsonl", "--output", tmp_path / "out"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        wait_until((tmp_path / "out.partial").exists)
        second = subprocess.run(command, input="", capture_output=True, text=True, check=False)
        assert second.returncode == 2
        assert "another run" in second.stderr
        process.communicate(b"")


def test_a_line_of_100_mb_is_a_line(write_model: WriteModel, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    with source.open("w") as file:
        file.write('"' + "x" * 100_000_000 + '"\n"y"')
    folder = write_model("class Model:\n    def predict(self, i): return len(i)\n")
    command: list[Path | str] = [TRUSS, "predict", folder, "--jsonl", "-f", source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "100000000\n1\n")


@pytest.mark.parametrize("concurrency", ["1", "16"])
def test_memory_does_not_grow_with_the_input(
    write_model: WriteModel, tmp_path: Path, concurrency: str
) -> None:
    source = tmp_path / "in.jsonl"
    line = json.dumps({"text": "x" * 10_000}) + "\n"
    source.write_text(line * 6000)
    folder = write_model("class Model:\n    def predict(self, i): return i\n")
    command: list[Path | str] = [TRUSS, "predict", folder, "--jsonl", "-f", source, "--stats-format", "json"]
    done = subprocess.run(
        [*command, "--concurrency", concurrency], capture_output=True, text=True, check=False
    )
    assert done.stdout == line * 6000
    assert json.loads(done.stderr)["peak_memory_mib"] < 60


def test_stats_and_progress_tell_of_records(predict: Predict) -> None:
    done = predict(SLOW, "--jsonl", "--stats-format", "json", "--progress", stdin=numbers(20))
    progress, line = done.stderr.splitlines()
    assert progress.startswith("20 done, 0 failed, ")
    stats = json.loads(line)
    assert (stats["records"], stats["failed"]) == (20, 0)
    assert (
        0.02 <= stats["latency_p50_seconds"] <= stats["latency_p95_seconds"] <= stats["latency_p99_seconds"]
    )
    assert 0 < stats["records_per_second"] < 50


def test_a_bar_is_drawn_on_a_terminal(write_model: WriteModel, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(numbers(20))
    folder = write_model(SLOW)
    terminal, stderr = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm"}
    command: list[Path | str] = [TRUSS, "predict", folder, "--jsonl", "-f", source, "--output", "out"]
    with subprocess.Popen(command, stderr=stderr, cwd=tmp_path, env=environment) as running:
        os.close(stderr)
        screen = b""
        with contextlib.suppress(OSError):  # how Linux says that the other end is closed
            while block := os.read(terminal, 1 << 16):
                screen += block
        os.close(terminal)
    assert running.returncode == 0
    assert "━".encode() in screen
    assert b"20 done, 0 failed, " in screen
    assert screen.endswith(b"\x1b[?25h"), "the cursor is shown again"


def test_a_closed_pipe_ends_quietly_and_ctrl_c_at_once(write_model: WriteModel) -> None:
    command = f"yes 1 | '{TRUSS}' predict '{write_model(HALF)}' --jsonl | head -2; echo ${{PIPESTATUS[1]}}"
    piped = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)  # noqa: S607
    assert (piped.stdout, piped.stderr) == ("0.5\n0.5\n0\n", "")
    folder = write_model(SLOW)
    with subprocess.Popen(
        [TRUSS, "predict", folder, "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as slow:
        assert slow.stdin is not None
        assert slow.stdout is not None
        slow.stdin.write(numbers(1000).encode())
        slow.stdin.flush()
        slow.stdout.readline()
        slow.send_signal(signal.SIGINT)
        assert slow.wait(SECONDS) == 130


@pytest.mark.parametrize("concurrency", ["1", "2"])
def test_a_slow_reader_is_no_delay_of_the_models(write_model: WriteModel, concurrency: str) -> None:
    source = "class Model:\n    def predict(self, i): return 'x' * 1000\n"
    command: list[Path | str] = [TRUSS, "predict", write_model(source), "--jsonl", "--predict-timeout", "1"]
    with subprocess.Popen(
        [*command, "--concurrency", concurrency], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(numbers(1000).encode())
        process.stdin.close()
        time.sleep(1.5)
        assert len(process.stdout.readlines()) == 1000
    assert process.returncode == 0


def test_output_that_is_a_link_stays_one(predict: Predict, tmp_path: Path) -> None:
    link = tmp_path / "link.jsonl"
    link.symlink_to("real.jsonl")
    assert predict(HALF, "--jsonl", "--output", str(link), stdin="1\n").returncode == 0
    assert link.is_symlink()
    assert (tmp_path / "real.jsonl").read_text() == "0.5\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-d", "1"], "stdin or a file"),
        (["--resume"], "--output"),
        (["-f", "nowhere"], "nowhere"),
        (["-f", "/"], "cannot read the input: Is a directory"),
        (["--output", "/nowhere/out"], "/nowhere/out"),
        (["--output", "/"], "/ is not a file"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(predict: Predict, arguments: list[str], message: str) -> None:
    done = predict(HALF, "--jsonl", *arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_the_input_is_not_the_models_to_read(predict: Predict) -> None:
    source = """
        import sys
        class Model:
            def predict(self, i): return [i, sys.stdin.read()]
    """
    assert predict(source, "--jsonl", stdin=numbers(3)).stdout == '[0, ""]\n[1, ""]\n[2, ""]\n'


@pytest.mark.parametrize("concurrency", ["1", "2"])
def test_an_input_that_stays_open_does_not_hold_up_the_end(write_model: WriteModel, concurrency: str) -> None:
    source = "class Model:\n    def predict(self, i): return 1 // i\n"
    command: list[Path | str] = [TRUSS, "predict", write_model(source), "--jsonl", "--on-error", "stop"]
    with subprocess.Popen(
        [*command, "--concurrency", concurrency], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"1\n0\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"1\n"
        assert process.wait(SECONDS) == 1


@pytest.mark.parametrize("concurrency", ["1", "2"])
def test_waiting_for_input_is_no_delay_of_the_models(write_model: WriteModel, concurrency: str) -> None:
    command: list[Path | str] = [TRUSS, "predict", write_model(HALF), "--jsonl", "--predict-timeout", "1"]
    with subprocess.Popen(
        [*command, "--concurrency", concurrency], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b"1\n")
        process.stdin.flush()
        time.sleep(1.5)
        output, _ = process.communicate(b"2\n")
    assert (process.returncode, output) == (0, b"0.5\n1.0\n")


@pytest.mark.parametrize(
    "options",
    [("--output", "out"), ("--resume",), ("--concurrency", "2"), ("--engine", "ray"), ("--progress",)],
)
def test_an_option_of_many_inputs_is_not_taken_for_one(predict: Predict, options: tuple[str, ...]) -> None:
    completed = predict(HALF, "-d", "1", *options)
    assert completed.returncode == 2
    assert f"error: `{options[0]}" in completed.stderr
    assert "Add `--jsonl`" in completed.stderr

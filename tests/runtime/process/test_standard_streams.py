"""Nothing but the result reaches stdout, whoever writes and whenever."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from callables import Predict

TRUSS = Path(sys.executable).with_name("truss")
PREDICT = "class Model:\n    def predict(self, model_input): return model_input\n"
NOISE = {
    "print at import": "print('noise')",
    "sys.__stdout__": "import sys; sys.__stdout__.write('noise\\n')",
    "os.write": "import os; os.write(1, b'noise\\n')",
    "logging": "import logging, sys; logging.basicConfig(stream=sys.stdout); logging.error('noise')",
    "C stdio": "import ctypes; c = ctypes.CDLL(None); c.puts(b'noise'); c.fflush(None)",
    "child process": "import subprocess; subprocess.run(['echo', 'noise'], check=True)",
    "exit handler": "import atexit; atexit.register(lambda: print('noise'))",
    "forked child": "import os\nif not os.fork(): print('noise', flush=True), os._exit(0)\nos.wait()",
    "a replaced sys.stdout": "import sys; sys.stdout = open(1, 'w'); print('noise', flush=True)",
}


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE)
def test_noise_goes_to_stderr(predict: Predict, noise: str) -> None:
    done = predict(f"{noise}\n{PREDICT}")
    assert (done.returncode, done.stdout) == (0, '{"x": 1}\n')
    assert "noise" in done.stderr


def test_a_thread_that_prints_after_the_result_prints_to_stderr_and_holds_nothing_up(
    predict: Predict,
) -> None:
    source = """
        import atexit, threading, time
        def chat():
            while True:
                print("noise", flush=True)
                time.sleep(0.001)
        class Model:
            def load(self): threading.Thread(target=chat).start()
            def predict(self, model_input):
                atexit.register(time.sleep, 0.05)
                return 1
    """
    done = predict(source)
    assert (done.returncode, done.stdout) == (0, "1\n")
    assert "noise" in done.stderr


def test_a_child_that_returns_from_a_fork_does_not_answer_too(predict: Predict) -> None:
    source = """
        import os
        class Model:
            def predict(self, model_input):
                os.fork()
                return os.getpid()
    """
    assert len(predict(source).stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise SystemExit(3)", "`predict` called sys.exit(3)"),
        ("import os; os._exit(0)", "ended the process with status 0 in predict"),
        ("import os; os._exit(7)", "ended the process with status 7 in predict"),
        ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV in predict"),
    ],
)
def test_a_model_that_ends_the_process_is_a_failure(predict: Predict, code: str, message: str) -> None:
    done = predict(f"class Model:\n    def predict(self, model_input):\n        {code}\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr


def test_the_model_cannot_read_the_callers_stdin(predict: Predict) -> None:
    source = """
        import subprocess, sys
        class Model:
            def predict(self, model_input):
                return [sys.stdin.read(), subprocess.run(["cat"], capture_output=True).stdout.decode()]
    """
    assert predict(source, "-d", "1", stdin="the rest of a loop").stdout == '["", ""]\n'


def test_what_the_model_started_ends_with_it(predict: Predict) -> None:
    source = """
        import subprocess
        class Model:
            def load(self):
                self.children = [
                    subprocess.Popen(["sleep", "9999"]),
                    subprocess.Popen(["sh", "-c", "setsid sleep 9999 & echo $!; wait"], stdout=-1, text=True),
                ]
            def predict(self, model_input):
                return [self.children[0].pid, int(self.children[1].stdout.readline())]
    """
    done = predict(source)
    assert done.returncode == 0
    if sys.platform == "linux":
        for pid in map(int, done.stdout.strip("[]\n").split(",")):
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


def test_a_closed_stdout_is_told(write_model: Callable[..., object]) -> None:
    folder = write_model(PREDICT)
    command = f"'{sys.executable}' -m truss_cli predict '{folder}' -d 1 >&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)  # noqa: S607
    assert done.returncode == 2
    assert "standard output is closed" in done.stderr


def test_stdout_may_be_a_file_and_is_written_where_it_stands(
    write_model: Callable[..., Path], tmp_path: Path
) -> None:
    folder = write_model("import sys\nprint('noise')\nprint('more', file=sys.__stdout__)\n" + PREDICT)
    target = tmp_path / "out.json"
    target.write_text("before\n")
    with target.open("a") as stdout:
        command: list[Path | str] = [TRUSS, "predict", folder, "-d", "1"]
        done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, target.read_text()) == (0, "before\n1\n")
    assert done.stderr == "noise\nmore\n"


@pytest.mark.parametrize("arguments", [(), ("--jsonl",)])
def test_descriptors_that_do_not_block_are_waited_for(
    write_model: Callable[..., Path], arguments: tuple[str, ...]
) -> None:
    folder = write_model("class Model:\n    def predict(self, i): return 'x' * i\n")
    ours_in, its_in = os.pipe()[::-1]
    its_out, ours_out = os.pipe()[::-1]
    os.set_blocking(its_in, False)
    os.set_blocking(its_out, False)
    command: list[Path | str] = [TRUSS, "predict", folder, *arguments]
    with subprocess.Popen(command, stdin=its_in, stdout=its_out, stderr=subprocess.PIPE) as process:
        os.close(its_in)
        os.close(its_out)
        time.sleep(0.5)
        os.write(ours_in, b"300000\n")
        os.close(ours_in)
        time.sleep(0.5)
        with os.fdopen(ours_out, "rb") as result:
            assert len(result.read()) == 300_003
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk at hand")
@pytest.mark.parametrize("arguments", [(), ("--jsonl",)])
def test_a_full_disk_is_no_fault_of_ours(
    write_model: Callable[..., Path], arguments: tuple[str, ...]
) -> None:
    command: list[Path | str] = [TRUSS, "predict", write_model(PREDICT), *arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, input=b"1", stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: the result cannot be written: No space left")


def test_a_childs_children_keep_their_files(predict: Predict) -> None:
    source = """
        import multiprocessing, os, subprocess
        def child(results):
            files = [os.open("model/model.py", os.O_RDONLY) for _ in range(12)]
            done = subprocess.run(["echo", "hi"], preexec_fn=lambda: list(map(os.fstat, files)),
                                  stdout=subprocess.PIPE, check=True)
            results.put(done.stdout.decode())
        class Model:
            def predict(self, i):
                context = multiprocessing.get_context("fork")
                results = context.SimpleQueue()
                context.Process(target=child, args=[results], daemon=True).start()
                return results.get()
    """
    done = predict(source, "--predict-timeout", "10")
    assert (done.returncode, done.stdout, done.stderr) == (0, '"hi\\n"\n', "")


def test_a_fork_by_c_code_does_not_hide_that_the_model_ended(predict: Predict) -> None:
    source = """
        import ctypes, os, time
        class Model:
            def predict(self, i):
                if not ctypes.CDLL(None).fork(): time.sleep(60)
                os._exit(3)
    """
    done = predict(source)
    assert (done.returncode, done.stdout) == (1, "")
    assert "ended the process with status 3" in done.stderr

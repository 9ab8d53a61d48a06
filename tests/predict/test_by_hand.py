"""A model tried by hand: a session at a prompt, a debugger, a profile."""

import os
import pty
import re
import sys
from pathlib import Path

import pytest

from callables import Predict, WriteModel

TRUSS = str(Path(sys.executable).with_name("truss"))
COUNTING = """
    class Model:
        def load(self): self.calls = 0
        def predict(self, i):
            self.calls += 1
            return {"calls": self.calls, "input": i, "wrong": 1 / i["x"]}
"""
ASYNC = """
    import asyncio
    class Model:
        def load(self): self.loops = set()
        async def predict(self, i):
            self.loops.add(id(asyncio.get_running_loop()))
            return len(self.loops)
"""


def _session(folder: Path, keys: str) -> tuple[int, str]:
    """Type keys at the prompt; return the exit code and the screen's text without colours."""
    pid, terminal = pty.fork()
    if pid == 0:
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm"}
        os.execve(TRUSS, [TRUSS, "predict", str(folder), "--interactive"], environment)  # noqa: S606
    screen, typed = b"", False
    while True:
        try:
            screen += os.read(terminal, 1 << 16)
        except OSError:
            break
        if not typed and b"> " in screen:
            os.write(terminal, keys.encode())
            typed = True
    os.close(terminal)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.decode()).replace("\r", "")
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text


def test_a_session_keeps_the_model_and_survives_errors(write_model: WriteModel) -> None:
    code, screen = _session(write_model(COUNTING), 'x=1\n{"x": 0}\n{"x" 2}\n\nx=2\n\x04')
    assert code == 0
    assert '"calls": 1' in screen
    assert "ZeroDivisionError" in screen
    assert "error: the input is not JSON" in screen
    assert '"calls": 3' in screen
    assert len(re.findall(r"\(\d+\.\d ms\)", screen)) == 4


def test_a_session_has_one_event_loop(write_model: WriteModel) -> None:
    code, screen = _session(write_model(ASYNC), "1\n2\n\x04")
    assert code == 0
    results = [line for line in screen.splitlines() if line == "1"]
    assert len(results) >= 2, screen


def test_a_session_needs_a_terminal(predict: Predict) -> None:
    done = predict(ASYNC, "--interactive")
    assert done.returncode == 2
    assert "`--interactive` needs a terminal" in done.stderr


BREAKPOINT = """
    class Model:
        def predict(self, i):
            secret = i["x"] + 41
            breakpoint()
            return secret
"""


def test_a_breakpoint_stops_in_the_model(predict: Predict) -> None:
    done = predict(BREAKPOINT, "--debug", "-d", '{"x": 1}', stdin="p secret\nsecret = 7\nc\n")
    assert (done.returncode, done.stdout) == (0, "7\n"), done.stderr
    assert "(Pdb) 42" in done.stderr


def test_a_debugger_needs_stdin_for_itself(predict: Predict) -> None:
    done = predict(BREAKPOINT, "--debug")
    assert done.returncode == 2
    assert "`--debug` leaves stdin to the debugger" in done.stderr


def test_errors_look_the_same_in_the_debugger(predict: Predict) -> None:
    done = predict("class Model:\n    def predict(self, i): return 1 / 0\n", "--debug", "-d", "1")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: `predict` raised ZeroDivisionError")


SLOW = """
    class Model:
        def work(self): return sum(range(2_000_000))
        {0}def predict(self, i): return self.work()
"""


@pytest.mark.parametrize("form", ["", "async "])
@pytest.mark.parametrize("name", ["profile.txt", "profile.html"])
def test_a_profile_names_the_models_functions(predict: Predict, tmp_path: Path, name: str, form: str) -> None:
    done = predict(SLOW.format(form), "--profile", name, "-d", "1")
    assert (done.returncode, done.stdout) == (0, "1999999000000\n"), done.stderr
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert "work" in text
    assert ("<html" in text) == name.endswith("html")


def test_without_pyinstrument_the_standard_profiler_serves(predict: Predict, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "found = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'pyinstrument' else found(name, *rest)\n"
    )
    env = {"PYTHONPATH": str(hidden)}
    done = predict(SLOW.format(""), "--profile", "profile.txt", "-d", "1", env=env)
    assert done.returncode == 0, done.stderr
    assert "cumulative" in (tmp_path / "profile.txt").read_text()
    refused = predict(SLOW.format(""), "--profile", "profile.html", "-d", "1", env=env)
    assert refused.returncode == 2
    assert "needs pyinstrument" in refused.stderr


def test_the_gpu_memory_of_torch_is_among_the_stats(predict: Predict) -> None:
    torch = (
        "class cuda:\n"
        "    is_initialized = staticmethod(lambda: True)\n"
        "    max_memory_allocated = staticmethod(lambda: 3 << 20)\n"
    )
    source = "import torch\nclass Model:\n    def predict(self, i): return 1\n"
    assert "gpu peak memory" in predict(source, "--stats", files={"packages/torch.py": torch}).stderr
    assert "gpu" not in predict(source, "--stats", files={"packages/torch.py": ""}).stderr

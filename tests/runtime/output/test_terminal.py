"""What people see on a terminal, and only there."""

import os
import pty
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from callables import WriteModel
from truss_cli.runtime.output.terminal import pretty

SLOW = """
    import os, time
    class Model:
        def load(self):
            while not os.path.exists(os.environ["SHOWN"]): time.sleep(0.01)
        def predict(self, i): return i
"""


def on_terminal(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run `truss predict` with a terminal on all three streams; give its exit code and the screen's text."""
    truss = str(Path(sys.executable).with_name("truss"))
    environment = {**os.environ, "TERM": "xterm", **(env or {})}
    for name in ("CI", "NO_COLOR") if not env else ():
        environment.pop(name, None)
    pid, terminal = pty.fork()
    if pid == 0:
        variable = f"SHOWN={folder / 'loading_is_shown'}"
        os.execve(truss, [truss, "predict", str(folder), "--env", variable, *arguments], environment)  # noqa: S606
    screen = b""
    while True:
        try:
            data = os.read(terminal, 1 << 16)
        except OSError:
            break
        screen += data
        if b"loading" in screen:
            (folder / "loading_is_shown").touch()
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), screen.decode().replace("\r\n", "\n")


def test_json_is_indented_and_coloured_and_loading_spins(write_model: WriteModel) -> None:
    code, screen = on_terminal(write_model(SLOW), "-d", '{"a": [1, {}]}')
    assert code == 0
    assert re.search(r"loading \d+\.\d s", screen)
    result = screen.rpartition("\x1b[K")[2]
    assert "\x1b[" in result
    assert re.sub(r"\x1b\[[0-9;]*m", "", result) == '{\n  "a": [\n    1,\n    {}\n  ]\n}\n'


def test_no_color_and_ci_are_heeded(write_model: WriteModel) -> None:
    folder = write_model("class Model:\n    def predict(self, i): return i\n")
    for variable in ("NO_COLOR", "CI"):
        assert on_terminal(folder, "-d", "[1, 2]", env={variable: "1"}) == (0, "[1, 2]\n")


def test_a_stream_ends_its_line_and_controls_nothing(write_model: WriteModel) -> None:
    source = """
        class Model:
            def predict(self, i):
                yield "\\x1b[31m"
                yield "é".encode()[:1]
                yield "é".encode()[1:]
    """
    code, screen = on_terminal(write_model(source), "-d", "1")
    assert (code, screen) == (0, "\\x1b[31mé\n")


def test_without_input_a_terminal_is_told_how_to_give_it(write_model: WriteModel) -> None:
    code, screen = on_terminal(write_model(SLOW))
    assert code == 2
    assert "truss predict" in screen


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(JSON)
def test_pretty_json_is_the_same_json(value: object) -> None:
    import json  # noqa: PLC0415

    shown = re.sub(r"\x1b\[[0-9;]*m", "", pretty(json.dumps(value)))
    assert json.loads(shown) == value
    assert all(character.isprintable() or character == "\n" for character in shown)

"""Tests wait for events: a fixed time is too short on a busy machine, and too long on an idle one."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
NOT_IN_THE_SUITE = ("benchmarks", "browser", "cases", "fuzzing", "library_tables", "mutation", "trusses")
SLEEPS = {
    "lsp/test_session.py": 1,  # a pause between two parts of a message
    "predict/batch/test_jsonl.py": 2,  # peers slower than the time limit of the model
    "runtime/process/test_standard_streams.py": 2,  # a pipe without input and one that is full
    "waiting.py": 1,
}
"""Pauses that are the subject of a test, which a busy machine only makes longer."""


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(TESTS.rglob("*.py")):
        name = path.relative_to(TESTS)
        if not set(name.parts) & set(NOT_IN_THE_SUITE):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield from ((name.as_posix(), node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_no_test_sleeps() -> None:
    sleeps = [name for name, call in _calls() if ast.unparse(call.func) == "time.sleep"]
    assert {name: sleeps.count(name) for name in sleeps} == SLEEPS, "use `waiting.wait_until`"


def test_no_limit_is_shorter_than_an_event_may_take() -> None:
    limits = [
        f"{name}:{call.lineno}"
        for name, call in _calls()
        for keyword in call.keywords
        if keyword.arg == "timeout" and isinstance(keyword.value, ast.Constant)
    ]
    # Ctrl-C is pressed again until a prompt has noticed it.
    assert [name for name in limits if not name.startswith("init/test_command_line.py")] == [], (
        "use `waiting.SECONDS`"
    )

"""A plugin of pytest that collects the tests once, and runs on each mutant, in a fork, those that reach it.

`MUTANTS` names a file that lists them; to `SURVIVORS` is written, as a line of JSON each, a mutant on which
the tests pass, and whether that is certain: what has run before the fork, while modules were
imported, ran without the mutant.
"""

import contextlib
import json
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import pytest
from mutmut.mutation import trampoline

SECONDS = 120
"""For one mutant: one that takes longer never ends, which is noticed, too."""
BYTES = 4 << 30
"""Of memory, for one that takes ever more."""

_reached: set[str] = set()
trampoline._mutant_under_test = "stats"  # noqa: SLF001 - so that functions tell that they are called, here alone
trampoline.record_trampoline_hit = lambda name, **_: _reached.add(name)  # type: ignore[attr-defined]  # called by that name


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run what is collected on each mutant, in place of once."""
    imported = set(_reached)
    session.config.pluginmanager.unregister(name="terminalreporter")
    tests = _tests_by_function(session)
    names = Path(os.environ["MUTANTS"]).read_text().split()
    runs: dict[int, str] = {}
    with Path(os.environ["SURVIVORS"]).open("a") as survivors:
        while names or runs:
            while names and len(runs) < (os.cpu_count() or 1):
                name = names.pop()
                runs[_start(session, name, tests[_function(name)])] = name
            pid, status = os.wait()
            name = runs.pop(pid)
            if status == 0:
                certain = bool(tests[_function(name)]) and _function(name) not in imported
                survivors.write(json.dumps([name, certain]) + "\n")
                survivors.flush()
    return True


def _function(mutant: str) -> str:
    return re.sub(r"__mutmut_\d+$", "", mutant)


def _tests_by_function(session: pytest.Session) -> dict[str, list[pytest.Item]]:
    """Return the tests that reach each function, found by running all of them in a fork."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        reached = []
        with _apart(session):
            for _ in _run(session.items):
                reached.append(sorted(_reached))
                _reached.clear()
            with os.fdopen(writer, "w") as file:
                json.dump([session.testsfailed, reached], file)
    os.close(writer)
    with os.fdopen(reader) as file:
        failed, reached = json.load(file)
    os.waitpid(pid, 0)
    if failed:
        pytest.exit(f"{failed} tests fail without a mutant")
    tests: dict[str, list[pytest.Item]] = defaultdict(list)
    for item, functions in zip(session.items, reached, strict=True):
        for function in functions:
            tests[function].append(item)
    return tests


def _start(session: pytest.Session, mutant: str, items: Sequence[pytest.Item]) -> int:
    """Run tests on a mutant in a fork, whose status is 0 if all pass."""
    pid = os.fork()
    if pid == 0:
        with _apart(session):
            signal.alarm(SECONDS)
            resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
            trampoline.set_mutant_under_test(mutant)
            for _ in _run(items):
                if session.testsfailed:
                    break
    return pid


def _run(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    for item, following in zip_longest(items, items[1:]):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        yield item


@contextlib.contextmanager
def _apart(session: pytest.Session) -> Iterator[None]:
    """Be a process that says nothing, leaves nothing, and ends here, with 1 if a test has failed."""
    folder = Path(tempfile.mkdtemp())
    session.config._tmp_path_factory._basetemp = folder  # type: ignore[attr-defined]  # noqa: SLF001 - one of each fork
    null = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(null, descriptor)
    status = 1
    try:
        yield
        status = int(session.testsfailed > 0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(status)


if __name__ == "__main__":
    sys.exit(pytest.main([*sys.argv[1:], "-p", "forked_runs"]))

"""Time of the abstract run: linear in each dimension of a model, and bounded for large files.

Times are processor time, the best of several, since other programs disturb them.
"""

import gc
import time
from collections.abc import Callable, Sequence

import pytest

from callables import WriteTruss
from truss_cli.check.facts.truss import TrussFacts
from truss_cli.project import open_truss
from truss_cli.static.events import CodeFailure

_SIZE = 16 * 1024
"""Characters of the larger model whose time is compared; the smaller one has half as many."""
_LARGE_SIZE = 64 * 1024
_MOST_SECONDS = 2.0
"""Of a model of the large size: twice the goal, since other programs slow this one down."""
_MOST_GROWTH = 2.5
_FLOOR = 0.02
"""Seconds below which a time says nothing about growth."""
_TRIES = 5

Source = Callable[[int], str]
"""Takes the number of repetitions, and returns model.py."""


def _predict(lines: Sequence[str], before: str = "") -> str:
    body = "".join(f"        {line}\n" for line in lines)
    return f"{before}class Model:\n    def predict(self, i):\n{body}"


def _assignments(first: str, expression: str) -> Source:
    """Return a model whose variables are computed each from the one before, `a`; `k` is its number."""

    def source(count: int) -> str:
        lines = [
            f"a{k + 1} = {expression.replace('$a', f'a{k}').replace('$k', str(k))}" for k in range(count)
        ]
        return _predict([f"a0 = {first}", *lines, f"return a{count}"])

    return source


def _repeated(*lines: str, first: str = "t = []") -> Source:
    """Return a model that repeats statements, in which `$k` is replaced by a number."""

    def source(count: int) -> str:
        body = [line.replace("$k", str(k)) for k in range(count) for line in lines]
        return _predict([first, *body, "return t"])

    return source


def _display(opening: str, item: str, closing: str) -> Source:
    def source(count: int) -> str:
        items = ", ".join(item.replace("$k", str(k)) for k in range(count))
        return _predict([f"return {opening}{items}{closing}"])

    return source


def _module_names(count: int) -> str:
    return _predict(["return x0"], "".join(f"x{k} = {k}\n" for k in range(count)))


def _helpers(count: int) -> str:
    functions = "".join(f"def f{k + 1}(x):\n    y = f{k}(x)\n    return f{k}(y)\n\n\n" for k in range(count))
    return _predict([f"return f{count}(i)"], f"def f0(x):\n    return x\n\n\n{functions}")


def _methods(count: int) -> str:
    methods = "".join(
        f"\n    def m{k + 1}(self, i):\n        self.v{k} = i\n        return self.m{k}(i)\n"
        for k in range(count)
    )
    return f"{_predict([f'return self.m{count}(i)'])}\n    def m0(self, i):\n        return i\n{methods}"


def _nested(count: int) -> str:
    blocks = [
        "    " * depth + line
        for k in range(count)
        for depth, line in (*((depth, f"if i.get('k{k}_{depth}'):") for depth in range(8)), (8, f"x{k} = 1"))
    ]
    return _predict([*blocks, "return i"])


def _imports(count: int) -> str:
    modules = ("json", "math", "re", "os", "sys", "time", "random", "string", "base64", "io", "uuid")
    imports = "".join(f"import {modules[k % len(modules)]} as m{k}\n" for k in range(count))
    return _predict([*(f"m{k}" for k in range(count)), "return i"], imports)


DIMENSIONS = {
    "statements": _repeated("x$k = $k"),
    "names of the module": _module_names,
    "attributes": _repeated("self.x$k = $k"),
    "calls": _repeated("x$k = str($k)"),
    "sums of strings": _assignments("'x'", "$a + $a"),
    "sums of unknown values": _assignments("i", "$a + $a"),
    "lists of a list": _assignments("[1]", "[$a, $a]"),
    "tuples of a tuple": _assignments("(1,)", "($a, $a)"),
    "dicts of a dict": _assignments("{}", "{'l': $a, 'r': $a}"),
    "dicts spread": _assignments("{'x': 1}", "{**$a, **$a}"),
    "lists spread": _assignments("[1]", "[*$a, *$a]"),
    "keys set": _repeated("t['k$k'] = $k", first="t = {}"),
    "items appended": _repeated("t.append($k)"),
    "keys of a display": _display("{", "'k$k': $k", "}"),
    "helpers that call helpers": _helpers,
    "methods": _methods,
    "blocks": _nested,
    "imports": _imports,
    "guards": _repeated("if 'k$k' not in i:", "    raise ValueError('k$k')"),
    "loops": _repeated("for x in i['k$k']:", "    t.append(x)"),
}


def _count(source: Source, size: int) -> int:
    """Return the number of repetitions for which the source has about a size."""
    count = 100
    for _ in range(3):  # the numbers in names get longer
        count = count * size // len(source(count))
    return count


def _seconds(text: str, write_truss: WriteTruss) -> float:
    facts = TrussFacts(open_truss(write_truss({"model/model.py": text})))
    assert facts.model is not None
    gc.disable()
    try:
        start = time.process_time()
        outcome = facts.run
        seconds = time.process_time() - start
    finally:
        gc.enable()
    assert not [event for event in outcome.events if isinstance(event, CodeFailure)]
    return seconds


@pytest.mark.parametrize("source", DIMENSIONS.values(), ids=DIMENSIONS)
def test_twice_the_source_takes_about_twice_the_time(source: Source, write_truss: WriteTruss) -> None:
    count = _count(source, _SIZE)
    texts = source(count // 2), source(count)
    small = large = float("inf")
    for _ in range(_TRIES):
        small = min(small, _seconds(texts[0], write_truss))
        large = min(large, _seconds(texts[1], write_truss))
        if large <= _MOST_GROWTH * max(small, _FLOOR):
            return
    pytest.fail(f"{small:.3f} s for {count // 2} repetitions, {large:.3f} s for {count}")


@pytest.mark.parametrize(
    "name", ["attributes", "blocks", "helpers that call helpers", "keys of a display", "loops"]
)
def test_a_large_file_is_run_in_seconds(name: str, write_truss: WriteTruss) -> None:
    source = DIMENSIONS[name]
    text = source(_count(source, _LARGE_SIZE))
    assert any(_seconds(text, write_truss) <= _MOST_SECONDS for _ in range(_TRIES))

"""Checks and fixes trusses that were changed at random: `python tests/fuzzing/fuzz.py [INPUTS] [SEED]`.

A check must end without an error of its own, in a few seconds, with each place inside its file; and fixes
must leave no finding that was not there before. What fails is written to the folder `fuzzing-failures`.
"""

import json
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import yaml

from changes import OF_CONFIGS, OF_SOURCES, Change
from truss_cli.check.engine import check_truss
from truss_cli.check.fix.rounds import fix_truss
from truss_cli.check.registry import all_rules, static_rules
from truss_cli.diagnostic import Diagnostic
from truss_cli.source import Overlay, SourceText

CASES = Path(__file__).parents[1] / "cases"
FAILURES = Path("fuzzing-failures")
MODEL, CONFIG = "model/model.py", "config.yaml"
SECONDS = 10
"""For one input, which takes a few milliseconds as a rule."""
EVERY = 5
"""How many inputs are checked for one that is fixed as well, which takes several checks."""


def main() -> int:
    """Print how many inputs were tried, and how many failed."""
    count, seed = map(int, [*sys.argv[1:], *("10000", "1")[len(sys.argv) - 1 :]])
    began, failures = time.monotonic(), 0
    with TemporaryDirectory() as folder:
        truss = Path(folder)
        for path in (truss / MODEL, truss / CONFIG):
            path.parent.mkdir(exist_ok=True)
            path.touch()
        for number, (model, config) in enumerate(inputs(Random(seed), count)):  # noqa: S311 - to be had again
            failed = failure(truss, {truss / MODEL: model, truss / CONFIG: config}, fixes=number % EVERY == 0)
            if failed:
                failures += 1
                FAILURES.mkdir(exist_ok=True)
                case = {MODEL: repr(model), CONFIG: repr(config), "failure": failed}
                (FAILURES / f"{seed}-{number}.json").write_text(json.dumps(case, indent=2))
    took = time.monotonic() - began
    sys.stdout.write(f"{count} inputs, {count // EVERY} fixed as well, {failures} failed, {took:.0f} s\n")
    return int(failures > 0)


def inputs(random: Random, count: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield changed models with changed configurations."""
    sources, configs = _texts()
    for _ in range(count):
        model = _changed(random, random.choice(sources), OF_SOURCES, sources)
        config = _changed(random, random.choice(configs), OF_CONFIGS, configs)
        yield model.encode("utf-8", "replace"), config.encode("utf-8", "replace")


def failure(truss: Path, contents: dict[Path, bytes], *, fixes: bool) -> str:
    """Check, and perhaps fix, and return what fails; nothing if nothing does."""
    signal.alarm(SECONDS)
    try:
        rules = static_rules()
        before = check_truss(truss, rules, Overlay(contents))
        _require_inside(before, contents)
        if fixes:
            fixed = fix_truss(truss, lambda _: True, contents, unsafe=True).contents
            after = check_truss(truss, rules, Overlay({**contents, **fixed}))
            _require_inside(after, {**contents, **fixed})
            new = Counter(one.code for one in after) - Counter(one.code for one in before)
            assert not new, f"the fixes brought {new}"
    except BaseException:  # noqa: BLE001 - whatever it is, it is noted
        return traceback.format_exc()
    finally:
        signal.alarm(0)
    return ""


def _changed(random: Random, text: str, changes: Sequence[Change], others: Sequence[str]) -> str:
    for _ in range(random.choice([0, 1, 1, 1, 2, 3, 5])):
        text = random.choice(changes)(random, text, others)
    return text


def _require_inside(found: Sequence[Diagnostic], contents: dict[Path, bytes]) -> None:
    for diagnostic in found:
        for path, span, _ in (diagnostic.finding[:3], *diagnostic.finding.related):
            text = SourceText(path, contents.get(path, b"").decode("utf-8", "replace"))
            assert (1, 1) <= span.start <= span.end
            assert span.end.line <= text.line_count
            assert all(one.column <= len(text.line(one.line)) + 1 for one in span)


def _texts() -> tuple[list[str], list[str]]:
    """Return all models and configurations of the measured cases and the rules' examples."""
    files: list[tuple[str, str]] = []
    for path in sorted(CASES.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            case = json.loads(line)
            files += [item for item in case.get("files", {}).items() if isinstance(item[1], str)]
            files.append((CONFIG, yaml.safe_dump({"model_name": "m", **case.get("config", {})})))
    for rule in all_rules():
        for example in (*rule.bad, *rule.good):
            files += rule.example_files(example).items()
    sources = sorted({text for name, text in files if name.endswith(".py") and text})
    return sources, sorted({text for name, text in files if name == CONFIG and text})


def _interrupt(_number: int, _frame: object) -> None:
    raise TimeoutError(f"took more than {SECONDS} s")


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, _interrupt)
    sys.exit(main())

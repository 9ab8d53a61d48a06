"""Measures what the tests notice: `python tests/mutation [SAMPLE] [SEED]`.

mutmut writes the mutants of `contract` and `check/rules`; of these a sample is taken, and the tests of both
run on each: first in forks of a process that has collected them, which takes a fraction of a second. Where
a mutant has run before that, while rules were put together, this shows nothing; those that survive it there
are tried again in a process of their own.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TOP = Path(__file__).parents[2]
SETTINGS = """
[tool.mutmut]
source_paths = ["truss_cli"]
only_mutate = ["truss_cli/contract/*", "truss_cli/check/rules/*"]
pytest_add_cli_args_test_selection = ["tests/contract"]
also_copy = ["tests", "templates", "docs", "README.md", "pyproject.toml"]
"""
FIRST_TESTS = ("tests/check/rules/test_rules.py", "tests/check/rules/test_edges.py")
TESTS = (
    *FIRST_TESTS,
    "tests/check/rules",
    "tests/contract",
    "tests/check/fix/test_fixes.py",
    "tests/check/test_cases.py",
)
"""Those first that take least time to notice most."""
OPTIONS = ("-o", "pythonpath=. tests tests/mutation", "--tb=no", "-p", "no:xdist")
SECONDS = 300


def write_mutants(folder: Path) -> list[str]:
    """Write the mutants into a folder, and return their names."""
    for name in ("tests", "templates", "docs", "README.md", "pyproject.toml"):
        copy = shutil.copytree if (TOP / name).is_dir() else shutil.copy
        copy(TOP / name, folder / name)
    shutil.copytree(TOP / "cli/truss_cli", folder / "truss_cli")
    with (folder / "pyproject.toml").open("a") as file:
        file.write(SETTINGS)
    # A name that no mutant has: they are written, and none of them is run.
    subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "none"], cwd=folder, capture_output=True, check=False
    )
    kept = sorted((folder / "mutants").rglob("*.meta"))
    return sorted(name for path in kept for name in json.loads(path.read_text())["exit_code_by_key"])


def survivors(folder: Path, names: Sequence[str]) -> Iterator[str]:
    """Yield the mutants on which the tests pass."""
    (folder / "names").write_text("\n".join(names))
    variables = {"MUTANTS": str(folder / "names"), "SURVIVORS": str(folder / "survivors")}
    program = [sys.executable, "tests/mutation/forked_runs.py", *OPTIONS, *TESTS]
    done = subprocess.run(program, cwd=folder, env=_environment(folder, variables), check=False)
    if done.returncode or not (folder / "survivors").exists():
        sys.exit("the tests cannot be run on the mutants")
    found = [json.loads(line) for line in (folder / "survivors").read_text().splitlines()]
    yield from (name for name, certain in found if certain)
    doubtful = [name for name, certain in found if not certain]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda name: survives(folder, name), doubtful)
        yield from (name for name, passed in zip(doubtful, results, strict=True) if passed)


def survives(folder: Path, name: str) -> bool:
    """Run the tests on a mutant in a process of its own, and return whether they pass."""
    variables = {"MUTANT_UNDER_TEST": name}
    for tests in (FIRST_TESTS, TESTS):
        command = [sys.executable, "-m", "pytest", "-x", *OPTIONS, *tests]
        try:
            subprocess.run(
                command,
                cwd=folder,
                env=_environment(folder, variables),
                capture_output=True,
                check=True,
                timeout=SECONDS,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return False
    return True


def _environment(folder: Path, variables: dict[str, str]) -> dict[str, str]:
    """Return the variables of a process in which the installed `truss` has the mutants, too."""
    return {**os.environ, "PYTHONPATH": str(folder), **variables}


def main() -> None:
    """Print the survivors as they are found, then the score."""
    size, seed = map(int, [*sys.argv[1:], *("200", "200")[len(sys.argv) - 1 :]])
    with tempfile.TemporaryDirectory() as work:
        names = write_mutants(Path(work))
        if not names:
            sys.exit("mutmut wrote no mutants")
        sample = random.Random(seed).sample(names, min(size, len(names)))  # noqa: S311 - to choose is all
        survived = 0
        for name in survivors(Path(work) / "mutants", sample):
            survived += 1
            sys.stdout.write(f"survived: {name}\n")
            sys.stdout.flush()
    killed = len(sample) - survived
    sys.stdout.write(
        f"{len(names)} mutants, {len(sample)} run, {killed} killed: {killed / len(sample):.1%}\n"
    )


if __name__ == "__main__":
    main()

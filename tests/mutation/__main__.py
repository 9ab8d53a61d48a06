"""Measures what the tests notice: `python tests/mutation [SAMPLE] [SEED]`.

mutmut writes the mutants of `contract` and `check/rules`; of these a sample is taken, and the
tests of both run on each in a process of its own, as many at a time as there are processors. (mutmut's
own way, to fork after importing, would miss the mutants of what runs while rules are imported.)
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
pytest_add_cli_args = ["-o", "pythonpath=. tests"]
pytest_add_cli_args_test_selection = ["tests/contract"]
also_copy = ["tests", "templates", "docs", "README.md", "pyproject.toml"]
"""
STAGES = (
    ("-p", "no:hypothesispytest", "-p", "no:xdist", "tests/check/rules/test_rules.py"),
    (
        "tests/check/rules/test_listed_models.py",
        "tests/check/rules/test_measured.py",
        "tests/contract",
        "tests/check/rules",
        "tests/check/fix",
        "tests/check/test_cases.py",
    ),
)
"""Arguments of pytest: those tests first that take least time to notice most."""
COMMAND = [sys.executable, "-m", "pytest", "-x", "--tb=no", "-o", "pythonpath=. tests"]
SECONDS = 300
"""For one mutant: one that takes longer never ends, which is noticed, too."""
BYTES = 4 << 30
"""Of memory, for one that takes ever more."""


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


def survives(folder: Path, name: str) -> bool:
    """Run the tests on a mutant, and return whether they pass."""
    environment = {**os.environ, "MUTANT_UNDER_TEST": name}
    for arguments in STAGES:
        command = ["prlimit", f"--as={BYTES}", *COMMAND, *arguments]
        try:
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, check=False, timeout=SECONDS
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode != 0:
            return False
    return True


def survivors(folder: Path, names: Sequence[str]) -> Iterator[str]:
    """Yield the mutants on which the tests pass."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda name: survives(folder, name), names)
        yield from (name for name, passed in zip(names, results, strict=True) if passed)


def main() -> None:
    """Print the survivors as they are found, then the score."""
    size, seed = map(int, [*sys.argv[1:], *("200", "200")[len(sys.argv) - 1 :]])
    with tempfile.TemporaryDirectory() as work:
        names = write_mutants(Path(work))
        mutants = Path(work) / "mutants"
        if not names or list(survivors(mutants, ["none"])) != ["none"]:
            sys.exit("mutmut wrote no mutants, or the tests fail without one")
        sample = random.Random(seed).sample(names, min(size, len(names)))  # noqa: S311 - to choose is all
        survived = 0
        for name in survivors(mutants, sample):
            survived += 1
            sys.stdout.write(f"survived: {name}\n")
            sys.stdout.flush()
    killed = len(sample) - survived
    sys.stdout.write(
        f"{len(names)} mutants, {len(sample)} run, {killed} killed: {killed / len(sample):.1%}\n"
    )


if __name__ == "__main__":
    main()

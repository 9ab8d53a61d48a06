"""`truss doctor`: the page, and its exit code."""

import os
import sys
from collections.abc import Mapping

from callables import Run, WriteTruss

MODEL = "class Model:\n    def predict(self, model_input): return model_input\n"
CONFIG = """\
python_version: py39
requirements: [numpy, no-such-package==1.0]
resources: {accelerator: H100}
secrets: {set: null, unset: null}
"""


def test_page_compares_what_is_wanted_with_what_is_here(
    run: Run, write_truss: WriteTruss, package_index: Mapping[str, str]
) -> None:
    truss = write_truss({"config.yaml": CONFIG, "model/model.py": MODEL})
    done = run("doctor", truss, env={**package_index, "TRUSS_SECRET_set": "hidden", "PATH": "/usr/bin:/bin"})
    assert done.returncode == 1
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "!! Python 3.9" in " ".join(line[:13] for line in lines)
    assert "!! GPU H100 none" in lines
    assert "Packages required here" in lines
    assert "no no-such-package ==1.0 not installed" in lines
    assert f"help: Run `{sys.executable} -m pip install no-such-package==1.0`." in lines
    assert "ok set a value has a value" in lines
    assert "!! unset a value no value" in lines
    assert "not reproduced the GPU (H100) with its CUDA" in lines
    assert "hidden" not in done.stdout + done.stderr


def test_what_would_fail_is_said(run: Run, write_truss: WriteTruss) -> None:
    done = run("doctor", write_truss({"config.yaml": "model_name: m\n"}))
    assert done.returncode == 1
    assert done.stdout.endswith("`truss predict` would fail here.\n")


def test_a_folder_that_is_no_truss(run: Run) -> None:
    done = run("doctor")
    assert done.returncode == 2
    assert "is not a truss" in done.stderr


def test_values_of_the_command_line_count(run: Run, write_truss: WriteTruss) -> None:
    config = "secrets: {one: null, two: null, three: null}\nenvironment_variables: {SIZE: 3, MODE: a}\n"
    truss = write_truss({"config.yaml": config, "model/model.py": MODEL, ".env": "three=hidden\n"})
    values = ("--secret", "one=hidden", "--env", "TRUSS_SECRET_two=hidden", "--env", "SIZE=4", "--env", "B=1")
    page = run("doctor", truss, *values)
    lines = [" ".join(line.split()) for line in page.stdout.splitlines()]
    assert {f"ok {name} a value has a value" for name in ("one", "two", "three")} <= {*lines}
    assert "!! SIZE set in config.yaml another value, from --env" in lines
    assert "ok MODE set in config.yaml the same" in lines
    assert "!! B not set in config.yaml set by --env" in lines
    assert "hidden" not in page.stdout + page.stderr


def test_files_are_listed_with_sizes_and_reasons(run: Run, write_truss: WriteTruss) -> None:
    files = {"data/a.bin": "x" * 2048, "data/lib/x": "", "labels.txt": "", ".truss_ignore": "*.tmp\n"}
    truss = write_truss({**files, "model/model.py": MODEL, "model/[b]\x1b.tmp": ""})
    page = run("doctor", "--files", truss)
    assert [" ".join(line.split()) for line in page.stdout.splitlines()] == [
        "Copied to size",
        "config.yaml /app/config.yaml 14 B",
        "data/a.bin /app/data/a.bin 2.0 KiB",
        f"model/model.py /app/model/model.py {len(MODEL)} B",
        "",
        "Not copied because of",
        ".truss_ignore it is not in a folder that is copied",
        "data/lib/ `lib/` in the default ignore list",
        "labels.txt it is not in a folder that is copied",
        "model/[b]\\x1b.tmp `*.tmp` in .truss_ignore",
        "",
        "3 files, 2.1 KiB",
    ]
    (truss / "data" / "broken").symlink_to("none")
    assert run("doctor", "--files", truss).returncode == 1


def test_a_requirements_file_that_cannot_be_read_is_reported(run: Run, write_truss: WriteTruss) -> None:
    truss = write_truss({"config.yaml": "requirements_file: pipe.txt\n", "model/model.py": MODEL})
    os.mkfifo(truss / "pipe.txt")
    for reason in ("it is not a regular file", "No such file or directory"):
        process = run("doctor", truss)
        assert process.returncode in (0, 1)
        assert f"cannot be read: {reason}" in process.stdout
        assert process.stderr == ""
        (truss / "pipe.txt").unlink(missing_ok=True)

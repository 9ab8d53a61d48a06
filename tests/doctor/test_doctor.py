"""`truss doctor`: the page, and its exit code."""

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
    assert done.returncode == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "!! Python 3.9" in " ".join(line[:13] for line in lines)
    assert "!! GPU H100 none" in lines
    assert "!! no-such-package ==1.0 not installed" in lines
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

"""`truss check` with `--fix`, `--diff` and `--stdin-filename`, as its users run it."""

import ctypes
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from callables import Run, WriteTruss
from waiting import SECONDS

TRUSS = Path(sys.executable).with_name("truss")
CONFIG = "model_name: m\nresources:\n  memory: 16\n"
MODEL = """\
import time


class Model:
    async def load(self):
        self.ready = True

    async def predict(self, a, b) -> dict:
        time.sleep(1)
        return a
"""
FIXED_CONFIG = CONFIG.replace("16", '"16Gi"')
FIXED_MODEL = MODEL.replace("async def load", "def load")
FINE = "class Model:\n    def predict(self, a) -> dict:\n        return a\n"


@pytest.fixture
def truss(write_truss: WriteTruss) -> Path:
    return write_truss({"config.yaml": CONFIG, "model/model.py": MODEL})


def test_fix_writes_what_is_safe_and_reports_the_rest(truss: Path, run: Run) -> None:
    offered = run("check", cwd=truss)
    assert offered.stdout.endswith("\n2 can be fixed with `--fix`, and 1 more with `--fix --unsafe-fixes`\n")
    done = run("check", "--fix", cwd=truss)
    assert (done.returncode, done.stderr) == (1, "Fixed 2 findings.\n")
    assert "TRS106" in done.stdout
    assert done.stdout.endswith("\n1 can be fixed with `--fix --unsafe-fixes`\n")
    assert (truss / "config.yaml").read_text() == FIXED_CONFIG
    assert (truss / "model/model.py").read_text() == FIXED_MODEL
    assert sorted(path.name for path in truss.rglob("*")) == ["config.yaml", "model", "model.py"]


def test_a_fix_is_proved_without_resolving_requirements(
    run: Run, write_truss: WriteTruss, tmp_path: Path
) -> None:
    config = CONFIG + "requirements:\n  - no-such-package-of-anyone==1\n"
    truss = write_truss({"config.yaml": config, "model/model.py": FINE})
    done = run("check", "--fix", cwd=truss, env={"UV_CACHE_DIR": str(tmp_path / "uv"), "UV_OFFLINE": "1"})
    assert (done.returncode, done.stderr) == (0, "Fixed 1 finding.\n")
    assert not (tmp_path / "uv").exists()


def test_the_code_is_that_of_what_is_left(run: Run, write_truss: WriteTruss) -> None:
    truss = write_truss({"config.yaml": CONFIG, "model/model.py": FINE})
    assert run("check", "--fix", cwd=truss).returncode == 0
    again = run("check", "--fix", cwd=truss)
    assert (again.returncode, again.stderr) == (0, "")


def test_unsafe_fixes_are_applied_when_asked_for(truss: Path, run: Run) -> None:
    done = run("check", "--fix", "--unsafe-fixes", cwd=truss)
    assert done.stderr == "Fixed 3 findings.\n"
    assert "can be fixed" not in done.stdout
    text = (truss / "model/model.py").read_text()
    assert text.startswith("import asyncio\nimport time\n")
    assert "        await asyncio.sleep(1)\n" in text


def test_only_selected_rules_and_files_that_no_setting_exempts_are_fixed(truss: Path, run: Run) -> None:
    run("check", "--fix", "--select", "TRS511", cwd=truss)
    assert (truss / "model/model.py").read_text() == MODEL
    (truss / "pyproject.toml").write_text('[tool.truss-check.per-path-ignores]\n"model/*" = ["TRS116"]\n')
    run("check", "--fix", cwd=truss)
    assert (truss / "model/model.py").read_text() == MODEL


@pytest.mark.skipif(not shutil.which("git"), reason="git applies the diff")
def test_diff_changes_nothing_and_can_be_applied(truss: Path, run: Run) -> None:
    (truss / "config.yaml").write_bytes(CONFIG.strip().replace("\n", "\r\n").encode())
    done = subprocess.run([TRUSS, "check", "--diff"], cwd=truss, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"Would fix 2 findings.\n")
    assert (truss / "model/model.py").read_text() == MODEL
    subprocess.run(["git", "apply", "-p0"], cwd=truss, input=done.stdout, check=True)  # noqa: S607
    assert (truss / "model/model.py").read_text() == FIXED_MODEL
    assert (truss / "config.yaml").read_bytes() == FIXED_CONFIG.strip().replace("\n", "\r\n").encode()
    again = run("check", "--diff", cwd=truss)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "Would fix 0 findings.\n")


def test_permissions_marks_line_ends_and_encodings_are_kept(truss: Path, run: Run) -> None:
    config, model = truss / "config.yaml", truss / "model/model.py"
    config.write_bytes(b"\xef\xbb\xbf" + CONFIG.replace("\n", "\r\n").encode())
    model.write_bytes(f"# coding: latin-1\n# \xe9\n{MODEL}".encode("latin-1"))
    model.chmod(0o640)
    run("check", "--fix", cwd=truss)
    assert config.read_bytes() == b"\xef\xbb\xbf" + FIXED_CONFIG.replace("\n", "\r\n").encode()
    assert model.read_bytes() == f"# coding: latin-1\n# \xe9\n{FIXED_MODEL}".encode("latin-1")
    assert model.stat().st_mode & 0o777 == 0o640


def test_a_link_is_followed_within_the_truss_alone(truss: Path, run: Run, tmp_path: Path) -> None:
    config, model = truss / "config.yaml", truss / "model/model.py"
    config.rename(truss / "model/kept.yaml")
    config.symlink_to("model/kept.yaml")
    model.rename(tmp_path / "outside.py")
    model.symlink_to(tmp_path / "outside.py")
    assert run("check", "--fix", cwd=truss).stderr == "Fixed 1 finding.\n"
    assert (config.is_symlink(), (truss / "model/kept.yaml").read_text()) == (True, FIXED_CONFIG)
    assert (model.is_symlink(), (tmp_path / "outside.py").read_text()) == (True, MODEL)


def test_hard_links_are_preserved(truss: Path, run: Run, tmp_path: Path) -> None:
    model, hard_link = truss / "model/model.py", tmp_path / "hard_link.py"
    os.link(model, hard_link)
    run("check", "--fix", truss)
    assert model.samefile(hard_link)
    assert hard_link.read_text() == FIXED_MODEL


def test_files_of_external_packages_are_left_alone(run: Run, write_truss: WriteTruss, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    base = FINE.replace("class Model", "class Base") + "\n    async def load(self):\n        pass\n"
    (tmp_path / "shared/base.py").write_text(base)
    model = "from base import Base\n\n\nclass Model(Base):\n    pass\n"
    truss = write_truss({"config.yaml": "external_package_dirs: [../shared]\n", "model/model.py": model})
    done = run("check", "--fix", cwd=truss)
    assert (done.returncode, done.stderr) == (1, "")
    assert (tmp_path / "shared/base.py").read_text() == base


def _without_the_right_of_root_to_write_anywhere() -> None:
    drop, dac_override = 24, 1  # PR_CAPBSET_DROP of prctl(2) and CAP_DAC_OVERRIDE of capabilities(7)
    ctypes.CDLL(None).prctl(drop, dac_override, 0, 0, 0)


def test_a_file_that_may_not_be_written_is_not_replaced(truss: Path) -> None:
    (truss / "config.yaml").chmod(0o444)
    done = subprocess.run(
        [TRUSS, "check", "--fix", "--select", "TRS511"],
        cwd=truss,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        preexec_fn=_without_the_right_of_root_to_write_anywhere,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "config.yaml is not writable" in done.stderr
    assert (truss / "config.yaml").read_text() == CONFIG


def test_a_text_on_stdin_is_checked_as_a_file(truss: Path, run: Run) -> None:
    done = run(
        "check", "--stdin-filename", "model/model.py", "--output-format", "concise", cwd=truss, stdin=FINE
    )
    assert (done.returncode, done.stdout) == (0, "")
    wrong = FINE.replace("predict", "predcit")
    done = run("check", "--stdin-filename", "model/model.py", cwd=truss, stdin=wrong)
    assert done.returncode == 1
    assert "class Model:" in done.stdout
    assert "config.yaml" not in done.stdout


def test_a_text_on_stdin_is_fixed_to_stdout(truss: Path, run: Run) -> None:
    done = run("check", "--fix", "--stdin-filename", "model.py", cwd=truss / "model", stdin=MODEL)
    assert (done.returncode, done.stdout) == (1, FIXED_MODEL)
    assert done.stderr.startswith("Fixed 1 finding.\n")
    assert "TRS106" in done.stderr
    assert (truss / "model/model.py").read_text() == MODEL
    config = run("check", "--fix", "--stdin-filename", "config.yaml", cwd=truss, stdin="")
    assert (config.returncode, config.stdout) == (0, "")
    diff = run("check", "--diff", "--stdin-filename", "config.yaml", cwd=truss, stdin="requirement: [a]\n")
    assert (diff.returncode, "+requirements: [a]\n" in diff.stdout) == (1, True)


def test_a_text_of_no_truss_is_no_fault_but_noted(tmp_path: Path, run: Run) -> None:
    given = ("check", "--stdin-filename", "tool.py", "--output-format", "concise")
    done = run(*given, cwd=tmp_path, stdin=MODEL)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "note: there is no truss to check around tool.py\n"
    assert run(*given, "--quiet", cwd=tmp_path, stdin=MODEL).stderr == ""
    fixed = run(*given, "--fix", cwd=tmp_path, stdin=MODEL)
    assert (fixed.returncode, fixed.stdout) == (0, MODEL)


def test_a_config_on_stdin_need_not_be_saved(tmp_path: Path, run: Run) -> None:
    given = ("check", "--stdin-filename", "config.yaml", "--output-format", "concise")
    done = run(*given, cwd=tmp_path, stdin="model_name: m\nresources: {memory: 16}\n")
    assert (done.returncode, "error[TRS511]" in done.stdout) == (1, True)
    done = run(*given, cwd=tmp_path, stdin="defaults: [db: mysql]\n")
    assert (done.returncode, done.stdout) == (0, "")


def test_fixes_are_in_json_and_sarif(truss: Path, run: Run) -> None:
    found = {
        entry["code"]: entry
        for entry in json.loads(run("check", "--output-format", "json", cwd=truss).stdout)
    }
    assert found["TRS106"]["fix"] is None
    assert found["TRS511"]["fix"] == {
        "applicability": "safe",
        "message": 'Write `"16Gi"`',
        "edits": [
            {
                "filename": "config.yaml",
                "location": {"row": 3, "column": 11},
                "end_location": {"row": 3, "column": 13},
                "content": '"16Gi"',
            }
        ],
    }
    assert found["TRS301"]["fix"]["applicability"] == "unsafe"
    results = json.loads(run("check", "--output-format", "sarif", cwd=truss).stdout)["runs"][0]["results"]
    (fix,) = next(result["fixes"] for result in results if result["ruleId"] == "TRS301")
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "model/model.py"
    assert [part["insertedContent"]["text"] for part in change["replacements"]] == [
        "import asyncio\n",
        "await asyncio.sleep",
    ]


def test_a_check_without_fixes_imports_nothing_of_them(truss: Path, run: Run) -> None:
    program = (
        "import sys; from truss_cli.check.command import *; from truss_cli.check.selection import Selection\n"
    )
    program += "check(CheckOptions((Path(),)))\n"
    program += "assert not [name for name in sys.modules if name.startswith('truss_cli.check.fix')]"
    del run
    subprocess.run([sys.executable, "-c", program], cwd=truss, check=True, capture_output=True)

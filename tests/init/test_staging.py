"""A run that is killed or interrupted at any step leaves files as before or as after it."""

import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from callables import Run
from truss_cli.errors import TrussError
from truss_cli.init.files.plan import PlannedFile
from truss_cli.init.files.staging import STAGING, Journal, JournalEntry, Staging, locked, recover
from truss_cli.init.files.target import Place
from truss_cli.init.files.write import FileWriter

EVERY_STEP = """
import os, shutil, signal, sys
from pathlib import Path, PurePosixPath
from truss_cli.init.files.plan import PlannedFile
from truss_cli.init.files.staging import recover
from truss_cli.init.files.target import Place
from truss_cli.init.files.write import FileWriter

top, number = Path(sys.argv[1]), int(sys.argv[2])
EVENTS = {"open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.symlink"}
steps = 0

def write(folder):
    place = lambda name: Place(folder, PurePosixPath(name))
    files = [PlannedFile(place(name), b"new") for name in ("config.yaml", "deep/er/a.txt", "b.txt", "link")]
    FileWriter(folder, replace=True).write(files, [place("gone.txt")])

def contents(folder):
    return {
        str(path.relative_to(folder)): os.readlink(path) if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()
    }

def prepare(name):
    folder = top / name
    folder.mkdir()
    for file in ("config.yaml", "gone.txt", "mine.txt"):
        (folder / file).write_bytes(b"old")
    (folder / "link").symlink_to("mine.txt")
    return folder

def send(event, _arguments):
    global steps
    if event in EVENTS and steps:
        steps -= 1
        if not steps:
            os.kill(os.getpid(), number)

def attempt(folder, step):
    if os.fork():
        return os.waitstatus_to_exitcode(os.wait()[1])
    global steps
    steps = step
    sys.addaudithook(send)
    try:
        write(folder)
    except KeyboardInterrupt:
        steps = 0
        os._exit(2)
    os._exit(0)

before = contents(prepare("before"))
after_folder = prepare("after")
write(after_folder)
after = contents(after_folder)
step, code = 0, None
while code != 0:
    step += 1
    folder = prepare(str(step))
    code = attempt(folder, step)
    if number == signal.SIGKILL:
        for name in before:
            assert os.path.lexists(folder / name) or name == "gone.txt", (step, name)
        recover(folder)
    assert contents(folder) in (before, after), (step, contents(folder))
    assert not (folder / ".truss-init").exists(), step
    shutil.rmtree(folder)
print(step)
"""


@pytest.mark.parametrize("number", [2, 9], ids=["SIGINT", "SIGKILL"])
def test_a_signal_at_any_step_leaves_the_files_as_before_or_as_after(tmp_path: Path, number: int) -> None:
    process = subprocess.run(
        [sys.executable, "-c", EVERY_STEP, tmp_path, str(number)], capture_output=True, check=False, text=True
    )
    assert process.returncode == 0, process.stderr
    assert int(process.stdout) > 20, "steps were tried"


def killed_run(truss: Path, entry: JournalEntry, content: bytes) -> None:
    staging = Staging(truss / STAGING)
    staging.folder.mkdir(parents=True)
    staging.old(0).write_bytes(content)
    staging.write_journal(Journal(entries=(entry,), folders=()))


def test_the_next_run_recovers_what_a_killed_one_has_replaced(run: Run, tmp_path: Path) -> None:
    truss = tmp_path / "truss"
    truss.mkdir()
    (truss / "config.yaml").write_bytes(b"half")
    killed_run(truss, JournalEntry(path="config.yaml", digest="0"), b"model_name: mine\n")
    process = run("init", truss, "--yes")
    assert "note: undid the changes of a `truss init` that was killed" in process.stderr
    assert "already there, and not overwritten" in process.stderr
    assert (truss / "config.yaml").read_bytes() == b"model_name: mine\n"
    assert not (truss / STAGING).exists()


def test_recovery_changes_nothing_outside_the_truss(tmp_path: Path) -> None:
    truss, outside = tmp_path / "truss", tmp_path / "outside"
    outside.mkdir()
    for entry in (
        JournalEntry(path=".github/workflows/x.yml", outside=True, digest="0"),
        JournalEntry(path="linked/file", digest="0"),
        JournalEntry.model_construct(path="../outside/file", outside=False, digest="0"),
        JournalEntry.model_construct(path=".GIT/hooks/post-checkout", outside=False, digest="0"),
    ):
        killed_run(truss, entry, b"hostile")
        (truss / "linked").unlink(missing_ok=True)
        (truss / "linked").symlink_to(outside)
        recover(truss)
        assert [path.name for path in truss.iterdir()] == ["linked"]
        assert list(outside.iterdir()) == []


def test_two_runs_do_not_write_at_once(tmp_path: Path) -> None:
    files = [PlannedFile(Place(tmp_path, PurePosixPath("a.txt")), b"")]
    with locked(tmp_path), pytest.raises(TrussError, match="another `truss init` is writing to"):
        FileWriter(tmp_path).write(files)
    assert list(tmp_path.iterdir()) == []


def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch(mode=0o600)
    FileWriter(tmp_path, replace=True).write([PlannedFile(Place(tmp_path, PurePosixPath("a.txt")), b"")])
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o600

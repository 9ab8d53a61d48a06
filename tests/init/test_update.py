"""`truss init --update`: what is new in a template comes in, and nothing of the user's is lost."""

import base64
import json
import zlib
from pathlib import Path, PurePosixPath

import pytest

from callables import Run
from truss_cli.errors import ExitCode, TrussError
from truss_cli.init.command import init
from truss_cli.init.files.plan import PlannedFile
from truss_cli.init.files.target import Place
from truss_cli.init.files.write import FileWriter
from truss_cli.init.options import InitOptions
from truss_cli.init.update.command import update
from truss_cli.init.update.merge import MergeKind, merge

CONFIG = (
    "model_name: {{ name | quoted }}\n# one\n# two\n# three\n# four\nmodel_metadata:\n  size: {{ size }}\n"
)
MANIFEST = "title: T\nsummary: S\nquestions: [{key: size, ask: Size, default: 1}]\n"


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine"
    folder.mkdir()
    write(
        folder, {"template.yaml": MANIFEST, "config.yaml.jinja": CONFIG, "old.txt": "old\n", "a.txt": "a\n"}
    )
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def make() -> None:
    init(InitOptions("truss", template="mine", name="Ada's", settings=("size=7",), yes=True))


def read(name: str) -> str:
    return (Path("truss") / name).read_text(encoding="utf-8")


UPDATE = InitOptions("truss", yes=True)


def test_a_truss_is_up_to_date_with_the_template_it_is_made_from(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert template
    make()
    before = {path: path.read_bytes() for path in Path("truss").rglob("*") if path.is_file()}
    assert update(UPDATE) is ExitCode.OK
    assert "up to date" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in Path("truss").rglob("*") if path.is_file()} == before


def test_changes_of_both_are_merged(template: Path) -> None:
    make()
    write(Path("truss"), {"config.yaml": read("config.yaml") + "description: mine\n", "own.txt": "own\n"})
    changed = CONFIG.replace("# one\n", "# ONE\n")
    write(template, {"config.yaml.jinja": changed, "new/b.txt": "b\n", "a.txt": "A\n"})
    (template / "old.txt").unlink()
    assert update(UPDATE) is ExitCode.OK
    config = read("config.yaml")
    assert "# ONE\n" in config
    assert config.endswith("  size: 7\ndescription: mine\n")
    assert 'model_name: "Ada\'s"\n' in config
    assert (read("new/b.txt"), read("a.txt"), read("own.txt")) == ("b\n", "A\n", "own\n")
    assert not Path("truss/old.txt").exists()
    assert update(UPDATE) is ExitCode.OK
    assert read("config.yaml") == config


def test_conflicts_are_marked_as_git_does_and_exit_1(template: Path, run: Run) -> None:
    make()
    write(Path("truss"), {"a.txt": "mine\n"})
    write(template, {"a.txt": "theirs\n"})
    updated = run("init", "truss", "--update", "--yes")
    assert updated.returncode == 1
    assert "error: both you and the template have changed the same lines of truss/a.txt" in updated.stderr
    assert read("a.txt") == ("<<<<<<< this truss\nmine\n=======\ntheirs\n>>>>>>> the template now\n")


def test_what_was_deleted_stays_so_and_what_was_changed_is_not_removed(template: Path) -> None:
    make()
    Path("truss/a.txt").unlink()
    write(Path("truss"), {"old.txt": "old, and mine\n"})
    write(template, {"a.txt": "A\n"})
    (template / "old.txt").unlink()
    update(UPDATE)
    assert not Path("truss/a.txt").exists()
    assert read("old.txt") == "old, and mine\n"


def test_a_new_file_of_the_template_does_not_replace_ones_own(template: Path) -> None:
    make()
    write(Path("truss"), {"new.txt": "mine\n"})
    write(template, {"new.txt": "theirs\n"})
    update(UPDATE)
    assert read("new.txt") == "mine\n"


def test_answers_are_kept_new_questions_are_answered_and_old_ones_forgotten(template: Path) -> None:
    make()
    more = MANIFEST.replace("]\n", ", {key: colour, ask: Colour, default: red}]\n")
    write(template, {"template.yaml": more, "config.yaml.jinja": CONFIG + "  colour: {{ colour }}\n"})
    update(UPDATE)
    assert read("config.yaml").endswith("  size: 7\n  colour: red\n")
    write(template, {"template.yaml": "title: T\nsummary: S\n", "config.yaml.jinja": "model_name: m\n"})
    update(UPDATE)
    assert read("config.yaml").endswith("json\nmodel_name: m\n")


def test_an_answer_can_be_changed(template: Path) -> None:
    assert template
    make()
    update(InitOptions("truss", settings=("size=9",), yes=True))
    assert "size: 9\n" in read("config.yaml")
    update(UPDATE)
    assert "size: 9\n" in read("config.yaml")


def test_it_asks_and_a_dry_run_changes_nothing(template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make()
    write(template, {"a.txt": "A\n"})
    update(InitOptions("truss", dry_run=True))
    assert "truss/a.txt  updated" in capsys.readouterr().out
    with pytest.raises(TrussError, match="nothing was changed"):
        update(InitOptions("truss"))
    assert read("a.txt") == "a\n"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "has no .truss/answers.yaml"),
        ("[", "is not YAML at line 1"),
        ("template: mine\n", "answers: Field required"),
        ("template: mine\nanswers: {}\nwith_tests: no\nwith_ci: no\nrendered: '!!'\n", "cannot be read"),
        ("template: mine\nanswers: {}\nwith_tests: no\nwith_ci: no\nrendered: eJw=\n", "cannot be read"),
    ],
)
def test_a_record_that_is_absent_or_broken_is_one_clear_message(
    template: Path, content: str | None, problem: str
) -> None:
    assert template
    make()
    if content is None:
        Path("truss/.truss/answers.yaml").unlink()
    else:
        write(Path("truss"), {".truss/answers.yaml": content})
    with pytest.raises(TrussError) as refused:
        update(UPDATE)
    assert problem in refused.value.message


def test_a_record_cannot_lead_out_of_the_truss(template: Path) -> None:
    make()
    write(Path(), {"outside.txt": "mine\n"})
    record_file("../outside.txt", "mine\n")
    with pytest.raises(TrussError, match="cannot be read"):
        update(UPDATE)
    assert Path("outside.txt").is_file()
    assert template


def record_file(path: str, content: str) -> None:
    """Record a file as one that the template has had."""
    record = Path("truss/.truss/answers.yaml")
    packed = zlib.compress(json.dumps({path: base64.b64encode(content.encode()).decode()}).encode())
    text = record.read_text(encoding="utf-8").partition("rendered:")[0]
    record.write_text(f"{text}rendered: {base64.b64encode(packed).decode()}\n", encoding="utf-8")


def test_a_recorded_file_below_a_link_is_not_removed(template: Path) -> None:
    assert template
    make()
    write(Path(), {"outside/a.txt": "mine\n"})
    Path("truss/linked").symlink_to(Path("outside").resolve())
    record_file("linked/a.txt", "mine\n")
    with pytest.raises(TrussError, match="a folder above it is a symbolic link"):
        update(UPDATE)
    assert Path("outside/a.txt").is_file()


@pytest.mark.parametrize("path", [".git/HEAD", ".GIT/HEAD", "data/.git/HEAD"])
def test_a_recorded_file_of_a_repository_is_not_removed(template: Path, path: str) -> None:
    assert template
    make()
    write(Path("truss"), {path: "ref: refs/heads/main\n"})
    record_file(path, "ref: refs/heads/main\n")
    with pytest.raises(TrussError, match="must not be in the folder of a version control system"):
        update(UPDATE)
    assert (Path("truss") / path).is_file()


def test_a_file_that_is_edited_while_the_question_is_open_is_not_replaced(template: Path) -> None:
    make()
    write(template, {"a.txt": "A\n"})
    write(Path("truss"), {"a.txt": "edited\n"})
    place = Place(Path("truss"), PurePosixPath("a.txt"))
    with pytest.raises(TrussError, match=r"a\.txt was edited in the meantime"):
        FileWriter(Path("truss"), replace=True, expected={place: b"a\n"}).write([PlannedFile(place, b"A\n")])
    assert read("a.txt") == "edited\n"


@pytest.mark.parametrize(
    "values",
    [
        "template: 2026-99-99",
        "template: 2020-01-01",
        f"answers: {{size: {'9' * 5000}}}",
        f"answers: {{size: {'9' * 500}}}",
        f"answers: {{size: 0x{'f' * 5000}}}",
        "answers: {size: 2020-01-01}",
        "answers: {name: !!timestamp x}",
        "made_by: !!int ''",
        "answers: " + "{a: " * 5000,
        "rendered: " + "[" * 5000,
        "? [a]\n: b",
    ],
)
def test_a_damaged_record_is_one_clear_message(template: Path, values: str) -> None:
    assert template
    make()
    with Path("truss/.truss/answers.yaml").open("a", encoding="utf-8") as record:
        record.write(f"{values}\n")  # the last of equal keys counts
    with pytest.raises(TrussError, match=r"answers\.yaml|size cannot be"):
        update(UPDATE)


def test_every_template_of_the_gallery_is_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("basic", "vllm", "torch"):
        init(InitOptions(str(tmp_path / name), template=name, with_ci=True, yes=True))
        update(InitOptions(str(tmp_path / name), yes=True))
        assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "outcome", "content"),
    [
        (b"a\n", b"a\n", b"b\n", MergeKind.UPDATED, b"b\n"),
        (b"a\n", b"c\n", b"a\n", MergeKind.SAME, b"c\n"),
        (b"a\n", b"b\n", b"b\n", MergeKind.SAME, b"b\n"),
        (None, None, b"b\n", MergeKind.ADDED, b"b\n"),
        (b"a\n", None, b"b\n", MergeKind.SAME, None),
        (b"a\n", b"a\n", None, MergeKind.REMOVED, None),
        (b"a\n", b"c\n", None, MergeKind.KEPT, b"c\n"),
        (b"\0a", b"\0b", b"\0c", MergeKind.KEPT, b"\0b"),
        (b"1\n2\n3\n", b"0\n1\n2\n3\n", b"1\n2\n3\n4\n", MergeKind.MERGED, b"0\n1\n2\n3\n4\n"),
    ],
)
def test_three_versions_become_one(
    base: bytes | None, ours: bytes | None, theirs: bytes | None, outcome: MergeKind, content: bytes | None
) -> None:
    assert merge(base, ours, theirs) == (outcome, content)

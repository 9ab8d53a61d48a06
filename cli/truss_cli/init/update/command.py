"""`truss init --update`: the steps, in order."""

import dataclasses
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from truss_cli.errors import ExitCode, TrussError
from truss_cli.init import summary
from truss_cli.init.asking.interview import Choices, Interview, parse_settings
from truss_cli.init.asking.prompter import Prompter
from truss_cli.init.asking.terminal import find_prompter
from truss_cli.init.files.plan import Plan, PlannedFile, make_plan
from truss_cli.init.files.staging import has_link
from truss_cli.init.files.supporting import KEPT, RECORD, SCHEMA
from truss_cli.init.files.target import Place, examine, find_taken
from truss_cli.init.files.write import FileWriter
from truss_cli.init.options import InitOptions
from truss_cli.init.template.elsewhere import TemplateFinder
from truss_cli.init.template.question import Question
from truss_cli.init.update.merge import Merged, MergeKind, merge
from truss_cli.init.update.record import InitRecord, read, with_record


class Change(NamedTuple):
    """A file that is to be written, or removed, and why."""

    place: Place
    merged: Merged
    executable: bool
    before: bytes | None


def update(options: InitOptions) -> ExitCode:
    """Merge what is new in the template into a truss; exit 1 where conflicts are left to be resolved."""
    prompter = None if options.yes else find_prompter()
    folder = examine(options.directory or ".").folder
    record = read(folder)
    finder = TemplateFinder()
    try:
        choices = Interview(_as_recorded(options, record, finder), finder, prompter).take()
        plan = make_plan(
            choices.template, choices.target, with_tests=choices.with_tests, with_ci=choices.with_ci
        )
        if taken := find_taken(plan.places).blocked:
            raise TrussError(f"in the way, and not replaced: {taken[0].on_disk}")
        filled, _ = plan.fill(choices.answers)
        planned = with_record(filled, choices, finder.origin(choices.source))
        changes = _changes(planned, record, choices)
    finally:
        finder.close()
    _show(changes, plan, dry_run=options.dry_run)
    if options.dry_run or not changes:
        return ExitCode.OK
    _agree(prompter, options)
    _apply(changes, next(file for file in planned if file.path == RECORD), choices.target.folder)
    return _report_conflicts([change for change in changes if change.merged.kind is MergeKind.CONFLICT])


def _as_recorded(options: InitOptions, record: InitRecord, finder: TemplateFinder) -> InitOptions:
    """Return the options with the recorded answers where none is given, if they are still asked for."""
    template = options.template or record.template
    asked = {question.key for question in finder(template).manifest.all_questions("truss")}
    given = {key: Question.shown(answer) for key, answer in record.answers.items() if key in asked}
    flags = {key: getattr(options, key) for key in ("name", "python", "accelerator")}
    given |= {key: value for key, value in flags.items() if value is not None}
    given |= parse_settings(options.settings)
    return dataclasses.replace(
        options,
        directory=options.directory or ".",
        template=template,
        settings=tuple(f"{key}={value}" for key, value in given.items()),
        name=None,
        python=None,
        accelerator=None,
        with_tests=record.with_tests if options.with_tests is None else options.with_tests,
        with_ci=record.with_ci if options.with_ci is None else options.with_ci,
        force=True,
    )


def _changes(planned: Sequence[PlannedFile], record: InitRecord, choices: Choices) -> list[Change]:
    before = record.files()
    theirs = {file.place: file for file in planned if file.path != RECORD}
    bases = {place.path.as_posix(): place.base for place in theirs}
    gone = [
        Place(bases.get(path.as_posix(), choices.target.folder), path)
        for path in before
        if path not in {place.path for place in theirs} and not path.as_posix().startswith(".github/")
    ]
    changes = []
    for place in (*theirs, *gone):
        change = _change(place, theirs.get(place), before)
        if change.merged.kind is not MergeKind.SAME:
            changes.append(change)
    return changes


def _change(place: Place, theirs: PlannedFile | None, before: Mapping[PurePosixPath, bytes]) -> Change:
    if has_link(*place):
        raise TrussError(
            f"{place.on_disk} cannot be updated: a folder above it is a symbolic link",
            hint="Replace the link by the folder itself.",
        )
    ours, mode = _read(place.on_disk)
    executable = bool(mode & stat.S_IXUSR) if mode else theirs is not None and theirs.executable
    content = theirs.content if theirs else None
    base = before.get(place.path)
    if place.path == SCHEMA:  # made by the tool, and always made anew
        base = ours
    if place.path in KEPT and base is None and ours is not None:
        return Change(place, Merged(MergeKind.SAME, ours), executable, ours)
    return Change(place, merge(base, ours, content), executable, ours)


def _read(path: Path) -> tuple[bytes | None, int]:
    """Return what a file holds, and its mode; None and 0 without one. A link is an error."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None, 0
    if not stat.S_ISREG(mode):
        raise TrussError(f"{path} is not a plain file, and cannot be updated")
    return path.read_bytes(), mode


def _show(changes: Sequence[Change], plan: Plan, *, dry_run: bool) -> None:
    if not changes:
        summary.show("The truss is up to date with its template.")
        return
    summary.show("Would change:\n" if dry_run else "To be changed:\n")
    labels = {} if plan.template.is_built_in else plan.runnable()
    rows = [
        (f"  {change.place.on_disk}", change.merged.kind.value + labels.get(change.place.path, ""))
        for change in changes
    ]
    summary.show(summary.table(rows))


def _agree(prompter: Prompter | None, options: InitOptions) -> None:
    if options.yes:
        return
    if prompter is None:
        hint = "There is no terminal to ask on: agree with --yes."
        raise TrussError("nothing was changed", hint=hint)
    if not prompter.confirm("Change these files?"):
        raise TrussError("nothing was changed")


def _apply(changes: Sequence[Change], record: PlannedFile, truss: Path) -> None:
    written = [
        PlannedFile(change.place, change.merged.content, change.executable)
        for change in changes
        if change.merged.content is not None and change.merged.kind is not MergeKind.KEPT
    ]
    obsolete = [change.place for change in changes if change.merged.kind is MergeKind.REMOVED]
    expected = {change.place: change.before for change in changes}
    FileWriter(truss, replace=True, expected=expected).write([*written, record], obsolete)


def _report_conflicts(conflicts: Sequence[Change]) -> ExitCode:
    if not conflicts:
        return ExitCode.OK
    names = ", ".join(str(change.place.on_disk) for change in conflicts)
    raise TrussError(
        f"both you and the template have changed the same lines of {names}",
        hint="Both versions stand there between <<<<<<< and >>>>>>>: keep what you want of them.",
        exit_code=ExitCode.FAULT,
    )

"""`truss init`: the steps, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from truss_cli.errors import TrussError
from truss_cli.init import ask, question, summary
from truss_cli.init.gallery import DEFAULT_TEMPLATE, Template, find_template, gallery
from truss_cli.init.plan import WORKFLOW, PlannedFile, choose_files, fill
from truss_cli.init.question import Answer, Question
from truss_cli.init.target import Target, examine, find_taken
from truss_cli.init.write import write_files


@dataclass(frozen=True, slots=True)
class InitOptions:
    """The command line of `truss init`; None and empty for what was not given."""

    directory: str
    template: str = DEFAULT_TEMPLATE
    name: str | None = None
    python: str | None = None
    accelerator: str | None = None
    settings: tuple[str, ...] = ()
    """Answers to a template's own questions, as `key=value`."""
    with_tests: bool = False
    with_ci: bool = False
    dry_run: bool = False
    force: bool = False
    """Write to a folder that is not empty; replace files once a person agrees, or with `yes`."""
    yes: bool = False
    """Take the defaults for what was not given, and replace what `force` names: ask nothing."""


def init(options: InitOptions) -> None:
    """Make a truss and print what was written and what comes next; raise `TrussError` and leave nothing."""
    template = find_template(options.template)
    target = examine(options.directory)
    sources = choose_files(template, with_tests=options.with_tests, with_ci=options.with_ci)
    replaced = _make_way(target, list(sources), options)
    answers = _answers(template, target, options)
    files = fill(sources, {**answers, **_facts(answers, target, list(sources))})
    if not options.dry_run:
        write_files(target.folder, files, replace=options.force)
    _report(template, target, files, replaced, options)


def list_templates() -> None:
    """Print a table of the templates that come with the tool: name, what it is, and what `--set` takes."""
    rows = [("Template", "What it is", "Settings")]
    for template in gallery():
        settings = " ".join(f"{question.key}={question.offer}" for question in template.manifest.questions)
        rows.append((template.name, template.manifest.summary, settings))
    summary.show(summary.table(rows))


def _make_way(
    target: Target, paths: Sequence[PurePosixPath], options: InitOptions
) -> tuple[PurePosixPath, ...]:
    """Return the files that may be replaced; raise `TrussError` if anything may not be written."""
    taken = find_taken(target.folder, paths)
    if taken.blocked:
        raise TrussError(f"in the way, and not replaced: {_names(target, taken.blocked)}")
    if taken.files and not options.force:
        raise TrussError(
            f"already there, and not overwritten: {_names(target, taken.files)}",
            hint="Choose another directory, or replace these with --force.",
        )
    if target.entries and not options.force:
        shown = ", ".join(target.entries[:3]) + (", ..." if target.entries[3:] else "")
        raise TrussError(
            f"{target.folder} is not empty: it has {shown}",
            hint="Choose another directory, or add the truss to what is there with --force.",
        )
    if taken.files and not (options.yes or options.dry_run):
        _confirm(target, taken.files)
    return taken.files


def _confirm(target: Target, paths: Sequence[PurePosixPath]) -> None:
    names = _names(target, paths)
    if not ask.can_ask():
        raise TrussError(
            f"would be replaced: {names}", hint="There is no terminal to ask on: agree with --force --yes."
        )
    if not ask.confirm(f"Replace {names}?"):
        raise TrussError("nothing was written")


def _names(target: Target, paths: Sequence[PurePosixPath]) -> str:
    return ", ".join(str(target.folder / path) for path in paths)


def _answers(template: Template, target: Target, options: InitOptions) -> dict[str, Answer]:
    flags = {"name": options.name, "python": options.python, "accelerator": options.accelerator}
    given = {key: text for key, text in flags.items() if text is not None}
    settings = ask.parse_settings(options.settings)
    if twice := sorted(given.keys() & settings.keys()):
        raise TrussError(f"{twice[0]} is given twice: with --{twice[0]} and with --set")
    questions: list[Question] = [
        question.name(target.name),
        question.PYTHON,
        question.ACCELERATOR,
        *template.manifest.questions,
    ]
    return ask.collect_answers(questions, given | settings, ask=ask.can_ask() and not options.yes)


def _facts(
    answers: dict[str, Answer], target: Target, paths: Sequence[PurePosixPath]
) -> dict[str, Answer | list[str]]:
    """Return what a template may know besides the answers."""
    accelerator = answers["accelerator"]
    return {
        "accelerator": "" if accelerator == question.NO_ACCELERATOR else accelerator,
        "python_version": str(answers["python"]).replace("py3", "3."),
        "files": [str(path) for path in paths],
        "truss_path": _below_repository(target.folder),
    }


def _below_repository(folder: Path) -> str:
    """Path of the folder from the top of the git repository around it; `.` if there is none."""
    real = folder.resolve()
    top = next((parent for parent in (real, *real.parents) if (parent / ".git").exists()), real)
    return real.relative_to(top).as_posix()


def _report(
    template: Template,
    target: Target,
    files: Sequence[PlannedFile],
    replaced: Sequence[PurePosixPath],
    options: InitOptions,
) -> None:
    verb = "Would write" if options.dry_run else "Wrote"
    labels = [(file.path, "  (replaced)" if file.path in replaced else "") for file in files]
    summary.show(f"{verb} a truss from the template {template.name}:\n")
    summary.show(summary.tree(str(target.folder), labels))
    if not options.dry_run:
        paths = [file.path for file in files]
        commands = summary.next_commands(target.folder, paths, with_tests=options.with_tests)
        summary.show("\n".join(["", "Next:", "", *(f"  {command}" for command in commands)]))
    if options.with_ci and _below_repository(target.folder) != ".":
        summary.show(f"\nGitHub runs {WORKFLOW} only at the top of a repository: move it there.")

"""`truss init`: the steps, in order."""

from collections.abc import Sequence

from truss_cli.errors import TrussError
from truss_cli.init import summary
from truss_cli.init.asking.interview import Choices, Interview
from truss_cli.init.asking.prompter import Prompter
from truss_cli.init.asking.terminal import find_prompter
from truss_cli.init.files.plan import Plan, PlannedFile, make_plan
from truss_cli.init.files.supporting import KEPT
from truss_cli.init.files.target import Place, find_taken, require_empty
from truss_cli.init.files.usage import Usage
from truss_cli.init.files.write import FileWriter
from truss_cli.init.options import InitOptions
from truss_cli.init.template.elsewhere import TemplateFinder
from truss_cli.init.template.gallery import gallery
from truss_cli.init.update.record import with_record


def init(options: InitOptions) -> None:
    """Make a truss and print what was written and what comes next; raise `TrussError` and leave nothing."""
    prompter = None if options.yes else find_prompter()
    finder = TemplateFinder()
    try:
        choices = Interview(options, finder, prompter).take()
        plan = _plan(choices)
        replaced, kept = _make_way(plan, options, prompter)
        _agree_to_source(plan, choices.source, finder.commit(choices.source), options, prompter)
        filled, works = plan.fill(choices.answers)
    finally:
        finder.close()
    origin = finder.origin(choices.source)
    files = with_record([file for file in filled if file.place not in kept], choices, origin)
    if not options.dry_run:
        FileWriter(plan.target.folder, replace=options.force).write(files)
    _report(plan, files, replaced, options)
    if not options.dry_run:
        _report_next(plan, works)


def list_templates() -> None:
    """Print a table of the templates that come with the tool: name, what it is, and what `--set` takes."""
    rows = [("Template", "What it is", "Settings")]
    for template in gallery():
        settings = " ".join(f"{question.key}={question.offer}" for question in template.manifest.questions)
        rows.append((template.name, template.manifest.summary, settings))
    summary.show(summary.table(rows))


def _plan(choices: Choices) -> Plan:
    return make_plan(choices.template, choices.target, with_tests=choices.with_tests, with_ci=choices.with_ci)


def _make_way(
    plan: Plan, options: InitOptions, prompter: Prompter | None
) -> tuple[Sequence[Place], Sequence[Place]]:
    """Return the files to replace, and those that stay; raise `TrussError` if one may not be written."""
    taken = find_taken(plan.places)
    if taken.blocked:
        raise TrussError(f"in the way, and not replaced: {_names(taken.blocked)}")
    kept = [place for place in taken.files if place.path in KEPT - plan.sources.keys()]
    replaced = [place for place in taken.files if place not in kept]
    if replaced and not options.force:
        raise TrussError(
            f"already there, and not overwritten: {_names(replaced)}",
            hint="Choose another directory, or replace these with --force.",
        )
    if not options.force:
        require_empty(plan.target)
    if replaced and not (options.yes or options.dry_run):
        _confirm(replaced, prompter)
    return replaced, kept


def _agree_to_source(
    plan: Plan, source: str, commit: str, options: InitOptions, prompter: Prompter | None
) -> None:
    """Show the files of a fetched template, and the runnable ones of any that is not built in.

    Raises `TrussError` if the user does not agree to them.
    """
    labels = {} if plan.template.is_built_in else plan.runnable()
    if not commit and not labels:
        return
    paths = [place.path for place in plan.places] if commit else list(labels)
    summary.show(
        f"{source} at commit {commit[:12]} writes:\n" if commit else f"{source} writes, among others:\n"
    )
    summary.show(
        summary.tree(str(plan.target.folder), [(path, labels.get(path, "")) for path in paths]) + "\n"
    )
    if options.yes or options.dry_run:
        return
    if prompter is None:
        hint = "There is no terminal to ask on: agree with --yes."
        raise TrussError("nothing was written from a template from elsewhere", hint=hint)
    if not prompter.confirm("Write these files?"):
        raise TrussError("nothing was written")


def _confirm(places: Sequence[Place], prompter: Prompter | None) -> None:
    names = _names(places)
    if prompter is None:
        raise TrussError(
            f"would be replaced: {names}", hint="There is no terminal to ask on: agree with --force --yes."
        )
    if not prompter.confirm(f"Replace {names}?"):
        raise TrussError("nothing was written")


def _names(places: Sequence[Place]) -> str:
    return ", ".join(str(place.on_disk) for place in places)


def _report(
    plan: Plan, files: Sequence[PlannedFile], replaced: Sequence[Place], options: InitOptions
) -> None:
    verb = "Would write" if options.dry_run else "Wrote"
    folder = plan.target.folder
    summary.show(f"{verb} a truss from the template {plan.template.name}:\n")
    labels = [(file.place, "  (replaced)" if file.place in replaced else "") for file in files]
    inside = [(place.path, label) for place, label in labels if place.base == folder]
    summary.show(summary.tree(str(folder), inside))
    for place, label in labels:
        if place.base != folder:
            summary.show(f"\nand {place.on_disk}{label}, where GitHub finds it")


def _report_next(plan: Plan, works: Usage) -> None:
    commands = summary.next_commands(plan.target.folder, works)
    summary.show("\n".join(["", "Next:", "", *(f"  {command}" for command in commands)]))
    if plan.with_ci:
        summary.show(
            "\nThe workflow installs truss-cli from what the repository's variable TRUSS_CLI names; set it."
        )

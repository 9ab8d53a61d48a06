"""The command line of `truss init`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InitOptions:
    """What was given; None and empty for what was not."""

    directory: str | None = None
    template: str | None = None
    name: str | None = None
    python: str | None = None
    accelerator: str | None = None
    settings: tuple[str, ...] = ()
    """Answers to a template's own questions, as `key=value`."""
    with_tests: bool | None = None
    with_ci: bool | None = None
    dry_run: bool = False
    force: bool = False
    """Write to a folder that is not empty; replace files once a person agrees, or with `yes`."""
    yes: bool = False
    """Take the defaults for what was not given, and replace what `force` names: ask nothing."""

"""When Python looks for garbage: hardly while it starts, and seldom while it checks."""

import gc

_MANY_OBJECTS = 100_000
"""Syntax trees are many objects, and no cycles that need looking for: that took a fifth of the time."""


def pause_collection() -> None:
    """Collect nothing for now: what is imported stays, and looking through it takes a tenth of the start."""
    gc.disable()


def resume_collection() -> None:
    """Collect again, but never look through what has been imported by now, not even at exit."""
    gc.freeze()
    gc.enable()


def collect_seldom() -> None:
    """Collect only when a great many objects have been made, as syntax trees are."""
    gc.set_threshold(_MANY_OBJECTS)

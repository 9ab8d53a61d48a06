"""A truss under pytest: loaded as deployed, and called as the server calls it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from truss_cli.testing.model import TrussModel

__all__ = ["TrussModel"]


def __getattr__(name: str) -> object:
    """Import what is asked for only now: pytest imports this package in every run."""
    if name == "TrussModel":
        from truss_cli.testing.model import TrussModel  # noqa: PLC0415

        return TrussModel
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

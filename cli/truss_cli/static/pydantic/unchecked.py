"""Validators that accept every value, for fields and models whose own validation is unknown."""

from collections.abc import Iterable


def accept_any() -> object:
    """Return metadata for `Annotated` that keeps the schema of a type and accepts every value."""
    from pydantic import WrapValidator  # noqa: PLC0415 - it takes as long as a check

    return WrapValidator(_accept)


def unchecked_fields(names: Iterable[str]) -> object:
    """Return the validator by which the named fields of a class accept every value."""
    from pydantic import field_validator  # noqa: PLC0415 - it takes as long as a check

    return field_validator(*sorted(names), mode="wrap", check_fields=False)(classmethod(_accept_field))


def unchecked_model() -> object:
    """Return the validator by which a class accepts every value."""
    from pydantic import model_validator  # noqa: PLC0415 - it takes as long as a check

    return model_validator(mode="wrap")(classmethod(_accept_field))  # type: ignore[arg-type]  # of any class


def _accept(value: object, _handler: object) -> object:
    return value


def _accept_field(_cls: type, value: object, _handler: object) -> object:
    return value

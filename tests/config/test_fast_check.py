"""The fast check never accepts what pydantic refuses, at any field of any section."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from truss_cli.config.fields.nesting import fast_check, nested, plain_type
from truss_cli.config.fields.section import Section
from truss_cli.config.schema.root import Config


def sections(section: type[Section], seen: set[type[Section]]) -> Iterator[type[Section]]:
    if section in seen:
        return
    seen.add(section)
    yield section
    for key in section.model_fields:
        inside = nested(section, key)
        for inner in inside.classes if inside else ():
            yield from sections(inner, seen)


FIELDS = [
    (section, key)
    for section in sections(Config, set())
    for key in section.model_fields
    if (inside := nested(section, key)) is None or inside.beside
]
TEXTS = st.sampled_from(
    ["", "x", "1", "py311", "4", "16Gi", "16GB", "A100:2", "a100", "/x", "hf://a", "hf", "true"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3000) | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS | st.integers(), inner, max_size=2),
    max_leaves=3,
)


@given(field=st.sampled_from(FIELDS), value=VALUES)
def test_what_passes_pydantic_accepts(field: tuple[type[Section], str], value: object) -> None:
    if fast_check(*field)(value):
        plain_type(*field).validate_python(value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("model_name", "m"),
        ("requirements", ["torch"]),
        ("secrets", {"hf": None}),
        ("python_version", "py311"),
        ("model_metadata", {"a": object()}),
    ],
)
def test_plain_values_do_pass(key: str, value: object) -> None:
    assert fast_check(Config, key)(value)


def test_every_field_has_a_default_that_it_accepts_or_none() -> None:
    for section, key in FIELDS:
        field = section.model_fields[key]
        if field.is_required():
            continue
        default = field.get_default(call_default_factory=True)
        try:
            plain_type(section, key).validate_python(default)
        except ValidationError as error:
            pytest.fail(f"{section.__name__}.{key}: {error}")

"""Any class that can be written is read as Pydantic reads it."""

import tempfile
from pathlib import Path

from hypothesis import given, reject, settings
from hypothesis import strategies as st
from reading import by_pydantic, by_source
from test_classes import HEAD

PLAIN = (
    "int",
    "str",
    "float",
    "bool",
    "bytes",
    "Any",
    "None",
    "datetime.date",
    "decimal.Decimal",
    "dict",
    "list",
)
CONSTRAINTS = {
    "int": ("ge=1", "lt=9", "multiple_of=3"),
    "float": ("gt=0.5", "le=2"),
    "str": ("min_length=1", "max_length=7", "pattern='^a+$'"),
    "list[int]": ("min_length=1", "max_length=4"),
}
TEXTS = (
    "description='Some text.'",
    "title='A title'",
    "examples=['x', 1]",
    "deprecated=True",
    "alias='other'",
)
DEFAULTS = {"int": "3", "str": "'a'", "float": "1.5", "bool": "True", "list": "[]", "dict": "{'a': 1}"}


def annotations(classes: list[str]) -> st.SearchStrategy[str]:
    literals = st.lists(st.sampled_from(["'a'", "1", "None", "True"]), min_size=1, max_size=3, unique=True)
    leaves = st.one_of(
        st.sampled_from([*PLAIN, *classes]),
        literals.map(lambda values: f"Literal[{', '.join(values)}]"),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            inner.map(lambda one: f"list[{one}]"),
            inner.map(lambda one: f"dict[str, {one}]"),
            inner.map(lambda one: f"Optional[{one}]"),
            inner.map(lambda one: f"tuple[{one}, ...]"),
            st.tuples(inner, inner).map(lambda two: f"tuple[{two[0]}, {two[1]}]"),
            st.tuples(inner, inner).map(lambda two: f"Union[{two[0]}, {two[1]}]"),
            inner.map(lambda one: f"Annotated[{one}, Field(description='Inside.')]"),
        ),
        max_leaves=4,
    )


@st.composite
def fields(draw: st.DrawFn, classes: list[str], *, assigned: bool) -> tuple[str, str]:
    """Return an annotation, and what is assigned."""
    if not assigned or draw(st.booleans()):
        return draw(annotations(classes)), ""
    kind = draw(st.sampled_from([*DEFAULTS, *CONSTRAINTS]))
    parts = draw(st.lists(st.sampled_from([*CONSTRAINTS.get(kind, ()), *TEXTS]), max_size=3, unique=True))
    default = DEFAULTS.get(kind, "")
    if draw(st.booleans()) and default:
        parts.insert(0, f"default={default}")
    return kind, f" = Field({', '.join(parts)})" if draw(
        st.booleans()
    ) else f" = {default}" if default else ""


@st.composite
def sources(draw: st.DrawFn) -> str:
    """Return a few classes, each of which may have the earlier ones in its fields; the last is `X`."""
    text, known = "", list[str]()
    for name in [*(f"C{number}" for number in range(draw(st.integers(0, 2)))), "X"]:
        kind = draw(
            st.sampled_from(["BaseModel", "BaseModel", "TypedDict", "TypedDict, total=False", "dataclass"])
        )
        head = f"@dataclass\nclass {name}:\n" if kind == "dataclass" else f"class {name}({kind}):\n"
        doc = draw(st.sampled_from(["", "    '''About it.'''\n"]))
        lines = draw(st.lists(fields(known, assigned=kind == "BaseModel"), min_size=1, max_size=4))
        body = "".join(f"    f{number}: {kind}{value}\n" for number, (kind, value) in enumerate(lines))
        text += head + doc + body
        known.append(name)
    return text


@given(sources())
@settings(max_examples=60, deadline=None)
def test_generated_classes_are_read_as_pydantic_reads_them(source: str) -> None:
    try:
        expected = by_pydantic(HEAD + source, "X")
    except Exception:  # noqa: BLE001 - whatever Pydantic refuses a class with
        reject()
    with tempfile.TemporaryDirectory() as folder:
        assert by_source(HEAD + source, "X", Path(folder)) == expected

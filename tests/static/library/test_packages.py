"""Results of calls of packages, which none of these tests imports."""

import pytest

from truss_cli.static.library.packages import attribute_result, call_result, class_bases

ARRAY = "numpy.ndarray"


@pytest.mark.parametrize(
    ("name", "arguments", "keywords", "result"),
    [
        ("numpy.any", (ARRAY,), (), "numpy.bool"),
        ("numpy.any", (ARRAY,), ("axis",), None),
        ("numpy.array", ("builtins.list",), (), ARRAY),
        ("numpy.zeros", ("builtins.tuple",), (), ARRAY),
        ("numpy.ndarray.mean", (), (), "numpy.generic"),
        ("numpy.ndarray.tobytes", (), (), "builtins.bytes"),
        ("numpy.ndarray.__eq__", (ARRAY,), (), ARRAY),
        ("numpy.ndarray.__getitem__", ("builtins.slice",), (), ARRAY),
        ("numpy.ndarray.__getitem__", ("builtins.int",), (), None),
        ("pandas.DataFrame.tolist", (), (), None),
        ("pandas.Series.tolist", (), (), "builtins.list[?]"),
        ("pandas.DataFrame.to_numpy", (), (), ARRAY),
        ("PIL.Image.Image.convert", ("builtins.str",), (), "PIL.Image.Image"),
        ("PIL.ImageFile.ImageFile.convert", ("builtins.str",), (), "PIL.Image.Image"),
        ("PIL.Image.open", ("_io.BytesIO",), (), "PIL.ImageFile.ImageFile"),
        ("PIL.Image.Image.tobytes", (), (), "builtins.bytes"),
        ("unknown.function", (), (), None),
    ],
)
def test_results_of_calls(
    name: str, arguments: tuple[str, ...], keywords: tuple[str, ...], result: str | None
) -> None:
    assert call_result(name, arguments, keywords) == result


@pytest.mark.parametrize(
    ("class_name", "attribute", "result"),
    [
        (ARRAY, "shape", "builtins.tuple[builtins.int, ...]"),
        (ARRAY, "T", ARRAY),
        ("pandas.DataFrame", "columns", "pandas.Index"),
        ("PIL.Image.Image", "size", "builtins.tuple[builtins.int, ...]"),
        ("PIL.Image.Image", "format", None),
    ],
)
def test_types_of_attributes(class_name: str, attribute: str, result: str | None) -> None:
    assert attribute_result(class_name, attribute) == result


def test_bases_of_classes() -> None:
    assert class_bases("numpy.float64") == ("numpy.floating", "builtins.float")
    assert class_bases("unknown.Class") == ()

"""Names that a version of Python lacks; each was tried on that version."""

import pytest

from truss_cli.static.library.missing import is_missing, stdlib_modules
from truss_cli.static.library.tables import find


@pytest.mark.parametrize(
    ("name", "minor"),
    [
        ("typing.override", 11),
        ("types.Label", 11),
        ("imp", 12),
        ("imp.reload", 13),
        ("itertools.pairwise", 9),
        ("types.NoneType", 9),
        ("random.randbytes", 8),
        ("tomllib.loads", 10),
        ("distutils.core", 12),
        ("inspect.getargspec", 11),
        ("collections.Mapping", 10),
        ("json.missing", 12),
    ],
)
def test_names_that_a_version_lacks(name: str, minor: int) -> None:
    assert is_missing(name, (3, minor))
    assert find(name, (3, minor)) is None


@pytest.mark.parametrize(
    ("name", "minor"),
    [
        ("typing.override", 12),
        ("imp", 11),
        ("itertools.pairwise", 10),
        ("os.sys", 11),
        ("os.path.join", 11),
        ("json.decoder.JSONDecodeError", 9),
        ("concurrent.futures.ThreadPoolExecutor", 11),
        ("distutils.core.setup", 11),
        ("string.templatelib", 14),
    ],
)
def test_names_that_a_version_has(name: str, minor: int) -> None:
    assert not is_missing(name, (3, minor))


@pytest.mark.parametrize(
    ("name", "minor"),
    [
        ("collections.Mapping", 9),  # only the `__getattr__` of the module has it
        ("numpy.missing", 11),
        ("typing_extensions.override", 9),
        ("pathlib.Path.missing", 11),
        ("os._private", 11),
        ("winreg.OpenKey", 11),
        ("typing.missing", 15),
    ],
)
def test_doubtful_names_are_never_missing(name: str, minor: int) -> None:
    assert not is_missing(name, (3, minor))


def test_modules_come_and_go() -> None:
    assert {"json", "imp", "_json"} <= stdlib_modules((3, 11))
    assert "imp" not in stdlib_modules((3, 12))
    assert "tomllib" not in stdlib_modules((3, 10))
    assert "zoneinfo" not in stdlib_modules((3, 8))
    assert stdlib_modules((3, 15)) == stdlib_modules((3, 14))

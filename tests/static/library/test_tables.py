"""Well-known facts of the standard library, as the tables report them."""

import pytest

from truss_cli.static.library.tables import find, member, mro

PYTHON = (3, 11)


def _results(name: str, version: tuple[int, int] = PYTHON) -> list[str]:
    entry = find(name, version)
    assert entry is not None
    return [signature.returns for signature in entry.signatures]


def _member_results(owner: str, attribute: str) -> list[str]:
    match = member(owner, attribute, PYTHON)
    assert match is not None
    return [signature.returns for signature in match[0].signatures] or [match[0].type]


@pytest.mark.parametrize(
    ("name", "results"),
    [
        ("time.time", ["builtins.float"]),
        ("json.dumps", ["builtins.str"]),
        ("uuid.uuid4", ["uuid.UUID"]),
        ("base64.b64encode", ["builtins.bytes"]),
        ("pickle.dumps", ["builtins.bytes"]),
        ("re.sub", ["builtins.str", "builtins.bytes"]),
        ("hashlib.sha256", ["_hashlib.HASH"]),
        ("datetime.datetime.now", ["Self"]),
        ("pathlib.Path", ["pathlib.Path"]),
    ],
)
def test_results_of_functions(name: str, results: list[str]) -> None:
    assert _results(name) == results


@pytest.mark.parametrize(
    ("owner", "attribute", "results"),
    [
        ("_hashlib.HASH", "digest", ["builtins.bytes"]),
        ("pathlib.PosixPath", "stat", ["os.stat_result"]),
        ("os.stat_result", "st_size", ["builtins.int"]),
        ("datetime.datetime", "__sub__", ["datetime.timedelta", "Self"]),
        ("concurrent.futures.ThreadPoolExecutor", "map", ["typing.Iterator[~_T]"]),
        ("builtins.dict", "items", ["_collections_abc.dict_items[~_KT, ~_VT]"]),
        ("builtins.set", "__or__", ["builtins.set[~_T|~_S]"]),
        ("builtins.bytes", "__getitem__", ["builtins.int", "builtins.bytes"]),
        ("os._Environ", "get", ["~AnyStr|None", "~AnyStr", "~AnyStr|~_T"]),
    ],
)
def test_results_of_members(owner: str, attribute: str, results: list[str]) -> None:
    assert _member_results(owner, attribute) == results


def test_open_returns_by_mode() -> None:
    entry = find("open", PYTHON) or find("builtins.open", PYTHON)
    assert entry is not None
    by_mode = [(signature.parameters[1].type, signature.returns) for signature in entry.signatures]
    assert [result for mode, result in by_mode if "'rt'" in mode] == ["_io.TextIOWrapper"]
    assert [result for mode, result in by_mode if "'wb'" in mode][:2] == ["_io.FileIO", "_io.BufferedWriter"]


def test_the_mode_of_text_selects_the_process() -> None:
    entry = find("subprocess.run", PYTHON)
    assert entry is not None
    text = [
        signature.returns
        for signature in entry.signatures
        if any(parameter == ("text", "keyword", "Literal[True]", True) for parameter in signature.parameters)
    ]
    assert text == ["subprocess.CompletedProcess[builtins.str]"]


def test_an_entry_has_the_name_under_which_it_is_defined() -> None:
    names = ("json.JSONDecodeError", "collections.abc.Mapping", "typing.List", "os.path.join")
    entries = [find(name, PYTHON) for name in names]
    assert [entry and entry.name for entry in entries] == [
        "json.decoder.JSONDecodeError",
        "typing.Mapping",
        "builtins.list",
        "posixpath.join",
    ]


def test_names_exist_in_some_versions_only() -> None:
    assert find("typing.override", (3, 11)) is None
    assert find("typing.override", (3, 12)) is not None
    assert find("imp.reload", (3, 13)) is None


def test_the_type_of_a_gathered_future_is_kept() -> None:
    assert _results("asyncio.gather")[1] == "_asyncio.Future[builtins.tuple[~_T1, ~_T2]]"


def test_type_parameters_of_a_base_are_those_of_the_class() -> None:
    assert mro("collections.Counter", PYTHON)[:2] == ("collections.Counter", "builtins.dict")
    assert _member_results("collections.Counter", "get") == [
        "builtins.int|None",
        "builtins.int",
        "builtins.int|~_T_",
    ]


def test_constructors_return_the_instance() -> None:
    assert _results("array.array")[:2] == ["array.array[builtins.int]", "array.array[builtins.float]"]
    assert _results("subprocess.Popen")[0] == "subprocess.Popen[builtins.str]"
    assert _results("collections.OrderedDict")[0] == "collections.OrderedDict[~_KT, ~_VT]"

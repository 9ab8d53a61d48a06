"""Each name that a rule knows, and each thing that makes it hold its peace."""

from pathlib import Path

import pytest

from callables import Check
from truss_cli.check.engine import check_truss
from truss_cli.check.registry import static_rules
from truss_cli.check.rules.project.config_missing import CONFIG_MISSING
from truss_cli.source import START_OF_FILE

MODEL = "class Model:\n    def predict(self, model_input){returns}:\n        return model_input\n"


def _codes(check: Check, source: str) -> set[str]:
    return {diagnostic.code for diagnostic in check({"model/model.py": source})}


@pytest.mark.parametrize(
    "other", ["bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple", "None", "'Y'", "Plain"]
)
@pytest.mark.parametrize("order", ["'X' | {}", "{} | 'X'"])
def test_a_string_is_no_operand_beside_a_plain_class(order: str, other: str, check: Check) -> None:
    source = "class Plain: ...\nclass X: ...\nclass Y: ...\n" + MODEL.format(
        returns=f" -> {order.format(other)}"
    )
    found = check({"model/model.py": source})
    assert [d.finding.message for d in found if "`|` does not take the string" in d.finding.message]


@pytest.mark.parametrize(
    "class_",
    [
        "class Other(metaclass=Meta): ...",
        "class Other(Base): ...",
        "@decorated\nclass Other: ...",
        "from typing import Any as Other",
        "from elsewhere import Other",
        "Other = list[int]",
    ],
)
def test_a_string_may_be_an_operand_beside_what_has_operators_of_its_own(class_: str, check: Check) -> None:
    source = "from elsewhere import Base, Meta, decorated\nclass X: ...\n"
    source += f"{class_}\n" + MODEL.format(returns=" -> 'X' | Other")
    found = check({"model/model.py": source})
    assert not [d for d in found if "does not take the string" in d.finding.message]


ASKS = "        asyncio.get_event_loop()\n"


@pytest.mark.parametrize(
    ("made", "reported"),
    [
        ("", True),
        ("asyncio.new_event_loop()", False),
        ("asyncio.set_event_loop(None)", False),
        ("asyncio.set_event_loop_policy(None)", False),
        ("import nest_asyncio", False),
        ("from asyncio import new_event_loop", False),
        ("set_event_loop = None", False),
        ("asyncio.get_running_loop", True),
    ],
)
def test_who_makes_a_loop_may_ask_for_it(*, made: str, reported: bool, check: Check) -> None:
    source = f"import asyncio\n{made}\n" + MODEL.format(returns="").replace(
        "        return", f"{ASKS}        return"
    )
    assert ("TRS303" in _codes(check, source)) == reported


@pytest.mark.parametrize("name", ["config.yml", "Config.yaml", "Config.yml", "truss.yaml", "truss.yml"])
def test_a_configuration_of_another_name_is_to_be_renamed(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    found = [one.finding for one in check_truss(tmp_path, [CONFIG_MISSING])]
    assert [(one.path, one.span, one.message, one.help) for one in found] == [
        (
            tmp_path / name,
            START_OF_FILE,
            "the configuration must be named config.yaml",
            f"Rename {name} to config.yaml.",
        )
    ]


@pytest.mark.parametrize("inside", [True, False])
def test_a_folder_without_a_configuration_may_lie_in_a_truss(*, inside: bool, tmp_path: Path) -> None:
    folder = tmp_path / "truss" / "model"
    folder.mkdir(parents=True)
    (folder / "model.py").touch()
    help_text = "Add a config.yaml (an empty one will do), or make a truss with `truss init`."
    if inside:
        (tmp_path / "truss" / "config.yaml").write_text("model_name: m\n")
        help_text = f"It lies in the truss {tmp_path / 'truss'}: run `truss check {tmp_path / 'truss'}`."
    found = [one.finding for one in check_truss(folder, [CONFIG_MISSING])]
    assert [(one.path, one.span, one.message, one.help) for one in found] == [
        (folder / "config.yaml", START_OF_FILE, "the folder has no config.yaml", help_text)
    ]


def test_a_configuration_that_is_there_is_not_missing(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").touch()
    (tmp_path / "config.yml").touch()
    assert check_truss(tmp_path, [CONFIG_MISSING]) == []


def test_a_file_of_requirements_need_not_be_text(check: Check, tmp_path: Path) -> None:
    files = {"config.yaml": "requirements_file: wanted.txt\n", "top.py": "", "wanted.txt": ""}
    model = f"import top\n{MODEL.format(returns='')}"
    assert "TRS005" in {one.code for one in check({**files, "model/model.py": model})}
    (tmp_path / "truss" / "wanted.txt").write_bytes(b"# \xe9\ntop==1.0\n")
    assert "TRS005" not in {one.code for one in check_truss(tmp_path / "truss", static_rules())}

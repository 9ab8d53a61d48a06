"""What an editor offers: fixes of findings, all fixes of a document, and the texts of rules."""

from typing import Any

from editor_client import MODEL, Client, Start

CONFIG = "model_name: m\nresources:\n  memory: 16\n  acelerator: L4\n"
SLEEPS = """\
import time


class Model:
    async def predict(self, a) -> dict:
        time.sleep(1)
        return a
"""
READS = """\
class Model:
    def __init__(self, secrets):
        self.token = secrets["token"]

    def predict(self, a) -> dict:
        return a
"""


def _actions(client: Client, name: str, line: int, character: int, **context: object) -> list[dict[str, Any]]:
    context = {"diagnostics": [], **context}
    actions: list[dict[str, Any]] = client.request(
        "textDocument/codeAction", client.at(name, line, character, context=context)
    )
    return actions


def test_a_finding_is_fixed_where_it_stands(start: Start) -> None:
    client = start()
    client.open("model/model.py")
    fix, every = _actions(client, "model/model.py", 1, 16)
    assert (fix["title"], fix["kind"], fix["isPreferred"]) == (
        "Make `load` a plain function",
        "quickfix",
        True,
    )
    assert [diagnostic["code"] for diagnostic in fix["diagnostics"]] == ["TRS116"]
    (edit,) = fix["edit"]["changes"][client.uri("model/model.py")]
    assert edit == {
        "range": {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 10}},
        "newText": "",
    }
    assert every["kind"] == "source.fixAll.truss"
    assert _actions(client, "model/model.py", 4, 0, only=["quickfix"]) == []


def test_the_empty_kind_asks_for_actions_of_all_kinds(start: Start) -> None:
    client = start()
    client.open("model/model.py")
    kinds = [action["kind"] for action in _actions(client, "model/model.py", 1, 16, only=[""])]
    assert kinds == ["quickfix", "source.fixAll.truss"]


def test_a_fix_may_stand_in_another_file(start: Start) -> None:
    client = start({"model/model.py": READS})
    client.open("model/model.py")
    (fix,) = _actions(client, "model/model.py", 2, 25)
    assert list(fix["edit"]["changes"]) == [client.uri("config.yaml")]


def test_an_unsafe_fix_says_so_and_is_in_no_fix_of_all(start: Start) -> None:
    client = start({"model/model.py": SLEEPS})
    client.open("model/model.py")
    (fix,) = _actions(client, "model/model.py", 5, 10)
    assert (fix["title"], fix["isPreferred"]) == (
        "Write `await asyncio.sleep(...)` (may change results)",
        False,
    )


def test_all_fixes_of_a_document_make_it_fine(start: Start) -> None:
    client = start()
    client.open("config.yaml", CONFIG)
    assert client.codes("config.yaml") == ["TRS511", "TRS508"]
    (every,) = _actions(client, "config.yaml", 0, 0, only=["source.fixAll"])
    edits = every["edit"]["changes"][client.uri("config.yaml")]
    client.change("config.yaml", *({"range": edit["range"], "text": edit["newText"]} for edit in edits[::-1]))
    assert client.codes("config.yaml") == []
    assert _actions(client, "config.yaml", 0, 0) == []


def test_a_fix_that_would_reveal_another_finding_is_not_offered(start: Start) -> None:
    client = start()
    client.open("config.yaml", "resources:\n  acelerator: nonsense\n")
    assert client.codes("config.yaml") == ["TRS508"]
    assert _actions(client, "config.yaml", 1, 4) == []


def test_hovering_over_a_finding_explains_its_rule(start: Start) -> None:
    client = start()
    client.open("model/model.py")
    shown = client.request("textDocument/hover", client.at("model/model.py", 1, 16))["contents"]
    assert shown["kind"] == "markdown"
    assert shown["value"].startswith("**TRS116** `load-not-run` (error)\n\n")
    assert client.request("textDocument/hover", client.at("model/model.py", 4, 0)) is None


def test_a_document_of_no_truss_has_nothing_to_offer(start: Start) -> None:
    client = start()
    client.open("../alone.py", MODEL)
    assert _actions(client, "../alone.py", 1, 16) == []
    assert client.request("textDocument/hover", client.at("../alone.py", 1, 16)) is None

"""What an editor is shown: findings as documents are opened, changed, saved and closed."""

import shutil

import pytest

from editor_client import MODEL, Start

FINE = "class Model:\n    def predict(self, a) -> dict:\n        return a\n"


def test_findings_are_shown_when_a_document_is_opened(start: Start) -> None:
    client = start()
    client.open("model/model.py")
    (found,) = client.diagnostics("model/model.py")
    assert (found["code"], found["severity"], found["source"]) == ("TRS116", 1, "truss")
    assert found["range"] == {"start": {"line": 1, "character": 14}, "end": {"line": 1, "character": 18}}
    assert "Write a plain `def load(self)`." in found["message"]
    assert client.close() == 0


def test_an_unsaved_text_counts_and_its_file_does_not(start: Start) -> None:
    client = start()
    client.open("model/model.py", FINE)
    assert client.codes("model/model.py") == []
    client.change("model/model.py", {"text": MODEL})
    assert client.codes("model/model.py") == ["TRS116"]
    assert (client.folder / "model/model.py").read_text() == MODEL


def test_a_document_that_is_closed_counts_as_it_was_saved(start: Start) -> None:
    client = start({"model/model.py": FINE})
    client.open("config.yaml")
    client.open("model/model.py", MODEL)
    assert client.codes("model/model.py") == ["TRS116"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri("model/model.py")}})
    assert client.codes("model/model.py") == []


def test_a_truss_of_which_nothing_is_open_shows_nothing(start: Start) -> None:
    client = start()
    client.open("model/model.py")
    assert client.codes("model/model.py") == ["TRS116"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri("model/model.py")}})
    assert client.codes("model/model.py") == []


def test_a_file_keeps_the_uri_by_which_the_client_had_it_open(start: Start) -> None:
    client = start()
    uri = client.uri("model/model.py").replace("model.py", "%6dodel.py")
    client.notify(
        "textDocument/didOpen",
        {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": MODEL}},
    )
    assert client.codes_of(uri) == ["TRS116"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert client.codes_of(uri) == []


def test_the_config_of_another_program_is_none_of_ours(start: Start) -> None:
    client = start()
    client.open("../config.yaml", "defaults: [db: mysql]\n")
    client.open("model/model.py")
    assert client.codes("model/model.py") == ["TRS116"]
    assert not client.has_diagnostics("../config.yaml")


def test_a_truss_whose_config_is_not_yet_saved_is_found(start: Start) -> None:
    client = start()
    client.open("../new/model/model.py", MODEL)
    client.open("../new/config.yaml", "model_name: m\n")
    assert client.codes("../new/model/model.py") == ["TRS116"]


def test_a_truss_inside_another_keeps_its_findings(start: Start) -> None:
    client = start(
        {"model/model.py": FINE, "inner/config.yaml": "model_name: m\n", "inner/model/model.py": MODEL}
    )
    client.open("inner/model/model.py")
    assert client.codes("inner/model/model.py") == ["TRS116"]
    client.open("config.yaml", "owner: Ada\n")
    assert client.codes("config.yaml") == ["TRS508"]
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri("config.yaml")}})
    assert client.codes("config.yaml") == []
    assert not client.has_diagnostics("inner/model/model.py")


def test_files_that_others_change_are_watched_if_the_client_can(start: Start) -> None:
    client = start(initialize=False)
    client.initialize(watches=True)
    asked = client.wait(lambda message: message.get("method") == "client/registerCapability")
    client.write(client.framed({"id": asked["id"], "result": None}))
    (registration,) = asked["params"]["registrations"]
    assert registration["method"] == "workspace/didChangeWatchedFiles"
    client.open("model/model.py")
    assert client.codes("model/model.py") == ["TRS116"]
    (client.folder / "pyproject.toml").write_text("[tool.truss-check]\nignore = ['TRS116']\n")
    client.notify("workspace/didChangeWatchedFiles", {"changes": []})
    assert client.codes("model/model.py") == []


def test_a_truss_that_is_none_any_more_shows_nothing(start: Start) -> None:
    client = start()
    client.open("model/model.py")
    assert client.codes("model/model.py") == ["TRS116"]
    (client.folder / "config.yaml").unlink()
    client.notify("workspace/didChangeWatchedFiles", {"changes": []})
    assert client.codes("model/model.py") == []
    (client.folder / "config.yaml").write_text("model_name: m\n")
    client.notify("workspace/didChangeWatchedFiles", {"changes": []})
    assert client.codes("model/model.py") == ["TRS116"]
    shutil.rmtree(client.folder)
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri("model/model.py")}})
    assert client.codes("model/model.py") == []


def test_a_change_in_one_file_shows_in_the_others(start: Start) -> None:
    model = "import helper\n\n\nclass Model(helper.Base):\n    pass\n"
    base = "class Base:\n    def predict(self, a) -> dict:\n        return a\n"
    client = start({"model/model.py": model, "packages/helper.py": base})
    client.open("model/model.py")
    assert client.codes("model/model.py") == []
    client.open("packages/helper.py", base.replace("predict", "predcit"))
    assert client.codes("model/model.py") == ["TRS102"]


def test_a_file_that_is_not_yet_saved_is_found(start: Start) -> None:
    client = start({"config.yaml": "model_class_filename: other.py\n"})
    client.open("config.yaml")
    assert client.codes("config.yaml") == ["TRS002"]
    client.open("model/other.py", FINE)
    assert client.codes("config.yaml") == []


def test_changes_of_ranges_are_applied_in_order(start: Start) -> None:
    client = start()
    client.open("model/model.py")
    assert client.codes("model/model.py") == ["TRS116"]
    start_of_async = {"line": 2, "character": 4}
    end_of_async = {"line": 2, "character": 10}
    client.change(
        "model/model.py",
        {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "\n"},
        {"range": {"start": start_of_async, "end": end_of_async}, "text": ""},
    )
    assert client.codes("model/model.py") == []


def test_saving_reads_the_files_that_are_not_open_again(start: Start) -> None:
    client = start({"config.yaml": "owner: Ada\n"})
    client.open("model/model.py", FINE)
    assert client.codes("config.yaml") == ["TRS508"]
    (client.folder / "config.yaml").write_text("model_name: m\n")
    client.notify("textDocument/didSave", {"textDocument": {"uri": client.uri("model/model.py")}})
    assert client.codes("config.yaml") == []


@pytest.mark.parametrize(
    ("offered", "agreed", "characters"),
    [
        ((), "utf-16", (8, 13)),
        (("utf-32", "utf-16"), "utf-32", (7, 12)),
        (("utf-8",), "utf-8", (11, 17)),
    ],
)
def test_positions_are_counted_as_agreed(
    offered: tuple[str, ...], agreed: str, characters: tuple[int, int], start: Start
) -> None:
    client = start(initialize=False)
    assert client.initialize(*offered)["capabilities"]["positionEncoding"] == agreed
    client.open("config.yaml", "{😀: é, ownér: a}\n")
    *_, found = client.diagnostics("config.yaml")
    assert "`ownér`" in found["message"]
    assert (found["range"]["start"]["character"], found["range"]["end"]["character"]) == characters
    first, last = ({"line": 0, "character": character} for character in characters)
    client.change("config.yaml", {"range": {"start": first, "end": last}, "text": "model_name"})
    (found,) = client.diagnostics("config.yaml")
    assert "`😀`" in found["message"]

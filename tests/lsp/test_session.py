"""The session itself: how it starts and ends, and what it makes of messages that no client should send."""

import json
import time

from editor_client import MODEL, Client, Start
from waiting import SECONDS


def test_the_exit_code_says_whether_the_session_was_shut_down(start: Start) -> None:
    assert start().close() == 0
    client = start()
    client.notify("exit")
    assert client.process.wait(SECONDS) == 1
    client = start(initialize=False)
    assert client.process.stdin
    client.process.stdin.close()
    assert client.process.wait(SECONDS) == 1


def test_nothing_is_answered_before_the_start_or_after_the_end(start: Start) -> None:
    client = start(initialize=False)
    early = client.answer(client.ask("textDocument/hover", {}))
    assert early["error"]["code"] == -32002
    client.initialize()
    assert client.answer(client.ask("initialize", {"capabilities": {}}))["error"]["code"] == -32600
    assert client.request("shutdown") is None
    assert client.answer(client.ask("textDocument/hover", {}))["error"]["code"] == -32600
    client.notify("exit")
    assert client.process.wait(SECONDS) == 0


def test_messages_may_come_in_any_pieces(start: Start) -> None:
    client = start()
    message = client.framed({"id": "é", "method": "shutdown"})
    for byte in message[:-20]:
        client.write(bytes([byte]))
    time.sleep(0.05)
    client.write(message[-20:] + client.framed({"id": 7, "method": "none"}))
    assert client.wait(lambda answer: answer.get("id") == "é")["result"] is None
    assert client.answer(7)["error"]["code"] == -32600


MALFORMED = (
    (b"Content-Length: 5\r\n\r\n{nope", -32700),
    (b"Content-Length: 2\r\n\r\n[]", -32600),
    (b"Content-Length: 2\r\n\r\n{}", -32600),
    (b"Content-Type: x\r\n\r\n", -32700),
    (b"Content-Length: -5\r\n\r\n", -32700),
    (b"Content-Length: \xff\r\n\r\n", -32700),
    (b"\r\n", -32700),
    (b"Content-Length: 200000\r\n\r\n" + b"[" * 200_000, -32700),
    (b"Content-Length: 67108865\r\n\r\n" + b" " * 67_108_865, -32700),
)


def test_malformed_messages_are_refused_and_the_next_ones_answered(start: Start) -> None:
    client = start()
    for data, code in MALFORMED:
        client.write(data)
        assert client.answer(None)["error"]["code"] == code, data[:40]
        assert client.answer(client.ask("none"))["error"]["code"] == -32601
    assert client.close() == 0


def test_garbage_between_messages_is_passed_over(start: Start) -> None:
    client = start()
    client.write(b'garbage {"a": \nContent-Length: x\nmore garbage')
    assert client.close() == 0


def test_what_is_not_known_is_refused_or_ignored(start: Start) -> None:
    client = start()
    assert client.answer(client.ask("textDocument/definition", {}))["error"]["code"] == -32601
    client.notify("$/setTrace", {"value": "off"})
    client.write(client.framed({"id": 99, "result": None}))
    assert client.close() == 0


def test_wrong_parameters_are_refused(start: Start) -> None:
    client = start()
    every: list[object] = [None, [], {}, {"textDocument": {"uri": 5}}, {"textDocument": None}]
    for parameters in every:
        client.notify("textDocument/didOpen", parameters)
        client.notify("textDocument/didChange", parameters)
        for method in ("textDocument/hover", "textDocument/codeAction"):
            assert client.answer(client.ask(method, parameters))["error"]["code"] == -32602
    assert client.close() == 0


def test_a_request_that_is_cancelled_while_it_waits_is_not_worked_on(start: Start) -> None:
    client = start()
    client.open("model/model.py", "x = 1\n" * 20_000 + MODEL)
    place = client.at("model/model.py", 1, 16)
    client.ask("textDocument/hover", place)
    cancelled = client.ask("textDocument/hover", place)
    client.notify("$/cancelRequest", {"id": cancelled})
    assert client.answer(cancelled)["error"]["code"] == -32800
    assert client.close() == 0


def test_a_document_that_is_no_file_of_a_truss_does_no_harm(start: Start) -> None:
    client = start()
    for uri in (
        "untitled:Untitled-1",
        "file:///nowhere/%00",
        "file:///nowhere/model.py",
        "x",
        "file://[",
        "",
    ):
        document = {"uri": uri, "languageId": "python", "version": 1, "text": MODEL}
        client.notify("textDocument/didOpen", {"textDocument": document})
        client.ask("textDocument/hover", {**client.at("x", 0, 0), "textDocument": {"uri": uri}})
    assert client.close() == 0


def test_changes_in_a_row_are_checked_once(start: Start) -> None:
    client = start()
    client.open("model/model.py")
    assert client.codes("model/model.py") == ["TRS116"]
    versions = [MODEL.replace("self.ready", f"self.ready{number}") for number in range(50)]
    client.write(b"".join(_changed(client, text) for text in [*versions, "x = 1\n"]))
    assert client.codes("model/model.py") == ["TRS101"]


def _changed(client: Client, text: str) -> bytes:
    document = {"uri": client.uri("model/model.py"), "version": 2}
    parameters = {"textDocument": document, "contentChanges": [{"text": text}]}
    return Client.framed({"method": "textDocument/didChange", "params": parameters})


def test_settings_that_cannot_be_read_are_shown_and_end_nothing(start: Start) -> None:
    client = start({"pyproject.toml": "[tool.truss-check]\nselcet = []\n"})
    client.open("model/model.py")
    error = client.answer(client.ask("textDocument/hover", client.at("model/model.py", 1, 16)))["error"]
    assert "`tool.truss-check` has no setting `selcet`" in error["message"]
    (client.folder / "pyproject.toml").write_text("[tool.truss-check]\nignore = ['TRS116']\n")
    client.notify("textDocument/didSave", {"textDocument": {"uri": client.uri("model/model.py")}})
    assert client.codes("model/model.py") == []


def test_settings_that_cannot_be_read_are_told_once_and_hold_up_no_other_truss(start: Start) -> None:
    files = {"config.yaml": "model_name: m\n", "pyproject.toml": "[tool.truss-check]\nselcet = []\n"}
    client = start({f"inner/{name}": text for name, text in {**files, "model/model.py": MODEL}.items()})
    client.open("inner/model/model.py")
    client.open("model/model.py")
    assert client.codes("model/model.py") == ["TRS116"]
    client.change("inner/model/model.py", {"text": MODEL + "\n"})
    client.change("model/model.py", {"text": MODEL + "\n"})
    assert client.codes("model/model.py") == ["TRS116"]
    told = client.wait(lambda message: message.get("method") == "window/showMessage")
    assert "`selcet`" in told["params"]["message"]
    assert not client.has_passed("window/showMessage")


def test_nothing_but_messages_reaches_stdout(start: Start) -> None:
    client = start({"pyproject.toml": "[tool.truss-check]\nselect = ['TRS999']\n"})
    client.open("model/model.py", json.dumps("\x1b[31m"))
    assert client.close() == 0
    assert client.process.stderr
    assert b"Traceback" not in client.process.stderr.read()


def test_a_session_ends_during_a_check(start: Start) -> None:
    client = start()
    client.open("model/model.py", MODEL + "".join(f"def f{i}(a): return a + {i}\n" for i in range(40_000)))
    assert client.close() == 0
    assert not client.has_diagnostics("model/model.py")


def test_a_document_that_is_too_large_is_not_checked(start: Start) -> None:
    client = start()
    client.open("model/model.py", MODEL + "x = 1\n" * 200_000)
    assert client.codes("model/model.py") == []
    message = client.wait(lambda m: m.get("method") == "window/showMessage")
    assert "model.py is too large" in message["params"]["message"]
    assert client.request("textDocument/hover", client.at("model/model.py", 1, 5)) is None
    client.open("model/model.py")
    assert client.codes("model/model.py") == ["TRS116"]


def test_a_request_for_a_path_that_is_too_long_has_no_result(start: Start) -> None:
    client = start()
    for name in ("a" * 100_000, "a/" * 100_000):
        place = {**client.at("", 0, 0), "textDocument": {"uri": f"file:///{name}"}}
        assert client.request("textDocument/hover", place) is None
        assert client.request("textDocument/codeAction", place) == []

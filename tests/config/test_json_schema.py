"""The JSON Schema for editors says what `truss check` says, where JSON Schema can."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from truss_cli.config.json_schema import config_json_schema
from truss_cli.config.schema.root import Config

CASES = Path(__file__).parent / "cases"
ACCIDENT = "runtime: {transport: null, is_websocket_endpoint: true}"
"""Accepted by an accident: a deprecated key takes the place of the null."""
MOST_MISSED = 0.15
"""Part of the refused configs that need more than JSON Schema: files, arithmetic, other keys' values."""


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(json.dumps(config_json_schema()))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def cases() -> Iterator[tuple[bool, str, object]]:
    """Yield whether the toolchain refuses a config, its text, and its value if JSON has such."""
    for line in (CASES / "verdicts.jsonl").read_text("utf-8").splitlines():
        stops, text = json.loads(line)
        try:
            value = yaml.safe_load(text) or {}
            as_json = json.loads(json.dumps(value))
        except (yaml.YAMLError, TypeError, ValueError):
            continue
        if as_json == value:
            yield stops is not None or text == ACCIDENT, text, value


def test_it_accepts_what_the_toolchain_accepts(validator: Draft202012Validator) -> None:
    wrong = [
        f"{text}: {error.message}"
        for refused, text, value in cases()
        if not refused
        and text.isascii()
        and "\\u" not in text  # digits of other scripts count as digits there
        for error in validator.iter_errors(value)
    ]
    assert wrong == []


def test_it_refuses_most_of_what_the_toolchain_refuses(validator: Draft202012Validator) -> None:
    refused = [value for is_refused, _, value in cases() if is_refused]
    missed = [value for value in refused if validator.is_valid(value)]
    assert len(missed) < MOST_MISSED * len(refused)


def test_every_key_has_a_description() -> None:
    properties = config_json_schema()["properties"]
    assert isinstance(properties, dict)
    assert {*Config.model_fields} < {*properties}
    for name in Config.model_fields:
        assert properties[name]["description"].endswith("."), name

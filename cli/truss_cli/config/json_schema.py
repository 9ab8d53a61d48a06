"""The JSON Schema of config.yaml, for editors, from the same classes that `truss check` uses."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from truss_cli.config.fields.editors import FALSE_TEXTS, NOT_EMPTY, TRUE_TEXTS, any_case_pattern
from truss_cli.config.fields.nesting import nested
from truss_cli.config.fields.section import Section
from truss_cli.config.schema.root import Config

_WHOLE_NUMBER_TEXT = {"type": "string", "pattern": r"^\s*[-+]?[0-9]+(_[0-9]+)*(\.0*)?\s*$"}
_NUMBER_TEXT = {"type": "string", "pattern": r"^\s*[-+]?([0-9_]+\.?[0-9_]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$"}
_BOOLEAN_TEXT = {"type": "string", "pattern": any_case_pattern((*TRUE_TEXTS, *FALSE_TEXTS))}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def config_json_schema() -> dict[str, object]:
    """Return the JSON Schema; it refuses what `truss check` calls an error, where JSON Schema can say so."""
    Config.model_rebuild()
    schema: dict[str, object] = Config.model_json_schema(schema_generator=_Generator)
    schema["$schema"] = _DIALECT
    schema["title"] = "config.yaml of a truss"
    return schema


class _Generator(GenerateJsonSchema):
    """Says of a section what its class says beside its fields, and of a value which texts stand for it."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Close the section to unknown keys, and admit former names of keys."""
        section = schema["cls"]
        described = super().model_schema(schema)
        if not issubclass(section, Section):
            return described
        described["additionalProperties"] = section.ignores_unknown or section in _passing_unknown()
        properties: dict[str, Any] = described.setdefault("properties", {})
        for former, present in section.former_keys.items():
            properties[former] = {"anyOf": [properties[present], {"not": NOT_EMPTY}], "deprecated": True}
            described["allOf"] = [
                *described.get("allOf", []),
                {"not": {"required": [former, present]}},
            ]
        return described

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Take an empty mapping for the first choice."""
        return {"anyOf": [super().tagged_union_schema(schema), {"type": "object", "maxProperties": 0}]}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """Admit a text of digits, and true and false, as the toolchain does."""
        described = super().int_schema(schema)
        return (
            described
            if schema.get("strict")
            else {"anyOf": [described, _WHOLE_NUMBER_TEXT, {"type": "boolean"}]}
        )

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        """Admit the text of a number, and true and false, as the toolchain does."""
        described = super().float_schema(schema)
        return (
            described if schema.get("strict") else {"anyOf": [described, _NUMBER_TEXT, {"type": "boolean"}]}
        )

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        """Admit the texts and numbers that the toolchain takes for true and false."""
        return {"anyOf": [super().bool_schema(schema), _BOOLEAN_TEXT, {"enum": [0, 1]}]}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401 - pydantic's own signature
        """Leave titles out: they would repeat the keys."""
        del schema
        return False


def _passing_unknown() -> set[type[Section]]:
    """Return the sections that let unknown keys through, and all inside them."""
    found: set[type[Section]] = set()
    todo: list[tuple[type[Section], bool]] = [(Config, False)]
    seen: set[tuple[type[Section], bool]] = set()
    while todo:
        section, passing = todo.pop()
        passing = passing or section.passes_unknown
        if (section, passing) in seen:
            continue
        seen.add((section, passing))
        if passing:
            found.add(section)
        for key in section.model_fields:
            inside = nested(section, key)
            todo.extend((inner, passing) for inner in (inside.classes if inside else ()))
    return found

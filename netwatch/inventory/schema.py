"""The grammar of the inventory as a JSON Schema, so that an editor completes and underlines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from netwatch.core.params import ProbeParams
from netwatch.core.units import parse_duration, parse_rate, parse_ratio
from netwatch.inventory.contracts import parse_hours
from netwatch.inventory.model import Inventory

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema: TypeAlias = dict[str, Any]

_TEXT = ["string", "number", "boolean"]
"""What an editor may take a text for: netwatch reads ``no``, ``017`` and ``10.1`` as they stand."""

_PATTERNS = {
    parse_duration: (r"^\d{1,9}(\.\d{1,6})?(ms|s|m|h|d)$", "500ms, 5s, 1m, 2h, 1d"),
    parse_rate: (r"^\d{1,9}(\.\d{1,6})?(k|M|G|T|)$", "512k, 20M, 1G"),
    parse_ratio: (r"^\d{1,3}(\.\d{1,6})?%$", "0% – 100%"),
}
"""How units are written."""

_OF_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


class _Grammar(GenerateJsonSchema):
    """Describes what stands in the files, which is text until a schema judges it."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """Text, which YAML may take for something else."""
        return {**super().str_schema(schema), "type": _TEXT}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """A whole number, in quotes or without."""
        return {**super().int_schema(schema), "type": ["integer", "string"]}

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        """A number, in quotes or without."""
        return {**super().float_schema(schema), "type": ["number", "string"]}

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        """``true`` or ``false``."""
        return {**super().bool_schema(schema), "enum": [True, False]}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        """One of some words, of which ``3`` is a number to an editor."""
        words = list(schema["expected"])
        numbers = [int(word) for word in words if isinstance(word, str) and word.isdigit()]
        return {"enum": [*words, *numbers]}

    def date_schema(self, _schema: core_schema.DateSchema) -> JsonSchemaValue:
        """A day; the time of day is not written."""
        return {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """A unit as it is written, instead of the number that it becomes."""
        function: Any = schema["function"]["function"]
        known = _PATTERNS.get(function)
        if known is None:
            return self.generate_inner(schema["schema"])
        pattern, examples = known
        kinds = ["string", "number"] if function is parse_rate else "string"
        return {"type": kinds, "pattern": pattern, "description": examples}

    def function_plain_schema(
        self, schema: core_schema.PlainValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """Values that only a function judges, as hours."""
        function: Any = schema["function"]["function"]
        examples = "mon-fri 07:00-17:30, 00:00-24:00" if function is parse_hours else ""
        return {"type": _TEXT, **({"description": examples} if examples else {})}


def inventory_schema(probes: Mapping[str, type[ProbeParams]]) -> Schema:
    """The schema of any file of an inventory; each file may have any sections.

    Args:
        probes: kinds of probe, each with the schema of its parameters.
    """
    schema: Schema = Inventory.model_json_schema(by_alias=True, schema_generator=_Grammar)
    definitions = schema["$defs"]
    for kind, params in sorted(probes.items()):
        _add_probe(definitions, kind, params)
    _choose_probe(definitions["CheckSpec"], sorted(probes))
    target = definitions["Target"]
    target["required"] = ["address"]
    definitions["Site"]["properties"]["targets"]["additionalProperties"] = {
        "anyOf": [{"type": "string"}, {"$ref": "#/$defs/Target"}]
    }
    schema.pop("required")
    _tidy(schema)
    title = "netwatch: kho dữ liệu / inventory"
    return {"$schema": DIALECT, **schema, "title": title}


def _add_probe(definitions: Schema, kind: str, params: type[ProbeParams]) -> None:
    """The definition of a check by one probe: the keys of every check, and the probe's own."""
    own = params.model_json_schema(
        by_alias=True, schema_generator=_Grammar, ref_template="#/$defs/{model}"
    )
    definitions.update(own.pop("$defs", {}))
    general = definitions["CheckSpec"]["properties"]
    definitions[f"check-{kind}"] = {
        "type": "object",
        "properties": {**general, **own.get("properties", {}), "probe": {"const": kind}},
        "required": ["probe", "interval", *own.get("required", ())],
        "additionalProperties": False,
    }


def _choose_probe(check: Schema, kinds: list[str]) -> None:
    """Have a check judged by what its ``probe`` says."""
    check["properties"]["probe"] = {"enum": kinds}
    check["allOf"] = [
        {
            "if": {"properties": {"probe": {"const": kind}}, "required": ["probe"]},
            "then": {"$ref": f"#/$defs/check-{kind}"},
        }
        for kind in kinds
    ]


def _tidy(node: Any) -> None:
    """Take off defaults, which are not as they would be written, and bounds of text."""
    if isinstance(node, list):
        for each in node:
            _tidy(each)
    elif isinstance(node, dict):
        node.pop("default", None)
        if "pattern" in node:
            for bound in _OF_NUMBERS:
                node.pop(bound, None)
        for each in node.values():
            _tidy(each)

"""schemas/report.json and the records say the same, field by field."""

import types
import typing

import jsonschema
import msgspec
import pytest

from sourcing.records import Failure, Report
from sourcing.schema import load_schema

REPORT = load_schema("report")
ERROR = load_schema("error")


def structs_of(struct, schema, found=None):
    """Every struct below `struct`, with the schema that stands where it does."""
    found = {} if found is None else found
    if struct in found:
        return found
    found[struct] = schema
    for entry in msgspec.structs.fields(struct):
        part = schema["properties"].get(entry.encode_name)
        for inner in walk(entry.type):
            if part is not None and isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                structs_of(inner, resolve(part), found)
    return found


def walk(kind):
    yield kind
    for part in typing.get_args(kind):
        yield from walk(part)


def resolve(part):
    if "anyOf" in part:
        return resolve(next(option for option in part["anyOf"] if "$ref" in option))
    if part.get("type") == "array":
        return resolve(part["items"])
    return REPORT["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part


STRUCTS = structs_of(Report, REPORT) | {Failure: ERROR["properties"]["error"]}


def test_schemas_are_valid_and_closed():
    for schema in (REPORT, ERROR):
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {id(REPORT["$defs"][name]) for name in REPORT["$defs"]} <= {id(schema) for schema in STRUCTS.values()}


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_fields_agree(struct):
    schema = STRUCTS[struct]
    fields = {entry.encode_name: entry for entry in msgspec.structs.fields(struct)}
    assert list(schema["properties"]) == list(fields)
    assert schema["additionalProperties"] is False
    optional = {name for name, entry in fields.items() if msgspec.UnsetType in typing.get_args(entry.type)}
    assert set(schema["required"]) == set(fields) - optional
    for name, entry in fields.items():
        part = schema["properties"][name]
        assert part.get("description") or "$ref" in part, name
        assert kinds_of_schema(part) == kinds_of_record(entry.type), name
        if values := enum_of(entry.type):
            assert set(part["enum"]) == set(values), name


def kinds_of_schema(part):
    if "anyOf" in part:
        return set().union(*(kinds_of_schema(option) for option in part["anyOf"]))
    if "$ref" in part:
        return {"object"}
    if "const" in part:
        return {"string"}
    return set(part["type"]) if isinstance(part["type"], list) else {part["type"]}


def kinds_of_record(kind):
    simple = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
    origin = typing.get_origin(kind)
    if kind in simple:
        return {simple[kind]}
    if kind is msgspec.UnsetType:
        return set()
    if origin in (typing.Union, types.UnionType):
        return set().union(*(kinds_of_record(part) for part in typing.get_args(kind)))
    if origin is typing.Literal:
        return {"string"}
    return {"array"} if origin is tuple else {"object"}


def enum_of(kind):
    return typing.get_args(kind) if typing.get_origin(kind) is typing.Literal else ()


def test_reports_are_valid(harbour, hostile, without_text):
    validator = jsonschema.Draft202012Validator(REPORT)
    for report in (harbour, hostile, without_text):
        validator.validate(msgspec.json.decode(report.to_json()))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda report: report.update(more=1),
        lambda report: report["article"].update(words=-1),
        lambda report: report["article"].update(sha256="x"),
        lambda report: report["speakers"][0].update({"class": "named"}),
        lambda report: report["quotes"][0].update(role="shout"),
        lambda report: report["attributions"][0].update(confidence=1.5),
        lambda report: report["attributions"][0].update(content=[]),
        lambda report: report["metrics"]["attribution"].update(density="high"),
        lambda report: report["score"].update(value=101),
        lambda report: report["findings"][0].update(severity="fatal"),
        lambda report: report.pop("warnings"),
        lambda report: report["speakers"][0].pop("corpus"),
    ],
)
def test_what_breaks_the_contract_is_invalid(harbour, spoil):
    record = msgspec.json.decode(harbour.to_json())
    spoil(record)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(REPORT).validate(record)


def test_error_record():
    validator = jsonschema.Draft202012Validator(ERROR)
    record = msgspec.to_builtins(Failure(input="feed.jsonl", code="invalid-json", message="x", line=3))
    validator.validate({"error": record})
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({"error": record, "more": 1})
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({"error": record | {"line": 0}})

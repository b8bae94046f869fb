"""Checks a JSON value against a schema of api-server/openapi.json.

JSON Schema, stricter than the standard: a member that the schema does not name
is an error, so is a keyword not known here, and 1.0 is no integer.
"""

import datetime
import functools
import json
import re

import jsonschema

from harness import ROOT

DOCUMENT = json.loads((ROOT / "api-server/openapi.json").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]

DIALECT = jsonschema.Draft202012Validator
# Of the keywords that hold schemas those that strict() goes into.
KEYWORDS = {"$ref", "oneOf", "type", "enum", "properties", "required", "items",
            "pattern", "format", "maxLength", "minimum", "maximum",
            "description", "default"}
Validator = jsonschema.validators.extend(
    DIALECT, type_checker=DIALECT.TYPE_CHECKER.redefine(
        "integer", lambda _, value: type(value) is int))
FORMATS = jsonschema.FormatChecker(formats=[])
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
OFFSET = r"(Z|[+-][0-9]{2}:[0-9]{2})"


@FORMATS.checks("date", raises=ValueError)
def is_date(value):
    return not isinstance(value, str) or bool(
        re.fullmatch(DATE, value) and datetime.date.fromisoformat(value))


@FORMATS.checks("date-time", raises=ValueError)
def is_date_time(value):
    return not isinstance(value, str) or bool(
        re.fullmatch(f"{DATE}T{TIME}{OFFSET}", value)
        and datetime.datetime.fromisoformat(value))


def resolve(reference):
    value = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        value = value[part]
    return value


def strict(schema):
    """The schema, and of each object the members that it names, no others."""
    unknown = schema.keys() - KEYWORDS
    assert not unknown, f"{unknown} in {schema}"
    made = dict(schema)
    if "properties" in schema:
        made["additionalProperties"] = False
        made["properties"] = {name: strict(one) for name, one
                              in schema["properties"].items()}
    if "items" in schema:
        made["items"] = strict(schema["items"])
    if "oneOf" in schema:
        made["oneOf"] = [strict(one) for one in schema["oneOf"]]
    return made


@functools.cache
def components():
    """Where the references of a schema lead."""
    every = {name: strict(schema) for name, schema in SCHEMAS.items()}
    for schema in every.values():
        DIALECT.check_schema(schema)
    return {"schemas": every}


def faults(value, schema):
    """What is wrong, as sentences; empty when nothing is."""
    validator = Validator({**strict(schema), "components": components()},
                          format_checker=FORMATS)
    return [f"{error.json_path}: {error.message[:300]}"
            for error in validator.iter_errors(value)]


def check(value, name):
    """Fails the test unless value is what components/schemas/NAME says."""
    found = faults(value, SCHEMAS[name])
    assert not found, "\n".join(found[:20])

"""Checks a JSON value against a schema of api-server/openapi.json.

The part of JSON Schema that the document uses, stricter than the standard: a
member that the schema does not name is an error, so is a keyword not known
here.
"""

import json
import re

from harness import ROOT

DOCUMENT = json.loads((ROOT / "api-server/openapi.json").read_text())

IS = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float))
    and not isinstance(v, bool),
    "null": lambda v: v is None,
}
FORMATS = {
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "date-time": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]{5})$",
    "binary": r"",
}
SAYS_NOTHING = {"description", "default"}


def resolve(reference):
    value = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        value = value[part]
    return value


def faults(value, schema, where="$"):
    """What is wrong, as sentences; empty when nothing is."""
    found = []
    for keyword, rule in schema.items():
        if keyword in SAYS_NOTHING or keyword in ("required", "items"):
            continue
        elif keyword == "$ref":
            found += faults(value, resolve(rule), where)
        elif keyword == "oneOf":
            fits = sum(not faults(value, one, where) for one in rule)
            if fits != 1:
                found.append(f"{where} fits {fits} of oneOf: {value!r}")
        elif keyword == "type":
            types = [rule] if isinstance(rule, str) else rule
            if not any(IS[one](value) for one in types):
                found.append(f"{where} is no {rule}: {value!r}")
        elif keyword == "enum":
            if value not in rule:
                found.append(f"{where} is none of {rule}: {value!r}")
        elif keyword == "properties":
            found += member_faults(value, schema, where)
        elif keyword in ("pattern", "format"):
            pattern = FORMATS[rule] if keyword == "format" else rule
            if isinstance(value, str) and not re.match(pattern, value):
                found.append(f"{where} is no {rule}: {value!r}")
        elif keyword in ("minimum", "maximum"):
            if IS["number"](value) and (value < rule if keyword == "minimum"
                                        else value > rule):
                found.append(f"{where} is beyond {keyword} {rule}: {value}")
        elif keyword == "maxLength":
            if isinstance(value, str) and len(value) > rule:
                found.append(f"{where} is longer than {rule}")
        else:
            found.append(f"{where}: unknown keyword {keyword}")
    if isinstance(value, list):
        for n, item in enumerate(value):
            found += faults(item, schema.get("items", {}), f"{where}[{n}]")
    return found


def member_faults(value, schema, where):
    if not isinstance(value, dict):
        return []
    found = [f"{where} has no {name}" for name in schema.get("required", [])
             if name not in value]
    for name, item in value.items():
        if name in schema["properties"]:
            found += faults(item, schema["properties"][name],
                            f"{where}.{name}")
        else:
            found.append(f"{where}.{name} is not described")
    return found


def check(value, name):
    """Fails the test unless value is what components/schemas/NAME says."""
    found = faults(value, DOCUMENT["components"]["schemas"][name])
    assert not found, "\n".join(found[:20])

"""api-server/openapi.json says what the route tables and the answers are."""

import functools
import json
import re
import subprocess

import pytest

import synthetic
from harness import BUILD, ROOT, quote
from schema import DOCUMENT, check, faults, resolve
from synthetic import ask, store

HANDLERS = ROOT / "api-server/handlers"
PARAM_TYPES = {"INT": "integer", "TEXT": "string", "BOOL": "boolean",
               "DATE": "string"}


def preprocessed(path):
    """The C text as the compiler reads it, adjacent string literals joined."""
    text = subprocess.run(
        ["cc", "-E", "-P", "-D_GNU_SOURCE", f"-I{ROOT}", f"-I{BUILD}", path],
        check=True, capture_output=True, text=True).stdout
    return re.sub(r'"\s*"', "", text)


def braced(text, start):
    """The text between the brace at start and its counterpart."""
    depth = 0
    for n in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[n], 0)
        if depth == 0:
            return text[start + 1:n]
    raise AssertionError("a brace is not closed")


def declared_params(text, array):
    """{name: (type, choices, default)} of a C array of struct param."""
    start = text.index("{", text.index(f"struct param {array}[] = "))
    params = {}
    for row in re.findall(r"\{ \.name[^}]*\}", braced(text, start)):
        field = dict(re.findall(r'\.(\w+)\s*=\s*"?([^",}]+)"?', row))
        kind = field["type"].strip().removeprefix("PARAM_")
        params[field["name"]] = (PARAM_TYPES.get(kind, "choice"),
                                 field.get("choices"), field.get("def"))
    return params


@functools.cache
def declared_routes():
    """{(method, path): params} of every table in api-server/handlers."""
    routes = {}
    for path in sorted(HANDLERS.glob("*.c")):
        text = preprocessed(path)
        for match in re.finditer(
                r'\{\s*(?:\.method = )?"([A-Z]+)",\s*(?:\.path = )?"([^"]+)"'
                r'([^}]*)\}', text):
            method, route, rest = match.groups()
            array = re.search(r"\.params = \((\w+)\)", rest)
            routes[method, route] = (
                declared_params(text, array.group(1)) if array else {})
    # The page: whatever is in the web root.
    return {key: params for key, params in routes.items() if key[1] != "*"}


def described_routes():
    return {(method.upper(), path): operation
            for path, methods in DOCUMENT["paths"].items()
            for method, operation in methods.items()}


def described_params(operation):
    params = {}
    for one in operation.get("parameters", []):
        one = resolve(one["$ref"]) if "$ref" in one else one
        form = one["schema"]
        form = resolve(form["$ref"]) if "$ref" in form else form
        choices = "|".join(f"{c:g}" if isinstance(c, (int, float)) else c
                           for c in form["enum"]) if "enum" in form else None
        default = form.get("default")
        params[one["name"]] = (
            "choice" if choices else form["type"], choices,
            None if default is None else json.dumps(default).strip('"'))
    return params


def test_every_route_is_described_and_the_reverse():
    declared = declared_routes()
    assert ("GET", "/v1/stats/{panel}") in declared  # the reading works
    assert set(described_routes()) == set(declared)


@pytest.mark.parametrize("key", declared_routes(), ids=" ".join)
def test_parameters_are_those_of_the_table(key):
    operation = described_routes()[key]
    assert described_params(operation) == declared_routes()[key]
    in_path = {one["name"] for one in operation.get("parameters", [])
               for one in [resolve(one["$ref"]) if "$ref" in one else one]
               if one["in"] == "path"}
    assert in_path == set(re.findall(r"\{(\w+)\}", key[1]))


def contents(node):
    """Every {"schema", "example"} of the document."""
    if isinstance(node, dict):
        if "schema" in node and "example" in node:
            yield node
        for value in node.values():
            yield from contents(value)
    elif isinstance(node, list):
        for value in node:
            yield from contents(value)


@pytest.mark.parametrize("schema, good, bad", [
    ({"type": "integer"}, 1, [1.0, True, "1", None]),
    ({"type": "string", "format": "date"}, "2024-02-29",
     ["2024-02-30", "20240229"]),
    ({"type": "string", "format": "date-time"}, "2024-01-02T03:04:05.6+00:00",
     ["2024-01-02T03:04:05", "2024-01-02 03:04:05Z", "2024-13-02T03:04:05Z"]),
    ({"type": "array", "items": {"type": "object", "required": ["a"],
                                 "properties": {"a": {}, "b": {}}}},
     [{"a": 1}], [[{}], [{"a": 1, "c": 1}], {"a": 1}]),
], ids=["integer", "date", "date-time", "members"])
def test_a_fault_is_found(schema, good, bad):
    assert faults(good, schema) == []
    assert all(faults(one, schema) for one in bad)
    with pytest.raises(AssertionError, match="additional"):
        faults(good, {**schema, "additionalProperties": True})


def test_every_example_is_what_its_schema_says():
    every = list(contents(DOCUMENT))
    assert len(every) > 20
    for one in every:
        assert not faults(one["example"], one["schema"]), one["example"]


def test_every_json_answer_has_an_example():
    for key, operation in described_routes().items():
        for status, answer in operation["responses"].items():
            answer = resolve(answer["$ref"]) if "$ref" in answer else answer
            for kind, content in answer.get("content", {}).items():
                assert "example" in content or key[1] == "/v1/openapi.json"


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_component_is_used_and_there():
    used = set(references(DOCUMENT))
    assert all(resolve(one) for one in used)
    for group, members in DOCUMENT["components"].items():
        for name in members:
            assert f"#/components/{group}/{name}" in used


def test_operations_have_names_of_their_own():
    names = [o["operationId"] for o in described_routes().values()]
    assert len(set(names)) == len(names)


def test_problems_are_those_of_the_server():
    """Types and titles of the examples are rows of http/problem.c."""
    table = dict(re.findall(r'\{ "([a-z-]+)", \d+,\s*"([^"]+)" \}',
                            preprocessed(
                                ROOT / "api-server/http/problem.c")))
    for answer in DOCUMENT["components"]["responses"].values():
        example = answer["content"]["application/problem+json"]["example"]
        assert table[example["type"].removeprefix("/problems/")] == (
            example["title"])


@pytest.fixture
def library(database):
    library = store(database, synthetic.some_library(seed=31, member=1))
    database.query("WITH r AS (INSERT INTO role (department, job) "
                   "VALUES ('Sound', 'Sound Mixer') RETURNING id) "
                   "UPDATE title SET cast_ids = '{1000}', "
                   "cast_characters = '{Self}', crew_ids = '{1000}', "
                   "crew_roles = ARRAY(SELECT id FROM r) "
                   "WHERE EXISTS (SELECT FROM person WHERE id = 1000)")
    return library


def test_answers_of_the_statements_are_as_described(database, library):
    films = ask(database, 1, "film/list", sort="title", limit=20)
    check(films, "FilmPage")
    for film in films["films"]:
        check(ask(database, 1, "film/show", film["id"]), "FilmDetails")
        check(ask(database, 1, "film/watches", film["id"]), "FilmWatches")
        check(ask(database, 1, "film/rating", film["id"]), "RatingExplained")
    check(ask(database, 1, "watch/list", limit=500), "WatchPage")
    check(ask(database, 1, "list/list", limit=50), "ListPage")
    for one in library.lists:
        check(ask(database, 1, "list/show", one["id"], limit=50), "List")
    check(ask(database, 1, "enrichment/progress"), "Progress")
    check(ask(database, 1, "enrichment/unmatched", doubtful="true",
              limit=50), "UnmatchedPage")
    check(ask(database, 1, "stats/panels"), "Stats")
    check(ask(database, 1, "stats/panels", panel="genres"), "Stats")


WATCHED = b"""Date,Name,Year,Letterboxd URI
2020-01-01,Stalker,1979,https://boxd.it/29Ys
2020-01-02,Solaris,1972,https://boxd.it/29Yi
2020-13-02,Mirror,1975,https://boxd.it/29Y8
"""


def get(api, path, name, status=200):
    answer = api.get(path)
    assert answer.status == status, answer
    check(answer.json(), name)
    return answer.json()


def test_answers_of_the_server_are_as_described(api):
    first = api.post("/v1/imports?dry_run&file_name=watched.csv", WATCHED,
                     "text/csv")
    assert first.status == 200, first
    check(first.json(), "Import")
    made = api.post("/v1/imports?file_name=watched.csv", WATCHED, "text/csv")
    assert made.status == 201, made
    check(made.json(), "Import")

    get(api, "/v1/imports", "ImportPage")
    get(api, f"/v1/imports/{made.json()['id']}", "Import")
    rows = get(api, f"/v1/imports/{made.json()['id']}/rows", "ImportRowPage")
    assert [row["line"] for row in rows["rows"]] == [4]
    films = get(api, "/v1/films?sort=title&limit=1", "FilmPage")
    assert films["films"][0]["title"] == "Solaris"
    after = quote(films["next"])
    films = get(api, f"/v1/films?sort=title&limit=1&after={after}",
                "FilmPage")
    assert films["films"][0]["title"] == "Stalker"
    assert films["next"] is None
    film = films["films"][0]["id"]
    get(api, f"/v1/films/{film}", "FilmDetails")
    get(api, f"/v1/films/{film}/watches", "FilmWatches")
    get(api, f"/v1/films/{film}/rating", "RatingExplained")
    get(api, "/v1/watches?rewatch=0", "WatchPage")
    get(api, "/v1/lists", "ListPage")
    stats = get(api, "/v1/stats", "Stats")
    assert stats["overview"]["films"] == 2
    panel = get(api, "/v1/stats/by_decade?year=2020", "Stats")
    assert set(panel) == {"version", "by_decade"}
    progress = get(api, "/v1/enrichment", "Progress")
    assert (progress["films"], progress["percent"]) == (2, 0)
    get(api, "/v1/enrichment/unmatched?doubtful", "UnmatchedPage")
    get(api, "/healthz", "Health")
    get(api, "/readyz", "Health")
    assert api.get("/v1/openapi.json").json() == DOCUMENT

    get(api, "/v1/films/999999999", "Problem", 404)
    get(api, "/v1/lists/1", "Problem", 404)
    get(api, "/v1/films?after=nonsense", "Problem", 404)
    for bad in ("/v1/films?limit=0", "/v1/films?colour=red",
                "/v1/stats/nonsense", "/v1/stats?rating=6",
                "/v1/watches?from=2024-02-30", "/v1/films?rated=maybe",
                "/v1/films?year=2020&year=2021"):
        problem = get(api, bad, "Problem", 400)
        assert problem["type"] == "/problems/bad-parameter"
    assert api.delete("/v1/library").status == 204
    assert get(api, "/v1/stats", "Stats")["overview"]["films"] == 0

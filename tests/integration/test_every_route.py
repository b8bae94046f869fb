"""What holds on each route of the OpenAPI document, so that a new route is
asked the same without a new test."""

import pytest

from export_maker import Export, Film
from harness import ApiServer
from importing import committed
from replies import problem
from schema import DOCUMENT

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
# An answer that does not end.
STREAMS = {"/v1/enrichment/events"}
# Of each answer its own.
OWN = {"x-request-id", "date", "connection"}


@pytest.fixture(scope="module")
def api(cluster):
    """One for all, with something at most addresses."""
    database = cluster.new_database()
    api = ApiServer(database)
    export = Export()
    film = Film("Alien", 1979, 11)
    export.watched(film, "2024-01-01")
    export.diary(film, 900, "2024-01-01", stars=4)
    export.list("mine", [film], name="mine")
    committed(api.import_zip(export.zip()))
    yield api
    api.finish()
    database.drop()


def address(path):
    return path.replace("{id}", "1").replace("{", "").replace("}", "")


def allowed(path):
    methods = {m.upper() for m in DOCUMENT["paths"][path]}
    return methods | ({"HEAD"} if "GET" in methods else set())


@pytest.mark.parametrize("path", [p for p in DOCUMENT["paths"]
                                  if "get" in DOCUMENT["paths"][p]
                                  and p not in STREAMS])
def test_head_is_get_without_a_body(api, path):
    get = api.get(address(path))
    head = api.request("HEAD", address(path))
    assert head.status == get.status and head.body == b""
    # What is counted is another number the next time.
    own = OWN | ({"content-length", "etag"} if path == "/metrics" else set())

    def others(answer):
        return {k: v for k, v in answer.headers.items() if k not in own}
    assert others(head) == others(get)


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_methods(api, path):
    for method in METHODS:
        if path in STREAMS and method == "GET":
            continue
        answer = api.request(method, address(path))
        if method in allowed(path):
            assert answer.status < 500 and answer.status != 405, (method,
                                                                  answer)
            continue
        assert answer.status == 405, (method, answer)
        assert set(answer.headers["allow"].split(", ")) == allowed(path)
        if method != "HEAD":
            problem(answer, 405, "method-not-allowed")

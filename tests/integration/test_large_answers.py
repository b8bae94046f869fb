"""A library as large as imports let it be: no answer is larger than a bound, and
one that is cut says where it goes on."""

import contextlib
import re
import socket

import pytest

from harness import wait_until
from metrics import Metrics
from schema import DOCUMENT
from synthetic import ask

MIB = 1 << 20
# A page has a MiB of text or one row of half a MiB (import.row_max); beside it
# 500 titles of 1,000 bytes at most.
TEXT_MAX = 3 * MIB
# In JSON a byte becomes six at most.
ANSWER_MAX = 6 * TEXT_MAX

FIELD = 250_000  # import.field_max is 256 KiB
# {text}: a byte, again and again.
HOSTILE = """
INSERT INTO member (id, name) VALUES (1, 'local');
INSERT INTO film (ref, title, year)
    SELECT 'boxd:' || n, repeat({text}, 1000), 2000 FROM generate_series(1, 2000) n;
INSERT INTO library_entry (member_id, film_id, marked_on)
    SELECT 1, id, '2020-01-01' FROM film;
-- Of one film: viewings with long texts, and very many without.
INSERT INTO watch (member_id, film_id, source, entry, watched_on, rating, tags,
        review)
    SELECT 1, (SELECT min(id) FROM film), 'diary', 'long:' || n,
        date '2020-01-01' + n, 7, ARRAY[repeat({text}, {field})],
        repeat({text}, {field})
    FROM generate_series(1, 118) n;
INSERT INTO watch (member_id, film_id, source, entry, watched_on, rating)
    SELECT 1, (SELECT max(id) FROM film), 'diary', 'many:' || n,
        date '1000-01-01' + 3 * n, 1 + n % 10
    FROM generate_series(1, 60000) n;
INSERT INTO watch (member_id, film_id, source, entry, tags)
    SELECT 1, (SELECT max(id) FROM film), 'diary', 'tags:' || n,
        array_fill({text}::text, ARRAY[{field} / 2])
    FROM generate_series(1, 20) n;
INSERT INTO list (member_id, slug, name, url, tags, description)
    SELECT 1, 'list ' || n, repeat({text}, {field}), repeat({text}, {field}),
        ARRAY[repeat({text}, {field})], repeat({text}, {field})
    FROM generate_series(1, 30) n;
INSERT INTO list_item (member_id, list_id, position, film_id, note)
    SELECT 1, id, n, (SELECT min(id) FROM film), repeat({text}, {field})
    FROM list, generate_series(1, 20) n;
INSERT INTO list_item (member_id, list_id, position, film_id)
    SELECT 1, (SELECT min(id) FROM list), n, (SELECT min(id) FROM film)
    FROM generate_series(21, 30000) n;
INSERT INTO import (member_id, file_name, sha256, size, state, started_at,
        sample_before)
    SELECT 1, repeat({text}, 255), '', 1, 'committed', now(), false
    FROM generate_series(1, 600);
INSERT INTO import_file (member_id, import_id, ordinal, path, kind, reason, rows,
        new, changed, unchanged, removed, rejected, ambiguous)
    SELECT 1, (SELECT min(id) FROM import), n, lpad('', 396, {text}) || n, 'diary',
        repeat({text}, 240), 0, 0, 0, 0, 0, 0, 0
    FROM generate_series(1, 2200) n;
INSERT INTO import_row (member_id, import_id, ordinal, file, line, outcome, reason,
        raw, film_id, films)
    SELECT 1, (SELECT min(id) FROM import), n, 1 + n % 2200, n, 'ambiguous',
        repeat({text}, 240), repeat({text}, 2000), (SELECT min(id) FROM film),
        ARRAY(SELECT id FROM film ORDER BY id LIMIT 20)
    FROM generate_series(1, 1000) n;
INSERT INTO import_change (member_id, import_id, film_id, change, what)
    SELECT 1, (SELECT min(id) FROM import), id, 'came', '{{}}' FROM film;
UPDATE film SET match_state = 'not_found', matched_at = now();
"""


def hostile(database, text):
    database.query(HOSTILE.format(text=text, field=FIELD))


@pytest.fixture
def api_of(database, start_api):
    def start(text):
        hostile(database, text)
        return start_api()
    return start


# {path: what {id} may be}, each the worst of its kind.
IDS = {
    "/v1/imports": "SELECT min(id) FROM import",
    "/v1/films": "SELECT min(id) FROM film UNION SELECT max(id) FROM film",
    "/v1/lists": "SELECT min(id) FROM list UNION SELECT max(id) FROM list",
}


def paths(database):
    """Every GET of the document that ends, with everything that has a bound as
    large as it may be: {path: does it go on?}"""
    found = {}
    for path, methods in DOCUMENT["paths"].items():
        if "get" not in methods or path == "/v1/enrichment/events":
            continue
        names = {p.get("name", p.get("$ref", "").rsplit("/")[-1])
                 for p in methods["get"].get("parameters", [])}
        paged = bool(names & {"after", "cursor"})
        query = "?limit=500" if paged else ""
        if "{id}" in path:
            for number, in database.query(IDS[path[:path.index("/{id}")]]):
                found[path.replace("{id}", str(number)) + query] = paged
        else:
            found[path.replace("{panel}", "calendar") + query] = paged
    return found


def pages(api, path, most=None):
    """The answers, from the first to the last one, or the first so many."""
    after = None
    while True:
        answer = api.request("GET", path + (
            "" if after is None else f"&after={after}"))
        assert answer.status == 200, (path, answer)
        yield answer
        after = answer.json().get("next") if "limit=" in path else None
        most = most and most - 1
        if after is None or most == 0:
            return
        after = re.sub(r"[^0-9~A-Za-z.-]", lambda c: "".join(
            f"%{byte:02X}" for byte in c[0].encode()), str(after))


@pytest.mark.parametrize("text, most", [
    ("'x'", TEXT_MAX), ("chr(1)", ANSWER_MAX)], ids=["letters", "controls"])
def test_no_answer_is_larger_than_the_bound(api_of, database, text, most):
    api = api_of(text)
    every = paths(database)
    assert len(every) > 20 and sum(every.values()) > 10
    sizes = {path: max(len(a.body) for a in pages(api, path, 4))
             for path in every}
    print(sorted((size, path) for path, size in sizes.items()))
    assert max(sizes.values()) <= most, sizes


ROWS = {
    "/v1/watches?limit=500": ("watches", "SELECT id FROM watch ORDER BY "
                              "watched_on DESC NULLS LAST, id DESC"),
    "/v1/films/{film}/watches?limit=500": (
        "watches", "SELECT id FROM watch WHERE film_id = {film} "
        "ORDER BY watched_on DESC, id DESC"),
    "/v1/lists?limit=500": ("lists", "SELECT id FROM list ORDER BY id"),
    "/v1/lists/{list}?limit=500": (
        "items", "SELECT position FROM list_item WHERE list_id = {list} "
        "ORDER BY position"),
    "/v1/imports/{import}/rows?limit=500": (
        "rows", "SELECT line FROM import_row ORDER BY ordinal"),
}


@pytest.mark.parametrize("path", ROWS)
def test_pages_that_end_early_are_the_whole_list(api_of, database, path):
    api = api_of("'x'")
    # Those alone that have long texts.
    database.query("DELETE FROM watch WHERE entry LIKE 'many:%'")
    given = {"film": database.value("SELECT min(id) FROM film"),
             "list": database.value("SELECT max(id) FROM list"),
             "import": database.value("SELECT min(id) FROM import")}
    member, query = ROWS[path]
    answers = [a.json()[member] for a in pages(api, path.format(**given))]
    expected = [n for n, in database.query(query.format(**given))]
    assert [row.get("id", row.get("position", row.get("line")))
            for rows in answers for row in rows] == expected
    assert all(0 < len(rows) < 500 for rows in answers)
    assert len(answers) > 4


def test_a_row_that_is_longer_than_a_page_is_a_page(database):
    hostile(database, "'x'")
    database.query("UPDATE watch SET review = repeat('y', 2000000) "
                   "WHERE entry = 'long:50'")
    film = database.value("SELECT min(id) FROM film")
    sizes, after = [], None
    while after is not None or not sizes:
        page = ask(database, 1, "film/watches", film, after, 500)
        sizes.append([len(w["review"]) for w in page["watches"]])
        after = page["next"]
    assert [2000000] in sizes
    assert sum(map(len, sizes)) == page["total"] == 118
    assert ask(database, 1, "film/watches", film, 10**9, 500) is None


def test_what_is_cut_is_counted(api_of, database):
    api = api_of("'x'")
    first, last = (database.value(f"SELECT {which}(id) FROM film")
                   for which in ("min", "max"))
    film = api.get(f"/v1/films/{first}").json()
    assert len(film["lists"]) + film["lists_cut"] == database.value(
        "SELECT count(*) FROM list_item")
    assert 0 < len(film["lists"]) < 10 and len(film["namesakes"]) == 100
    rating = api.get(f"/v1/films/{last}/rating").json()
    assert len(rating["evidence"]) == 200
    assert rating["evidence_cut"] == 60000 - 200
    assert len(rating["rule"]) < 1000 and " more." in rating["rule"]
    stats = api.get("/v1/stats").json()
    assert len(stats["calendar"]) == 40000
    assert len(stats["by_week"]) == 6000
    assert len(stats["milestones"]) == 500
    # The latest of them, in their order.
    assert stats["calendar"][-1]["date"] == "2020-04-28"
    assert stats["calendar"] == sorted(stats["calendar"],
                                       key=lambda day: day["date"])
    assert stats["overview"]["watches"] == 60000 + 118 + 20


# --- many at once

@contextlib.contextmanager
def unread(api, path, count):
    """Clients that ask and do not read; each has what little comes by itself."""
    clients = []
    try:
        for _ in range(count):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", api.port))
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                           .encode())
            clients.append(client)
        yield clients
    finally:
        for client in clients:
            client.close()


def test_clients_that_do_not_read(api_of, database):
    """Their answers are kept for them up to a bound for all of them together;
    who comes then is told to come again, and small answers go on."""
    path = "/v1/watches?limit=500"
    api = api_of("chr(1)")
    largest = len(api.get(path).body)
    assert largest > 4 * MIB
    with unread(api, path, 20):
        wait_until(lambda: api.get(path).status == 503, "the bound is reached")
        refused = api.get(path)
        assert refused.json()["type"] == "/problems/busy"
        assert refused.headers["retry-after"]
        for small in ("/healthz", "/v1/library", "/v1/enrichment"):
            assert api.get(small).status == 200
        kept = Metrics(api).of("rewatch_http_answer_bytes")
        assert 64 * MIB - 2 * largest < kept <= 64 * MIB
    wait_until(lambda: api.get(path).status == 200, "they have left")

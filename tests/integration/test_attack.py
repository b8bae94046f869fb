"""Clients that mean harm or are broken: on the wire, at the wrong moment."""

import concurrent.futures
import json
import re
import socket
import time

import pytest

from export_maker import Export, Film
from harness import wait_until
from importing import committed
from replies import problem, raw, receive, send, statuses, upload_head

FILMS = [Film(f"Film {i}", 1950 + i % 70, 100 + i, f"film-{i}")
         for i in range(300)]


def export(count=300):
    made = Export()
    for film in FILMS[:count]:
        made.watched(film, "2024-01-01")
    return made


# --- uploads that break off

def test_client_leaves_in_the_middle_of_an_upload(api, database):
    data = export().zip()
    for share in (0, 1, len(data) // 2, len(data) - 1):
        with socket.create_connection(("127.0.0.1", api.port)) as s:
            s.sendall(upload_head(api, len(data)) + data[:share])
    time.sleep(0.3)
    assert api.get("/healthz").status == 200
    assert database.value("SELECT count(*) FROM import") == 0
    committed(api.import_zip(data))


def test_client_leaves_right_after_its_upload(api, database):
    """The import goes on, once; the next one finds its rows."""
    data = export().zip()
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", api.port)) as s:
            s.sendall(upload_head(api, len(data)) + data)
        wait_until(lambda: "path=/v1/imports " in api.log(), "it is done")
    wait_until(lambda: api.log().count("path=/v1/imports ") == 3, "all done")
    assert database.value("SELECT count(*) FROM library_entry") == 300
    report = committed(api.import_zip(data))
    assert report["files"][0]["unchanged"] == 300


def test_clients_reset_their_uploads(api):
    """RST instead of FIN, at every moment of an import."""
    data = export().zip()
    linger = b"\1\0\0\0\0\0\0\0"
    for wait in (0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2):
        s = socket.create_connection(("127.0.0.1", api.port))
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        s.sendall(upload_head(api, len(data)) + data)
        time.sleep(wait)
        s.close()
    assert api.get("/healthz").status == 200
    wait_until(lambda: api.import_zip(data).status == 201, "room again")


def test_sigterm_while_uploads_run_and_clients_leave(api):
    data = export().zip()
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", api.port)) as s:
            s.sendall(upload_head(api, len(data)) + data)
    api.signal(15)
    assert api.proc.wait(20) == 0


# --- slow and long heads

def test_slow_heads_do_not_hold_up_others(start_api):
    api = start_api(settings={"http": {"head_timeout": "1s"}})
    sockets = [socket.create_connection(("127.0.0.1", api.port))
               for _ in range(200)]
    for s in sockets:
        s.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
    begin = time.monotonic()
    assert api.get("/healthz").status == 200
    assert time.monotonic() - begin < 1
    for s in sockets:
        s.settimeout(10)
        assert statuses(receive(s)) == [408]
        s.close()


# What is sent, and what it is refused with.
ODD = {
    "TRACE": (b"TRACE /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
              501),
    "PATCH": (b"PATCH /v1/films HTTP/1.1\r\nHost: localhost\r\n"
              b"Content-Length: 0\r\n\r\n", 405),
    "head of 20 KB": (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: "
                      + b"a" * 20_000 + b"\r\n\r\n", 431),
    "line of 20 KB": (b"GET /?" + b"a" * 20_000
                      + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
                      414),
    "two lengths": (b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
                    b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello",
                    400),
    "length that is no number": (
        b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Length: 5x\r\n\r\nhello", 400),
    "length beyond all numbers": (
        b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Length: 99999999999999999999\r\n\r\nhello", 400),
    "length of a terabyte": (
        b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Length: 1099511627776\r\n\r\nhello", 413),
    "chunk of a terabyte": (
        b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n10000000000\r\nhello",
        408),
    "chunk of minus one": (
        b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n-1\r\nhello", 400),
    "chunk that overflows": (
        b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
        b"5\r\nhello\r\nffffffffffffffff\r\nhello", 400),
    "unknown expectation": (
        b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\nExpect: money\r\n"
        b"Content-Length: 5\r\n\r\nhello", 417),
}


@pytest.mark.parametrize("what", ODD)
def test_odd_requests(start_api, what):
    api = start_api(settings={"http": {"head_timeout": "1s",
                                       "body_rate": "1KiB"}})
    data, refused = ODD[what]
    answer = send(api, data)
    assert statuses(answer) == [refused], answer[:300]
    assert b"Content-Type: application/problem+json" in answer
    assert b"X-Content-Type-Options: nosniff" in answer
    assert api.get("/healthz").status == 200


def test_length_that_lies(start_api):
    """Too long: cut off. Too short: the rest is no second request that
    anything comes of."""
    api = start_api(settings={"http": {"head_timeout": "1s"}})
    data = export(3).zip()
    answer = send(api, upload_head(api, len(data) + 10) + data)
    assert statuses(answer) == [408]
    answer = send(api, upload_head(api, len(data) - 10) + data)
    assert statuses(answer) == [422, 408]
    assert api.get("/v1/imports").json()["imports"] == []


def chunked(data, size):
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (
        data[i:i + size] for i in range(0, len(data), size)))


def test_chunked_upload_with_trailers(api):
    head = (b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
            b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
    answer = send(api, head + chunked(export(3).zip(), 100)
                  + b"0\r\nX-Sum: 1\r\nHost: evil\r\n\r\n")
    assert statuses(answer) == [201]


def test_chunks_beyond_the_maximum(start_api):
    """Each of them is small; together they are not."""
    api = start_api()
    head = (b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
            b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
    answer = send(api, head + chunked(bytes(36_000_000), 500_000)
                  + b"0\r\n\r\n", 30)
    assert statuses(answer) == [413]
    assert api.rss_kib() < 600_000 and api.get("/healthz").status == 200


def test_expect_continue(api):
    data = export(3).zip()
    with socket.create_connection(("127.0.0.1", api.port), 10) as s:
        s.sendall(upload_head(api, len(data), b"Expect: 100-continue\r\n"
                              b"Connection: close\r\n"))
        assert s.recv(1000).startswith(b"HTTP/1.1 100 Continue")
        s.sendall(data)
        assert statuses(receive(s)) == [201]


def test_pipelined_uploads(api):
    """Each request of a connection is answered, in order, and once."""
    data = export(3).zip()
    one = upload_head(api, len(data)) + data
    answer = raw(api.port, one * 3 + b"GET /v1/films?limit=1 HTTP/1.1\r\n"
                 b"Host: localhost\r\nConnection: close\r\n\r\n")
    assert statuses(answer) == [201, 201, 201, 200]


# --- addresses and parameters

HUGE = ["0", "-1", "501", "9223372036854775807", "9223372036854775808",
        "99999999999999999999", "1e3", "0x10", "%00", "1%00", "%ff", "%",
        "%zz", "%u0041", "1%20", "+1", "%EF%BC%91", "null", "", "1;2",
        "1' OR '1'='1", "a" * 5000]
CURSORS = ["~", "~1", "x~999999999999999999", "2024-99-99~1", "~~1",
           "%7E%7E", "9" * 400 + "~1", "~1~", "(((((((a*)*)*)*)*)*~1",
           "%F0%9F%92%A9~1", "NaN~1", "infinity~1", "'~1", "\\~1"]
PATHS = ["/v1/films/{}", "/v1/films/{}/watches", "/v1/films/{}/rating",
         "/v1/lists/{}", "/v1/imports/{}", "/v1/imports/{}/rows",
         "/v1/imports?after={}", "/v1/imports?limit={}",
         "/v1/imports/1/rows?after={}", "/v1/imports/1/rows?limit={}",
         "/v1/lists?after={}", "/v1/lists/1?after={}", "/v1/films?limit={}",
         "/v1/films?year={}", "/v1/films?decade={}", "/v1/films?director={}",
         "/v1/films?actor={}", "/v1/films?rating_min={}",
         "/v1/films?genre={}", "/v1/films?q={}", "/v1/watches?film={}",
         "/v1/watches?from={}", "/v1/watches?to={}", "/v1/watches?year={}",
         "/v1/watches?tag={}", "/v1/stats?year={}", "/v1/stats?decade={}",
         "/v1/stats?director={}", "/v1/stats?genre={}", "/v1/stats/{}",
         "/v1/enrichment/unmatched?after={}",
         "/v1/enrichment/unmatched?limit={}"]
SORTS = ["title", "year", "rating", "watched", "watches", "runtime", "marked"]


def safe(text):
    """As a client sends it that encodes nothing but what ends a line."""
    return text.replace(" ", "%20")


def assert_sound(answer, path):
    assert answer.status in (200, 400, 404), (path, answer)
    json.loads(answer.body.decode())


def test_values_beyond_everything(api):
    committed(api.import_zip(export(5).zip()))
    for path in PATHS:
        for value in HUGE:
            asked = path.format(safe(value))
            assert_sound(api.get(asked), asked)
    for date in ("0001-01-01", "9999-12-31", "0000-01-01", "10000-01-01"):
        for key in ("from", "to"):
            asked = f"/v1/watches?{key}={date}"
            assert_sound(api.get(asked), asked)
    for path in [f"/v1/films?sort={s}&order={o}&after=" for s in SORTS
                 for o in ("asc", "desc")] + ["/v1/watches?after="]:
        for value in HUGE + CURSORS:
            assert_sound(api.get(path + safe(value)), path + value)
    assert "level=error" not in api.log()
    assert "database error" not in api.log()


def test_bytes_in_addresses_are_answered_in_text(api):
    """What is quoted from a request is valid in the answer and in the log."""
    for line, headers in (
            (b"/v1/\xff\xfe\x80", b""),
            (b"/v1/films?q=\xff", b""),
            (b"/\xe2\x82", b""),
            (b"/v1/" + b"\xe9" * 300, b""),
            (b"/v1/films", b"Host: \xff\xfe\r\n"),
            (b"/v1/films", b"Host: a\"b\\c\x01\r\n")):
        answer = send(api, b"GET " + line + b" HTTP/1.1\r\n"
                      + (headers or b"Host: localhost\r\n")
                      + b"Connection: close\r\n\r\n")
        if not answer:
            continue
        head, _, body = answer.partition(b"\r\n\r\n")
        assert re.match(rb"HTTP/1.1 (400|403|404) ", head), (line, answer)
        if b"json" in head:
            json.loads(body.decode())
    for name in (b"Origin: http://\xff\xfe", b"Content-Type: \xff\xfe/\x01"):
        answer = send(api, b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
                      + name + b"\r\nContent-Length: 1\r\n"
                      b"Connection: close\r\n\r\nx")
        json.loads(answer.partition(b"\r\n\r\n")[2].decode())
    api.log_path.read_text()  # UTF-8, or this raises
    assert api.get("/healthz").status == 200


def test_paths_out_of_the_page(api):
    for path in ("/../settings.c", "/..%2fsettings.c", "/%2e%2e/settings.c",
                 "/css/../../settings.c", "/....//settings.c",
                 "/.%00/index.html", "/index.html%00.png", "//index.html",
                 "/css/..%5c..%5csettings.c", "/file:///etc/passwd",
                 "/" + "../" * 50 + "etc/passwd"):
        problem(api.get(path), 404, "not-found")


def test_headers_that_ask_for_parts_and_versions(api):
    whole = api.get("/v1/openapi.json")
    tag = whole.headers["etag"]
    for value in ("bytes=0-0", "bytes=-1", "bytes=5-1", "x" * 4000):
        answer = api.get("/v1/openapi.json", headers={"Range": value})
        assert answer.status == 200 and answer.body == whole.body
    for value in (f'"a", "b", {tag}', ", , " + tag, "W/" + tag,
                  '"' * 2000 + "," + tag, "a," * 3000 + tag):
        answer = api.get("/v1/openapi.json", headers={"If-None-Match": value})
        assert answer.status == 304, value[:50]
    for value in ('"', '""', "W/", "W/\"", '"a', tag[:-1], tag.strip('"'),
                  '"-gzip"', ","):
        answer = api.get("/v1/openapi.json", headers={"If-None-Match": value})
        assert answer.status == 200, value


def test_file_names(api):
    """Of the address and of a form: shown, never used as a path."""
    data = export(3).zip()
    for name in ("..%2F..%2Fetc%2Fpasswd", "%F0%9F%92%A9.zip", "a%0d%0ab",
                 "%E2%80%AE" + "gpj.zip", "x" * 255):
        report = committed(api.import_zip(data, "?file_name=" + name))
        assert "/" not in report["file_name"]
        assert not re.search(r"[\x00-\x1f\x7f]", report["file_name"])
    problem(api.import_zip(data, "?file_name=" + "x" * 256), 400,
            "bad-parameter")


# --- many at once

def test_uploads_at_once(api):
    """import.concurrent of them run, the others are told to come again."""
    data = export().zip()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.import_zip(data), range(8)))
    codes = [a.status for a in answers]
    assert set(codes) <= {201, 503} and codes.count(201) >= 1, codes
    for answer in answers:
        if answer.status == 503:
            problem(answer, 503, "busy")
            assert answer.headers["retry-after"]
    assert committed(api.import_zip(data))["files"][0]["unchanged"] == 300


# --- the database dies meanwhile

@pytest.mark.parametrize("after", [0.0, 0.05, 0.1, 0.2, 0.4, 0.8])
def test_postgres_dies_during_an_import(start_api, database, cluster, after):
    """Whole or absent, and said so; ready within 5 s of Postgres."""
    api = start_api()
    films = [Film(f"Film {i}", 1950 + i % 70, 100 + i) for i in range(6000)]
    made = Export()
    for film in films:
        made.watched(film, "2024-01-01")
        made.rating(film, "2024-01-01", 3)
    data = made.zip()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        answer = pool.submit(api.import_zip, data)
        time.sleep(after)
        cluster.stop("immediate")
        answer = answer.result(30)
        cluster.start()
    begin = time.monotonic()
    wait_until(lambda: api.up("/readyz"), "ready again", 5, 0.02)
    took = time.monotonic() - begin
    imports, films, entries = database.query(
        "SELECT (SELECT count(*) FROM import), (SELECT count(*) FROM film),"
        " (SELECT count(*) FROM library_entry)")[0]
    assert (imports, films, entries) in ((0, 0, 0), (1, 6000, 6000))
    if answer.status == 201:
        assert imports == 1
    else:
        assert answer.status == 503, answer
        assert answer.json()["type"] in ("/problems/outcome-unknown",
                                         "/problems/database-unavailable")
        if answer.json()["type"] == "/problems/database-unavailable":
            assert imports == 0
    report = committed(api.import_zip(data))
    assert report["films"] == 6000
    assert took < 5

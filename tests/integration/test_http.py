"""HTTP: routing, problems, tags, compression, limits, who may ask."""

import concurrent.futures
import gzip
import json
import re
import socket
import time

import pytest

from replies import problem, raw


def test_routing(api):
    problem(api.get("/v1/nothing"), 404, "not-found")
    problem(api.get("/v1/films/1/nothing"), 404, "not-found")
    problem(api.get("/v1/films/"), 404, "not-found")
    problem(api.post("/v1/nothing"), 404, "not-found")
    answer = api.post("/v1/films")
    assert "GET" in problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD"
    answer = api.request("OPTIONS", "/v1/films")
    assert answer.headers["allow"] == "GET, HEAD"
    problem(api.request("PATCH", "/healthz"), 405, "method-not-allowed")


def test_parameters(api):
    refused = {
        "/v1/films?nope=1": "'nope'",
        "/v1/films?year=2000&year=2001": "'year' is given twice",
        "/v1/films?year=abc": "'year'",
        "/v1/films?year": "'year' needs a value",
        "/v1/films?rated=maybe": "'rated'",
        "/v1/films?sort=colour": "title|year",
        "/v1/films?q=%zz": "%",
        "/v1/films?q=%ff": "UTF-8",
        "/v1/films?q=a%00b": "UTF-8",
        "/v1/films/abc": "'id'",
        "/v1/films/0": "'id'",
        "/healthz?x=1": "'x'",
    }
    for path, named in refused.items():
        assert named in problem(api.get(path), 400, "bad-parameter"), path
    for path in ("/v1/films?", "/v1/films?&", "/v1/films?rated",
                 "/v1/films?q=Am%C3%A9lie+2"):
        assert api.get(path).status == 200, path
    problem(api.get("/v1/films/999999"), 404, "not-found")


def test_headers_of_every_reply(api):
    for path in ("/healthz", "/v1/films", "/v1/nothing"):
        headers = api.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert re.fullmatch("[0-9a-f]{16}", headers["x-request-id"])
    ids = {api.get("/healthz").headers["x-request-id"] for _ in range(20)}
    assert len(ids) == 20


def test_access_log(api):
    answer = api.get("/v1/films?q=secret")
    line = next(x for x in api.log().splitlines()
                if answer.headers["x-request-id"] in x)
    for part in ("method=GET", "path=/v1/films ", "status=200", "ms=",
                 f"bytes={len(answer.body)}", "member=1"):
        assert part in line
    assert "secret" not in api.log()


@pytest.mark.parametrize("path", ["/v1/films", "/v1/stats", "/healthz"])
def test_tags(api, path):
    first = api.get(path)
    tag = first.headers["etag"]
    assert first.status == 200 and re.fullmatch(r'"[0-9a-f-]+"', tag)
    for given in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = api.get(path, headers={"If-None-Match": given})
        assert again.status == 304 and again.body == b""
        assert again.headers["etag"] == tag
    other = api.get(path, headers={"If-None-Match": '"other"'})
    assert other.status == 200 and other.body == first.body


def test_compression(api):
    plain = api.get("/v1/stats")
    packed = api.get("/v1/stats", headers={"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert len(plain.body) > 1024 > len(packed.body)
    assert gzip.decompress(packed.body) == plain.body
    # The tag of each form is its own, and either is recognised.
    assert packed.headers["etag"] != plain.headers["etag"]
    for tag in (packed.headers["etag"], plain.headers["etag"]):
        for encoding in ("gzip", "identity"):
            again = api.get("/v1/stats", headers={
                "If-None-Match": tag, "Accept-Encoding": encoding})
            assert again.status == 304
    refused = api.get("/v1/stats", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers
    small = api.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in small.headers


def test_head(api):
    for path in ("/v1/stats", "/healthz", "/v1/films", "/v1/films/99",
                 "/v1/nothing"):
        get = api.get(path)
        head = api.request("HEAD", path)
        assert head.status == get.status
        assert head.body == b""
        assert head.headers["content-type"] == get.headers["content-type"]
        assert head.headers.get("etag") == get.headers.get("etag")
        assert head.headers["content-length"] == str(len(get.body))
    assert api.request("HEAD", "/v1/enrichment/events").status == 200
    # The body is really not sent: the next reply on the connection is read.
    answer = raw(api.port, b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
                 b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
                 b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200") == 2
    assert answer.count(b'{"status"') == 1


def test_who_may_ask(api):
    local = f"localhost:{api.port}"
    for host in ("localhost", local, f"127.0.0.1:{api.port}", "[::1]"):
        assert api.get("/v1/films", headers={"Host": host}).status == 200
    for host in ("example.org", f"localhost.example.org:{api.port}",
                 "10.0.0.1"):
        for path in ("/v1/films", "/", "/v1/openapi.json"):
            answer = api.get(path, headers={"Host": host})
            problem(answer, 403, "bad-host")
        # A probe or a scraper has its own name for the server.
        for path in ("/healthz", "/readyz", "/metrics"):
            assert api.get(path, headers={"Host": host}).status == 200
    for origin in ("http://example.org", "null", "http://localhost:1",
                   f"http://127.0.0.1:{api.port}"):
        for path in ("/v1/imports", "/v1/enrichment/retry"):
            answer = api.post(path, headers={"Host": local,
                                             "Origin": origin})
            problem(answer, 403, "cross-site")
        answer = api.get("/healthz", headers={"Host": local,
                                              "Origin": origin})
        assert answer.status == 200
    answer = api.post("/v1/imports", headers={"Host": local,
                                              "Origin": f"http://{local}"})
    problem(answer, 400, "empty-body")


def test_another_site_may_lead_to_the_page_only(api):
    cross = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    for path in ("/v1/stats?genre=Drama", "/v1/library", "/v1/films"):
        problem(api.get(path, headers=cross), 403, "cross-site")
        for site in ("same-origin", "none"):
            headers = {"Sec-Fetch-Site": site}
            assert api.get(path, headers=headers).status == 200
    for path in ("/", "/index.html?utm_source=mail&utm_source=x", "/?%zz"):
        assert api.get(path, headers=cross).status == 200
    headers = api.get("/v1/films").headers
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_only_loopback(start_api):
    api = start_api(settings={"http": {"address": "0.0.0.0"}}, ready=False)
    assert api.proc.wait(10) == 2
    assert "single_user" in api.log() and "127.0.0.1" in api.log()


def test_settings_that_contradict(start_api):
    api = start_api(settings={"http": {"bodies_max": "2MiB"}}, ready=False)
    assert api.proc.wait(10) == 2
    assert "import.upload_max is not less than http.bodies_max" in api.log()


def test_no_body_where_none_is_taken(api):
    answer = api.request("GET", "/v1/films", b"x" * 100)
    assert "No body" in problem(answer, 413, "too-large")
    answer = api.request("GET", "/v1/films", b"x" * 40_000_000)
    problem(answer, 413, "too-large")
    assert api.get("/healthz").status == 200


def test_bytes_that_are_no_request(api):
    for data in (b"", b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00",
                 b"GET / HTTP/9.9\r\n\r\n",
                 b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 b"CONNECT x:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
                 b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
                 b"POST /v1/films HTTP/1.1\r\nHost: localhost\r\n"
                 b"Content-Length: -5\r\n\r\n",
                 b"POST /v1/films HTTP/1.1\r\nHost: localhost\r\n"
                 b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                 b"GET http://localhost/%2e%2e/etc/passwd HTTP/1.1\r\n\r\n",
                 b"GET //etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"):
        try:
            answer = raw(api.port, data)
        except OSError:
            answer = b""
        assert not answer or re.match(rb"HTTP/1\.[01] [45]", answer), data[:60]
    assert api.get("/healthz").status == 200


def test_pipelined_requests(api):
    one = b"GET /v1/films HTTP/1.1\r\nHost: localhost\r\n"
    answer = raw(api.port, (one + b"\r\n") * 9 + one +
                 b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 10


def test_silent_client_is_cut_off(start_api):
    api = start_api(settings={"http": {"timeout": "1s",
                                       "head_timeout": "1s"}})
    for sent, answered in (
            (b"", b""),
            (b"GET /healthz HTTP/1.1\r\nHost: lo", b"HTTP/1.1 408 "),
            (b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
             b"Content-Length: 1000\r\n\r\nbeginning", b"HTTP/1.1 408 ")):
        begin = time.monotonic()
        with socket.create_connection(("127.0.0.1", api.port), 10) as s:
            s.sendall(sent)
            answer = s.recv(1000)
        assert answer.startswith(answered) and bool(answer) == bool(answered)
        assert 0.5 < time.monotonic() - begin < 5


def test_many_at_once(api):
    def ask(i):
        return api.get(("/v1/films", "/v1/stats", "/v1/enrichment",
                        "/v1/lists", "/healthz")[i % 5]).status
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        assert set(pool.map(ask, range(400))) == {200}


def test_health_and_metrics(api):
    assert api.get("/healthz").json() == {"status": "alive"}
    assert api.get("/readyz").json() == {"status": "ready"}
    api.get("/v1/nothing")
    metrics = api.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    text = metrics.body.decode()
    assert 'rewatch_http_requests_total{status="404"} 1' in text
    assert 'rewatch_http_route_requests_total{route="GET /healthz"} 1' in text
    assert "rewatch_http_request_seconds_count" in text


def test_openapi_is_served(api):
    answer = api.get("/v1/openapi.json")
    assert answer.status == 200
    assert json.loads(answer.body)["openapi"].startswith("3.1")


def test_page(start_api, tmp_path):
    root = tmp_path / "web"
    (root / "vendor").mkdir(parents=True)
    (root / "index.html").write_text("<p>page</p>")
    (root / "app.js").write_text("let a;\n" * 1000)
    (root / "vendor" / "chart.js").write_text("let b;")
    (root / "notes.txt").write_text("not for the web")
    api = start_api(settings={"web": {"root": str(root)}})
    page = api.get("/")
    assert page.body == b"<p>page</p>"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert api.get("/index.html").body == page.body
    assert api.get("/vendor/chart.js").body == b"let b;"
    packed = api.get("/app.js", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.body) == b"let a;\n" * 1000
    again = api.get("/", headers={"If-None-Match": page.headers["etag"]})
    assert again.status == 304
    for path in ("/notes.txt", "/../web/app.js", "/vendor/", "/vendor",
                 "/%2e%2e/web/app.js", "/vendor/../app.js"):
        problem(api.get(path), 404, "not-found")
    problem(api.post("/app.js"), 404, "not-found")


def test_page_is_read_anew_on_sighup(start_api, tmp_path):
    import signal

    (tmp_path / "index.html").write_text("one")
    api = start_api(settings={"web": {"root": str(tmp_path)}})
    (tmp_path / "index.html").write_text("two")
    assert api.get("/").body == b"one"
    api.signal(signal.SIGHUP)
    end = time.monotonic() + 10
    while api.get("/").body != b"two":
        assert time.monotonic() < end
        time.sleep(0.05)


def test_without_a_page(start_api):
    api = start_api(settings={"web": {"root": "/nowhere/at/all"}})
    detail = problem(api.get("/"), 404, "not-found")
    assert "/nowhere/at/all" in detail and "web.root" in detail
    assert api.get("/v1/films").status == 200

"""The gate: what is decided on the head of a request, and how long a client
may take for what it sends."""

import contextlib
import socket
import time

import pytest

from harness import wait_until
from replies import receive, send, statuses, upload_head

HEAD = b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
SECOND = GET + b"Connection: close\r\n\r\n"

# Heads that two servers might read in two ways, each before what one of them
# would take for a second request: answered once, and that is that.
SMUGGLED = {
    "differing lengths": HEAD + b"Content-Length: 5\r\n"
                         b"Content-Length: 50\r\n\r\n",
    "equal lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
    "blank before the colon": HEAD + b"Content-Length : 40\r\n\r\n",
    "coding with a blank": HEAD + b"Transfer-Encoding : chunked\r\n\r\n",
    "unknown coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n",
    "coding behind VT": HEAD + b"Transfer-Encoding: \x0bchunked\r\n\r\n",
    "length with a sign": HEAD + b"Content-Length: +0\r\n\r\n",
    "length and coding": HEAD + b"Content-Length: 5\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\n",
    "chunk 0x0": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
    "chunk +0": HEAD + b"Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n",
    "chunk with a blank": HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
                          b" 0\r\n\r\n",
    "chunk that ends in LF": HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
                             b"0\n\n",
    "bare LF": b"GET /healthz HTTP/1.1\nHost: localhost\n\n",
    "folded header": GET + b"X: a\r\n b\r\n\r\n",
    "NUL in the host": b"GET /v1/films HTTP/1.1\r\n"
                       b"Host: 127.0.0.1\0.evil\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"Host: localhost\r\n\r\n",
    "another host in the address": b"GET http://evil.example/ HTTP/1.1\r\n"
                                   b"Host: localhost\r\n\r\n",
}


@pytest.mark.parametrize("what", SMUGGLED)
def test_one_reading_of_a_head(api, what):
    answer = send(api, SMUGGLED[what] + SECOND)
    assert len(statuses(answer)) == 1 and statuses(answer)[0] in (400, 501)
    assert b"Content-Type: application/problem+json" in answer
    assert b"Connection: close" in answer


@contextlib.contextmanager
def connected(api, data=b""):
    with socket.create_connection(("127.0.0.1", api.port), 20) as s:
        s.sendall(data)
        yield s


def said(s):
    """What has come by now, or comes within a second."""
    s.settimeout(1)
    try:
        return s.recv(65536)
    except TimeoutError:
        return b""


LARGE = b"Content-Length: 66060289\r\n\r\n"


@pytest.mark.parametrize("head, status", [
    (b"POST /v1/nothing HTTP/1.1\r\nHost: localhost\r\n", 404),
    (b"POST /healthz HTTP/1.1\r\nHost: localhost\r\n", 405),
    (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n", 413),
    (HEAD, 413),
    (HEAD + b"Origin: http://evil.example\r\n", 403),
    (b"POST /v1/imports HTTP/1.1\r\nHost: evil.example\r\n", 403),
    (b"POST /v1/imports?nothing=1 HTTP/1.1\r\nHost: localhost\r\n", 400),
])
def test_a_body_nobody_wants_is_not_waited_for(api, head, status):
    with connected(api, head + LARGE) as s:
        assert statuses(said(s)) == [status]
    # Nor is a client told to go on.
    with connected(api, head + b"Expect: 100-continue\r\n" + LARGE) as s:
        assert statuses(said(s)) == [status]


def test_a_client_may_go_on_sending_and_read_the_refusal(api):
    """Closing at once would reset it before it has read that."""
    with connected(api, b"POST /v1/nothing HTTP/1.1\r\nHost: localhost\r\n"
                   b"Content-Length: 20000000\r\n\r\n") as s:
        s.sendall(bytes(20_000_000))
        assert statuses(receive(s)) == [404]


def test_all_bodies_have_one_budget(start_api):
    api = start_api(settings={"http": {"bodies_max": "2MiB"},
                              "import": {"upload_max": "2000000",
                                         "concurrent": "9"}})
    with contextlib.ExitStack() as stack:
        several = [stack.enter_context(connected(
            api, upload_head(api, 2_000_000) + bytes(900_000)))
            for _ in range(4)]
        refused = [said(s) for s in several]
        assert {503} == {n for a in refused for n in statuses(a)}
        assert 1 <= sum(bool(a) for a in refused) < 4
    # They are gone, and so is what they had.
    data = b"x" * 1_500_000
    wait_until(lambda: 503 not in statuses(
        send(api, upload_head(api, len(data)) + data)), "room again")


def test_what_comes_steadily_may_take_its_time(start_api):
    """Longer than the time for the head, at more than the least rate."""
    api = start_api(settings={"http": {"head_timeout": "1s",
                                       "body_rate": "1KiB"}})
    with connected(api, upload_head(api, 20_000)) as s:
        for _ in range(10):
            s.sendall(bytes(2000))
            time.sleep(0.2)
        assert statuses(said(s)) == [422]


def test_a_byte_now_and_then_is_too_slow(start_api):
    """An idle time-out would never end: something comes all the time."""
    api = start_api(settings={"http": {"head_timeout": "1s"}})
    for begin in (GET, HEAD + b"Content-Length: 1000\r\n\r\n"):
        with connected(api, begin) as s:
            answer = b""
            for _ in range(30):
                s.sendall(b"x")
                s.settimeout(0.1)
                with contextlib.suppress(TimeoutError):
                    answer = s.recv(1000)
                    break
            assert statuses(answer) == [408]


@pytest.fixture
def few(start_api):
    return start_api(wrap=("prlimit", "--nofile=200:200"))


def test_silent_clients_make_place(few):
    """More of them than the limit of descriptors allows: each visitor is
    answered, the database's connections stay, and the log says it once."""
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(connected(few, b"GET /he"))
                  for _ in range(400)]
        for _ in range(20):
            assert few.get("/v1/films", timeout=5).status == 200
        assert few.log().count("accept failed") == 0
        assert few.log().count("fewer connections than configured") == 1
        # The oldest went first.
        assert silent[0].recv(100) == b""
        metrics = few.get("/metrics").body.decode()
        assert 'connections_cut_total{reason="for_room"} 2' in metrics


def test_busy_clients_keep_their_place(few):
    """None of them waits for a head: one more is told so."""
    with contextlib.ExitStack() as stack:
        for _ in range(200 - 64):
            s = stack.enter_context(connected(few, upload_head(
                few, 1000, b"Expect: 100-continue\r\n")))
            assert statuses(said(s)) == [100]
        answer = send(few, GET + b"\r\n")
        assert statuses(answer) == [503] and b"Retry-After: " in answer
    wait_until(lambda: few.get("/healthz").status == 200, "place again")


def own_address():
    """Of this machine, as others know it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but its loopback")
        return s.getsockname()[0]


def test_connections_of_one_address_are_bounded(start_api):
    api = start_api(settings={
        "access": {"published_on_loopback": True},
        "http": {"address": "0.0.0.0", "connections_per_address": 5}})
    there = own_address(), api.port
    with contextlib.ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(socket.create_connection(there))
        one_more = stack.enter_context(socket.create_connection(there))
        assert statuses(said(one_more)) == [503]
        # A proxy on this machine stands before many.
        for _ in range(20):
            stack.enter_context(connected(api))
        assert api.get("/healthz").status == 200


def test_sigterm_while_a_request_is_coming(start_api):
    """What has begun gets its answer, or is told that it will get none."""
    api = start_api(settings={"shutdown": {"timeout": "3s"}})
    body = b"no export"
    with connected(api, upload_head(api, len(body)) + body[:3]) as whole, \
            connected(api, GET) as head, \
            connected(api, upload_head(api, 1000) + b"x") as never:
        assert api.get("/healthz").status == 200
        api.signal(15)
        wait_until(lambda: "state=draining" in api.log(), "draining")
        whole.sendall(body[3:])
        head.sendall(b"\r\n")
        assert statuses(receive(whole)) == [422]
        assert statuses(receive(head)) == [200]
        assert statuses(receive(never)) == [503]
    assert api.proc.wait(10) == 1


def test_full_status_port(start_daemon):
    """A scraper that never closes: the newest connection is answered."""
    daemon = start_daemon(ready=True, wrap=("prlimit", "--nofile=256:256"))
    with contextlib.ExitStack() as stack:
        for _ in range(500):
            stack.enter_context(connected(daemon))
        lines = daemon.log().count("\n")
        for _ in range(20):
            assert daemon.get("/metrics", timeout=5).status == 200
        time.sleep(2)
        assert daemon.log().count("\n") < lines + 5
        assert "accept" not in daemon.log()


def test_a_burst_buys_no_silence(start_api):
    """Much at once, and then nothing."""
    api = start_api(settings={"http": {"head_timeout": "1s", "timeout": "2s"}})
    with connected(api, upload_head(api, 4_000_000) + bytes(3_000_000)) as s:
        s.settimeout(10)
        assert statuses(s.recv(65536)) == [408]


def test_an_empty_line_is_no_head(start_api):
    """Some clients send one behind a body, in whatever pieces."""
    api = start_api(settings={"http": {"head_timeout": "500ms"}})
    with connected(api, GET + b"\r\n") as s:
        assert statuses(said(s)) == [200]
        for piece in (b"\r\n", b"\r", b"\n"):
            s.sendall(piece)
            time.sleep(0.3)
        time.sleep(0.5)
        s.sendall(GET + b"\r\n")
        assert statuses(said(s)) == [200]


def test_a_stream_of_old_http_ends(api):
    with connected(api, b"GET /v1/enrichment/events HTTP/1.0\r\n"
                   b"Host: localhost\r\n\r\n") as s:
        assert statuses(said(s)) == [200]
        said(s)
        api.signal(15)
        receive(s)
    assert api.proc.wait(5) == 0


def test_who_has_a_last_reply_makes_place(few):
    """Refused, and with a body that never comes: closing waits for them."""
    with contextlib.ExitStack() as stack:
        for _ in range(150):
            s = stack.enter_context(connected(
                few, b"POST /v1/nothing HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Length: 1000\r\n\r\n"))
            assert statuses(said(s)) == [404]
        for _ in range(20):
            assert few.get("/healthz", timeout=5).status == 200


def test_the_largest_upload_fits_the_budget(start_api):
    api = start_api(settings={"http": {"bodies_max": "3MiB"},
                              "import": {"upload_max": 3 * 1024 * 1024 - 1}})
    for size in (2_500_000, 3 * 1024 * 1024 - 1):
        answer = send(api, upload_head(api, size, b"Connection: close\r\n")
                      + bytes(size))
        assert statuses(answer) == [422]


def test_requests_behind_a_stop(start_api, database):
    """Asked in one breath while the database hangs, then stopped at once."""
    api = start_api()
    with database.connect() as db:
        db.execute("BEGIN")
        db.execute("LOCK TABLE film, library_entry, member IN "
                   "ACCESS EXCLUSIVE MODE")
        with connected(api, 2 * b"GET /v1/films HTTP/1.1\r\n"
                       b"Host: localhost\r\n\r\n") as s:
            time.sleep(0.3)
            api.signal(3)
            answer = receive(s)
            assert statuses(answer) == [503]
    assert api.proc.wait(10) == 1

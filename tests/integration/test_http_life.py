"""HTTP: slow clients, the database away, SIGTERM."""

import json
import os
import socket
import time

from harness import wait_until
from stalled import add_film, later, stalled, waiting


def big_page(start_api, tmp_path, size, **settings):
    """A server with one file that fits into no socket's buffers."""
    (tmp_path / "big.png").write_bytes(os.urandom(size))
    return start_api(settings={"web": {"root": str(tmp_path)}, **settings})


def ask_slowly(api, path):
    """Sends a request; the answer waits in small buffers."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    s.settimeout(20)
    s.connect(("127.0.0.1", api.port))
    s.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
              "Connection: close\r\n\r\n".encode())
    return s


def read_all(s, pause=0.0, step=65536):
    parts = []
    try:
        while part := s.recv(step):
            parts.append(part)
            time.sleep(pause)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def test_sigterm_lets_requests_finish(api, database):
    with stalled(database):
        answer = later(api.get, "/v1/films")
        wait_until(lambda: waiting(database), "the request waits")
        api.signal(15)
        wait_until(lambda: not api.up("/healthz"), "nothing new is accepted")
        assert api.alive() and not answer.done()
    answer = answer.result(10)
    assert answer.status == 200 and answer.headers["connection"] == "close"
    assert api.proc.wait(10) == 0


def test_sigterm_ends_at_its_deadline(start_api, database):
    api = start_api(settings={"shutdown": {"timeout": "500ms"}})
    with stalled(database):
        answer = later(api.get, "/v1/films")
        wait_until(lambda: waiting(database), "the request waits")
        api.signal(15)
        assert api.proc.wait(10) == 1
        assert answer.result(10).status == 503


def test_sigterm_sends_replies_to_the_end(start_api, tmp_path):
    api = big_page(start_api, tmp_path, 8_000_000)
    with ask_slowly(api, "/big.png") as s:
        wait_until(lambda: "path=/big.png" in api.log(), "reply is on its way")
        api.signal(15)
        time.sleep(0.5)
        assert api.alive()
        assert read_all(s).endswith((tmp_path / "big.png").read_bytes())
    assert api.proc.wait(10) == 0


def test_idle_connection_does_not_keep_the_server(api):
    with socket.create_connection(("127.0.0.1", api.port)) as s:
        s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200 OK" in s.recv(4096)
        assert api.stop(5) == 0


def test_reader_without_progress_is_cut_off(start_api, tmp_path):
    api = big_page(start_api, tmp_path, 8_000_000, http={"timeout": "1s"})
    with ask_slowly(api, "/big.png") as s:
        time.sleep(3)
        assert len(read_all(s)) < 8_000_000
    assert api.get("/healthz").status == 200


def test_slow_reader_gets_everything(start_api, tmp_path):
    """However long it takes altogether, as long as it takes something."""
    api = big_page(start_api, tmp_path, 6_000_000, http={"timeout": "1s"})
    with ask_slowly(api, "/big.png") as s:
        begin = time.monotonic()
        data = read_all(s, pause=0.02, step=40_000)
        assert time.monotonic() - begin > 2
        assert data.endswith((tmp_path / "big.png").read_bytes())


def test_client_that_leaves(api, database):
    with stalled(database):
        for _ in range(3):
            with ask_slowly(api, "/v1/films"):
                time.sleep(0.1)
        assert api.get("/healthz").status == 200
    wait_until(lambda: api.log().count("path=/v1/films ") == 3,
               "each was answered, whether anybody listens or not")
    assert api.get("/v1/films").status == 200


def test_full_queue(start_api, database):
    api = start_api(settings={"database": {"connections": 1, "queue_max": 2}})
    assert api.get("/v1/films").status == 200
    with stalled(database):
        answers = [later(api.get, "/v1/films") for _ in range(8)]
        wait_until(lambda: sum(a.done() for a in answers) == 5,
                   "one runs, two wait, five are refused")
        for answer in answers:
            if answer.done():
                assert answer.result().status == 503
                assert answer.result().headers["retry-after"] == "2"
                assert answer.result().json()["type"] == "/problems/busy"
    assert sorted(a.result(10).status for a in answers) == [200] * 3 + [503] * 5


def test_deadline(start_api, database):
    api = start_api(settings={"database": {"deadline": "500ms"}})
    assert api.get("/v1/films").status == 200
    with stalled(database):
        answer = api.get("/v1/films")
    assert answer.status == 503
    assert answer.json()["type"] in ("/problems/database-unavailable",
                                     "/problems/try-again")
    wait_until(lambda: api.get("/v1/films").status == 200, "works again")


def test_database_away_and_back(api, database, cluster):
    assert api.get("/v1/films").status == 200
    cluster.stop("immediate")
    try:
        wait_until(lambda: api.get("/readyz").status == 503, "not ready")
        assert api.get("/healthz").status == 200
        assert api.get("/readyz").json()["detail"].startswith("There is no")
        for path in ("/v1/films", "/v1/stats"):
            answer = api.get(path)
            assert answer.status == 503
            assert answer.json()["type"] == "/problems/database-unavailable"
            assert "retry-after" in answer.headers
    finally:
        cluster.start()
    begin = time.monotonic()
    wait_until(api.up, "ready again")
    assert time.monotonic() - begin < 5
    wait_until(lambda: api.get("/v1/films").status == 200, "films again", 2)
    wait_until(lambda: api.get("/v1/stats").status == 200, "stats again", 2)


def test_starts_before_the_database(start_api, database, cluster):
    cluster.stop("fast")
    try:
        api = start_api(ready=False)
        wait_until(lambda: api.up("/healthz"), "alive")
        assert api.get("/readyz").status == 503
        assert api.get("/v1/films").status == 503
    finally:
        cluster.start()
    wait_until(api.up, "ready")
    assert api.get("/v1/films").status == 200


def test_member_is_made_once(api, database):
    assert database.value("SELECT count(*) FROM member") == 0
    for _ in range(3):
        assert api.get("/v1/films").status == 200
    assert database.query("SELECT id, name FROM member") == [(1, "local")]


def test_wrong_schema(start_api, database):
    database.query("TRUNCATE sqitch.changes CASCADE")
    api = start_api(ready=False)
    wait_until(lambda: api.up("/healthz"), "alive")
    wait_until(lambda: "migrations" in json.dumps(
        api.get("/readyz").json()), "says what to do")


# --- server-sent events ------------------------------------------------------

class Events:
    """A subscriber; events() is what came so far."""

    def __init__(self, api, headers=""):
        self.socket = socket.create_connection(("127.0.0.1", api.port), 10)
        self.socket.sendall(b"GET /v1/enrichment/events HTTP/1.1\r\n"
                            b"Host: localhost\r\n" + headers.encode() +
                            b"\r\n")
        self.text = ""
        self.ended = False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.socket.close()

    def read(self, seconds=0.1):
        self.socket.settimeout(seconds)
        try:
            while part := self.socket.recv(65536):
                self.text += part.decode()
            self.ended = True
        except TimeoutError:
            pass

    def events(self):
        self.read()
        return [json.loads(line[len("data: "):])
                for line in self.text.splitlines()
                if line.startswith("data: ")]


def test_events(api, database):
    api.get("/v1/films")
    with Events(api) as one:
        wait_until(one.events, "the state on connecting")
        assert one.events()[0] == api.get("/v1/enrichment").json()
        assert "Content-Type: text/event-stream" in one.text
        assert "event: progress" in one.text and "retry: 3000" in one.text
        film = add_film(database, "Solaris")
        database.query("NOTIFY library, '1'")
        wait_until(lambda: len(one.events()) == 2, "told of the new film", 3)
        assert one.events()[1]["pending"] == 1
        with Events(api) as two:
            wait_until(two.events, "the state on connecting", 1)
            assert two.events()[0]["pending"] == 1
            # Nobody notifies: it is polled while something is pending.
            database.query("DELETE FROM enrich_job WHERE film_id = %s", film)
            database.query("UPDATE film SET match_state = 'not_found' "
                           "WHERE id = %s", film)
            for events in (one, two):
                wait_until(lambda: events.events()[-1]["not_found"] == 1,
                           "polled", 8)
        # Nothing new: nothing is sent.
        told = len(one.events())
        database.query("NOTIFY enriched")
        time.sleep(2)
        assert len(one.events()) == told


def test_events_at_most_once_a_second(api, database):
    api.get("/v1/films")
    with Events(api) as events:
        wait_until(events.events, "the state on connecting")
        begin = time.monotonic()
        for i in range(30):
            add_film(database, f"Film {i}")
            database.query("NOTIFY library, '1'")
            time.sleep(0.1)
        wait_until(lambda: events.events()[-1]["pending"] == 30, "all of them")
        assert len(events.events()) <= time.monotonic() - begin + 2


def test_subscribers_are_bounded(start_api):
    api = start_api(settings={"events": {"max": 2}})
    with Events(api) as one, Events(api) as two:
        wait_until(lambda: one.events() and two.events(), "both follow")
        answer = api.get("/v1/enrichment/events")
        assert answer.status == 503
        assert "events.max" in answer.json()["detail"]
    wait_until(lambda: "rewatch_event_subscribers 0" in
               api.get("/metrics").body.decode(), "both are gone")
    with Events(api) as three:
        wait_until(three.events, "there is room again")


def test_subscriber_without_database(api, database, cluster):
    api.get("/v1/films")
    with Events(api) as events:
        wait_until(events.events, "the state on connecting")
        cluster.stop("fast")
        try:
            wait_until(lambda: api.get("/readyz").status == 503, "away")
        finally:
            cluster.start()
        wait_until(api.up, "back")
        add_film(database, "Stalker")
        wait_until(lambda: events.events()[-1]["pending"] == 1,
                   "told without having been notified", 10)


def test_sigterm_ends_streams(api):
    with Events(api) as events:
        wait_until(events.events, "the state on connecting")
        assert api.stop(5) == 0
        events.read()
        assert events.ended and events.text.endswith("0\r\n\r\n")


def test_subscriber_that_sends_too_much(api):
    """What it sends is not collected without end."""
    with Events(api) as events:
        wait_until(events.events, "the state on connecting")
        before = api.rss_kib()
        events.socket.settimeout(1)
        try:
            for _ in range(2000):
                events.socket.sendall(b"x" * 65536)
        except OSError:
            pass
        assert api.rss_kib() - before < 8192
        assert api.get("/healthz").status == 200

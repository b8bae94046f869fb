"""More than anybody needs, and nothing that is a request: memory does not grow
by it, and those who mean well are answered. SOAK=1: for minutes."""

import contextlib
import os
import random
import socket
import time

from export_maker import Export, Film
from harness import wait_until
from importing import committed

SOAK = bool(os.environ.get("SOAK"))
SECONDS = 180 if SOAK else 5
STREAMS = 60 if SOAK else 20  # of events.max, 64
FLOOD = 64 if SOAK else 4  # MiB that each stream is sent


def stream(api):
    s = socket.create_connection(("127.0.0.1", api.port), 10)
    s.sendall(b"GET /v1/enrichment/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert s.recv(64).startswith(b"HTTP/1.1 200")
    return s


def flood(s, mib):
    """As much as it takes without waiting long."""
    s.settimeout(0.2)
    with contextlib.suppress(OSError):
        for _ in range(mib * 16):
            s.sendall(b"x" * 65536)


def test_streams_that_are_flooded(api):
    with contextlib.ExitStack() as open_ones:
        streams = [open_ones.enter_context(stream(api))
                   for _ in range(STREAMS)]
        before = api.rss_kib()
        for s in streams:
            flood(s, FLOOD)
        assert api.rss_kib() - before < 16 * 1024
        assert api.get("/v1/library").status == 200
    # All places are free again.
    def again():
        with contextlib.ExitStack() as open_ones, contextlib.suppress(
                AssertionError):
            for _ in range(STREAMS):
                open_ones.enter_context(stream(api))
            return True
        return False
    wait_until(again, "the places are free", 15, every=0.5)


REQUESTS = [
    b"GET /v1/films?limit=5 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"HEAD / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n",
    b"POST /v1/imports?dry_run=1 HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: text/csv\r\nContent-Length: 40\r\n\r\n"
    b"Date,Name,Year,Letterboxd URI\n2024,a,b,c",
    b"PUT /v1/films/1/match HTTP/1.1\r\nHost: localhost\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    b"GET /v1/enrichment/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
]


def broken(dice):
    """One or two requests, of which some bytes are others, missing or more."""
    data = bytearray(b"".join(dice.choices(REQUESTS, k=dice.randint(1, 2))))
    for _ in range(dice.randint(0, 6)):
        at = dice.randrange(len(data))
        end = at + dice.randint(0, 3)
        data[at:end] = dice.randbytes(dice.randint(0, 3))
    return bytes(data[:dice.randint(1, len(data))])


def send(api, data, dice):
    s = socket.create_connection(("127.0.0.1", api.port), 5)
    with s, contextlib.suppress(OSError):
        s.sendall(data)
        if dice.random() < 0.3:  # a reset
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                         b"\1\0\0\0\0\0\0\0")
        elif dice.random() < 0.5:
            s.shutdown(socket.SHUT_WR)
            s.settimeout(0.05)
            s.recv(65536)


def test_broken_requests_while_sessions_end(api, database):
    """What the sanitizers would find fails at the end of the test."""
    export = Export()
    for n in range(50):
        export.watched(Film(f"Film {n}", 1990, 100 + n), "2024-01-01")
    committed(api.import_zip(export.zip()))
    dice = random.Random(20)
    end = time.monotonic() + SECONDS
    sent = 0
    while time.monotonic() < end:
        for _ in range(40):
            send(api, broken(dice), dice)
            sent += 1
        if dice.random() < 0.3:
            database.end_connections()
    assert sent > 100
    wait_until(api.up, "ready again")
    assert api.get("/v1/stats").json()["overview"]["films"] == 50
    assert api.stop() == 0

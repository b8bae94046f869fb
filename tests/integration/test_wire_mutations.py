"""HTTP over a socket: requests that were broken by a seeded hand. Whatever
comes, each answer is one of ours, nobody else is disturbed and the library
stays as it was."""

import os
import random
import re
import socket
import time

import pytest

from export_maker import Export, Film
from harness import wait_until
from importing import committed
from replies import receive, statuses

COUNT = int(os.environ.get("MUTATIONS", "1500"))
SEED = int(os.environ.get("MUTATIONS_SEED", str(int(time.time()))))

PIECES = [b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b"\x0b", b"\xff",
          b"Content-Length: 5\r\n", b"Content-Length: -1\r\n",
          b"Content-Length: 99999999\r\n", b"Transfer-Encoding: chunked\r\n",
          b"Transfer-Encoding: gzip\r\n", b"Host: localhost\r\n",
          b"Host: evil.example\r\n", b"Expect: 100-continue\r\n",
          b"Connection: close\r\n", b"Connection: keep-alive\r\n",
          b"HTTP/1.1", b"HTTP/1.0", b"GET ", b"POST ", b"HEAD ", b"OPTIONS ",
          b"PUT ", b"/v1/films", b"/v1/imports", b"/healthz", b"?q=%zz",
          b"0\r\n\r\n", b"5\r\nhello\r\n", b"ffffffff\r\n", b"%00", b"..%2f"]


def requests():
    body = b'{"title": 0}'
    for method, path in ((b"GET", b"/healthz"), (b"GET", b"/v1/films?limit=2"),
                         (b"HEAD", b"/v1/stats"), (b"GET", b"/"),
                         (b"OPTIONS", b"/v1/films"),
                         (b"GET", b"http://localhost/v1/lists")):
        yield method + b" " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = (b"POST /v1/imports?dry_run=1 HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: text/csv\r\n")
    yield head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    yield head + (b"Transfer-Encoding: chunked\r\n\r\n"
                  b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))


REQUESTS = list(requests())


def mutated(rng):
    data = b"".join(rng.choices(REQUESTS, k=rng.randint(1, 3)))
    for _ in range(rng.randint(1, 4)):
        at, to = rng.randrange(len(data)), rng.randrange(len(data))
        data = rng.choice([
            lambda: data[:at] + rng.choice(PIECES) + data[at:],
            lambda: data[:at] + data[at + rng.randint(1, 9):],
            lambda: data[:at] + bytes([rng.randrange(256)]) + data[at + 1:],
            lambda: data[:at] + data[to:to + 40] + data[at:],
            lambda: data[:at] if at > 0 else data,
        ])() or b"x"
    return data


def exchanged(port, data, rng):
    """In one piece or in some; then we have no more to say, or are gone."""
    with socket.create_connection(("127.0.0.1", port), 20) as s:
        try:
            at = rng.randrange(len(data) + 1)
            s.sendall(data[:at])
            s.sendall(data[at:])
            if rng.random() < 0.1:
                return b""
            s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        return receive(s)


@pytest.mark.parametrize("part, ends_sessions",
                         [(0, False), (1, False), (2, True)])
def test_broken_requests(start_api, database, part, ends_sessions):
    api = start_api(settings={"http": {"head_timeout": "500ms",
                                       "timeout": "1s"}})
    export = Export()
    export.watched(Film("Stalker", 1979, 5106), "2024-01-02")
    committed(api.import_zip(export.zip()))
    before = api.get("/v1/library").body
    rng = random.Random(f"{SEED} {part}")
    print(f"MUTATIONS_SEED={SEED}")
    for n in range(COUNT // 3):
        data = mutated(rng)
        answer = exchanged(api.port, data, rng)
        assert not answer or re.match(rb"HTTP/1\.1 [1-5]\d\d ", answer), data
        assert not {500, 503} & set(statuses(answer)) or ends_sessions, (
            data, answer)
        if ends_sessions and n % 50 == 0:
            database.end_connections()
    wait_until(lambda: api.get("/v1/library").body == before, "as before")

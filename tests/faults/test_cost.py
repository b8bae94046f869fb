"""What strangers may cost the API server: memory and descriptors, whatever
they send. Bounds are bytes and counts, of the build that is installed."""

import contextlib
import resource
import socket
import threading

import pytest

from harness import wait_until
from replies import receive, statuses

MIB = 1024  # of rss_kib()


@pytest.fixture(autouse=True)
def descriptors():
    """For this end of the connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def send_large(port, head, size, done):
    with socket.create_connection(("127.0.0.1", port), 30) as s:
        with contextlib.suppress(OSError):
            s.sendall(head + b"Content-Length: %d\r\n\r\n" % size)
            for _ in range(size // 1_000_000):
                s.sendall(bytes(1_000_000))
        done.append(statuses(receive(s)))


@pytest.mark.parametrize("head", [
    b"POST /v1/nothing HTTP/1.1\r\nHost: localhost\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n",
    b"POST /healthz HTTP/1.1\r\nHost: localhost\r\n"
    b"Origin: http://evil.example\r\n",
    b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n",  # too large for it
])
def test_bodies_nobody_asked_for(api, head):
    before, most, done = api.rss_kib(), 0, []
    senders = [threading.Thread(target=send_large,
                                args=(api.port, head, 63_000_000, done))
               for _ in range(20)]
    for sender in senders:
        sender.start()
    while any(sender.is_alive() for sender in senders):
        most = max(most, api.rss_kib())
        senders[0].join(0.05)
        assert api.get("/healthz").status == 200
    assert len(done) == 20
    assert most - before < 16 * MIB
    assert api.rss_kib() - before < 4 * MIB


def test_bodies_that_are_asked_for_have_a_budget(api):
    """32 MiB each, 128 MiB in all; what was refused is given back."""
    before = api.rss_kib()
    head = (b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Length: 33000000\r\n\r\n")
    with contextlib.ExitStack() as stack:
        several = [stack.enter_context(
            socket.create_connection(("127.0.0.1", api.port), 30))
            for _ in range(8)]
        for s in several:
            with contextlib.suppress(OSError):
                s.sendall(head + bytes(32_500_000))
        assert api.rss_kib() - before < 136 * MIB
        assert api.get("/healthz").status == 200
    wait_until(lambda: api.rss_kib() - before < 4 * MIB, "given back")


def test_ten_thousand_slow_clients(start_api):
    """With the limits of the unit: a visitor is answered at once."""
    api = start_api(wrap=("prlimit", "--nofile=4096:4096"))
    before = api.rss_kib()
    with contextlib.ExitStack() as stack:
        slow = []
        for i in range(10_000):
            s = stack.enter_context(
                socket.create_connection(("127.0.0.1", api.port), 30))
            with contextlib.suppress(OSError):
                s.sendall(b"GET /healthz HTTP/1.1\r\nX:"[:i % 20])
            slow.append(s)
            if i % 200 == 0:
                assert api.get("/v1/films", timeout=5).status == 200
        for _ in range(100):
            assert api.get("/v1/films", timeout=5).status == 200
        assert api.rss_kib() - before < 32 * MIB
        assert len(slow) == 10_000
    assert "accept failed" not in api.log()
    # Nothing was cut off from the database meanwhile.
    assert api.log().count('event="database connected"') == 5

"""More than anybody needs: memory does not grow by it, and those who mean well
are answered. SOAK=1: more of it."""

import contextlib
import os
import socket

from harness import wait_until

SOAK = bool(os.environ.get("SOAK"))
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

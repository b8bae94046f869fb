"""TMDB is well, but what leads to it is not."""

import contextlib
import time

import pytest

import names
import tmdb_path
from enrich_queue import QUICK, add_facts, facts, many_films, unfinished
from harness import merged, wait_until

pytestmark = pytest.mark.skipif(names.impossible() is not None,
                                reason=str(names.impossible()))

# Calls that wait in vain end soon; the rest as it comes.
IMPATIENT = {"tmdb": {"timeout": "3s"}}


@pytest.fixture
def way():
    """way(part): part.remove() at the end."""
    with contextlib.ExitStack() as parts:
        def add(part):
            parts.callback(part.remove)
            return part
        yield add


def test_a_forgotten_connection_is_given_up(database, start_daemon, tmdb, way):
    """With HTTP/2 all calls share one connection, and calls that time out on
    it leave it as it is."""
    many_films(database, 3000)
    front = way(tmdb_path.Front(tmdb))
    router = way(tmdb_path.Router(front.port))
    tmdb.misbehave(delay_ms=20)
    daemon = start_daemon(tmdb_url=f"https://{tmdb_path.NAME}:{router.port}",
                          settings=merged(QUICK, IMPATIENT), env=front.env())
    wait_until(lambda: tmdb.stats()["calls"] > 60, "calls", 60)
    assert router.connections == 1

    router.forget()
    opened = 'from=closed to=open'
    wait_until(lambda: opened in daemon.log(), "calls time out", 60)
    calls = tmdb.stats()["calls"]
    began = time.monotonic()
    wait_until(lambda: tmdb.stats()["calls"] > calls + 60, "calls again", 60)
    print(f"calls again {time.monotonic() - began:.1f} s after the pause")
    assert router.connections == 2


def test_silent_names_hold_nothing_up(database, start_daemon, tmdb, way):
    """curl asks for names in threads; nobody waits for them."""
    servers = way(names.Names())
    servers.fall_silent()
    add_facts(database, facts(10))
    daemon = start_daemon(
        tmdb_url=f"http://{tmdb_path.NAME}:{tmdb.port}", env=servers.env(),
        settings={"enrich": QUICK["enrich"],
                  "tmdb": {"connect_timeout": "1s"},
                  "lease": {"length": "12s", "heartbeat": "2s",
                            "guard": "8s", "sweep": "1s"}})
    wait_until(lambda: daemon.up("/healthz"), "daemon up")
    slowest = 0
    end = time.monotonic() + 20
    while time.monotonic() < end:
        began = time.monotonic()
        assert daemon.get("/healthz", timeout=60).status == 200
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.1)
    print(f"/healthz took {slowest:.3f} s at most")
    assert tmdb.stats()["calls"] == 0
    assert slowest < 4
    assert "lease lost" not in daemon.log()

    servers.answer()
    wait_until(lambda: unfinished(database) == 0, "all films finished", 60)


def test_it_ends_while_names_are_silent(database, start_daemon, tmdb, way):
    servers = way(names.Names())
    servers.fall_silent()
    add_facts(database, facts(5))
    daemon = start_daemon(
        tmdb_url=f"http://{tmdb_path.NAME}:{tmdb.port}", env=servers.env(),
        settings=merged(QUICK, {"shutdown": {"timeout": "1s"}}))
    wait_until(lambda: database.value(
        "SELECT count(*) FROM enrich_job WHERE token <> 0") > 0, "jobs taken")
    assert daemon.stop() == 0
    assert database.value(
        "SELECT count(*) FROM enrich_job WHERE token <> 0") == 0

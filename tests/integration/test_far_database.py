"""Daemons far away from their database, or from one another: the rate is used,
and holds."""

import contextlib
import time

import pytest

from distance import far
from enrich_queue import many_films, wake
from harness import wait_until

RATE = 30
SECONDS = 6
SETTINGS = {"tmdb": {"rate": RATE}, "enrich": {"poll": "100ms"}}


def call_times(tmdb):
    """Of each call, in seconds."""
    return [int(line.split()[0]) / 1000
            for line in tmdb.get("/_stub/log").body.decode().splitlines()]


def calls_of_some_seconds(tmdb, daemons):
    wait_until(lambda: len(call_times(tmdb)) > 2 * RATE, "calls are made", 30)
    first = len(call_times(tmdb))
    time.sleep(SECONDS)
    times = call_times(tmdb)
    assert all(daemon.alive() for daemon in daemons)
    # The machine of a test may be very busy: 10 % above what is promised.
    assert tmdb.stats()["max_in_a_second"] <= 1.1 * RATE
    return (len(times) - first) / SECONDS


@pytest.mark.parametrize("there,back", [(0.03, 0.03), (0.1, 0.05)])
def test_the_rate_is_used(database, start_daemon, tmdb, there, back):
    many_films(database, 280)
    with far(database, there, back) as url:
        daemon = start_daemon(settings=SETTINGS, url=url)
        assert calls_of_some_seconds(tmdb, [daemon]) > RATE / 2


def test_the_rate_holds_at_any_distance(database, start_daemon, tmdb):
    """Each knows the database's clock so well as its way there lets it."""
    many_films(database, 280)
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(far(database, way, way))
                for way in (0, 0.02, 0.06)]
        daemons = [start_daemon(settings=SETTINGS, url=url, tag=f"-{i}")
                   for i, url in enumerate(urls)]
        assert calls_of_some_seconds(tmdb, daemons) > RATE / 2


def test_each_statement_of_the_beginning_has_its_time(database, start_daemon):
    """A session begins with several, one after the other."""
    with far(database, 0.5, 0.5) as url:
        daemon = start_daemon(url=url, settings={
            "database": {"connect_timeout": "2500ms"}})
        wait_until(lambda: daemon.log().count("database connected") == 4,
                   "all of them are there", 30)


def test_too_far_is_said(database, start_daemon, tmdb):
    with far(database, 0.6, 0.6) as url:
        daemon = start_daemon(settings={
            "tmdb": {"rate": 40}, "database": {"connect_timeout": "60s"},
            "enrich": {"poll": "100ms"}}, url=url)
        many_films(database, 100)
        wake(database)
        wait_until(lambda: "slots come too late" in daemon.log(), "said", 60)
        assert tmdb.stats()["calls"] == 0
        assert daemon.log().count("slots come too late") == 1

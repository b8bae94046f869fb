"""--once: it ends when no job is ready, and not while one only seems not to
be."""

import pytest

from enrich_queue import QUICK, add_facts, check_final, facts, unfinished
from harness import merged, wait_until

ONCE = {"settings": QUICK, "args": ["--once"]}


def jobs_at_rest(database):
    return database.query("SELECT DISTINCT token, attempt, parked "
                          "FROM enrich_job")


@pytest.mark.parametrize("delay_ms", [0, 400])
def test_a_refused_token_is_a_failure(database, start_daemon, start_tmdb,
                                      delay_ms):
    """However quickly TMDB says it: it can never end as it should."""
    tmdb = start_tmdb(delay_ms=delay_ms)
    add_facts(database, facts(5))
    tmdb.misbehave(faults=[{"kind": "401"}])
    daemon = start_daemon(tmdb_url=tmdb.url, **ONCE)
    assert daemon.proc.wait(30) == 1
    assert "does not accept our token" in daemon.log()
    assert unfinished(database) == 5
    assert jobs_at_rest(database) == [(0, 0, False)]
    assert database.value("SELECT count(*) FROM enrich_daemon") == 0


def test_a_pause_is_waited_for(database, start_daemon, start_tmdb):
    """One long enough that the jobs are given back until it is over."""
    tmdb = start_tmdb(delay_ms=400)
    add_facts(database, facts(5))
    tmdb.misbehave(faults=[{"kind": "429", "retry_after": 5, "count": 5}])
    daemon = start_daemon(tmdb_url=tmdb.url, **ONCE)
    assert daemon.proc.wait(60) == 0
    assert "jobs released" in daemon.log()
    assert database.value("SELECT count(*) FROM enrich_dead") == 0
    check_final(database)


def test_a_lost_lease_is_no_end(database, start_daemon, start_tmdb):
    """What it held is dropped, and taken up again under the new lease."""
    tmdb = start_tmdb(delay_ms=1000)
    add_facts(database, facts(5))
    daemon = start_daemon(tmdb_url=tmdb.url, **ONCE)
    wait_until(lambda: tmdb.stats()["calls"] > 0, "it works")
    # It has looked for more, and there was none.
    wait_until(lambda: database.value(
        "SELECT count(*) FROM enrich_job WHERE token = 0") == 0, "all held")
    database.query("DELETE FROM enrich_daemon")
    assert daemon.proc.wait(60) == 0
    assert "lease lost" in daemon.log()
    check_final(database)


def test_a_claim_under_way_is_no_end(database, start_daemon, start_tmdb):
    """What a lost lease held is taken up after the claim that was under way
    when the new one came, not left to a later sweep."""
    tmdb = start_tmdb(delay_ms=3000)
    add_facts(database, facts(5))
    daemon = start_daemon(tmdb_url=tmdb.url, **ONCE)
    wait_until(lambda: tmdb.stats()["calls"] > 0, "it works")
    with database.connect() as db, db.transaction():
        db.execute("LOCK TABLE title")
        wait_until(lambda: database.value(
            "SELECT count(*) FROM pg_locks WHERE NOT granted "
            "AND relation = 'title'::regclass") > 0, "a claim waits")
        database.query("DELETE FROM enrich_daemon")
        wait_until(lambda: daemon.log().count("to=held") == 2, "a new lease")
    assert daemon.proc.wait(60) == 0
    check_final(database)


def test_it_runs_beside_a_daemon(database, start_daemon):
    """With the same configuration, whose status port is taken."""
    daemon = start_daemon(settings=QUICK, ready=True)
    once = start_daemon(settings=merged(QUICK, {
        "http": {"port": daemon.port}}), args=["--once"], tag="-once")
    assert once.proc.wait(30) == 0
    assert daemon.up()

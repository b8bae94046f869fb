"""Jobs that their daemon dies with, where there is but one daemon: it comes
back under the name of its predecessor, as a service manager has it."""

import re

import pytest

from enrich_queue import (QUICK, add_facts, add_film, check_final, facts,
                          state_of, unfinished, wait_finished)
from harness import merged, wait_until

# A call that is never answered is what it dies in.
POISONED = merged(QUICK, {"enrich": {"rescues": 3}, "tmdb": {"timeout": "5m"}})
DEATHS_MAX = 12


@pytest.fixture
def poison(database, tmdb):
    """A film whose job is held for as long as its daemon lives."""
    fact = facts(1)[0]
    be_silent(tmdb)
    return add_film(database, fact.title, fact.year)


def be_silent(tmdb):
    tmdb.misbehave(faults=[{"kind": "silent",
                            "path": f"/3/movie/{facts(1)[0].id}"}])


def names(daemon):
    """Under which it was, one start after the other."""
    return re.findall("event=lease instance=(.*) from=none to=held",
                      daemon.log())


def restarted(daemon):
    """Killed and started; was it under the same name? Another test's daemon
    may have been quicker."""
    daemon.kill()
    before = len(names(daemon))
    daemon.start()
    wait_until(lambda: len(names(daemon)) > before, "it has a lease")
    return names(daemon)[-1] == names(daemon)[-2]


def held(database, film):
    """The token of the daemon that has the job in hand, and lives."""
    return database.value(
        "SELECT max(j.token) FROM enrich_job j "
        "JOIN enrich_daemon d ON d.epoch = j.token >> 24 "
        "WHERE j.film_id = %s", film)


def deaths_until_given_up(database, daemon, film):
    """Kills it whenever it has the job in hand, and starts it again."""
    last = None
    for deaths in range(DEATHS_MAX):
        wait_until(lambda: held(database, film) not in (None, last)
                   or not unfinished(database), "held, or given up")
        last = held(database, film)
        if last is None:
            return deaths
        daemon.kill()
        daemon.start()
    return DEATHS_MAX


def test_a_job_that_kills_the_only_daemon_is_given_up(database, start_daemon,
                                                      poison):
    good = add_facts(database, facts(6)[1:])
    daemon = start_daemon(settings=POISONED)
    wait_until(lambda: unfinished(database) == 1, "the others finished")
    # It is freed three times, and not a fourth time.
    assert deaths_until_given_up(database, daemon, poison) == 4
    assert database.query("SELECT film_id, attempt, last_error "
                          "FROM enrich_dead") == [
        (poison, 1, "its daemon died with it too often")]
    assert state_of(database, poison) == ("failed", None, None)
    assert all(state_of(database, film)[0] == "matched" for film in good)
    check_final(database)
    wait_until(daemon.up, "ready")
    assert "rewatch_jobs_dead_total 1" in \
        daemon.get("/metrics").body.decode()


def test_its_predecessors_jobs_are_free_at_once(database, start_daemon, tmdb,
                                                poison):
    """Not only when the next sweep is due."""
    settings = merged(POISONED, {"lease": {"sweep": "5m"}})
    daemon = start_daemon(settings=settings)
    wait_until(lambda: held(database, poison), "held")
    tmdb.misbehave()
    while not restarted(daemon):
        daemon.kill()
        be_silent(tmdb)
        database.query("DELETE FROM enrich_daemon")
        database.query("UPDATE enrich_job SET token = 0")
        daemon.start()
        wait_until(lambda: held(database, poison), "held")
        tmdb.misbehave()
    wait_finished(database)
    assert state_of(database, poison)[0] == "matched"
    check_final(database)


def test_however_often_it_was_freed_a_daemon_can_register(database,
                                                          start_daemon,
                                                          poison):
    daemon = start_daemon(settings=POISONED)
    wait_until(lambda: held(database, poison), "held")
    daemon.kill()
    # As many as the column can hold.
    database.query("UPDATE enrich_job SET rescues = 32767")
    daemon.start()
    wait_until(daemon.up, "ready")
    wait_finished(database)
    assert state_of(database, poison)[0] == "failed"
    assert "database trouble" not in daemon.log()

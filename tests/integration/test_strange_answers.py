"""Answers that are not TMDB's, and a TMDB that is away: nothing is found out
about a film from them, and nothing that was found out is lost."""

import pytest

from enrich_queue import (QUICK, add_facts, check_final, facts, job_of,
                          state_of, unfinished, wait_finished)
from harness import merged, wait_until

# Looks for what is old at the start and every second.
EAGER = merged(QUICK, {"enrich": {"refresh_every": "1s"}})


def dead(database):
    return database.query("SELECT film_id, attempt, last_error "
                          "FROM enrich_dead")


def wait_open(daemon):
    wait_until(lambda: "from=closed to=open" in daemon.log(),
               "the breaker opens", 30)


def states(database):
    return database.query("SELECT id, match_state, kind, tmdb_id FROM film "
                          "ORDER BY id")


def matched_and_old(database, start_daemon, count):
    """Films whose titles are due for a refresh."""
    films = add_facts(database, facts(count))
    daemon = start_daemon(settings=QUICK)
    wait_finished(database)
    assert daemon.stop() == 0
    database.query("UPDATE title SET fetched_at = now() "
                   "- interval '151 days'")
    return films


def choose(database, film, fact):
    """As when somebody has said which title it is."""
    database.query("UPDATE film SET ref = %s WHERE id = %s",
                   f"tmdb:movie:{fact.id}", film)


def renewed(database):
    return database.value("SELECT bool_and(fetched_at > now() - interval "
                          "'1 hour') FROM title")


# --- an address that is not TMDB's -------------------------------------------


def test_nothing_is_not_found_at_a_wrong_address(database, start_daemon, tmdb):
    """Whoever is there says 404 to everything, as TMDB does where it has
    nothing."""
    films = add_facts(database, facts(5))
    daemon = start_daemon(settings=QUICK, tmdb_url=tmdb.url + "/elsewhere")
    wait_open(daemon)
    assert daemon.stop() == 0
    assert unfinished(database) == len(films)
    assert dead(database) == []
    assert "HTTP status 404" in daemon.log()
    start_daemon(settings=QUICK)
    wait_finished(database)
    check_final(database)


def test_matches_stay_at_a_wrong_address(database, start_daemon, tmdb):
    films = matched_and_old(database, start_daemon, 5)
    choose(database, *list(films.items())[0])
    before = states(database)
    daemon = start_daemon(settings=EAGER, tmdb_url=tmdb.url + "/elsewhere")
    wait_open(daemon)
    assert daemon.stop() == 0
    assert states(database) == before
    assert dead(database) == []
    start_daemon(settings=EAGER)
    wait_until(lambda: renewed(database), "renewed")
    assert states(database) == before


@pytest.mark.parametrize("kind", ["alien_400", "alien_404"])
def test_what_somebody_else_says_changes_nothing(database, start_daemon, tmdb,
                                                 kind):
    """A proxy, a captive portal, a port that wants TLS: neither what was
    found nor what a member chose is lost, and no film is given up."""
    films = matched_and_old(database, start_daemon, 10)
    choose(database, *list(films.items())[0])
    more = add_facts(database, facts(20)[10:], 10)
    before = states(database)
    tmdb.misbehave(faults=[{"kind": kind}])
    daemon = start_daemon(settings=EAGER)
    wait_open(daemon)
    assert states(database) == before
    assert unfinished(database) == len(more)
    assert dead(database) == []
    tmdb.misbehave()
    wait_finished(database)
    wait_until(lambda: renewed(database), "renewed")
    assert states(database)[:len(before) - len(more)] == \
        before[:len(before) - len(more)]


def test_a_call_that_tmdb_finds_wrong_is_not_made_again(
        database, start_daemon, tmdb):
    bad, good = add_facts(database, facts(2)).items()
    tmdb.misbehave(faults=[{"kind": "400", "path": f"/3/movie/{bad[1].id}"}])
    start_daemon(settings=QUICK)
    wait_finished(database)
    assert state_of(database, bad[0]) == ("failed", None, None)
    assert state_of(database, good[0]) == ("matched", "movie", good[1].id)
    assert dead(database) == [(bad[0], 1, "HTTP status 400")]
    assert tmdb.stats()["by_status"]["400"] == 1


def test_a_chosen_title_that_is_gone_is_gone(database, start_daemon, tmdb):
    """TMDB says so of it, and has something else."""
    films = matched_and_old(database, start_daemon, 1)
    film, fact = list(films.items())[0]
    choose(database, film, fact)
    tmdb.misbehave(faults=[{"kind": "404", "path": f"/3/movie/{fact.id}"}])
    start_daemon(settings=EAGER)
    wait_until(lambda: state_of(database, film) == ("not_found", None, None),
               "not found")


# --- one film alone -----------------------------------------------------------


def test_a_film_outlives_an_outage_alone(database, start_daemon, start_tmdb):
    """More attempts fail than a job has, and none of them is the film's."""
    tmdb = start_tmdb()
    film = list(add_facts(database, facts(1)))[0]
    tmdb.kill()
    daemon = start_daemon(settings=merged(QUICK, {"enrich": {"attempts": 3}}),
                          tmdb_url=tmdb.url)
    wait_until(lambda: daemon.log().count('event="job failed"') >= 12,
               "twelve attempts", 60)
    assert state_of(database, film) == (None, None, None)
    assert job_of(database, film)[1] <= 1
    tmdb.start()
    wait_finished(database)
    assert state_of(database, film)[0] == "matched"
    check_final(database)


def test_a_film_that_fails_alone_is_given_up(database, start_daemon, tmdb):
    """TMDB answers its search, so it is not away."""
    film, fact = list(add_facts(database, facts(1)).items())[0]
    tmdb.misbehave(faults=[{"kind": "500", "path": f"/3/movie/{fact.id}"}])
    start_daemon(settings=merged(QUICK, {"enrich": {"attempts": 3}}))
    wait_finished(database)
    assert state_of(database, film) == ("failed", None, None)
    assert dead(database) == [(film, 3, "HTTP status 500")]


def test_the_waits_of_an_outage_grow(database, start_daemon, start_tmdb):
    """Attempts that cost nothing are as far apart as those that do."""
    tmdb = start_tmdb()
    add_facts(database, facts(1))
    tmdb.kill()
    daemon = start_daemon(settings=merged(QUICK, {"enrich": {
        "backoff_base": "50ms", "backoff_max": "1h"}}), tmdb_url=tmdb.url)
    longest = ("SELECT extract(epoch FROM max(run_at) - now()) "
               "FROM enrich_job WHERE parked")
    # Drawn from 50 ms on; three seconds are after seven failures at least.
    wait_until(lambda: (database.value(longest) or 0) > 3,
               "a long wait", 120)
    assert daemon.log().count('event="job failed"') > 5

"""The fence: what a daemon brings that slept through its lease is refused, by
the token in the statement alone. Shown twice: with the programs, and with the
daemon's own statements run by hand, with the fence and with it taken out. The
latter must do harm, or the former would have shown nothing.
"""

import contextlib
import dataclasses
import signal

import pytest

import invariants
from enrich_queue import QUICK, add_facts, check_final, facts, unfinished
from harness import merged, wait_until
from statements import statement

# Everything of a film and of a title that a store could change.
PICTURE = """
SELECT f.id, f.version, f.match_state, f.matched_at, t.fetched_at, t.xmin::text
FROM film f LEFT JOIN title t USING (kind, tmdb_id) ORDER BY f.id
"""


def test_a_zombie_brings_what_it_has_and_changes_nothing(
        database, start_daemon, start_tmdb):
    """It holds results when it falls asleep, and on waking stores them
    before its first heartbeat could tell it that it is too late."""
    tmdb = start_tmdb(delay_ms=10)
    add_facts(database, facts(40))
    settings = merged(QUICK, {"enrich": {"store_delay": "1s"}})
    sleeper = start_daemon(settings=settings, tag="-sleeper",
                           tmdb_url=tmdb.url)
    with asleep_with_results(database, sleeper, tmdb):
        other = start_daemon(settings=QUICK, tag="-other", tmdb_url=tmdb.url)
        wait_until(lambda: unfinished(database) == 0, "the other finishes")
        assert "jobs rescued" in other.log()
        other.stop()
        picture = database.query(PICTURE)
    wait_until(lambda: "lease lost" in sleeper.log(), "it says so")
    wait_until(lambda: invariants.metric(sleeper, "rewatch_jobs_stale_total"),
               "what it brought was refused and counted")
    assert "stale completion dropped" in sleeper.log()
    assert database.query(PICTURE) == picture
    # And it is a daemon like any other again.
    add_facts(database, facts(43)[40:])
    wait_until(lambda: unfinished(database) == 0, "it finishes new ones")
    check_final(database)


@contextlib.contextmanager
def asleep_with_results(database, sleeper, tmdb):
    """SIGSTOP when details have come and are not stored."""
    wait_until(lambda: tmdb.stats()["details"] >= 10, "it has results",
               every=0.005)
    sleeper.signal(signal.SIGSTOP)
    assert database.value("SELECT count(*) FROM title") == 0
    yield
    sleeper.signal(signal.SIGCONT)


# --- the statements by hand ---

FENCE = "j.film_id = r.film_id AND j.token = r.token"


def run(db, asked, **given):
    """Prepared with its own types of parameters, called with literals."""
    db.execute(f"PREPARE once AS {asked.text}", prepare=False)
    values = asked.written({name: "'" + str(value).replace("'", "''") + "'"
                            for name, value in given.items()})
    try:
        return db.execute("EXECUTE once" + values, prepare=False).fetchall()
    finally:
        db.execute("DEALLOCATE once", prepare=False)


def claim(db, token):
    return run(db, statement("job/claim"), token=token, most=1,
               low_tag=-9223372036854775808, index="true")[0][0]


def store(db, asked, film, token):
    unknown = dict.fromkeys(["kinds", "ids", "methods", "confidences",
                             "scores"], "{NULL}")
    return run(db, asked, films=f"{{{film}}}", tokens=f"{{{token}}}",
               states="{not_found}", candidates='{"[]"}', **unknown)


def overtaken(database):
    """A job that one daemon claimed, lost, and another one claimed and holds:
    (film, token of the zombie, token of the heir)"""
    zombie, heir = (7 << 24) + 1, (9 << 24) + 1
    film = list(add_facts(database, facts(1)))[0]
    with database.connect("rewatch_daemon") as db:
        assert claim(db, zombie) == film
        freed = run(db, statement("job/rescue"), rescues=10, epoch=9,
                    films="{}", tokens="{}")
        assert [row[:3] for row in freed] == [(1, 0, 0)]
        assert claim(db, heir) == film
    return film, zombie, heir


def test_the_statement_refuses_the_zombie(database):
    sql = statement("job/store")
    film, zombie, heir = overtaken(database)
    with database.connect("rewatch_daemon") as db:
        assert store(db, sql, film, zombie) == []
        assert database.value("SELECT match_state FROM film") is None
        [(stored,)] = store(db, sql, film, heir)
        assert stored == film
        version = database.value("SELECT version FROM film")
        # Again, by both: the reply was lost, the daemon sends it anew.
        assert store(db, sql, film, heir) == []
        assert store(db, sql, film, zombie) == []
    assert database.value("SELECT version FROM film") == version


def test_without_the_fence_the_zombie_does_harm(database):
    """The same with the token taken out of the statement: it is applied
    twice. So the test above sees what it should see."""
    sql = statement("job/store")
    assert FENCE in sql.text
    unfenced = dataclasses.replace(
        sql, text=sql.text.replace(FENCE, "j.film_id = r.film_id"))
    film, zombie, heir = overtaken(database)
    applied = 0
    with database.connect("rewatch_daemon") as db:
        applied += len(store(db, unfenced, film, zombie))
        # A correction asks for the film anew; the heir still believes in its
        # claim and answers for a job that is not its.
        database.query("INSERT INTO enrich_job (film_id, tag) VALUES (%s, 1)",
                       film)
        applied += len(store(db, unfenced, film, heir))
    assert applied == 2
    assert database.value("SELECT count(*) FROM enrich_job") == 0


@pytest.mark.parametrize("name", [
    "job/store", "job/fail", "job/lock", "job/release", "title/store",
    "title/store_episode", "title/renew", "person/store"])
def test_every_statement_of_a_store_has_the_fence(name):
    words = " ".join(statement(name).text.split())
    assert FENCE in words

"""Statements that meet on the same rows: none waits for what waits for it, and
none looks at more rows than it has to."""

import threading

import psycopg
import pytest

from harness import wait_until
from statements import statement

# As enrich-daemon/db.c has it.
SESSION = ("SET plan_cache_mode = force_generic_plan; "
           "SET enable_seqscan = off; SET jit = off")


def prepared(database, name, role="rewatch_daemon", member=None):
    """A connection on which sql/queries/NAME.sql is the statement q."""
    db = database.connect(role, member)
    if role == "rewatch_daemon":
        db.execute(SESSION)
    db.execute("PREPARE q AS " + statement(name).text)
    return db


class Statement(threading.Thread):
    """Runs q in the background; what came of it is for result()."""

    def __init__(self, db, parameters=""):
        super().__init__(daemon=True)
        self.db = db
        self.parameters = parameters
        self.error = None
        self.row = None
        self.start()

    def run(self):
        try:
            self.row = self.db.execute("EXECUTE q" + self.parameters).fetchone()
        except psycopg.Error as error:
            self.error = error

    def result(self):
        self.join(20)
        assert not self.is_alive() and self.error is None, self.error
        return self.row


def waiting(database):
    return database.value(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
        "AND datname = current_database()")


def add_title(database, tmdb_id):
    database.query("INSERT INTO title (kind, tmdb_id, name, original_name, "
                   "fetched_at) VALUES ('movie', %s, 'T', 'T', now() "
                   "- interval '3 days')", tmdb_id)


def test_a_page_of_changes_and_a_store(database):
    """A store locks titles in the order of its statements, those it stores
    before those it renews; a page by their keys."""
    for tmdb_id in (1, 2):
        add_title(database, tmdb_id)
    database.query("UPDATE tmdb_changes SET epoch = 7, begun_at = now(), "
                   "to_day = (now() AT TIME ZONE 'UTC')::date")
    store = database.connect()
    with store.transaction():
        store.execute("UPDATE title SET name = 'N', fetched_at = now() "
                      "WHERE tmdb_id = 2")
        page = Statement(
            prepared(database, "changes/page"),
            statement("changes/page").written({
                "kind": "'movie'", "epoch": 7, "page": 1, "ids": "'{1,2}'",
                "last": True}))
        wait_until(lambda: waiting(database) or not page.is_alive(),
                   "the page is stored or waits")
        store.execute("UPDATE title SET fetched_at = now() WHERE tmdb_id = 1")
    # What is stored meanwhile is new, and needs no mark.
    page.result()
    assert database.value("SELECT count(*) FROM title "
                          "WHERE changed_at > fetched_at") == 0


@pytest.fixture
def chosen(database):
    """A film of member 1's, whose choice was given up."""
    film, target = (database.value(
        "INSERT INTO film (ref, title) VALUES (%s, %s) "
        "RETURNING id", ref, ref) for ref in ("boxd:1", "tmdb:movie:77"))
    database.query("INSERT INTO member (id, name) VALUES (1, 'first')")
    database.query("INSERT INTO film_choice VALUES (1, %s, %s)", film, target)
    database.query("INSERT INTO enrich_dead (film_id, attempt, last_error) "
                   "VALUES (%s, 8, 'x')", target)
    return film


def test_a_choice_and_dead_jobs_put_back(database, chosen):
    """Both make the job and forget that it was given up."""
    clock = database.connect()
    with clock.transaction():
        clock.execute("SELECT FROM enrich_clock FOR UPDATE")
        back = Statement(prepared(database, "job/retry_dead"))
        wait_until(lambda: waiting(database) == 1, "the operator waits")
        choice = Statement(prepared(database, "choice/enqueue", "rewatch_api",
                                    1), f"({chosen})")
        wait_until(lambda: waiting(database) == 2, "the member waits")
    back.result()
    choice.result()
    assert database.value("SELECT count(*) FROM enrich_job") == 1
    assert database.value("SELECT count(*) FROM enrich_dead") == 0


def removed_by_filter(plan):
    return (plan.get("Rows Removed by Filter", 0)
            + sum(removed_by_filter(p) for p in plan.get("Plans", [])))


def park(database, count):
    """For about an hour."""
    database.query(
        "WITH f AS (INSERT INTO film (ref, title) "
        "SELECT 'boxd:' || n, 'F' FROM generate_series(1, %s) AS n "
        "RETURNING id) "
        "INSERT INTO enrich_job (film_id, tag, parked, run_at, claimed_at) "
        "SELECT id, id, true, now() + interval '30 minutes' * (1 + random()), "
        "now() "
        "FROM f", count)


def test_promoting_does_not_look_at_all_that_is_parked(database):
    """Once a second, and after an outage that may be nearly all jobs."""
    park(database, 5000)
    database.query("UPDATE enrich_job SET run_at = now() WHERE tag <= 3")
    with prepared(database, "job/promote") as db:
        plan = db.execute("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE q (1000)"
                          ).fetchone()[0][0]["Plan"]
    assert removed_by_filter(plan) <= 1000, plan
    assert database.value(
        "SELECT count(*) FROM enrich_job WHERE NOT parked") == 3


def test_promoting_what_another_clock_has_parked(database):
    park(database, 3000)
    database.query("UPDATE enrich_job SET run_at = now() + interval '1 day', "
                   "claimed_at = now() + interval '1 day' WHERE tag <= 5")
    with prepared(database, "job/promote") as db:
        assert db.execute("EXECUTE q (1000)").fetchone() == (5,)

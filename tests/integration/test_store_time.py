"""Stores that do not fit the time limit of a transaction."""

from enrich_queue import (add_facts, add_film, check_final, facts, state_of,
                          unfinished)
from harness import merged, wait_until

# Lease and sweep as by default: their statements wait for the connection too.
TIGHT = {"enrich": {"poll": "100ms", "promote": "100ms", "store_max": 50,
                    "store_delay": "5s", "backoff_base": "50ms",
                    "backoff_max": "200ms"},
         "tmdb": {"rate": 40}, "database": {"deadline": "2s"}}


def slow_titles(database, seconds):
    """seconds: an expression over the new row."""
    database.query(f"""
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_sleep({seconds});
            RETURN NEW;
        END $$""")
    database.query("CREATE TRIGGER slow BEFORE INSERT ON title "
                   "FOR EACH ROW EXECUTE FUNCTION slow()")


def test_a_batch_too_large_for_the_limit_is_made_smaller(database,
                                                         start_daemon):
    add_facts(database, facts(50))
    slow_titles(database, "0.1")
    daemon = start_daemon(settings=TIGHT)
    wait_until(lambda: unfinished(database) == 0, "all finished", 120)
    assert "sqlstate=57014" in daemon.log()
    assert "job failed" not in daemon.log()
    check_final(database)


def test_one_job_too_slow_by_itself_fails_alone(database, start_daemon):
    known = facts(8)
    slow = add_film(database, known[0].title, known[0].year)
    good = add_facts(database, known[1:], 2)
    slow_titles(database, f"CASE NEW.tmdb_id WHEN {known[0].id} "
                          "THEN 60 ELSE 0 END")
    start_daemon(settings=merged(TIGHT, {
        "enrich": {"attempts": 2}, "database": {"deadline": "1s"}}))
    wait_until(lambda: unfinished(database) == 0, "all finished", 120)
    assert state_of(database, slow) == ("failed", None, None)
    assert all(state_of(database, film)[0] == "matched" for film in good)
    attempt, error = database.query(
        "SELECT attempt, last_error FROM enrich_dead")[0]
    assert attempt == 2
    assert "statement timeout" in error
    check_final(database)

"""What is kept of a job that failed: it is always a text, and one that the
database refuses keeps no other job back."""

import pytest

from enrich_queue import QUICK, add_facts, facts, job_of, wait_finished
from harness import merged, wait_until

# A failed job stays as it is for the rest of the test.
ONCE = merged(QUICK, {"enrich": {"backoff_base": "10m", "backoff_max": "1h"}})

# What Postgres says to bytes that are no text, of one film.
REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF COALESCE(NEW.last_error, '') LIKE 'HTTP status%' THEN
		RAISE 'refused' USING ERRCODE = '22021';
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON enrich_job FOR EACH ROW
WHEN (NEW.film_id = {film}) EXECUTE FUNCTION refuse();
"""


def all_parked(database):
    return database.value("SELECT bool_and(parked AND token = 0) "
                          "FROM enrich_job")


def test_a_header_that_is_no_text(database, start_daemon, tmdb):
    films = add_facts(database, facts(5))
    tmdb.misbehave(faults=[{"kind": "latin1"}])
    start_daemon(settings=ONCE)
    wait_until(lambda: all_parked(database), "all jobs wait", 30)
    for film in films:
        assert job_of(database, film)[3] == (
            "HTTP status 200 with content type text/html; charset=\ufffd")


def test_an_etag_that_is_no_text(database, start_daemon, tmdb):
    add_facts(database, facts(5))
    tmdb.misbehave(faults=[{"kind": "odd_etag"}])
    start_daemon(settings=ONCE)
    wait_finished(database)
    assert database.query("SELECT count(*), count(etag) FROM title") == [(5, 0)]


@pytest.mark.parametrize("at", (0, 4))
def test_a_failure_that_the_database_refuses(database, start_daemon, tmdb,
                                             at):
    films = list(add_facts(database, facts(9)))
    database.query(REFUSE.format(film=films[at]))
    tmdb.misbehave(faults=[{"kind": "500"}])
    start_daemon(settings=ONCE)
    wait_until(lambda: all_parked(database), "all jobs wait", 30)
    errors = [job_of(database, film)[3] for film in films]
    assert errors.pop(at) == "the database does not take the error's text"
    assert set(errors) == {"HTTP status 500"}

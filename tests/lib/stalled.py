"""Requests that wait for the database, and films that come meanwhile."""

import concurrent.futures
import contextlib


@contextlib.contextmanager
def stalled(database):
    """Requests about films wait until the block ends."""
    with database.connect() as db, db.transaction():
        db.execute("LOCK TABLE library_entry IN ACCESS EXCLUSIVE MODE")
        yield


def waiting(database):
    return database.value("SELECT count(*) FROM pg_stat_activity "
                          "WHERE datname = current_database() "
                          "AND wait_event_type = 'Lock'")


def later(function, *args, **more):
    pool = concurrent.futures.ThreadPoolExecutor(1)
    return pool.submit(function, *args, **more)


def add_film(database, title):
    film = database.value("INSERT INTO film (title, year) VALUES (%s, 2000) "
                          "RETURNING id", title)
    database.query("INSERT INTO library_entry (member_id, film_id, marked_on) "
                   "VALUES (1, %s, '2024-01-01')", film)
    database.query("INSERT INTO enrich_job (film_id, tag) VALUES (%s, %s)",
                   film, film)
    return film

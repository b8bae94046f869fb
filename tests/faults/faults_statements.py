"""Faults of statements: Postgres is there and says no."""

import contextlib
import time

import psycopg

from fault import SOME, Fault, said, terminate


class LockHeld(Fault):
    """Somebody sits on the films for longer than lock_timeout."""

    name = "lock held (55P03)"
    hold_s = 2.5

    def inject(self, story):
        self.db = story.database.connect()
        self.db.execute("BEGIN")
        self.db.execute("SELECT 1 FROM film FOR UPDATE")

    def heal(self, story):
        self.db.close()

    def felt(self, story):
        said(story, "lock timeout")


class SlowStatement(Fault):
    """What should take a millisecond takes longer than statement_timeout."""

    name = "statement timeout (57014)"
    hold_s = 4.0

    def inject(self, story):
        story.database.query("""
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
            CREATE TRIGGER slow BEFORE INSERT ON title
            FOR EACH STATEMENT EXECUTE FUNCTION slow()""")

    def heal(self, story):
        story.database.query("DROP FUNCTION IF EXISTS slow CASCADE")

    def felt(self, story):
        said(story, "statement timeout")


def wait_for_waiting(story):
    """Until a daemon waits for a lock of ours; it need not come."""
    end = time.monotonic() + 1
    with story.database.connect() as db:
        while time.monotonic() < end and not db.execute(
                SOME, ("rewatch enrich-daemon", "lock", "")).fetchall():
            time.sleep(0.005)


class Deadlock(Fault):
    """The test locks films against their order, and waits more patiently
    than the daemon: Postgres ends the daemon's transaction."""

    name = "deadlock (40P01)"
    hold_s = 0

    def inject(self, story):
        for _ in range(20):
            story.keep_busy()
            with contextlib.suppress(psycopg.errors.DeadlockDetected), \
                    story.database.connect() as db, db.transaction():
                self.cross(story, db)
            if self.happened(story):
                return

    @staticmethod
    def cross(story, db):
        db.execute("SET LOCAL deadlock_timeout = '10s'")
        db.execute("SET LOCAL lock_timeout = '3s'")
        db.execute("SELECT 1 FROM film JOIN enrich_job ON film_id = id "
                   "WHERE id % 3 = 0 FOR UPDATE OF film")
        wait_for_waiting(story)
        with contextlib.suppress(psycopg.errors.LockNotAvailable):
            db.execute("SELECT 1 FROM film WHERE id % 3 <> 0 FOR UPDATE")

    @staticmethod
    def happened(story):
        return "deadlock detected" in story.log_of_round()

    def felt(self, story):
        said(story, "deadlock detected")


class Serialization(Fault):
    """Transactions that see the database as it was when they began, and a
    row that somebody else changes while they wait for it."""

    name = "serialization failure (40001)"
    hold_s = 0.5

    def inject(self, story):
        self.isolation(story, "SET default_transaction_isolation "
                              "= 'repeatable read'")
        for _ in range(10):
            story.keep_busy()
            with story.database.connect() as db, db.transaction():
                db.execute("UPDATE tmdb_rate SET calls = calls")
                wait_for_waiting(story)

    def heal(self, story):
        self.isolation(story, "RESET default_transaction_isolation")

    @staticmethod
    def isolation(story, what):
        story.database.query(f"ALTER ROLE rewatch_daemon {what}")
        terminate(story, "rewatch enrich-daemon%")

    def felt(self, story):
        said(story, "could not serialize")


class Refused(Fault):
    """No new connections, and the old ones ended."""

    hold_s = 1.5

    def __init__(self, name, change, undo, message):
        self.name = name
        self.change = change
        self.undo = undo
        self.message = message

    def inject(self, story):
        for role in ("rewatch_daemon", "rewatch_api"):
            story.database.query(f"ALTER ROLE {role} {self.change}")
        terminate(story, "rewatch %")

    def heal(self, story):
        for role in ("rewatch_daemon", "rewatch_api"):
            story.database.query(f"ALTER ROLE {role} {self.undo}")

    def felt(self, story):
        said(story, self.message)


class FullDisk(Fault):
    """No room for another page of titles and people."""

    name = "disk full (53100)"
    hold_s = 1.5
    def impossible(self, story):
        return story.disk.reason

    TITLES = 60  # that are to be stored while there is no room

    def inject(self, story):
        story.forget_titles(self.TITLES)
        # Without the holes that older rows have left.
        story.database.query("VACUUM (FULL) title, person")
        story.disk.fill()

    def heal(self, story):
        story.disk.free()

    def felt(self, story):
        said(story, "No space left on device")

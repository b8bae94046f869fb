"""Faults of connections: ended by Postgres, in every state."""

import time

from fault import SOME, Fault, terminate


class Terminate(Fault):
    """pg_terminate_backend of one kind of connection, caught in one state."""

    hold_s = 0.5
    times = 5

    def __init__(self, application, state):
        self.application = application
        self.state = state
        self.name = f"pg_terminate_backend: {application}, {state}"
        self.hits = 0

    def inject(self, story):
        end = time.monotonic() + 10
        with story.database.connect() as db:
            while self.hits < self.times and time.monotonic() < end:
                story.keep_busy()
                self.hits += self.hit(db)

    def hit(self, db):
        """Looks and strikes in one statement, a few hundred times."""
        for _ in range(300):
            ended = db.execute(
                f"SELECT count(pg_terminate_backend(pid)) FROM ({SOME}) s",
                (self.application, self.state, self.state)).fetchone()[0]
            if ended:
                return ended
        return 0

    def felt(self, story):
        assert self.hits >= self.times, f"only {self.hits} were hit"


class TerminateWaiting(Terminate):
    """While its store waits for a lock."""

    times = 1

    def __init__(self, application):
        super().__init__(application, "lock")

    def inject(self, story):
        with story.database.connect() as db, db.transaction():
            db.execute("SELECT 1 FROM film FOR UPDATE")
            super().inject(story)


class TerminateAll(Fault):
    name = "pg_terminate_backend: all, ten times a second"
    hold_s = 0

    def inject(self, story):
        self.hits = 0
        for _ in range(20):
            self.hits += terminate(story, "rewatch %")
            time.sleep(0.1)

    def felt(self, story):
        assert self.hits > 40, f"only {self.hits} were hit"

"""What must hold whatever happens, read from outside: from Postgres, from the
stand-in's own log of calls, from /proc and from the programs' logs.

    with Watcher(database) as watcher: ...   # looks all the time
    check_finished(database)                 # after the work
"""

import collections
import re
import time

import psycopg

from background import Background
from enrich_queue import STRANGERS

TRANSACTION_MAX_S = 1.0
IDLE_IN_TRANSACTION_MAX_S = 0.2
# Without a fault, a job whose daemon is gone is free again after the lease
# has run out and a sweep has come by; more than twice what the tests set.
ORPHAN_MAX_S = 5.0

SESSIONS = """
SELECT usename, pid, state, extract(epoch FROM clock_timestamp() - xact_start),
    extract(epoch FROM clock_timestamp() - state_change),
    COALESCE(wait_event_type, ''), xact_start
FROM pg_stat_activity
WHERE datname = current_database()
    AND usename IN ('rewatch_daemon', 'rewatch_api')
"""
ORPHANS = """
SELECT j.film_id, j.token FROM enrich_job j
WHERE j.token <> 0 AND NOT EXISTS (SELECT FROM enrich_daemon d
    WHERE d.epoch = j.token >> 24 AND holds_now(d.renewed_at, d.expires_at))
"""


class Watcher(Background):
    """Samples the invariants that hold at any time.

    A transaction may be old only because Postgres itself is busy with it (a
    lock, a sleep): never because its client is waiting for somebody else.
    """

    def __init__(self, database, attempts, every=0.02):
        super().__init__()
        self.database = database
        self.attempts = attempts
        self.every = every
        self.broken = collections.Counter()
        self.looks = 0
        self.oldest = 0.0
        self.excused = 0  # faults that cut or stop the client right now
        self.cut = set()  # transactions seen meanwhile
        self.waiting = set()  # that waited for their clients at the last look
        self.orphans = {}

    def excuse(self):
        """While a client is stopped or cut off, what it had open stays open,
        and for a moment after: Postgres is the one to end that."""
        self.excused += 1

    def accuse(self):
        self.excused -= 1
        self.orphans.clear()

    def note(self, what):
        if not self.excused:
            self.broken[what] += 1

    def look_at_sessions(self, db):
        before, self.waiting = self.waiting, set()
        for user, pid, state, age, since, wait, start in db.execute(SESSIONS):
            if age is None or state == "idle":
                continue
            if self.excused:
                self.cut.add((pid, start))
            if (pid, start) in self.cut:
                continue
            if wait == "Client":
                self.waiting.add((pid, start))
            # Once is the end of a long wait for Postgres.
            if (pid, start) in self.waiting & before:
                self.oldest = max(self.oldest, float(age))
                if age > TRANSACTION_MAX_S:
                    self.note(f"{user}: a transaction that waits for its "
                              "client for over a second")
            if (state.startswith("idle in transaction")
                    and since > IDLE_IN_TRANSACTION_MAX_S):
                self.note(f"{user}: idle in transaction")

    def look_at_jobs(self, db):
        most = db.execute("SELECT max(attempt) FROM enrich_job").fetchone()[0]
        if most is not None and most > self.attempts:
            self.broken[f"attempt {most} of {self.attempts}"] += 1
        now = time.monotonic()
        seen = {tuple(row) for row in db.execute(ORPHANS)}
        self.orphans = {job: self.orphans.get(job, now) for job in seen}
        if any(now - since > ORPHAN_MAX_S for since in self.orphans.values()):
            self.note("a running job without a live lease")

    def run(self):
        while not self.ended.is_set():
            try:
                with self.database.connect() as db:
                    while not self.ended.wait(self.every):
                        self.look_at_sessions(db)
                        if self.looks % 5 == 0:
                            self.look_at_jobs(db)
                        self.looks += 1
            except psycopg.OperationalError:
                self.orphans.clear()
                time.sleep(0.1)  # Postgres is down, by the test's will

    def __exit__(self, *error):
        self.stop()
        if error[0] is None:
            self.check()
            assert self.looks > 0

    def check(self):
        assert not self.broken, dict(self.broken)


def check_nothing_lost(database, wanted):
    """A film has its answer or a job."""
    assert database.query(
        "SELECT id, title FROM film f WHERE match_state IS NULL "
        "AND id = ANY (%s) AND NOT EXISTS (SELECT FROM enrich_job j "
        "WHERE j.film_id = f.id)", wanted) == []
    assert database.query("SELECT * FROM enrich_dead") == []


def check_finished(database, wanted, failed=0):
    """Every film that was asked for has its final answer, nothing is held,
    every match has its title once, every title its people."""
    def rows(sql, *args):
        return database.query(sql, *args)

    assert rows("SELECT count(*) FROM enrich_job") == [(0,)]
    assert rows("SELECT id, title FROM film WHERE match_state IS NULL "
                "AND id = ANY (%s)", wanted) == []
    assert rows("SELECT count(*) FROM enrich_dead") == [(failed,)]
    assert rows("SELECT count(*) FROM film WHERE match_state = 'failed'") \
        == [(failed,)]
    assert rows("SELECT f.id FROM film f LEFT JOIN title t "
                "USING (kind, tmdb_id) WHERE f.match_state = 'matched' "
                "AND t.tmdb_id IS NULL") == []
    assert rows("SELECT kind, tmdb_id FROM title GROUP BY 1, 2 "
                "HAVING count(*) > 1") == []
    assert rows(STRANGERS) == []


def connections(database):
    """{application name: how many} of our programs."""
    return dict(database.query(
        "SELECT application_name, count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() "
        "AND usename IN ('rewatch_daemon', 'rewatch_api') "
        "GROUP BY 1 ORDER BY 1"))


def metric(program, name):
    """The sum over its labels, from /metrics."""
    text = program.get("/metrics", timeout=5).body.decode()
    found = re.findall(rf"^{name}(?:{{[^}}]*}})? ([0-9.e+]+)$", text, re.M)
    return int(sum(map(float, found)))


class Calls:
    """The stand-in's log: lines of milliseconds, status, path."""

    def __init__(self, tmdb):
        lines = tmdb.get("/_stub/log").body.decode().splitlines()
        self.calls = [line.split("\t", 2) for line in lines]

    def __len__(self):
        return len(self.calls)

    def repeated(self):
        """{title: how often its details were asked for beyond the first}

        A look at the other names of a title, or at the episodes of a series,
        is a part of a film's search like any other: what it is at may be
        another film's title or none, and each film looks for itself. What TMDB
        put off was no fetch, and is asked again in its time."""
        asked = collections.Counter(
            path.split("?")[0] for _, status, path in self.calls
            if re.match(r"/3/(movie|tv)/", path) and status != "429"
            and not re.search("alternative_titles|season/", path))
        return {path: n - 1 for path, n in asked.items() if n > 1}

    def most_in_a_second(self):
        times = [int(ms) for ms, _, _ in self.calls]
        first = most = 0
        for i, at in enumerate(times):
            while at - times[first] >= 1000:
                first += 1
            most = max(most, i - first + 1)
        return most


REASONS = re.compile(
    r'event="jobs (?:of a lost lease dropped|released)".*? jobs=(\d+)'
    r'|event="jobs rescued" rescued=(\d+) recovered=(\d+)'
    r'|event="(?:job failed|stale (?:failure|completion) dropped)"()')


def reasons(log):
    """Jobs that had to be begun anew, by the daemons' own account: as many
    titles may have been fetched more than once."""
    total = 0
    for match in REASONS.finditer(log):
        counts = [int(n) for n in match.groups() if n]
        total += sum(counts) if counts else 1
    return total

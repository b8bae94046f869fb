"""The queue as the tests of the daemon see it: films in, invariants out."""

import pathlib
import time

import psycopg

from background import Background
from harness import wait_until

CATALOGUE = (pathlib.Path(__file__).resolve().parents[1]
             / "tmdb-stub/catalogue.tsv")
# Short enough for a test, in the proportions of the defaults.
QUICK = {
    "lease": {"length": "1500ms", "heartbeat": "300ms", "guard": "1s",
              "sweep": "200ms"},
    "enrich": {"poll": "100ms", "promote": "100ms", "backoff_base": "50ms",
               "backoff_max": "200ms"},
    "tmdb": {"rate": 40},
}


class Fact:
    """A line of the stand-in's catalogue."""

    def __init__(self, line):
        field = line.rstrip("\n").split("\t")
        self.kind = field[0]
        self.id = int(field[1])
        self.title = field[2]
        self.original = field[3] or field[2]
        self.date = field[4]
        self.year = int(field[4][:4])
        self.minutes = int(field[5])
        self.directors = [d for d in field[11].split("|") if d]
        self.votes = int(field[14])
        self.cast = [c.split("=")[0] for c in field[13].split("|") if c]


def facts(count=None, kind="movie"):
    """Films of the catalogue whose name is theirs alone."""
    with open(CATALOGUE, encoding="utf-8") as lines:
        known = [Fact(line) for line in lines
                 if line.strip() and not line.startswith("#")]
    names = [f.title for f in known]
    found = [f for f in known
             if f.kind == kind and names.count(f.title) == 1]
    return found[:count]


MEMBER = ("INSERT INTO member (id, name) VALUES (9, 'somebody') "
          "ON CONFLICT DO NOTHING")
# A film that nobody has is not looked up.
ENTRY = "INSERT INTO library_entry (member_id, film_id) VALUES (9, %s)"


def add_film(database, title, year, ref="", tag=1):
    """A film that member 9 has and nobody has looked up yet, and its job."""
    film = database.value(
        "INSERT INTO film (ref, title, year) VALUES (%s, %s, %s) "
        "RETURNING id", ref, title, year)
    database.query(MEMBER)
    database.query(ENTRY, film)
    add_job(database, film, tag)
    return film


def add_job(database, film, tag=1):
    database.query("INSERT INTO enrich_job (film_id, tag) VALUES (%s, %s)",
                   film, tag)


def add_facts(database, wanted, first_tag=1):
    """{film id: Fact}"""
    films = {}
    with database.connect() as db, db.transaction():
        db.execute(MEMBER)
        for tag, fact in enumerate(wanted, first_tag):
            film = db.execute(
                "INSERT INTO film (ref, title, year) "
                "VALUES (%s, %s, %s) RETURNING id",
                (f"boxd:{fact.id}", fact.title, fact.year)).fetchone()[0]
            db.execute(ENTRY, (film,))
            db.execute("INSERT INTO enrich_job (film_id, tag) "
                       "VALUES (%s, %s)", (film, tag))
            films[film] = fact
    return films


def many_films(database, count, first_tag=1):
    """Films under as many links, more than the catalogue has titles: each
    title's name several times."""
    known = facts()
    with database.connect() as db, db.transaction():
        db.execute(MEMBER)
        for n in range(count):
            fact = known[n % len(known)]
            film = db.execute(
                "INSERT INTO film (ref, title, year) "
                "VALUES (%s, %s, %s) RETURNING id",
                (f"boxd:{900000 + n}", fact.title, fact.year)).fetchone()[0]
            db.execute(ENTRY, (film,))
            db.execute("INSERT INTO enrich_job (film_id, tag) "
                       "VALUES (%s, %s)", (film, first_tag + n))


# How often what is shown of a film has changed: what the film is, and its title.
SHOWN = ("SELECT f.id, f.version + COALESCE(t.version, 0) FROM film f "
         "LEFT JOIN title t USING (kind, tmdb_id)")


def shown_version(database, film):
    return dict(database.query(SHOWN))[film]


def wake(database):
    database.query("NOTIFY enrich_job")


def unfinished(database):
    return database.value("SELECT count(*) FROM film WHERE match_state IS NULL")


def wait_finished(database):
    wait_until(lambda: unfinished(database) == 0, "all films finished")


def state_of(database, film):
    return database.query(
        "SELECT match_state, kind, tmdb_id FROM film WHERE id = %s", film)[0]


def job_of(database, film):
    """(token, attempt, parked, last_error) or None"""
    rows = database.query("SELECT token, attempt, parked, last_error "
                          "FROM enrich_job WHERE film_id = %s", film)
    return rows[0] if rows else None


class Watch(Background):
    """Looks all the time whether what must always hold does."""

    TRANSACTION_MAX_S = 1.0

    def __init__(self, database, attempts=8, every=0.02):
        super().__init__()
        self.database = database
        self.attempts = attempts
        self.every = every
        self.broken = []
        self.looks = 0
        self.connections = 0

    def look(self, db):
        idle, oldest, connections = db.execute("""
            SELECT count(*) FILTER (WHERE state LIKE 'idle in transaction%%'
                                    AND clock_timestamp() - state_change
                                        > interval '100 ms'),
                   COALESCE(max(extract(epoch FROM clock_timestamp()
                       - xact_start)) FILTER (WHERE state <> 'idle'), 0),
                   count(*)
            FROM pg_stat_activity
            WHERE usename = 'rewatch_daemon' AND datname = current_database()
            """).fetchone()
        attempt = db.execute("SELECT COALESCE(max(attempt), 0) "
                             "FROM enrich_job").fetchone()[0]
        self.connections = max(self.connections, connections)
        if idle:
            self.broken.append("idle in transaction")
        if oldest > self.TRANSACTION_MAX_S:
            self.broken.append(f"a transaction of {oldest:.1f} s")
        if attempt > self.attempts:
            self.broken.append(f"attempt {attempt}")
        self.looks += 1

    def run(self):
        while not self.ended.is_set():
            try:
                with self.database.connect() as db:
                    while not self.ended.wait(self.every):
                        self.look(db)
            except psycopg.OperationalError:
                time.sleep(0.1)  # Postgres is down, by the test's will

    def __exit__(self, *error):
        self.stop()
        if error[0] is None:
            assert self.looks > 0
            assert not self.broken, self.broken[:5]


# Who is in a title's credits and not among the people.
STRANGERS = """
SELECT t.tmdb_id, c.id
FROM title t, unnest(t.cast_ids || t.crew_ids) AS c (id)
LEFT JOIN person p ON p.id = c.id
WHERE p.id IS NULL
"""


def check_final(database):
    """After the work: all films finished, nothing doubled, nothing held."""
    assert unfinished(database) == 0
    assert database.value("SELECT count(*) FROM enrich_job") == 0
    assert database.query(
        "SELECT f.id FROM film f LEFT JOIN title t USING (kind, tmdb_id) "
        "WHERE f.match_state = 'matched' AND t.tmdb_id IS NULL") == []
    assert database.query(STRANGERS) == []

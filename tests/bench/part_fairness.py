"""A small upload beside a large one, and what fair queueing costs.

Member A uploads 10,000 films; a minute later member B uploads 50. Taking turns,
B's 50 are looked up at half of the rate, behind what the daemon has in hand:
the first figure is B's time, from the answer to the import until the last film
is stored, over the time the same upload takes alone. The second is A's: what
the calls so far have taken over the least time that the rate allows for them,
a little after B is done (all of A would be 500 s and say the same). Every film
is found with two calls; TMDB's stand-in answers after 50 ms.

The third is the statement that makes the jobs of 10,000 films, beside 300,000
that wait, over a bare INSERT ... SELECT of the same rows.
"""

import pathlib
import tempfile
import time

import ground
import harness
import importing
from figure import Figure, against, in_turn
from made_up import export_of, made_up, write_catalogue
from statements import statement

RATE = 40
DELAY_MS = 50
SMALL = 50
SMALL_ID = 100000


def upload(api, films):
    answer = api.import_zip(export_of(films))
    if answer.status != 201 or answer.json()["jobs"] != len(films):
        raise RuntimeError(answer)


def seconds_until_stored(db, name, count, timeout):
    began = time.monotonic()
    while db.execute("SELECT count(*) FROM film WHERE title LIKE %s "
                     "AND match_state = 'matched'",
                     (name + " %",)).fetchone()[0] < count:
        if time.monotonic() - began > timeout:
            raise RuntimeError(f"after {timeout} s not all of {name}")
        time.sleep(0.02)
    return time.monotonic() - began


class Scene:
    """Two members, a daemon that has nothing to do yet."""

    def __init__(self, cluster, catalogue):
        self.database = cluster.new_database()
        url = importing.second_member(self.database)
        self.parts = [harness.Tmdb(catalogue, DELAY_MS)]
        self.parts += [
            harness.ApiServer(self.database),
            harness.ApiServer(self.database, url=url),
            harness.Daemon(self.database, self.parts[0].url,
                           {"tmdb": {"rate": RATE}}, ready=True)]
        self.tmdb, self.first, self.second, _ = self.parts

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for part in reversed(self.parts):
            part.finish()


def alone(cluster, catalogue, films):
    with Scene(cluster, catalogue) as scene:
        time.sleep(1)
        upload(scene.second, films)
        with scene.database.connect() as db:
            return seconds_until_stored(db, "Small", len(films), 60)


def beside(cluster, catalogue, large, small, wait):
    """B's seconds; then A's so far, and the calls they were made of."""
    with Scene(cluster, catalogue) as scene:
        upload(scene.first, large)
        began = time.monotonic()
        time.sleep(wait)
        upload(scene.second, small)
        with scene.database.connect() as db:
            seconds = seconds_until_stored(db, "Small", len(small), 300)
        time.sleep(5)
        calls = scene.tmdb.stats()["calls"]
        return seconds, time.monotonic() - began, calls


def of_two_members(cluster, quick):
    large = made_up("Large", 2000 if quick else 10000)
    small = made_up("Small", SMALL, SMALL_ID)
    wait = 5 if quick else 60
    with tempfile.TemporaryDirectory(prefix="rewatch-bench-") as work:
        catalogue = write_catalogue(pathlib.Path(work) / "catalogue.tsv",
                                    large + small)
        own = alone(cluster, catalogue, small)
        seconds, total, calls = beside(cluster, catalogue, large, small, wait)
    yield Figure("fairness: small beside large", seconds / own, "<= 3",
                 f"{seconds:.1f} s : {own:.1f} s alone; {len(small)} films, "
                 f"{wait} s after {len(large):,}",
                 {"seconds": round(seconds, 3), "alone": round(own, 3)})
    yield Figure("fairness: both, so far", total * RATE / calls, "<= 1.05",
                 f"{total:.1f} s : {calls / RATE:.1f} s ({calls} calls / "
                 f"{RATE}); stopped then, with {len(large):,} films begun",
                 {"seconds": round(total, 3), "calls": calls})


# --- the statement

FILMS = 10000
WAITING = 300000
FLOOR = ("INSERT INTO enrich_job (film_id, tag) SELECT film_id, "
         "1000 * row_number() OVER (ORDER BY since, film_id) "
         "FROM import_job ORDER BY film_id")


def fill(admin, waiting):
    admin.execute("INSERT INTO member (id, name) VALUES (1, 'local')")
    admin.execute(
        "INSERT INTO film (ref, title, year) SELECT 'boxd:' || n, "
        f"'Film ' || n, 2000 FROM generate_series(1, {waiting + FILMS}) AS n")
    admin.execute("INSERT INTO enrich_job (film_id, tag) SELECT id, 1000 * id "
                  "FROM film ORDER BY id LIMIT %s", (waiting,))
    admin.execute("UPDATE enrich_clock SET last_tag = %s", (1000 * waiting,))


def seconds_of(admin, db, text):
    """Of one statement, rolled back; what it leaves is cleared away."""
    with db.transaction(force_rollback=True):
        db.execute("SELECT import_tables()")
        db.execute("SET LOCAL work_mem = '32MB'; SET LOCAL jit = off")
        db.execute("INSERT INTO import_job SELECT id, '2024-01-01' FROM film "
                   "ORDER BY id DESC LIMIT %s", (FILMS,))
        began = time.monotonic()
        db.execute(text)
        seconds = time.monotonic() - began
        made = db.execute("SELECT count(*) FROM enrich_job j "
                          "JOIN import_job USING (film_id)").fetchone()[0]
    if made != FILMS:
        raise RuntimeError(f"{made} jobs of {FILMS}")
    admin.execute("VACUUM ANALYZE enrich_job")
    return seconds


def of_the_statement(cluster, quick):
    database = cluster.new_database()
    waiting = WAITING // 10 if quick else WAITING
    with database.connect() as admin, \
            database.connect("rewatch_api", 1) as db:
        fill(admin, waiting)
        admin.execute("VACUUM ANALYZE film, enrich_job")
        db.execute((ground.ROOT / "sql/session/api.sql").read_text())
        ours = statement("import/enqueue").text
        seconds_of(admin, db, ours)
        samples = in_turn(3 if quick else 9,
                          ours=lambda: seconds_of(admin, db, ours),
                          floor=lambda: seconds_of(admin, db, FLOOR))
    yield against("fairness: jobs of 10,000 films", samples["ours"],
                  samples["floor"], "<= 3", "ms", 1000,
                  f"; {waiting:,} wait")


def run(quick):
    with ground.cluster() as cluster:
        yield from of_two_members(cluster, quick)
        yield from of_the_statement(cluster, quick)

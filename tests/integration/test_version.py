"""The version of a library: every change of what is shown raises it, nothing
else does, and the servers of those whom it concerns are notified."""

import datetime
import os
import threading
import time

import psycopg
import pytest

from enrich_queue import (QUICK, add_film, facts, job_of, unfinished,
                          wake)
from harness import merged, wait_until
from importing import committed
from made_up import export_of, made_up, write_catalogue
from statements import statement
from synthetic import Film, Library, Watch, ask, store

TOKEN = 1
DAY = datetime.date(2024, 1, 1)


def hours(api):
    answer = api.get("/v1/stats")
    assert answer.status == 200, answer
    return answer.json()["overview"]["hours"]


def version(database, member=1):
    return ask(database, member, "library/show")["version"]


def matched_soon(database, *minutes):
    """Watched films of member 1, their jobs held under TOKEN, and the titles
    of these lengths that their verdicts will name: [(film id, title id)]"""
    films = [Film(f"Film {n}", 1990, f"boxd:{n}", watches=[Watch(DAY)])
             for n, _ in enumerate(minutes, 1)]
    store(database, Library(1, films))
    for n, length in enumerate(minutes, 1):
        database.query("INSERT INTO title (kind, tmdb_id, name, original_name, "
                       "runtime, fetched_at) VALUES ('movie', %s, 'A', 'A', "
                       "%s, now())", n, length)
    database.query("INSERT INTO enrich_job (film_id, tag, token) "
                   "SELECT id, 1, %s FROM film", TOKEN)
    return [(film.id, n) for n, film in enumerate(films, 1)]


def store_verdicts(db, films, titles=None):
    """What a daemon does when it knows: the last statement of its store.
    Without titles the films are not found."""
    n = len(films)
    verdict = statement("job/store")
    db.execute(f"PREPARE verdict AS {verdict.text}", prepare=False)
    psycopg.ClientCursor(db).execute(
        "EXECUTE verdict(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        verdict.arguments({
            "films": films, "tokens": [TOKEN] * n,
            "states": ["matched" if titles else "not_found"] * n,
            "kinds": ["movie" if titles else None] * n,
            "ids": titles or [None] * n, "methods": ["search_year"] * n,
            "confidences": ["high" if titles else None] * n,
            "scores": [1.0] * n, "candidates": ["[]"] * n}))
    db.execute("DEALLOCATE verdict", prepare=False)


def test_of_two_stores_the_first_may_commit_last(api, database):
    """Else the answer of in between would be taken for that of the end."""
    first, second = matched_soon(database, 60, 120)
    assert hours(api) == 0
    with database.connect("rewatch_daemon") as one, \
            database.connect("rewatch_daemon") as other:
        one.execute("BEGIN")
        store_verdicts(one, [first[0]], [first[1]])
        store_verdicts(other, [second[0]], [second[1]])
        database.query("NOTIFY enriched")
        wait_until(lambda: hours(api) == 2, "the second film", 3)
        one.execute("COMMIT")
    database.query("NOTIFY enriched")
    wait_until(lambda: hours(api) == 3, "both films", 3)


def test_a_film_may_become_a_title_that_is_just_being_stored(database):
    """The store cannot know of it: its film is not there yet."""
    database.query("INSERT INTO title (kind, tmdb_id, name, original_name, "
                   "runtime, fetched_at) VALUES ('movie', 1, 'A', 'A', 60, "
                   "now())")
    with database.connect("rewatch_daemon") as db:
        db.execute("BEGIN")
        db.execute("UPDATE title SET runtime = 120, version = version + 1")
        film = Film("A", 1990, "boxd:1", watches=[Watch(DAY)])
        store(database, Library(1, [film]))
        database.query("UPDATE film SET match_state = 'matched', "
                       "kind = 'movie', tmdb_id = 1")
        before = version(database)
        db.execute("COMMIT")
    assert version(database) != before


def test_a_film_is_dropped_only_when_nobody_is_about_to_have_it(database):
    film = database.value("INSERT INTO film (title) VALUES ('A') RETURNING id")
    drop, hold = (f"SELECT count(*) FROM {call}(%s)"
                  for call in ("drop_lone_films", "hold_films"))
    there = "SELECT count(*) FROM film"
    with database.connect("rewatch_api", 1) as one, \
            database.connect("rewatch_api", 2) as other:
        one.execute("BEGIN")
        assert one.execute(hold, ([film],)).fetchone() == (1,)
        other.execute(drop, ([film],))
        one.execute("COMMIT")
        assert database.value(there) == 1
        # The other way round it waits, and learns that the film is gone.
        other.execute("BEGIN")
        other.execute(drop, ([film],))
        held = []
        waiting = threading.Thread(target=lambda: held.append(
            one.execute(hold, ([film],)).fetchone()))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        other.execute("COMMIT")
        waiting.join(10)
        assert held == [(0,)]
    assert database.value(there) == 0


def test_a_store_notifies_the_members_who_have_the_film(database):
    film = Film("A", 1990, "boxd:1", watches=[Watch(DAY)])
    for member in (1, 2, 3):
        own = film if member < 3 else Film("B", 1990, "boxd:2",
                                           watches=[Watch(DAY)])
        store(database, Library(member, [own]))
    database.query("INSERT INTO list (member_id, slug, name) "
                   "VALUES (3, 'l', 'L')")
    heard = []
    with database.connect("rewatch_daemon") as db:
        db.add_notify_handler(lambda n: heard.append(n.payload))
        db.execute("LISTEN enriched")

        def told(*films):
            heard.clear()
            db.execute("SELECT notify_members(%s)", (list(films),))
            db.execute("SELECT 1")
            return heard

        assert told(film.id) == ["1,2"]
        # By a list, and by a choice.
        database.query("INSERT INTO list_item (member_id, list_id, position, "
                       "film_id) SELECT 3, id, 1, %s FROM list", film.id)
        assert told(film.id) == ["1,2,3"]
        target = database.value("INSERT INTO film (ref, title) VALUES "
                                "('tmdb:movie:7', 'tmdb:movie:7') "
                                "RETURNING id")
        assert told(target) == []
        database.query("INSERT INTO film_choice (member_id, film_id, "
                       "target_film_id) VALUES (2, %s, %s)", film.id, target)
        assert told(target) == ["2"]


def test_a_batch_notifies_once(database):
    """Not once a job: that is a second for some hundred."""
    with database.connect() as db:
        db.execute("ALTER ROLE rewatch_daemon IN DATABASE "
                   f"{database.name} SET track_functions = 'all'")
    count = 40
    database.query("WITH f AS (INSERT INTO film (title) SELECT 'F' || n "
                   "FROM generate_series(1, %s) n RETURNING id) "
                   "INSERT INTO enrich_job (film_id, tag, token) "
                   "SELECT id, 1, %s FROM f", count, TOKEN)
    films = [film for film, in database.query("SELECT id FROM film")]
    with database.connect("rewatch_daemon") as db:
        store_verdicts(db, films)
    calls = ("SELECT calls FROM pg_stat_user_functions "
             "WHERE funcname = 'notify_members'")
    wait_until(lambda: database.query(calls), "counted")
    assert database.value("SELECT count(*) FROM enrich_job") == 0
    assert database.value(calls) == 1


def test_more_members_than_one_notification_holds(database):
    database.query("INSERT INTO film (title) VALUES ('A')")
    database.query("INSERT INTO member (id, name) SELECT n, n FROM "
                   "generate_series(1000000000001, 1000000001000) n")
    database.query("INSERT INTO library_entry (member_id, film_id, marked_on) "
                   "SELECT m.id, f.id, '2024-01-01' FROM member m, film f")
    heard = []
    with database.connect("rewatch_daemon") as db:
        db.add_notify_handler(lambda n: heard.append(n.payload))
        db.execute("LISTEN enriched")
        db.execute("SELECT notify_members(ARRAY(SELECT id FROM film))")
        db.execute("SELECT 1")
    members = [int(m) for payload in heard for m in payload.split(",")]
    assert members == list(range(1000000000001, 1000000001001))


@pytest.mark.parametrize("table", ["library_entry", "watch", "film_choice",
                                   "member"])
def test_the_daemon_reads_no_members_table(database, table):
    with database.connect("rewatch_daemon") as db:
        with pytest.raises(Exception, match="permission denied"):
            db.execute(f"SELECT * FROM {table}")
        assert db.execute("SELECT notify_members('{1}')").fetchone() == ("",)


def test_only_what_is_shown_raises_it(database, start_daemon, tmdb):
    """A title that is fetched again and is the same leaves the version; one
    that says something else does not."""
    fact = facts(1)[0]
    film = add_film(database, fact.title, fact.year, f"boxd:{fact.id}")
    database.query("INSERT INTO member (id, name) VALUES (1, 'local')")
    database.query("INSERT INTO library_entry (member_id, film_id, marked_on) "
                   "VALUES (1, %s, '2024-01-01')", film)
    settings = merged(QUICK, {"enrich": {"refresh_every": "1s"}})
    start_daemon(settings=settings)
    wait_until(lambda: unfinished(database) == 0, "matched")
    first = version(database)

    def fetch_again(change=None):
        before = database.value("SELECT fetched_at FROM title")
        if change:
            database.query(change)
        # Without its ETag, it is not a 304.
        database.query("UPDATE title SET etag = NULL, fetched_at = now() - "
                       "interval '151 days'")
        database.query("INSERT INTO enrich_job (film_id, tag) VALUES (%s, 1) "
                       "ON CONFLICT DO NOTHING", film)
        wake(database)
        wait_until(lambda: job_of(database, film) is None and database.value(
            "SELECT fetched_at > %s FROM title", before), "fetched again")
        return version(database)

    assert fetch_again() == first
    second = fetch_again("UPDATE title SET runtime = 1")
    assert second != first
    third = fetch_again("UPDATE person SET name = 'Another' WHERE id = "
                        "(SELECT min(id) FROM person)")
    assert third not in (first, second)
    fourth = fetch_again("UPDATE studio SET name = 'Another'")
    assert fourth not in (first, second, third)
    assert fetch_again() == fourth


def test_the_api_changes_no_film(database):
    """Others' libraries stand on them."""
    database.query("INSERT INTO film (title) VALUES ('A')")
    with database.connect("rewatch_api", 1) as db:
        for change in ("UPDATE film SET ref = 'boxd:1'",
                       "UPDATE film SET version = 7", "DELETE FROM film",
                       "SELECT 1 FROM film FOR UPDATE"):
            with pytest.raises(Exception, match="permission denied"):
                db.execute(change)


def test_two_addresses_of_a_panel_are_one_answer(api):
    """/v1/stats/{panel} and ?panel= are the same question."""
    def computed():
        text = api.get("/metrics").body.decode()
        return sum(float(line.split()[1]) for line in text.splitlines()
                   if line.startswith(
                       'rewatch_cache_lookups_total{how="computed"}'))

    one = api.get("/v1/stats/years")
    before = computed()
    time.sleep(0.05)
    other = api.get("/v1/stats?panel=years")
    assert other.body == one.body
    assert other.headers["etag"] == one.headers["etag"]
    assert computed() == before


# How long two daemons store beside each other; a minute with FRESH_S=60.
FRESH_S = int(os.environ.get("FRESH_S", "8"))
LATE_S = 2.0


class Readings(threading.Thread):
    """What one server says is still to come, all the time:
    [(asked at, answered at, films without TMDB)]"""

    def __init__(self, api, ended):
        super().__init__(daemon=True)
        self.api = api
        self.ended = ended
        self.read = []
        self.start()

    def run(self):
        while not self.ended.is_set():
            asked = time.monotonic()
            answer = self.api.get("/v1/stats/overview")
            if answer.status == 200:
                self.read.append((asked, time.monotonic(), answer.json()
                                  ["overview"]["without_tmdb"]))
            self.ended.wait(0.05)


def lateness(kept, computed):
    """The longest time that a kept answer, when it was asked for, lagged
    behind one that had been computed by then."""
    late = 0.0
    for asked, _, left in kept:
        known = [answered for _, answered, now in computed
                 if answered <= asked and now < left]
        if known:
            late = max(late, asked - min(known))
    return late


def test_kept_answers_follow_two_daemons(database, start_api, start_daemon,
                                         start_tmdb, tmp_path):
    films = made_up("Fresh", 20 * FRESH_S)
    stand_in = start_tmdb(write_catalogue(tmp_path / "catalogue.tsv", films))
    keeps = start_api()
    computes = start_api(settings={"cache": {"bytes_max": 0}})
    committed(keeps.import_zip(export_of(films)))
    settings = merged(QUICK, {"enrich": {"store_delay": "20ms"}})
    ended = threading.Event()
    readings = [Readings(api, ended) for api in (keeps, computes)]
    for tag in ("-1", "-2"):
        start_daemon(settings=settings, tmdb_url=stand_in.url, tag=tag)
    wait_until(lambda: unfinished(database) == 0, "all films finished",
               timeout=6 * FRESH_S)
    time.sleep(LATE_S)
    ended.set()
    for one in readings:
        one.join(30)
    kept, computed = (one.read for one in readings)
    assert len({left for _, _, left in computed}) > FRESH_S
    assert kept[-1][2] == computed[-1][2] == 0
    assert lateness(kept, computed) <= LATE_S, lateness(kept, computed)

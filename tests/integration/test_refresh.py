"""What grows old is asked for again; what was given up can be restarted."""

import subprocess
import time

import pytest

import harness
from enrich_queue import (CATALOGUE, QUICK, add_facts, add_film, check_final,
                          facts, job_of, shown_version, state_of,
                          unfinished)
from harness import merged, wait_until
from importing import import_csv

# Looks for what is old at the start and every second.
EAGER = merged(QUICK, {"enrich": {"refresh_every": "1s"}})


def settle(database, daemon):
    wait_until(lambda: unfinished(database) == 0, f"settled\n{daemon.log()}")
    assert daemon.stop() == 0


def age(database, days, tmdb_id=None):
    database.query("UPDATE title SET fetched_at = fetched_at "
                   "- make_interval(days => %s) WHERE tmdb_id = %s "
                   "OR %s::bigint IS NULL", days, tmdb_id, tmdb_id)


def young(database):
    return database.value("SELECT bool_and(fetched_at > now() - interval "
                          "'1 minute') FROM title")


def films_of(database):
    return database.query("SELECT * FROM film ORDER BY id")


def test_an_old_title_that_has_not_changed_is_renewed(database, start_daemon,
                                                      tmdb):
    """One call a title, however many films it has; nothing else changes."""
    known = facts(3)
    add_facts(database, known)
    add_film(database, known[0].title, known[0].year, "boxd:1", 9)
    settle(database, start_daemon(settings=QUICK))
    before = films_of(database)
    titles = "SELECT to_jsonb(t) - 'fetched_at' FROM title t ORDER BY tmdb_id"
    title_before = database.query(titles)
    calls = tmdb.stats()["calls"]

    age(database, 149)
    age(database, 2, known[0].id)
    age(database, 2, known[1].id)
    daemon = start_daemon(settings=EAGER)
    wait_until(lambda: "event=\"old answers" in daemon.log()
               and database.value("SELECT count(*) FROM enrich_job") == 0,
               "renewed")
    assert daemon.stop() == 0
    assert tmdb.stats()["calls"] == calls + 2
    assert tmdb.stats()["by_status"]["304"] == 2
    assert films_of(database) == before
    assert database.query(titles) == title_before
    assert database.value("SELECT array_agg(tmdb_id ORDER BY tmdb_id) "
                          "FROM title WHERE fetched_at < now() - "
                          "interval '148 days'") == [known[2].id]
    check_final(database)


@pytest.fixture
def changed_catalogue(tmp_path):
    """The catalogue with another length for one film."""
    def change(fact):
        path = tmp_path / "catalogue.tsv"
        lines = CATALOGUE.read_text(encoding="utf-8").split("\n")
        for n, line in enumerate(lines):
            field = line.split("\t")
            if len(field) > 5 and field[1] == str(fact.id):
                field[5] = str(fact.minutes + 7)
                lines[n] = "\t".join(field)
        path.write_text("\n".join(lines), encoding="utf-8")
        return path
    return change


def test_an_old_title_that_has_changed_is_stored(database, start_daemon,
                                                 start_tmdb,
                                                 changed_catalogue):
    fact = facts(1)[0]
    film = list(add_facts(database, [fact]))[0]
    settle(database, start_daemon(settings=QUICK))
    match = "SELECT match_method, confidence, matched_at, version FROM film"
    before = database.query(match)
    version = shown_version(database, film)
    age(database, 151)

    tmdb = start_tmdb(catalogue=changed_catalogue(fact))
    start_daemon(settings=EAGER, tmdb_url=tmdb.url)
    wait_until(lambda: young(database), "stored")
    assert tmdb.stats()["calls"] == 1
    assert database.value("SELECT runtime FROM title") == fact.minutes + 7
    assert state_of(database, film) == ("matched", "movie", fact.id)
    assert database.query(match) == before
    assert shown_version(database, film) > version
    check_final(database)


def test_films_of_a_title_that_is_gone_are_matched_anew(database,
                                                        start_daemon, tmdb):
    known, gone = facts(2)
    films = [add_film(database, known.title, known.year, f"boxd:{n}", n)
             for n in (1, 2, 3)]
    settle(database, start_daemon(settings=QUICK))
    # They were of another title until now, which TMDB has no more.
    database.query("INSERT INTO title (kind, tmdb_id, name, original_name, "
                   "fetched_at) VALUES ('movie', %s, %s, %s, "
                   "now() - interval '151 days')", gone.id, known.title,
                   known.title)
    database.query("UPDATE film SET tmdb_id = %s", gone.id)
    tmdb.misbehave(faults=[{"kind": "404", "path": f"/3/movie/{gone.id}"}])

    start_daemon(settings=EAGER)
    for film in films:
        wait_until(lambda f=film: state_of(database, f)
                   == ("matched", "movie", known.id), "matched anew")
    check_final(database)


def test_a_refresh_that_fails_leaves_what_was_there(database, start_daemon,
                                                    tmdb):
    fact = facts(1)[0]
    film = list(add_facts(database, [fact]))[0]
    settle(database, start_daemon(settings=QUICK))
    age(database, 151)
    tmdb.misbehave(faults=[{"kind": "500", "path": f"/3/movie/{fact.id}"}])
    daemon = start_daemon(settings=merged(EAGER, {"enrich": {"attempts": 2}}))

    def is_dead():
        # That TMDB is well the daemon knows from other films only.
        return "job dead" in daemon.log() or add_facts(database, [next(more)])

    more = iter(facts()[1:])
    wait_until(lambda: is_dead() is True, "dead", every=0.3)
    wait_until(lambda: unfinished(database) == 0, "the others")
    assert state_of(database, film) == ("matched", "movie", fact.id)
    assert database.value("SELECT name FROM title WHERE tmdb_id = %s",
                          fact.id) == fact.title

    # Not again at once, but the day after.
    tmdb.misbehave()
    refreshed = daemon.log().count("old answers")
    time.sleep(1.5)
    assert daemon.log().count("old answers") == refreshed == 1
    assert job_of(database, film) is None
    database.query("UPDATE enrich_dead SET died_at = died_at "
                   "- interval '25 hours'")
    wait_until(lambda: young(database), "renewed")
    assert database.value("SELECT count(*) FROM enrich_dead") == 0
    check_final(database)


def wait_days(database, film):
    """(days until the next try, misses)"""
    return database.query(
        "SELECT round(extract(epoch FROM next_try_at - now()) / 86400)::int, "
        "misses FROM film WHERE id = %s", film)[0]


def test_what_was_not_found_is_tried_again_ever_later(database, start_daemon,
                                                      tmdb):
    film = add_film(database, "Xyzzy Plugh Nothing Happens", 1999)
    found = add_film(database, facts(1)[0].title, facts(1)[0].year, tag=2)
    daemon = start_daemon(settings=EAGER)
    wait_until(lambda: unfinished(database) == 0, "not found")
    assert wait_days(database, found) == (None, 0)
    for days, misses in ((7, 1), (30, 2), (90, 3), (90, 3)):
        assert wait_days(database, film) == (days, misses)
        searches = tmdb.stats()["searches"]
        database.query("UPDATE film SET next_try_at = now() WHERE id = %s",
                       film)
        wait_until(lambda: wait_days(database, film)[0] > 0, daemon.log)
        assert tmdb.stats()["searches"] > searches
        assert state_of(database, film) == ("not_found", None, None)

    # By now it is called otherwise, as TMDB has it.
    database.query("UPDATE film SET title = %s, year = %s, next_try_at = now()"
                   " WHERE id = %s", facts(2)[1].title, facts(2)[1].year, film)
    wait_until(lambda: state_of(database, film)[0] == "matched", "found")
    assert wait_days(database, film) == (None, 0)
    check_final(database)


def test_an_ambiguous_film_is_tried_after_a_month(database, start_daemon):
    film = add_film(database, "Black Rain", 1989)
    start_daemon(settings=QUICK)
    wait_until(lambda: unfinished(database) == 0, "finished")
    assert state_of(database, film)[0] == "ambiguous"
    assert wait_days(database, film) == (30, 0)


def watched(some):
    return ("Date,Name,Year,Letterboxd URI\n" + "".join(
        f'2020-01-{n:02},"{f.title}",{f.year},https://letterboxd.com/film/f{n}/\n'
        for n, f in enumerate(some, 11))).encode()


def test_a_refresh_waits_behind_an_import(database, start_daemon, api, tmdb):
    old, new = facts(24)[:12], facts(24)[12:]
    add_facts(database, old)
    settle(database, start_daemon(settings=QUICK))
    age(database, 151)
    # The refresh is in the queue first; it is the daemon that put it there.
    slow = merged(QUICK, {"tmdb": {"rate": 1, "connections": 1},
                          "enrich": {"claim_max": 1}})
    daemon = start_daemon(settings=slow)
    wait_until(lambda: database.value("SELECT count(*) FROM enrich_job") > 5,
               "refreshes wait")
    daemon.stop()
    left = database.value("SELECT count(*) FROM enrich_job")
    import_csv(api, "watched.csv", watched(new))
    tags = [row[0] for row in database.query(
        "SELECT f.match_state IS NULL FROM enrich_job j JOIN film f "
        "ON f.id = j.film_id ORDER BY j.tag")]
    assert tags == [True] * 12 + [False] * left
    # The clock of the members has not jumped to the end.
    assert database.value("SELECT last_tag < 1::bigint << 61 FROM enrich_clock")

    tmdb.post("/_stub/reset")
    daemon = start_daemon(settings=merged(QUICK, {
        "enrich": {"claim_max": 1}, "tmdb": {"connections": 1}}))
    wait_until(lambda: database.value("SELECT count(*) FROM enrich_job") == 0,
               "all done", timeout=60)
    kinds = ["304" if line.split()[1] == "304" else "new" for line in
             tmdb.get("/_stub/log").body.decode().splitlines()]
    assert kinds == ["new"] * (len(kinds) - left) + ["304"] * left
    # And a second import is not sent behind them either.
    assert database.value("SELECT max(low_tag) < 1::bigint << 61 "
                          "FROM enrich_daemon")


def test_a_title_nobody_has_is_forgotten(database, start_daemon):
    fact = facts(1)[0]
    add_facts(database, [fact])
    settle(database, start_daemon(settings=QUICK))
    database.query("INSERT INTO title (kind, tmdb_id, name, original_name, "
                   "fetched_at) VALUES ('tv', 7, 'A', 'A', now() - interval "
                   "'179 days'), ('tv', 8, 'B', 'B', now() - interval "
                   "'181 days')")
    start_daemon(settings=EAGER)
    wait_until(lambda: database.value("SELECT count(*) FROM title") == 2,
               "forgotten")
    assert database.value("SELECT count(*) FROM title WHERE tmdb_id = 8") == 0


def test_what_is_too_old_is_not_shown(database, start_daemon, api):
    some = facts(2)
    import_csv(api, "watched.csv", watched(some))
    settle(database, start_daemon(settings=QUICK))
    films = {f["title"]: f["id"] for f in api.get("/v1/films").json()["films"]}
    old, new = (films[f.title] for f in some)
    age(database, 179, some[0].id)
    assert api.get(f"/v1/films/{old}").json()["tmdb"]["name"]
    age(database, 1, some[0].id)
    assert api.get(f"/v1/films/{old}").json()["tmdb"] is None
    assert api.get(f"/v1/films/{new}").json()["tmdb"]["name"]
    overview = api.get("/v1/stats/overview").json()["overview"]
    assert (overview["films"], overview["without_tmdb"]) == (2, 1)
    assert overview["hours"] == round(some[1].minutes / 60, 1)

    before = shown_version(database, old)
    start_daemon(settings=EAGER)
    wait_until(lambda: young(database), "renewed")
    assert api.get(f"/v1/films/{old}").json()["tmdb"]["name"]
    assert shown_version(database, old) > before


def break_films(database, start_daemon, tmdb, api):
    """Three films of the member that failed, one that was not found."""
    some = facts(3)
    rows = watched(some).decode()
    rows += "2020-02-01,Xyzzy Plugh Nothing,1999,https://letterboxd.com/film/xyzzy/\n"
    tmdb.misbehave(faults=[{"kind": "500", "path": f"/3/movie/{f.id}"}
                           for f in some])
    import_csv(api, "watched.csv", rows.encode())
    daemon = start_daemon(settings=merged(QUICK, {"enrich": {"attempts": 1}}))
    settle(database, daemon)
    tmdb.misbehave()
    progress = api.get("/v1/enrichment").json()
    assert (progress["failed"], progress["not_found"]) == (3, 1)


def test_dead_jobs_are_restarted_by_the_daemon(database, start_daemon, tmdb,
                                               api):
    break_films(database, start_daemon, tmdb, api)
    ended = subprocess.run(
        [harness.BUILD / "enrich-daemon/enrich-daemon", "--retry-dead"],
        env={"DATABASE_URL": database.url("rewatch_daemon")}, check=True,
        capture_output=True, text=True, timeout=20)
    assert ended.stdout.startswith("3 jobs put back\n")
    progress = api.get("/v1/enrichment").json()
    assert (progress["pending"], progress["failed"]) == (3, 0)
    assert database.value("SELECT count(*) FROM enrich_dead") == 0
    start_daemon(settings=QUICK)
    wait_until(lambda: api.get("/v1/enrichment").json()["matched"] == 3,
               "matched")
    check_final(database)


def test_retry_dead_says_when_it_cannot(database):
    ended = subprocess.run(
        [harness.BUILD / "enrich-daemon/enrich-daemon", "--retry-dead"],
        env={"DATABASE_URL": database.url("rewatch_api")}, check=False,
        capture_output=True, text=True, timeout=20)
    assert ended.returncode == 1
    assert "jobs not put back" in ended.stdout + ended.stderr


def test_a_member_has_failed_films_tried_again(database, start_daemon, tmdb,
                                               api):
    break_films(database, start_daemon, tmdb, api)
    # Somebody else's film that failed is not touched.
    other = database.value("INSERT INTO film (title, match_state) "
                           "VALUES ('Other', 'failed') RETURNING id")
    stats = api.get("/v1/stats").json()["version"]
    answer = api.post("/v1/enrichment/retry")
    assert answer.json() == {"jobs": 3, "fresh": 0}
    # The statistics show nothing else for it.
    assert api.get("/v1/stats").json()["version"] == stats
    assert api.post("/v1/enrichment/retry").json() == {"jobs": 0, "fresh": 0}
    # TMDB has just been asked for the other one: not before tomorrow.
    unfound = "/v1/enrichment/retry?not_found=1"
    assert api.post(unfound).json() == {"jobs": 0, "fresh": 1}
    database.query("UPDATE film SET matched_at = now() - interval '25 hours' "
                   "WHERE match_state = 'not_found'")
    assert api.post(unfound).json() == {"jobs": 1, "fresh": 0}
    assert api.post(unfound).json() == {"jobs": 0, "fresh": 0}
    assert job_of(database, other) is None
    progress = api.get("/v1/enrichment").json()
    assert (progress["pending"], progress["failed"]) == (4, 0)
    assert database.value("SELECT last_tag FROM enrich_clock") \
        == database.value("SELECT max(tag) FROM enrich_job") \
        == database.value("SELECT last_tag FROM enrich_share")
    assert database.value("SELECT count(DISTINCT tag) FROM enrich_job") == 4
    start_daemon(settings=QUICK)
    wait_until(lambda: api.get("/v1/enrichment").json()["matched"] == 3
               and api.get("/v1/enrichment").json()["pending"] == 0, "done")
    assert api.post("/v1/enrichment/retry?not_found=2").status == 400


def test_check_says_what_the_start_would(tmp_path):
    """Keys that contradict each other, and the token that is missing."""
    config = tmp_path / "config.yaml"
    for text, said in (("lease:\n  guard: 31s\n", "lease.guard"),
                       ("enrich:\n  backoff_max: 1s\n", "backoff_base"),
                       ("tmdb:\n  index_url: ftp://x/\n", "tmdb.index_url"),
                       ("tmdb:\n  url: https://api.themoviedb.org/3\n",
                        "write https://api.themoviedb.org\n"),
                       ("tmdb:\n  url: https://api.themoviedb.org/x/3//\n",
                        "write https://api.themoviedb.org/x\n"),
                       ("tmdb:\n  url: https://api.themoviedb.org/v3\n", None),
                       ("tmdb:\n  rate: 35\n", None)):
        config.write_text(text)
        for token in ("eyJx", ""):
            ended = subprocess.run(
                [harness.BUILD / "enrich-daemon/enrich-daemon", "--check",
                 "--config", config], env={"TMDB_TOKEN": token}, check=False,
                capture_output=True, text=True)
            wrong = "TMDB_TOKEN" if not token else said
            assert ended.returncode == (2 if wrong else 0)
            assert (wrong or "ok") in ended.stdout + ended.stderr

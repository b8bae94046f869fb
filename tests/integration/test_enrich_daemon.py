"""The daemon from the queue to the films, with TMDB's stand-in."""

import re
import signal
import subprocess
import time

import pytest

import harness
from enrich_queue import (QUICK, Watch, add_facts, add_film, add_job,
                          check_final, facts, job_of, many_films, shown_version,
                          state_of, unfinished, wake)
from harness import merged, wait_until


def finished(database):
    return lambda: unfinished(database) == 0


def test_films_become_what_tmdb_says(database, start_daemon):
    films = add_facts(database, facts(15))
    start_daemon(settings=QUICK)
    wait_until(finished(database), "all films finished")

    for film, fact in films.items():
        assert state_of(database, film) == ("matched", "movie", fact.id)
        name, original, released, minutes, raw = database.query(
            "SELECT name, original_name, released_on::text, runtime, "
            "length(raw) FROM title WHERE tmdb_id = %s", fact.id)[0]
        assert (name, original) == (fact.title, fact.original)
        assert (released, minutes) == (fact.date, fact.minutes)
        assert raw > 100
        for column, names in (("director_ids", fact.directors),
                              ("cast_ids", fact.cast)):
            assert [row[0] for row in database.query(
                f"SELECT p.name FROM title t, unnest({column}) "
                "WITH ORDINALITY AS i (id, n) JOIN person p ON p.id = i.id "
                "WHERE t.tmdb_id = %s ORDER BY n", fact.id)] == names
        assert database.query(
            "SELECT p.name FROM title t, unnest(crew_ids, crew_roles) "
            "WITH ORDINALITY AS c (id, role, n) JOIN role ON role.id = c.role "
            "JOIN person p ON p.id = c.id WHERE t.tmdb_id = %s "
            "AND (department, job) = ('Directing', 'Director') ORDER BY n",
            fact.id) == [(name,) for name in fact.directors]
    check_final(database)
    # Once: each has become a title.
    assert database.query("SELECT DISTINCT version FROM film") == [(1,)]


def test_raw_answer_is_kept_compressed(database, start_daemon):
    import json
    import zlib
    fact = facts(1)[0]
    add_facts(database, [fact])
    start_daemon(settings=QUICK)
    wait_until(finished(database), "film finished")
    raw = database.value("SELECT raw FROM title")
    assert json.loads(zlib.decompress(raw))["id"] == fact.id


def test_not_found_and_namesakes_are_final(database, start_daemon):
    unknown = add_film(database, "Xyzzy Plugh Nothing Happens", 1999)
    known = add_film(database, *[(f.title, f.year) for f in facts(1)][0])
    start_daemon(settings=QUICK)
    wait_until(finished(database), "both finished")
    assert state_of(database, unknown) == ("not_found", None, None)
    assert state_of(database, known)[0] == "matched"
    check_final(database)


def test_a_notification_wakes_it(database, start_daemon):
    slow = merged(QUICK, {"enrich": {"poll": "10m"}})
    start_daemon(settings=slow, ready=True)
    time.sleep(0.3)
    add_facts(database, facts(2))
    time.sleep(0.5)
    assert unfinished(database) == 2
    wake(database)
    wait_until(finished(database), "films finished", timeout=5)


def test_it_tells_the_api_servers(database, start_daemon):
    told = []
    with database.connect() as db:
        db.add_notify_handler(told.append)
        db.execute("LISTEN enriched")
        add_facts(database, facts(3))
        database.query("INSERT INTO member (id, name) VALUES (7, 'anna')")
        database.query("INSERT INTO library_entry (member_id, film_id, "
                       "marked_on) SELECT 7, id, '2024-01-01' FROM film")
        start_daemon(settings=QUICK)
        wait_until(lambda: db.execute("SELECT 1") and told, "told")
    assert {n.payload for n in told} == {"7,9"}


def test_one_title_is_fetched_once(database, start_daemon, tmdb):
    fact = facts(1)[0]
    for n in range(8):
        add_film(database, fact.title, fact.year, f"boxd:{n + 1}", n)
    start_daemon(settings=QUICK)
    wait_until(finished(database), "all finished")
    stats = tmdb.stats()
    assert (stats["details"], stats["searches"]) == (1, 8)
    check_final(database)


def test_a_shared_link_takes_the_match_without_a_call(database, start_daemon,
                                                      tmdb):
    """Titles drift: an older export has the same link under another name."""
    fact = next(f for f in facts() if f.original != f.title)
    first = add_film(database, fact.title, fact.year, "boxd:77")
    start_daemon(settings=QUICK)
    wait_until(finished(database), "the first film")
    calls = tmdb.stats()["calls"]

    second = add_film(database, fact.original, fact.year + 1, "boxd:77")
    wait_until(finished(database), "the second film")
    assert state_of(database, second) == state_of(database, first)
    assert tmdb.stats()["calls"] == calls


def test_old_titles_are_fetched_again(database, start_daemon, tmdb):
    fact = facts(1)[0]
    first = add_film(database, fact.title, fact.year, "boxd:1")
    other = add_film(database, fact.title, fact.year, "boxd:2")
    start_daemon(settings=QUICK)
    wait_until(finished(database), "both films")
    details = tmdb.stats()["details"]
    database.query("UPDATE title SET fetched_at = now() - interval '151 days',"
                   " name = 'as it was', etag = 'W/\"as it was\"'")
    version = shown_version(database, other)

    add_job(database, first)
    wait_until(lambda: job_of(database, first) is None, "fetched again")
    assert tmdb.stats()["details"] == details + 1
    assert database.value("SELECT name FROM title") == fact.title
    assert database.value("SELECT fetched_at > now() - interval '1 minute' "
                          "FROM title")
    # What statistics see of the other film has changed too.
    assert shown_version(database, other) > version


def test_passing_faults_pass(database, start_daemon, tmdb):
    kinds = ["500", "html", "bad_json", "truncated", "gzip", "reset"]
    add_facts(database, facts(20))
    tmdb.misbehave(faults=[{"kind": kind, "count": 3, "probability": 0.5}
                           for kind in kinds])
    with Watch(database):
        start_daemon(settings=QUICK)
        wait_until(finished(database), "all finished")
    assert database.value("SELECT count(*) FROM film "
                          "WHERE match_state = 'matched'") == 20
    check_final(database)


def test_silence_ends_by_the_deadline(database, start_daemon, tmdb):
    add_facts(database, facts(5))
    tmdb.misbehave(faults=[{"kind": "silent", "count": 5}])
    start_daemon(settings=merged(QUICK, {"tmdb": {"timeout": "300ms"}}))
    wait_until(finished(database), "all finished")
    check_final(database)


def test_a_job_dies_after_its_last_attempt(database, start_daemon, tmdb):
    good = add_facts(database, facts(4)[1:])
    broken = facts(1)[0]
    bad = add_film(database, broken.title, broken.year)
    tmdb.misbehave(faults=[{"kind": "500", "path": f"/3/movie/{broken.id}"}])
    daemon = start_daemon(settings=merged(QUICK, {"enrich": {"attempts": 3}}))
    wait_until(finished(database), "all finished")
    assert state_of(database, bad) == ("failed", None, None)
    attempt, error = database.query(
        "SELECT attempt, last_error FROM enrich_dead WHERE film_id = %s",
        bad)[0]
    assert attempt == 3
    assert "500" in error
    assert all(state_of(database, film)[0] == "matched" for film in good)
    assert "job dead" in daemon.log()
    check_final(database)


@pytest.mark.parametrize("kind", ["500", "bad_json"])
def test_the_faults_that_open_the_breaker_cost_no_attempt(
        database, start_daemon, tmdb, kind):
    """Ten in a row say that TMDB is away, and nothing of their films; but the
    first, after a good answer, may be its film's."""
    add_facts(database, facts(1))
    daemon = start_daemon(settings=merged(QUICK, {
        "tmdb": {"connections": 1}, "enrich": {"attempts": 1}}))
    wait_until(finished(database), "a good answer")
    tmdb.misbehave(faults=[{"kind": kind}])
    films = add_facts(database, facts(16)[1:])
    wait_until(lambda: "from=closed to=open" in daemon.log(), "open")
    assert daemon.stop() == 0
    assert database.value("SELECT count(*) FROM enrich_dead") == 1
    assert database.query("SELECT DISTINCT attempt FROM enrich_job") == [(0,)]
    assert database.value("SELECT count(*) FROM enrich_job") == len(films) - 1


def test_429_pauses_everybody(database, start_daemon, tmdb):
    add_facts(database, facts(30))
    tmdb.misbehave(faults=[{"kind": "429", "retry_after": 2, "count": 1}])
    for tag in ("-a", "-b"):
        start_daemon(settings=QUICK, tag=tag)
    wait_until(finished(database), "all finished", timeout=30)
    # No attempt is lost to it.
    assert database.value("SELECT count(*) FROM enrich_dead") == 0
    log = [line.split() for line in
           tmdb.get("/_stub/log").body.decode().splitlines()]
    when = next(int(line[0]) for line in log if line[1] == "429")
    after = [int(line[0]) - when for line in log if line[1] == "200"]
    # Calls that had their slot already may still come, then there is silence.
    assert not [ms for ms in after if 700 < ms < 1900]
    assert any(ms >= 1900 for ms in after)


def test_a_wrong_token_stops_it_without_harm(database, start_daemon, tmdb):
    films = add_facts(database, facts(5))
    tmdb.misbehave(faults=[{"kind": "401"}])
    daemon = start_daemon(settings=QUICK)
    wait_until(lambda: "does not accept our token" in daemon.log(), "said so")
    wait_until(lambda: all(job_of(database, film)[0] == 0 for film in films),
               "jobs released")
    assert all(job_of(database, film)[1] == 0 for film in films)
    ready = daemon.get("/readyz")
    assert ready.status == 503
    assert b"token" in ready.body
    assert daemon.get("/healthz").status == 200
    calls = tmdb.stats()["calls"]
    time.sleep(1)
    # Not more than a trial call, which comes after two seconds.
    assert tmdb.stats()["calls"] <= calls + 1


def test_what_the_database_refuses_fails_alone(database, start_daemon):
    known = facts(10)
    films = add_facts(database, known)
    database.query("ALTER TABLE title ADD CONSTRAINT no_such_name "
                   f"CHECK (tmdb_id <> {known[4].id})")
    start_daemon(settings=merged(QUICK, {
        "enrich": {"attempts": 2, "store_delay": "400ms"}}))
    wait_until(finished(database), "all finished")
    for film, fact in films.items():
        expected = "failed" if fact is known[4] else "matched"
        assert state_of(database, film)[0] == expected
    assert "no_such_name" in database.value(
        "SELECT last_error FROM enrich_dead")
    check_final(database)


def test_sigterm_drains(database, start_daemon, start_tmdb):
    tmdb = start_tmdb(delay_ms=300)
    many_films(database, 60)
    daemon = start_daemon(settings=QUICK, tmdb_url=tmdb.url)
    wait_until(lambda: unfinished(database) < 55, "some finished")
    assert daemon.stop() == 0
    assert database.value(
        "SELECT count(*) FROM enrich_job WHERE token <> 0") == 0
    assert database.value("SELECT max(attempt) FROM enrich_job") == 0
    assert database.value("SELECT count(*) FROM enrich_daemon") == 0
    left = unfinished(database)
    assert left == database.value("SELECT count(*) FROM enrich_job") > 0
    start_daemon(settings=QUICK)
    wait_until(finished(database), "the rest", timeout=30)
    check_final(database)


def test_once_ends_by_itself(database, start_daemon, tmdb):
    add_facts(database, facts(5))
    daemon = start_daemon(settings=QUICK, args=["--once"])
    assert daemon.proc.wait(20) == 0
    check_final(database)
    # What members are shown as calls is what TMDB has seen.
    assert database.value("SELECT calls FROM tmdb_rate") \
        == tmdb.stats()["calls"]


def test_no_token_is_refused_at_the_start(database, start_daemon):
    daemon = start_daemon(tmdb_url="https://api.themoviedb.org",
                          settings={"tmdb": {"token": ""}})
    assert daemon.proc.wait(10) == 2
    assert "TMDB_TOKEN" in daemon.log()


def test_the_rate_holds_for_two_daemons(database, start_daemon, tmdb):
    many_films(database, 250)
    for tag in ("-a", "-b"):
        start_daemon(settings=merged(QUICK, {"tmdb": {"rate": 30}}), tag=tag)
    wait_until(finished(database), "all finished", timeout=60)
    stats = tmdb.stats()
    times = [int(line.split()[0]) for line in
             tmdb.get("/_stub/log").body.decode().splitlines()]
    # The machine of a test may be very busy, so these bounds are wider than
    # what is promised: never above the rate, 97 % of it used.
    assert stats["max_in_a_second"] <= 33
    whole = [t for t in times if t < times[-1] - 2000]
    assert len(whole) / ((whole[-1] - whole[0]) / 1000) > 0.3 * 30
    assert stats["repeated_details"] <= 2
    check_final(database)


def test_a_slow_answer_costs_no_slots(database, start_daemon, start_tmdb):
    """While a call is under way that nobody else wants to be made, none is
    taken from the rate that all daemons share."""
    tmdb = start_tmdb(delay_ms=1500)
    daemon = start_daemon(settings=merged(QUICK, {"enrich": {"poll": "60s"}}),
                          tmdb_url=tmdb.url, ready=True)
    add_facts(database, facts(1))
    wake(database)
    wait_until(lambda: unfinished(database) == 0, "done")
    assert tmdb.stats()["calls"] == 2
    unused = re.search(r"^rewatch_tmdb_slots_unused_total (\d+)$",
                       daemon.get("/metrics").body.decode(), re.M)
    assert int(unused[1]) <= 2


def test_the_summary_and_the_metrics(database, start_daemon):
    add_facts(database, facts(4))
    daemon = start_daemon(settings=merged(QUICK, {
        "enrich": {"summary": "300ms"}}))
    wait_until(finished(database), "all finished")
    wait_until(lambda: "event=summary" in daemon.log(), "a summary")
    assert "database=ok" in daemon.log()
    text = daemon.get("/metrics").body.decode()
    assert "rewatch_jobs_done_total 4" in text
    assert 'rewatch_tmdb_answers_total{status="200"} 8' in text
    assert 'rewatch_queue_jobs{state="dead"} 0' in text
    assert daemon.get("/readyz").status == 200


def test_sighup_takes_over_the_rate(database, start_daemon):
    daemon = start_daemon(settings=QUICK, ready=True)
    with open(daemon.config, "a", encoding="utf-8") as config:
        config.write("log:\n  level: debug\n")
    daemon.signal(signal.SIGHUP)
    add_facts(database, facts(1))
    wait_until(lambda: "level=debug" in daemon.log(), "new level in force")


def test_sighup_takes_over_the_token(database, start_daemon, tmdb, tmp_path):
    """The new one is an API key, which the stand-in sees in its paths."""
    key = "0123456789abcdef" * 2
    token = tmp_path / "token"
    token.write_text("eyJwrong\n")
    tmdb.misbehave(faults=[{"kind": "401"}])
    add_facts(database, facts(3))
    daemon = start_daemon(settings=merged(QUICK, {"tmdb": {"token": ""}}),
                          env={"TMDB_TOKEN_FILE": str(token)})
    # After some trials the next is far away.
    wait_until(lambda: tmdb.stats()["calls"] >= 3, "trials")
    wait_until(lambda: daemon.log().count("to=token_refused") >= 2,
               "refused again")
    assert daemon.log().count("does not accept our token") == 1
    assert key not in tmdb.get("/_stub/log").body.decode()
    tmdb.misbehave()
    token.write_text(key + "\n")
    began = time.monotonic()
    daemon.signal(signal.SIGHUP)
    wait_until(finished(database), "all finished", timeout=5)
    assert time.monotonic() - began < 2
    assert f"api_key={key}" in tmdb.get("/_stub/log").body.decode()
    assert "eyJwrong" not in daemon.log() and key not in daemon.log()


def test_silence_with_default_patience_is_over_in_seconds(
        database, start_daemon, tmdb):
    """A trial call that waits for tmdb.timeout would take 20 s."""
    many_films(database, 60)
    settings = merged(QUICK, {"enrich": {"attempts": 100}})
    daemon = start_daemon(settings=settings)
    wait_until(lambda: unfinished(database) < 55, "it works")
    tmdb.misbehave(faults=[{"kind": "503"}])
    wait_until(lambda: "to=open" in daemon.log(), "open")
    tmdb.misbehave(faults=[{"kind": "silent"}])
    calls = tmdb.stats()["calls"]
    wait_until(lambda: tmdb.stats()["calls"] > calls, "a trial call")
    tmdb.misbehave()
    left = unfinished(database)
    wait_until(lambda: unfinished(database) < left, "work goes on", 5)


def test_check_accepts_the_example(database):
    ended = subprocess.run(
        [harness.BUILD / "enrich-daemon/enrich-daemon", "--check", "--config",
         harness.ROOT / "config/enrich-daemon.yaml"], check=False,
        env={"TMDB_TOKEN": "eyJtest"})
    assert ended.returncode == 0


def test_a_drain_does_not_wait_for_tmdb(database, start_daemon, tmdb):
    many_films(database, 20)
    tmdb.misbehave(faults=[{"kind": "silent"}])
    daemon = start_daemon(settings=merged(QUICK, {
        "shutdown": {"timeout": "2s"}}))
    wait_until(lambda: tmdb.stats()["calls"] > 3, "calls are under way")
    began = time.monotonic()
    assert daemon.stop() == 0
    assert 1 < time.monotonic() - began < 2.5
    assert database.query("SELECT DISTINCT token, attempt FROM enrich_job") \
        == [(0, 0)]


def test_a_second_sigterm_ends_it_at_once(database, start_daemon, tmdb):
    many_films(database, 60)
    tmdb.misbehave(delay_ms=200)
    daemon = start_daemon(settings=QUICK)
    wait_until(lambda: unfinished(database) < 55, "it works")
    daemon.signal(signal.SIGTERM)
    daemon.signal(signal.SIGTERM)
    daemon.proc.wait(2)
    start_daemon(settings=QUICK)
    wait_until(finished(database), "all finished", timeout=30)
    check_final(database)

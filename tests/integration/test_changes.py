"""TMDB's lists of what has changed: read once, and what is ours on them is
fetched again, when nobody waits for anything else."""

import signal
import time

import psycopg
import pytest

from change_lists import (OFTEN, PAGE, SLOW, age, calls, change, day, details,
                          halfway, is_done, is_read, make_due, pages_read,
                          settle, today, unknown, young)
from enrich_queue import (CATALOGUE, ENTRY, QUICK, SHOWN, add_film, add_job,
                          check_final, facts, many_films, unfinished, wake)
from harness import merged, wait_until


@pytest.fixture
def changed_catalogue(tmp_path):
    """The catalogue with other lengths for some films."""
    def make(*some):
        path = tmp_path / "catalogue.tsv"
        ids = {str(fact.id) for fact in some}
        lines = CATALOGUE.read_text(encoding="utf-8").split("\n")
        for n, line in enumerate(lines):
            field = line.split("\t")
            if len(field) > 5 and field[1] in ids:
                field[5] = str(int(field[5]) + 7)
                lines[n] = "\t".join(field)
        path.write_text("\n".join(lines), encoding="utf-8")
        return path
    return make


def test_a_changed_title_is_fetched_again(database, start_daemon, start_tmdb,
                                          changed_catalogue):
    known = facts(4)
    films = settle(database, start_daemon, known)
    age(database, 48)
    lengths = "SELECT tmdb_id, runtime FROM title ORDER BY tmdb_id"
    versions = dict(database.query(SHOWN))
    before = dict(database.query(lengths))
    # TMDB says so of two, and has another length for one of these and for one
    # of which it does not say so.
    tmdb = start_tmdb(catalogue=changed_catalogue(known[0], known[3]))
    change(tmdb, movie=[known[0].id, known[1].id])
    make_due(database)
    daemon = start_daemon(settings=SLOW, tmdb_url=tmdb.url)
    wait_until(lambda: is_done(database), daemon.log)

    assert young(database) == {known[0].id, known[1].id}
    assert dict(database.query(lengths)) == {
        **before, known[0].id: known[0].minutes + 7}
    changed = {film for film, version in
               database.query(SHOWN)
               if version != versions[film]}
    assert changed == {film for film, fact in films.items()
                       if fact.id == known[0].id}
    assert sorted(details(tmdb)) == sorted(
        ("movie", str(fact.id)) for fact in known[:2])
    assert tmdb.stats()["by_status"] == {"200": 3, "304": 1}
    assert {path: (query["start_date"], query["end_date"])
            for _, path, query in calls(tmdb) if "start_date" in query} == {
        f"/3/{kind}/changes": (str(day(1)), str(today()))
        for kind in ("movie", "tv")}
    assert 'event="changes read"' in daemon.log()
    metrics = daemon.get("/metrics").body.decode()
    assert "rewatch_changes_pages_total 2\n" in metrics
    assert "rewatch_changes_titles_total 2\n" in metrics
    assert database.value("SELECT sum(calls) FROM tmdb_rate") >= 4
    check_final(database)


def test_one_that_is_the_same_is_renewed(database, start_daemon, tmdb):
    known = facts(3)
    settle(database, start_daemon, known)
    age(database, 48)
    films = database.query("SELECT * FROM film ORDER BY id")
    titles = ("SELECT to_jsonb(t) - 'fetched_at' - 'changed_at' FROM title t "
              "ORDER BY tmdb_id")
    before = database.query(titles)
    tmdb.post("/_stub/reset")
    change(tmdb, movie=[known[1].id])
    make_due(database)
    start_daemon(settings=SLOW)
    wait_until(lambda: is_done(database), "renewed")
    assert young(database) == {known[1].id}
    assert tmdb.stats()["by_status"] == {"200": 2, "304": 1}
    assert database.query("SELECT * FROM film ORDER BY id") == films
    assert database.query(titles) == before


def test_what_we_do_not_have_costs_nothing(database, start_daemon, tmdb):
    settle(database, start_daemon, facts(2))
    age(database, 48)
    before = database.query("SELECT * FROM title ORDER BY tmdb_id")
    tmdb.post("/_stub/reset")
    change(tmdb, movie=unknown(250))
    make_due(database)
    daemon = start_daemon(settings=SLOW)
    wait_until(lambda: is_done(database), "read")
    assert pages_read(tmdb) == [1, 2, 3]
    assert pages_read(tmdb, "tv") == [1]
    assert len(calls(tmdb)) == 4
    assert database.query("SELECT * FROM title ORDER BY tmdb_id") == before
    assert "marked=0" in daemon.log()


def test_all_pages_are_read(database, start_daemon, tmdb):
    """Ours are on the first, some middle, and the last page."""
    known = facts(12)
    settle(database, start_daemon, known)
    age(database, 48)
    tmdb.post("/_stub/reset")
    ours = [fact.id for fact in known[::2]]
    ids = sorted(set(unknown(130, 1_000_000_000)) | set(range(1, 260))
                 | set(ours))
    change(tmdb, movie=ids)
    make_due(database)
    start_daemon(settings=SLOW)
    wait_until(lambda: is_done(database), "read")
    assert pages_read(tmdb) == list(range(1, (len(ids) - 1) // PAGE + 2))
    assert young(database) == {fact.id for fact in known
                               if fact.id in set(ids)} >= set(ours)


def test_films_and_series_have_numbers_of_their_own(database, start_daemon,
                                                    tmdb):
    film, series = facts(1)[0], facts(1, kind="tv")[0]
    settle(database, start_daemon, [film, series])
    assert database.value("SELECT count(*) FROM title WHERE kind = 'tv'") == 1
    age(database, 48)
    tmdb.post("/_stub/reset")
    change(tmdb, movie=[series.id], tv=[film.id])
    make_due(database)
    daemon = start_daemon(settings=SLOW)
    wait_until(lambda: is_done(database), "read")
    assert (young(database), details(tmdb)) == (set(), [])
    daemon.stop()
    change(tmdb, tv=[series.id])
    make_due(database)
    start_daemon(settings=SLOW)
    wait_until(lambda: is_done(database), "read")
    assert young(database) == {series.id}
    assert details(tmdb) == [("tv", str(series.id))]


def test_an_episode_changes_with_its_series(database, start_daemon, tmdb):
    """TMDB lists the series."""
    mirror, nosedive, robots = 800000284, 800010003, 800000285
    for n, (title, year) in enumerate((
            ("Black Mirror: Nosedive", 2016),
            ("Love, Death & Robots: Beyond the Aquila Rift", 2019)), 1):
        add_film(database, title, year, f"boxd:{n}", n)
    settle(database, start_daemon, [])
    assert database.query("SELECT series_id FROM episode ORDER BY 1") == [
        (mirror,), (robots,)]
    age(database, 48)
    tmdb.post("/_stub/reset")
    change(tmdb, movie=[nosedive, mirror], tv=[mirror, mirror + 100])
    make_due(database)
    daemon = start_daemon(settings=SLOW)
    wait_until(lambda: is_done(database), daemon.log)
    assert young(database) == {nosedive}
    assert "marked=1" in daemon.log()
    check_final(database)


def test_a_title_is_fetched_once_a_day_at_most(database, start_daemon, tmdb):
    """But what changed meanwhile is not forgotten."""
    fact = facts(1)[0]
    settle(database, start_daemon, [fact])
    age(database, 23)
    tmdb.post("/_stub/reset")
    change(tmdb, movie=[fact.id])
    make_due(database)
    daemon = start_daemon(settings=OFTEN)
    wait_until(lambda: len(pages_read(tmdb)) > 5, "read again and again")
    assert details(tmdb) == []
    age(database, 2)
    wait_until(lambda: young(database), "fetched")
    read = len(pages_read(tmdb))
    wait_until(lambda: len(pages_read(tmdb)) > read + 5, "read again")
    assert len(details(tmdb)) == 1
    # It has changed again, TMDB said so and says so no more.
    daemon.stop()
    tmdb.post("/_stub/changes")
    start_daemon(settings=SLOW)
    age(database, 25)
    database.query("UPDATE title SET changed_at = fetched_at "
                   "+ interval '1 hour'")
    wait_until(lambda: young(database), "fetched")
    time.sleep(1.5)
    assert len(details(tmdb)) == 2


def test_those_fetched_longest_ago_come_first(database, start_daemon, tmdb):
    """One that changes every day keeps nobody from its turn, and what is too
    old comes before all of them."""
    known = facts(6)
    settle(database, start_daemon, known)
    for n, fact in enumerate(known):
        age(database, 30 + n, fact.id)
    old = known[2]
    age(database, 151 * 24, old.id)
    tmdb.post("/_stub/reset")
    change(tmdb, movie=[fact.id for fact in known if fact is not old])
    make_due(database)
    start_daemon(settings=merged(SLOW, {"enrich": {
        "refresh_max": 1, "refresh_every": "200ms"}}))
    wait_until(lambda: is_done(database)
               and len(young(database)) == len(known), "all fetched")
    assert details(tmdb) == [("movie", str(fact.id)) for fact in
                             [old] + [f for f in known[::-1] if f is not old]]


def test_a_member_gets_what_has_changed(database, start_daemon, tmdb):
    """A job whose title is known to have changed does not take the old one."""
    fact = facts(1)[0]
    film = next(iter(settle(database, start_daemon, [fact])))
    age(database, 48)
    database.query("UPDATE title SET changed_at = now()")
    # Nothing is made by the daemon itself.
    settings = merged(QUICK, {"enrich": {"refresh_max": 1}})
    database.query(ENTRY, database.value(
        "INSERT INTO film (title, next_try_at, match_state) "
        "VALUES ('Xyzzy Plugh', now(), 'not_found') RETURNING id"))
    tmdb.post("/_stub/reset")
    add_job(database, film)
    start_daemon(settings=settings)
    wait_until(lambda: young(database), "fetched")
    assert details(tmdb) == [("movie", str(fact.id))]


def test_after_a_pause_day_by_day(database, start_daemon, tmdb):
    """13 days back at most, two days a range, none left out."""
    known = facts(16)
    settle(database, start_daemon, known)
    age(database, 24 * 30)
    tmdb.post("/_stub/reset")
    for ago, fact in enumerate(known):
        change(tmdb, movie=[fact.id], ago=ago)
    make_due(database, ago=40)
    start_daemon(settings=SLOW)
    wait_until(lambda: is_done(database), "read")
    ranges = [(query["start_date"], query["end_date"])
              for _, path, query in calls(tmdb) if path == "/3/movie/changes"]
    assert ranges == [(str(day(ago)), str(day(ago - 1)))
                      for ago in range(13, 0, -1)]
    assert young(database) == {fact.id for fact in known[:14]}
    assert database.query("SELECT DISTINCT from_day FROM tmdb_changes") \
        == [(today(),)]


def test_what_changed_later_on_the_day_is_found_the_next(database,
                                                         start_daemon, tmdb):
    """A day that was not over when it was read is read again."""
    known = facts(2)
    settle(database, start_daemon, known)
    age(database, 48)
    change(tmdb, movie=[known[0].id], ago=1)
    make_due(database, ago=2)
    # As if yesterday were today: it has been read up to some hour.
    database.query("UPDATE tmdb_changes SET from_day = %s", day(1))
    change(tmdb, movie=[known[1].id], ago=1)
    start_daemon(settings=SLOW)
    wait_until(lambda: is_done(database), "read")
    assert young(database) == {fact.id for fact in known}


def test_two_daemons_read_it_once(database, start_daemon, tmdb):
    known = facts(3)
    settle(database, start_daemon, known)
    age(database, 48)
    tmdb.post("/_stub/reset")
    tmdb.misbehave(delay_ms=30)
    change(tmdb, movie=unknown(700) + [f.id for f in known],
           tv=unknown(500))
    make_due(database)
    daemons = [start_daemon(settings=SLOW, tag=tag) for tag in ("-a", "-b")]
    wait_until(lambda: is_done(database), "read")
    assert pages_read(tmdb) == list(range(1, 9))
    assert pages_read(tmdb, "tv") == list(range(1, 6))
    assert young(database) == {f.id for f in known}
    assert sum(d.log().count("changes read") for d in daemons) == 2
    assert sorted(details(tmdb)) == sorted(("movie", str(f.id))
                                           for f in known)


def is_list(call):
    return call[1].endswith("/changes")


def test_members_films_go_first(database, start_daemon, tmdb):
    many_films(database, 60)
    change(tmdb, movie=unknown(300))
    make_due(database)
    start_daemon(settings=SLOW)
    wait_until(lambda: is_done(database), "all done", timeout=40)
    lists = [is_list(call) for call in calls(tmdb)]
    assert sum(lists) == 4
    assert lists == sorted(lists)


@pytest.mark.parametrize("other", [False, True])
def test_members_films_go_first_in_the_middle(database, start_daemon, tmdb,
                                              other):
    """Also when it is another daemon that has their jobs."""
    known = facts(5)
    halfway(database, tmdb, start_daemon, known, pages=30)
    if other:
        start_daemon(settings=SLOW, tag="-other", ready=True)
    many_films(database, 40)
    wake(database)
    wait_until(lambda: unfinished(database) == 0, "films done", timeout=40)
    wait_until(lambda: is_done(database), "read", timeout=40)
    done = calls(tmdb)
    films = [n for n, call in enumerate(done) if not is_list(call)
             and call[0] != 304]
    between = [call for call in done[films[0]:films[-1]] if is_list(call)]
    # The page that was under way, and one before the other has told.
    assert len(between) <= 2
    assert set(pages_read(tmdb)) == set(range(1, 31))
    check_final(database)


def test_the_rate_holds(database, start_daemon, tmdb):
    known = facts(20)
    settle(database, start_daemon, known)
    age(database, 48)
    tmdb.post("/_stub/reset")
    change(tmdb, movie=[f.id for f in known] + unknown(2000),
           tv=unknown(2000))
    make_due(database)
    for tag in ("-a", "-b"):
        start_daemon(settings=merged(SLOW, {"tmdb": {"rate": 20}}), tag=tag)
    wait_until(lambda: is_done(database), "read", timeout=40)
    assert len(calls(tmdb)) == 21 + 20 + len(known)
    # Wider than what is promised: the machine of a test is busy.
    assert tmdb.stats()["max_in_a_second"] <= 22


def test_it_can_be_switched_off_and_on(database, start_daemon, tmdb):
    fact = facts(1)[0]
    settle(database, start_daemon, [fact])
    age(database, 48)
    tmdb.post("/_stub/reset")
    change(tmdb, movie=[fact.id])
    make_due(database)
    daemon = start_daemon(settings=merged(SLOW, {"tmdb": {"changes": False}}),
                          ready=True)
    time.sleep(0.5)
    assert calls(tmdb) == []
    with open(daemon.config, encoding="utf-8") as f:
        text = f.read()
    with open(daemon.config, "w", encoding="utf-8") as f:
        f.write(text.replace("changes: false", "changes: true"))
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: is_done(database), "read")
    assert young(database) == {fact.id}


def test_once_reads_them_and_ends(database, start_daemon, tmdb):
    known = facts(3)
    settle(database, start_daemon, known)
    age(database, 48)
    tmdb.post("/_stub/reset")
    change(tmdb, movie=[known[0].id] + unknown(150))
    make_due(database)
    new = facts(4)[3]
    add_film(database, new.title, new.year)
    daemon = start_daemon(settings=QUICK, args=["--once"])
    assert daemon.proc.wait(20) == 0
    assert is_done(database)
    assert young(database) == {known[0].id, new.id}
    # A search and details; two pages and one; what has changed.
    assert len(calls(tmdb)) == 2 + 3 + 1
    # Nothing is due: it ends at once.
    assert start_daemon(settings=QUICK, args=["--once"]).proc.wait(5) == 0
    # What cannot be read keeps it from nothing.
    tmdb.misbehave(faults=[{"kind": "500"}])
    make_due(database)
    assert start_daemon(settings=QUICK, args=["--once"]).proc.wait(10) == 0
    assert not is_read(database)


def test_the_daemon_reads_and_moves_only_what_it_may(database):
    """The API server has no business with the lists."""
    with database.connect("rewatch_api") as db:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("SELECT * FROM tmdb_changes")
    with database.connect("rewatch_daemon") as db:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("DELETE FROM tmdb_changes")


def test_once_ends_when_tmdb_refuses_the_token(database, start_daemon, tmdb):
    """Nobody waits for anything: the lists are no reason to stay for ever."""
    make_due(database)
    tmdb.misbehave(faults=[{"kind": "401"}])
    daemon = start_daemon(settings=QUICK, args=["--once"])
    assert daemon.proc.wait(15) == 1
    assert "does not accept our token" in daemon.log()
    assert not is_read(database)

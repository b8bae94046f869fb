"""The optional index of TMDB's titles: what it saves, and that films are found
as well as without it."""

import re

import pytest

import harness
from enrich_queue import (QUICK, add_facts, add_film, check_final, facts,
                          state_of, unfinished, wait_finished)
from harness import merged, wait_until
from index_exports import (found_by_index, large, line, loaded, packed,
                           with_index)
from metrics import Metrics
from statements import statement


def test_a_film_costs_one_call(database, start_daemon, tmdb):
    daemon = start_daemon(settings=with_index(tmdb.url + "/p/exports"))
    index = loaded(database)
    everything = facts() + [f for f in facts(kind="tv")]
    assert {i: name for i, (name, _) in index.items()}.items() >= {
        f.id: f.original for f in everything if f.kind == "movie"}.items()
    assert not index.keys() & {f.id for f in everything if f.kind == "tv"}

    wanted = found_by_index()[:30]
    assert len(wanted) == 30
    before = tmdb.stats()
    films = add_facts(database, wanted)
    wait_finished(database)
    after = tmdb.stats()
    assert after["searches"] == before["searches"]
    assert after["details"] - before["details"] == 30
    for film, fact in films.items():
        assert state_of(database, film) == ("matched", "movie", fact.id)
    assert database.query("SELECT DISTINCT match_method, confidence, "
                          "jsonb_array_length(candidates) FROM film") == [
                              ("index", "high", 1)]
    # As from a search, what is stored can be renewed by its ETag.
    assert database.value("SELECT count(*) FROM title "
                          "WHERE etag IS NOT NULL") == 30
    now = Metrics(daemon)
    assert now.by_label("rewatch_jobs_found_total") == {"index": 30}
    assert daemon.log().count(" method=index confidence=high ") == 30
    assert now.of("rewatch_index_loads_total") == 1
    assert now.of("rewatch_index_load_failures_total") == 0
    # The download is no call.
    assert now.of("rewatch_tmdb_calls_total") == 30
    check_final(database)


def test_all_is_found_that_is_found_without(database, start_daemon, tmdb):
    """Films under right and wrong years, with the index and without: the
    same answers, in fewer calls."""
    known = facts()[::6]
    for shift, ref in ((0, 0), (7, 1000000000)):
        with database.connect() as db, db.transaction():
            for fact in known:
                film = db.execute(
                    "INSERT INTO film (ref, title, year) "
                    "VALUES (%s, %s, %s) RETURNING id",
                    (f"boxd:{fact.id + ref}", fact.title,
                     fact.year + shift)).fetchone()[0]
                db.execute("INSERT INTO enrich_job (film_id, tag) "
                           "VALUES (%s, 1)", (film,))
    answer = ("SELECT title, year, match_state, kind, tmdb_id, confidence "
              "FROM film ORDER BY 1, 2")
    fast = {"tmdb": {"rate": 40, "connections": 20}}
    # Where nothing is stored yet, so that both look everything up.
    database.query("CREATE TABLE jobs AS TABLE enrich_job")
    database.query("DELETE FROM enrich_job")
    daemon = start_daemon(settings=merged(
        with_index(tmdb.url + "/p/exports"), fast))
    loaded(database)
    database.query("INSERT INTO enrich_job TABLE jobs")
    wait_until(lambda: unfinished(database) == 0, "with the index", 90)
    assert daemon.stop() == 0
    with_it = database.query(answer)
    calls = tmdb.stats()["calls"]

    database.query("UPDATE film SET match_state = NULL, kind = NULL, "
                   "tmdb_id = NULL, candidates = '[]'")
    database.query("DELETE FROM title")
    database.query("INSERT INTO enrich_job TABLE jobs")
    start_daemon(settings=merged(QUICK, fast))
    wait_until(lambda: unfinished(database) == 0, "without", 90)
    assert database.query(answer) == with_it
    assert calls < tmdb.stats()["calls"] - calls


def test_a_namesake_of_another_year_is_not_taken(database, start_daemon, tmdb,
                                                 exports):
    """The index knows only names: it gives another film, the search finds
    the right one, and what is nowhere stays not found."""
    right, other = [f for f in found_by_index()][:2]
    server = exports((200, packed(line(other.id, right.title),
                                  line(right.id, other.title))))
    film = add_film(database, right.title, right.year)
    database.query("DELETE FROM enrich_job")
    start_daemon(settings=with_index(server.url))
    loaded(database)
    nowhere = add_film(database, other.title, other.year + 9, "boxd:5")
    database.query("INSERT INTO enrich_job (film_id, tag) VALUES (%s, 1)",
                   film)
    wait_finished(database)
    assert state_of(database, film) == ("matched", "movie", right.id)
    assert database.value("SELECT match_method FROM film WHERE id = %s",
                          film) == "search_year"
    assert state_of(database, nowhere)[0] == "not_found"
    asked = tmdb.get("/_stub/log").body.decode()
    assert len(re.findall(rf"/3/movie/{other.id}\?", asked)) == 1
    check_final(database)


def test_two_films_of_one_name_and_year_are_searched_for(database,
                                                         start_daemon, tmdb):
    """Only one of them has that as its original name, and it cannot be both:
    what tells them apart, if anything does, is the search."""
    daemon = start_daemon(settings=with_index(tmdb.url + "/p/exports"))
    loaded(database)
    database.query("WITH f AS (INSERT INTO film (ref, title, year) "
                   "SELECT 'boxd:' || n, 'Black Rain', 1989 "
                   "FROM generate_series(1, 2) n RETURNING id) "
                   "INSERT INTO enrich_job (film_id, tag) "
                   "SELECT id, 1 FROM f")
    wait_finished(database)
    assert database.query("SELECT match_state FROM film") \
        == [("ambiguous",)] * 2, daemon.log()


@pytest.mark.parametrize("popularity, taken", [
    ((50, 5), True), ((50, 5.1), False), ((50, 1, 5.1), False),
    ((0, 0), False), ((0.1,), True), ((0,), True)])
def test_the_far_more_popular_of_two_is_asked_for(database, start_daemon,
                                                  exports, tmdb, popularity,
                                                  taken):
    fact = found_by_index()[0]
    rows = [line(fact.id, fact.title.upper(), popularity[0])]
    rows += [line(n, fact.title.lower(), p)
             for n, p in enumerate(popularity[1:], 1)]
    server = exports((200, packed(*rows)))
    start_daemon(settings=with_index(server.url))
    loaded(database)
    add_film(database, fact.title, fact.year)
    wait_finished(database)
    assert database.query("SELECT match_method, tmdb_id FROM film") == [
        ("index" if taken else "search_year", fact.id)]


def test_chosen_and_known_films_are_not_asked_of_it(database, start_daemon,
                                                    exports, tmdb):
    fact, other = found_by_index()[:2]
    server = exports((200, packed(
        line(other.id, f"tmdb:movie:{fact.id}"), line(other.id, fact.title))))
    start_daemon(settings=with_index(server.url))
    loaded(database)
    film = add_film(database, f"tmdb:movie:{fact.id}", None,
                    f"tmdb:movie:{fact.id}")
    wait_finished(database)
    assert state_of(database, film) == ("matched", "movie", fact.id)
    shared = add_film(database, fact.title, fact.year, "boxd:9")
    wait_finished(database)
    assert state_of(database, shared) == ("matched", "movie", fact.id)


def test_a_title_is_fetched_once_all_the_same(database, start_daemon, tmdb):
    """What is stored was not verified for this film: a search does it."""
    fact = found_by_index()[0]
    start_daemon(settings=with_index(tmdb.url + "/p/exports"))
    loaded(database)
    database.query("WITH f AS (INSERT INTO film (ref, title, year) "
                   "SELECT ref, %s, %s FROM unnest('{\"\",boxd:1,slug:a}'"
                   "::text[]) ref RETURNING id) INSERT INTO enrich_job "
                   "(film_id, tag) SELECT id, 1 FROM f", fact.title, fact.year)
    wait_finished(database)
    stats = tmdb.stats()
    assert (stats["details"], stats["searches"]) == (1, 2)
    assert database.query("SELECT DISTINCT tmdb_id FROM film") == [(fact.id,)]
    check_final(database)


@pytest.mark.parametrize("etag_is_right", [True, False])
def test_a_stored_title_that_is_too_old_is_no_answer(database, start_daemon,
                                                     tmdb, etag_is_right):
    """A 304 to what the index gave says nothing about the film."""
    fact = found_by_index()[0]
    daemon = start_daemon(settings=with_index(tmdb.url + "/p/exports"))
    loaded(database)
    add_film(database, fact.title, fact.year, "boxd:1")
    wait_finished(database)
    database.query("UPDATE title SET fetched_at = now() - interval '151 days'")
    if not etag_is_right:
        database.query("UPDATE title SET etag = 'W/\"another\"'")
    before = tmdb.stats()["calls"]
    film = add_film(database, fact.title, fact.year, "boxd:2")
    wrong = add_film(database, fact.title, fact.year + 9, "boxd:3", tag=2)
    wait_finished(database)
    assert state_of(database, film) == ("matched", "movie", fact.id)
    assert state_of(database, wrong)[0] == "not_found"
    assert database.value("SELECT fetched_at > now() - interval '1 minute' "
                          "FROM title WHERE tmdb_id = %s", fact.id)
    assert tmdb.stats()["calls"] > before
    assert daemon.stop() == 0
    check_final(database)


def test_off_it_asks_nobody(database, start_daemon, tmdb):
    add_facts(database, found_by_index()[:3])
    daemon = start_daemon(settings=merged(QUICK, {"tmdb": {
        "index_url": tmdb.url + "/p/exports"}}))
    wait_finished(database)
    assert "/p/exports" not in tmdb.get("/_stub/log").body.decode()
    assert database.value("SELECT load FROM tmdb_export") == 0
    assert Metrics(daemon).of("rewatch_jobs_found_total", how="index") is None
    assert tmdb.stats()["searches"] == 3


# --- the database ------------------------------------------------------------

def plan_of_claim(database, index):
    """Nodes of the plan as it was executed: {relation: rows or 'never'}."""
    with database.connect("rewatch_daemon") as db, db.transaction(
            force_rollback=True):
        db.execute("SET LOCAL plan_cache_mode = force_generic_plan;"
                   "SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        claim = statement("job/claim")
        db.execute("PREPARE claim AS " + claim.text, prepare=False)
        return "\n".join(row[0] for row in db.execute(
            "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE claim"
            + claim.written({"token": 7 << 24, "most": 100, "low_tag": 0,
                             "index": index}), prepare=False))


def test_a_claim_looks_up_names_only_when_it_is_on(database, start_daemon,
                                                   exports, tmdb):
    server = exports((200, large(20000)))
    assert start_daemon(settings=with_index(server.url),
                        args=["--once"]).proc.wait(30) == 0
    add_facts(database, found_by_index()[:20])
    off, on = plan_of_claim(database, False), plan_of_claim(database, True)
    scans = re.compile(r"tmdb_index_\d.*\((.*)\)")
    assert scans.findall(off) and set(scans.findall(off)) == {"never executed"}
    assert "Seq Scan on tmdb_index" not in on
    # In the slot that is in force, once a film.
    assert [loops for loops in re.findall(
        r"Index Scan (?:on|using) tmdb_index_\d_lower_idx.*\((.*)\)", on)
        if loops != "never executed"] == ["actual rows=0 loops=20"], on


@pytest.mark.parametrize("table", ["tmdb_index", "tmdb_index_1",
                                   "tmdb_export"])
def test_only_the_daemon_may_see_it(database, table):
    with database.connect("rewatch_api") as db:
        with pytest.raises(harness.psycopg.errors.InsufficientPrivilege):
            db.execute(f"SELECT FROM {table}")
    with database.connect("rewatch_daemon") as db:
        with pytest.raises(harness.psycopg.errors.InsufficientPrivilege):
            db.execute(f"TRUNCATE {table}")

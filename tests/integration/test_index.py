"""The optional index of TMDB's titles: what it saves, and that nothing which
may be wrong with its file does any harm."""

import datetime
import gzip
import http.server
import json
import re
import threading
import time

import pytest

import harness
from enrich_queue import (QUICK, Watch, add_facts, add_film, check_final,
                          facts, state_of, unfinished)
from harness import merged, wait_until
from test_metrics import Metrics

TOO_LARGE = 400  # bytes of a name


def line(tmdb_id, name, popularity=1.0, **more):
    return json.dumps({"adult": False, "id": tmdb_id, "original_title": name,
                       "popularity": popularity, "video": False, **more},
                      ensure_ascii=False) + "\n"


def packed(*lines):
    return gzip.compress("".join(lines).encode())


class Exports:
    """A server of export files; what it does is `answer`, a list of
    (status, body), the last one for ever; `slow` is a pause after each
    64 KiB."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.headers = []
        self.slow = 0.0
        self.content_type = "application/gzip"
        self.open_end = False
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.serve(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/exports/"
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    def serve(self, request):
        self.asked.append(request.path)
        self.headers.append(dict(request.headers))
        answer = self.answers[0]
        if len(self.answers) > 1:
            self.answers.pop(0)
        status, body = answer
        request.send_response(status)
        request.send_header("Content-Type", self.content_type)
        request.send_header("Content-Length",
                            str(len(body) + (1000 if self.open_end else 0)))
        request.end_headers()
        try:
            for at in range(0, len(body), 65536):
                request.wfile.write(body[at:at + 65536])
                time.sleep(self.slow)
            if self.open_end:
                request.wfile.flush()
                time.sleep(30)
        except OSError:
            pass  # it has heard enough

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def exports():
    made = []

    def make(*answers):
        made.append(Exports(*answers))
        return made[-1]

    yield make
    for one in made:
        one.close()


def with_index(url, **more):
    return merged(QUICK, {"tmdb": {"index": True, "index_url": url,
                                   "index_retry": "200ms", **more}})


def in_force(database):
    """What claims see: {id: (name, popularity)}; None: no export."""
    if database.value("SELECT slot IS NULL FROM tmdb_export"):
        return None
    return {row[0]: row[1:] for row in database.query(
        "SELECT tmdb_id, name, popularity FROM tmdb_index "
        "WHERE slot = (SELECT slot FROM tmdb_export)")}


def rows_in_all(database):
    return database.value("SELECT count(*) FROM tmdb_index")


def loaded(database, timeout=20):
    return wait_until(lambda: in_force(database), "an export is in force",
                      timeout)


def finished(database):
    wait_until(lambda: unfinished(database) == 0, "all films finished")


def is_long(fact):
    return sum(c.isalnum() for c in fact.title) > 4


def found_by_index():
    """Films that it must find: their names are theirs alone, also among
    original ones, and are the original ones."""
    known = facts()
    return [f for f in known if f.original == f.title and is_long(f)
            and f.votes >= 100
            and sum(f.title.lower() == o.original.lower() for o in known) == 1]


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
    finished(database)
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
                    "INSERT INTO film (letterboxd_ref, title, year) "
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
    finished(database)
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
    database.query("WITH f AS (INSERT INTO film (letterboxd_ref, title, year) "
                   "SELECT 'boxd:' || n, 'Black Rain', 1989 "
                   "FROM generate_series(1, 2) n RETURNING id) "
                   "INSERT INTO enrich_job (film_id, tag) "
                   "SELECT id, 1 FROM f")
    finished(database)
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
    finished(database)
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
    finished(database)
    assert state_of(database, film) == ("matched", "movie", fact.id)
    shared = add_film(database, fact.title, fact.year, "boxd:9")
    finished(database)
    assert state_of(database, shared) == ("matched", "movie", fact.id)


def test_a_title_is_fetched_once_all_the_same(database, start_daemon, tmdb):
    """What is stored was not verified for this film: a search does it."""
    fact = found_by_index()[0]
    start_daemon(settings=with_index(tmdb.url + "/p/exports"))
    loaded(database)
    database.query("WITH f AS (INSERT INTO film (letterboxd_ref, title, year) "
                   "SELECT ref, %s, %s FROM unnest('{\"\",boxd:1,slug:a}'"
                   "::text[]) ref RETURNING id) INSERT INTO enrich_job "
                   "(film_id, tag) SELECT id, 1 FROM f", fact.title, fact.year)
    finished(database)
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
    finished(database)
    database.query("UPDATE title SET fetched_at = now() - interval '151 days'")
    if not etag_is_right:
        database.query("UPDATE title SET etag = 'W/\"another\"'")
    before = tmdb.stats()["calls"]
    film = add_film(database, fact.title, fact.year, "boxd:2")
    wrong = add_film(database, fact.title, fact.year + 9, "boxd:3", tag=2)
    finished(database)
    assert state_of(database, film) == ("matched", "movie", fact.id)
    assert state_of(database, wrong)[0] == "not_found"
    assert database.value("SELECT fetched_at > now() - interval '1 minute' "
                          "FROM title WHERE tmdb_id = %s", fact.id)
    assert tmdb.stats()["calls"] > before
    assert daemon.stop() == 0
    check_final(database)


# --- the file ----------------------------------------------------------------

GOOD = [line(n, f"Film Number {n}", n / 10) for n in range(1, 2501)]
WHOLE = packed(*GOOD)
BROKEN = {
    "html": (200, b"<html><body><h1>Service</h1></body></html>"),
    "packed html": (200, packed("<html>\n<body>\n</html>\n")),
    "nothing": (200, b""),
    "no row": (200, packed("\n")),
    "cut off": (200, WHOLE[:len(WHOLE) // 2]),
    "without its last byte": (200, WHOLE[:-1]),
    "with more behind": (200, WHOLE + b"\0"),
    "a changed byte": (200, WHOLE[:9000] + bytes([WHOLE[9000] ^ 255])
                       + WHOLE[9001:]),
    "series": (200, packed('{"id":1,"original_name":"A","popularity":1}\n')),
    "many bad lines": (200, packed(*GOOD[:150], *["{oops\n"] * 2)),
    "an endless line": (200, packed("x" * 3_000_000)),
    "a bomb": (200, packed("\n" * 20_000_000)),
    "unavailable": (503, b"<html></html>"),
    "moved": (302, WHOLE),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_leaves_the_old_index_in_force(database, start_daemon,
                                                     exports, tmdb, what):
    server = exports((200, packed(line(7, "Seven Samurai", 70))),
                     BROKEN[what])
    first = start_daemon(settings=with_index(server.url))
    old = loaded(database)
    assert old == {7: ("Seven Samurai", 70.0)}
    assert first.stop() == 0

    # It has grown old, but what comes instead is no good.
    database.query("UPDATE tmdb_export SET loaded_at = loaded_at "
                   "- interval '8 days'")
    daemon = start_daemon(settings=with_index(server.url))
    wait_until(lambda: Metrics(daemon).of(
        "rewatch_index_load_failures_total") >= 2
        if daemon.up("/healthz") else False, "tried twice")
    assert in_force(database) == old
    # A person reads of it once, not each time.
    assert daemon.log().count("index of titles not loaded") == 1

    server.answers = [(200, WHOLE)]
    wait_until(lambda: len(in_force(database)) == 2500, "the good file")
    wait_until(lambda: rows_in_all(database) == 2500, "the old one is gone")
    assert "index of titles loaded" in daemon.log()
    assert rows_in_all(database) == len(in_force(database))
    assert in_force(database)[2500] == ("Film Number 2500", 250.0)


def test_rows_that_no_film_is_are_left_out(database, start_daemon, exports,
                                           tmdb):
    server = exports((200, packed(
        line(1, "Ordinary", 1.5), line(2, "Adult", adult=True),
        line(3, "Making Of", video=True), line(4, ""),
        line(5, "x" * (TOO_LARGE + 1)), line(6, "ü" * (TOO_LARGE // 2)),
        line(8, 'Quote "\\ {,} NULL'), line(9, "NULL"),
        *[line(n, "Filler", 0) for n in range(100, 300)],
        "not json\n", line(10, "Last", 2).rstrip("\n"))))
    start_daemon(settings=with_index(server.url))
    index = {i: name for i, (name, _) in loaded(database).items() if i < 100}
    assert index == {1: "Ordinary", 6: "ü" * (TOO_LARGE // 2),
                     8: 'Quote "\\ {,} NULL', 9: "NULL", 10: "Last"}


@pytest.mark.parametrize("status", [404, 403])
def test_before_todays_file_is_made_yesterdays_is_taken(database, start_daemon,
                                                        exports, tmdb,
                                                        status):
    server = exports((status, b"<Error/>"), (200, WHOLE))
    now = datetime.datetime.now(datetime.timezone.utc)
    daemon = start_daemon(settings=with_index(server.url))
    loaded(database)
    days = [now.date() - datetime.timedelta(days=n) for n in (0, 1)]
    assert server.asked == [f"/exports/movie_ids_{day:%m_%d_%Y}.json.gz"
                            for day in days]
    assert database.value("SELECT export_on FROM tmdb_export") == days[1]
    assert "not loaded" not in daemon.log()
    # Another host has no business with our token.
    assert not [h for h in server.headers if "eyJ" in str(h)]


def test_it_is_loaded_anew_when_it_is_old(database, start_daemon, exports,
                                          tmdb):
    server = exports((200, packed(line(1, "Gone Tomorrow"))),
                     (200, packed(line(2, "Here to Stay"))))
    start_daemon(settings=with_index(server.url, index_every="1s"))
    loaded(database)
    wait_until(lambda: in_force(database).keys() == {2}, "loaded again")
    wait_until(lambda: rows_in_all(database) == 1, "the old one is gone")


def test_a_good_index_is_not_loaded_again(database, start_daemon, exports,
                                          tmdb):
    server = exports((200, WHOLE))
    for n in range(3):
        daemon = start_daemon(settings=with_index(server.url), tag=f"-{n}")
    loaded(database)
    time.sleep(1)
    assert len(server.asked) == 1
    assert daemon.stop() == 0
    start_daemon(settings=with_index(server.url), ready=True)
    time.sleep(0.5)
    assert len(server.asked) == 1


def test_off_it_asks_nobody(database, start_daemon, tmdb):
    add_facts(database, found_by_index()[:3])
    daemon = start_daemon(settings=merged(QUICK, {"tmdb": {
        "index_url": tmdb.url + "/p/exports"}}))
    finished(database)
    assert "/p/exports" not in tmdb.get("/_stub/log").body.decode()
    assert database.value("SELECT load FROM tmdb_export") == 0
    assert Metrics(daemon).of("rewatch_jobs_found_total", how="index") is None
    assert tmdb.stats()["searches"] == 3


# --- what happens meanwhile --------------------------------------------------

def large(count):
    return packed(*[line(n, f"Film Number {n} of a Large Export", n % 97 / 10)
                    for n in range(1, count + 1)])


def test_one_killed_in_the_middle_is_taken_over(database, start_daemon,
                                                exports, tmdb):
    server = exports((200, large(30000)))
    server.slow = 0.2
    killed = start_daemon(settings=with_index(server.url), tag="-killed")
    wait_until(lambda: rows_in_all(database) >= 2000, "in the middle")
    killed.kill()
    assert in_force(database) is None
    server.slow = 0
    start_daemon(settings=with_index(server.url))
    # Not before the lease of the load is over: two times 1.5 s.
    assert len(loaded(database, 30)) == 30000
    assert rows_in_all(database) == 30000


def test_one_that_was_stopped_leaves_it_to_others(database, start_daemon,
                                                  exports, tmdb):
    server = exports((200, large(30000)))
    server.slow = 0.2
    stopped = start_daemon(settings=with_index(server.url), tag="-stopped")
    wait_until(lambda: rows_in_all(database) >= 2000, "in the middle")
    assert stopped.stop() == 0
    assert database.value("SELECT load_until < now() AND not_before < now() "
                          "FROM tmdb_export")
    assert "not loaded" not in stopped.log()
    server.slow = 0
    start_daemon(settings=with_index(server.url))
    assert len(loaded(database)) == 30000
    assert rows_in_all(database) == 30000


def test_one_that_slept_stores_nothing_more(database, start_daemon, exports,
                                            tmdb):
    server = exports((200, large(30000)))
    server.slow = 0.2
    asleep = start_daemon(settings=with_index(server.url), tag="-asleep")
    wait_until(lambda: rows_in_all(database) >= 2000, "in the middle")
    asleep.signal(harness.signal.SIGSTOP)
    server.slow = 0
    start_daemon(settings=with_index(server.url))
    assert len(loaded(database, 30)) == 30000
    asleep.signal(harness.signal.SIGCONT)
    wait_until(lambda: "not loaded" in asleep.log(), "has noticed")
    time.sleep(0.5)
    assert len(in_force(database)) == rows_in_all(database) == 30000


def test_a_lost_connection_loses_no_batch(database, start_daemon, exports,
                                          tmdb):
    server = exports((200, large(20000)))
    start_daemon(settings=with_index(server.url))
    for rows in (1000, 5000, 9000):
        wait_until(lambda: rows_in_all(database) >= rows, f"{rows} rows")
        database.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE usename = 'rewatch_daemon' "
            "AND datname = current_database()")
    assert len(loaded(database, 40)) == rows_in_all(database) == 20000
    assert len(server.asked) == 1


def test_silence_ends_by_the_deadline(database, start_daemon, exports, tmdb):
    server = exports((200, WHOLE[:20000]))
    server.open_end = True
    daemon = start_daemon(settings=with_index(server.url, timeout="1s"))
    wait_until(lambda: "not loaded" in daemon.log(), "given up", 15)
    server.answers, server.open_end = [(200, WHOLE)], False
    assert len(loaded(database)) == 2500


def test_the_queue_hardly_notices(database, start_daemon, exports, tmdb):
    """Films are done while a large export is loaded; no transaction is long,
    and its size is not the daemon's."""
    export = large(120000)
    server = exports((200, export))
    with Watch(database):
        daemon = start_daemon(settings=with_index(server.url), ready=True)
        before = daemon.rss_kib()
        wait_until(lambda: rows_in_all(database) >= 1000, "it has begun")
        took = []
        for n, fact in enumerate(found_by_index()[:10]):
            began = time.monotonic()
            add_film(database, fact.title, fact.year, f"boxd:{n + 1}")
            finished(database)
            took.append(time.monotonic() - began)
        assert in_force(database) is None
        assert len(loaded(database, 120)) == 120000
        # Unpacked it is 13 MB; what is freed, ASan keeps.
        if "san" not in harness.BUILD.name:
            assert daemon.rss_kib() - before < 6000
    # A look at the queue is every 100 ms here; the median, for a busy machine.
    assert sorted(took)[5] < 1.0


def test_once_waits_for_the_index(database, start_daemon, exports, tmdb):
    server = exports((200, WHOLE))
    daemon = start_daemon(settings=with_index(server.url), args=["--once"])
    assert daemon.proc.wait(20) == 0
    assert len(in_force(database)) == 2500


# --- the database ------------------------------------------------------------

def plan_of_claim(database, index):
    """Nodes of the plan as it was executed: {relation: rows or 'never'}."""
    statement = (harness.ROOT / "sql/queries/job/claim.sql").read_text()
    with database.connect("rewatch_daemon") as db, db.transaction(
            force_rollback=True):
        db.execute("SET LOCAL plan_cache_mode = force_generic_plan;"
                   "SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        db.execute("PREPARE claim AS " + statement.rstrip().rstrip(";"),
                   prepare=False)
        return "\n".join(row[0] for row in db.execute(
            "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE claim (7 << 24, "
            f"100, 0, {index})", prepare=False))


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

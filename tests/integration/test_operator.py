"""What the operator is told: of imports as much as their members, of probes
nothing, and nothing a thousand times. Bounds are in lines and counts."""

import io
import resource
import signal
import time
import zipfile

import psycopg
import pytest

from background import Hangups
from descriptors import leave, set_limits
from enrich_queue import QUICK, add_facts, facts, unfinished
from export_maker import Export, Film
from harness import merged, wait_until
from importing import committed
from log_lines import events, lines_that_are_no_events
from metrics import Metrics
from replies import problem

FILMS = [Film(f"Film {i}", 1950 + i, 100 + i) for i in range(40)]


def export(films):
    made = Export()
    for film in films:
        made.watched(film, "2024-01-01")
    return made.zip()


def one_event(program, name):
    found = events(program, name)
    assert len(found) == 1, found
    return found[0]


def refused(api, name="import refused"):
    """It is said once the reply is sent."""
    return wait_until(lambda: events(api, name), name)


# --- imports

def test_a_committed_import_is_told_with_its_counts(api, database):
    first = api.post("/v1/imports?file_name=my%20films.zip",
                     export(FILMS[:30]), "application/zip")
    committed(first)
    said = one_event(api, "import committed")
    assert said["request"] == first.headers["x-request-id"]
    assert (said["member"], said["file"]) == ("1", "my films.zip")
    assert said["bytes"] == str(len(export(FILMS[:30])))
    # One row in watched.csv for each film.
    assert {k: said[k] for k in ("rows", "new", "changed", "removed",
                                 "rejected", "films", "films_gone")} == {
        "rows": "30", "new": "30", "changed": "0", "removed": "0",
        "rejected": "0", "films": "30", "films_gone": "0"}
    assert int(said["ms"]) >= 0

    # 20 films go, 10 stay, 10 come.
    report = committed(api.import_zip(export(FILMS[20:])))
    said = events(api, "import committed")[1]
    assert said["import"] == str(report["id"])
    assert {k: said[k] for k in ("rows", "new", "removed", "films",
                                 "films_gone")} == {
        "rows": "20", "new": "10", "removed": "20", "films": "20",
        "films_gone": "20"}

    assert api.post(f"/v1/imports/{report['id']}/undo").status == 200
    said = one_event(api, "import undone")
    assert (said["import"], said["removed"]) == (str(report["id"]), "20")
    assert api.import_zip(export(FILMS), "?dry_run=1").status == 200
    assert one_event(api, "import tried")["new"] == "10"

    now = Metrics(api)
    assert now.by_label("rewatch_imports_total") == {
        "committed": 2, "tried": 1, "refused": 0, "failed": 0, "undone": 1}
    assert now.by_label("rewatch_import_rows_total") == {
        "new": 40, "changed": 0, "unchanged": 10, "removed": 20,
        "rejected": 0}


def no_export():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as z:
        z.writestr("hello.txt", "hello")
    return data.getvalue()


def test_a_refused_import_is_told_as_to_its_member(api):
    answer = api.post("/v1/imports?file_name=a%22b%0Alevel%3Derror.zip",
                      no_export(), "application/zip")
    detail = problem(answer, 422, "not-an-export")
    said, = refused(api)
    assert said["reason"] == "not-an-export"
    assert said["detail"] == detail
    assert said["request"] == answer.headers["x-request-id"]
    assert (said["bytes"], said["member"]) == (str(len(no_export())), "1")
    # A name is a member's: it makes no line of its own.
    assert said["file"].startswith('a"b') and "level=error" in said["file"]
    assert said["level"] == "info"
    assert Metrics(api).by_label("rewatch_imports_total")["refused"] == 1


def test_what_the_database_refuses_is_told_as_well(api):
    committed(api.import_zip(export(FILMS)))
    answer = api.import_zip(export(FILMS[:2]), query="")
    detail = problem(answer, 409, "unconfirmed")
    said, = refused(api)
    assert (said["reason"], said["detail"]) == ("unconfirmed", detail)
    assert Metrics(api).by_label("rewatch_imports_total") == {
        "committed": 1, "tried": 0, "refused": 1, "failed": 0, "undone": 0}


def test_an_import_that_the_database_has_no_time_for_has_failed(
        start_api, database):
    api = start_api(settings={"import": {"deadline": "1s", "rows_max": 3000}})
    with database.connect() as other, other.transaction():
        other.execute("LOCK TABLE import IN ACCESS EXCLUSIVE MODE")
        assert api.import_zip(export(FILMS[:2])).status == 503
    said, = refused(api, "import failed")
    assert said["reason"] in ("try-again", "outcome-unknown")
    assert Metrics(api).by_label("rewatch_imports_total")["failed"] == 1


# --- probes

def test_probes_and_scrapes_are_no_lines(api):
    for _ in range(5):
        for path in ("/healthz", "/readyz", "/metrics"):
            assert api.get(path).status == 200
    assert api.get("/v1/library").status == 200
    # Before it was ready it may have said so.
    assert [e["path"] for e in events(api, "request")
            if e["status"] != "503"] == ["/v1/library"]
    now = Metrics(api)
    assert now.by_label("rewatch_http_requests_total") == {"200": 1}
    assert now.of("rewatch_http_request_seconds_count") == 1
    assert now.by_label("rewatch_http_route_requests_total")[
        "GET /healthz"] == 5


def test_a_probe_that_fails_is_a_line_and_no_error_of_the_api(
        api, cluster):
    cluster.stop("immediate")
    try:
        wait_until(lambda: api.get("/readyz").status == 503, "not ready")
        assert {e["status"] for e in events(api, "request")} == {"503"}
        assert Metrics(api).by_label("rewatch_http_requests_total") == {}
    finally:
        cluster.start()


# --- repeats

def test_the_same_failure_is_one_line(start_api, cluster):
    """200 requests without a database: as many answers, one warning."""
    api = start_api()
    cluster.stop("immediate")
    try:
        wait_until(lambda: events(api, "database is down"), "it is down", 30)
        before = len(events(api, "database error"))
        for _ in range(200):
            assert api.get("/v1/library").status == 503
        assert len(events(api, "database error")) - before <= 2
    finally:
        cluster.start()
    api.stop()
    counted = [int(e["repeated"]) for e in events(api, "database error")
               if "repeated" in e]
    first = len(events(api, "database error")) - len(counted)
    assert sum(counted) + first >= 200


# --- signals

@pytest.mark.parametrize("program", ["api", "daemon"])
def test_signals_that_mean_nothing_change_nothing(start_api, start_daemon,
                                                  program):
    process = start_api() if program == "api" else start_daemon(ready=True)
    before = process.log()
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM,
                   signal.SIGVTALRM, signal.SIGPIPE, signal.SIGWINCH):
        process.signal(number)
    time.sleep(0.3)
    assert process.up()
    assert "level=error" not in process.log()[len(before):]
    process.signal(signal.SIGQUIT)
    assert process.proc.wait(10) == 1
    assert events(process, "state changed")[-1]["why"] == "asked to stop at once"
    assert lines_that_are_no_events(process) == []


def test_a_storm_of_reloads_is_a_reload_a_second(api):
    """Imports and reads go on; the page is read once, as it did not change."""
    began = time.monotonic()
    with Hangups(api) as storm:
        for n in range(3):
            committed(api.import_zip(export(FILMS[:20 + n])))
            for _ in range(10):
                assert api.get("/v1/stats").status == 200
                assert api.get("/").status == 200
        wait_until(lambda: storm.sent > 200, "a storm")
    seconds = time.monotonic() - began
    reloads = len(events(api, "configuration reloaded"))
    assert 2 <= reloads <= seconds + 1
    time.sleep(1.2)
    assert len(events(api, "configuration reloaded")) <= reloads + 1
    assert len(events(api, "page loaded")) == 1


# --- the daemon's own want

def test_a_daemon_without_descriptors_blames_no_film(database, start_daemon):
    daemon = start_daemon(settings=merged(
        QUICK, {"tmdb": {"changes": False}, "enrich": {"attempts": 3}}),
        ready=True)
    time.sleep(0.5)
    limits = leave(daemon, 0)
    films = add_facts(database, facts(5))
    wait_until(lambda: events(daemon, "no call could be made"), "it is said")
    time.sleep(5)  # two more tries
    assert events(daemon, "job failed") == []
    said = events(daemon, "no call could be made")
    assert [(e["error"], e["level"]) for e in said] == [
        ("Too many open files", "warn")]
    assert unfinished(database) == 5
    set_limits(daemon, limits)
    wait_until(lambda: unfinished(database) == 0, "all done", 30)
    assert events(daemon, "job failed") == []
    assert [e["attempt"] for e in events(daemon, "job done")] == ["1"] * len(
        films)
    answers = Metrics(daemon).by_label("rewatch_tmdb_answers_total")
    assert "0" not in answers


def test_trouble_with_writing_alone_is_told_once(database, start_daemon):
    """As on a full disk: what reads succeeds all the time."""
    database.query("REVOKE INSERT, UPDATE ON title FROM rewatch_daemon")
    daemon = start_daemon(settings=QUICK, ready=True)
    add_facts(database, facts(3))
    wait_until(lambda: events(daemon, "database trouble"), "trouble")
    time.sleep(3)
    assert len(events(daemon, "database trouble")) == 1
    assert events(daemon, "database is back") == []
    database.query("GRANT INSERT, UPDATE ON title TO rewatch_daemon")
    wait_until(lambda: unfinished(database) == 0, "all done", 30)
    wait_until(lambda: events(daemon, "database is back"), "it is told", 30)
    assert len(events(daemon, "database trouble")) == 1


# --- the summary

def test_the_summary_tells_a_slow_tmdb(database, start_daemon, start_tmdb):
    tmdb = start_tmdb(delay_ms=700)
    daemon = start_daemon(tmdb_url=tmdb.url, settings=merged(
        QUICK, {"enrich": {"summary": "1s"}}), ready=True)
    add_facts(database, facts(8))
    wait_until(lambda: unfinished(database) == 0, "all done", 30)
    said = wait_until(lambda: [e for e in events(daemon, "summary")
                               if "call_ms" in e], "a summary")
    assert {e["tmdb"] for e in said} == {"ok"}
    assert {e["rate"] for e in said} == {"40"}
    # Its timer and ours may differ by a moment.
    assert all(650 <= int(e["call_ms"]) < 20000 for e in said)


def test_without_a_database_the_queue_is_not_known(database, cluster,
                                                   start_daemon):
    daemon = start_daemon(settings=merged(QUICK, {
        "enrich": {"summary": "1s"}, "database": {"deadline": "1s"}}),
        ready=True)
    wait_until(lambda: Metrics(daemon).of("rewatch_daemons") == 1, "known")
    cluster.stop("immediate")
    try:
        wait_until(lambda: Metrics(daemon).of("rewatch_daemons") is None,
                   "not known", 30)
        now = Metrics(daemon)
        assert now.by_label("rewatch_queue_jobs") == {}
        assert now.of("rewatch_queue_oldest_ready_seconds") is None
        wait_until(lambda: "ready" not in events(daemon, "summary")[-1],
                   "a summary without it", 30)
        assert events(daemon, "summary")[-1]["database"] != "ok"
    finally:
        cluster.start()
    wait_until(lambda: Metrics(daemon).of("rewatch_daemons") == 1, "back", 30)


def test_who_runs_is_said(api):
    now = Metrics(api)
    version, = now.by_label("rewatch_build_info")
    assert version.count(".") == 2
    soft = resource.prlimit(api.pid, resource.RLIMIT_NOFILE)[0]
    assert now.of("process_max_fds") == soft


# --- who deployed the schema

@pytest.mark.parametrize("role", ["rewatch_api", "rewatch_daemon"])
def test_the_programs_do_not_see_who_deployed(database, role):
    with database.connect(role) as db:
        assert db.execute("SELECT count(change) FROM sqitch.changes"
                          ).fetchone()[0] > 0
        for column in ("committer_name", "committer_email", "planner_email",
                       "note", "*"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(f"SELECT {column} FROM sqitch.changes")
        for table in ("events", "tags", "projects", "dependencies"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(f"SELECT * FROM sqitch.{table}")

"""/metrics: what the programs count is what the stand-in and the database
saw, and every metric there is is in the manual, and the other way round."""

import re
import signal
import time

import pytest

import harness
from enrich_queue import QUICK, add_facts, facts, unfinished
from harness import merged, wait_until
from metrics import Metrics

SEEN = merged(QUICK, {"enrich": {"summary": "100ms"}})
MANUAL = harness.ROOT / "config/man"


def seen(program, name, value, **label):
    wait_until(lambda: program.up("/healthz"), f"{program.name} is up")
    wait_until(lambda: Metrics(program).of(name, **label) == value,
               f"{name} {label} is {value}: {Metrics(program).values}")


def test_the_queue_is_shown_before_the_first_line(database, start_daemon):
    daemon = start_daemon(settings=merged(QUICK,
                                          {"enrich": {"summary": "10m"}}))
    seen(daemon, "rewatch_daemons", 1)
    assert Metrics(daemon).by_label("rewatch_queue_jobs") == {
        "ready": 0, "running": 0, "parked": 0, "dead": 0}
    assert "event=summary" not in daemon.log()


def test_calls_are_those_that_tmdb_saw(database, start_daemon, tmdb):
    tmdb.misbehave(faults=[{"kind": "500", "count": 2},
                           {"kind": "429", "count": 1, "retry_after": 1}])
    add_facts(database, facts(6))
    daemon = start_daemon(settings=SEEN)
    wait_until(lambda: unfinished(database) == 0, "all finished")
    now = Metrics(daemon)
    stats = tmdb.stats()
    assert now.of("rewatch_tmdb_calls_total") == stats["calls"]
    assert now.by_label("rewatch_tmdb_answers_total") == stats["by_status"]
    assert stats["by_status"]["500"] == 2
    assert now.of("rewatch_tmdb_throttled_total") == 1
    assert now.of("rewatch_tmdb_call_seconds_count") == stats["calls"]
    assert 0 < now.of("rewatch_tmdb_call_seconds_sum") < 20
    assert now.of("rewatch_tmdb_rate_limit") == 40
    # Each 500 was a failed attempt, and each was tried again; a 429 was none.
    assert now.of("rewatch_jobs_failed_total") == 2
    assert now.of("rewatch_jobs_retried_total") == 2
    assert now.of("rewatch_jobs_done_total") == 6
    assert now.by_label("rewatch_jobs_found_total") == {"search_year": 6}
    assert now.of("rewatch_jobs_claimed_total") == (
        6 + 2 + now.of("rewatch_jobs_released_total"))
    assert now.of("rewatch_jobs_dead_total") == 0
    seen(daemon, "rewatch_tmdb_breaker", 1, state="closed")


def test_the_queue_is_that_of_the_database(database, start_daemon, tmdb):
    tmdb.misbehave(faults=[{"kind": "401", "count": -1}])
    add_facts(database, facts(5))
    database.query("UPDATE enrich_job SET created_at = now() - "
                   "interval '1 hour' WHERE tag = 1")
    database.query("INSERT INTO enrich_dead (film_id, attempt, last_error) "
                   "SELECT min(id), 8, 'made by a test' FROM film")
    daemon = start_daemon(settings=SEEN)
    seen(daemon, "rewatch_tmdb_breaker", 1, state="token_refused")
    seen(daemon, "rewatch_queue_jobs", 5, state="ready")
    now = Metrics(daemon)
    assert now.by_label("rewatch_queue_jobs") == {
        "ready": 5, "running": 0, "parked": 0, "dead": 1}
    assert now.by_label("rewatch_tmdb_breaker") == {
        "closed": 0, "half_open": 0, "open": 0, "token_refused": 1}
    assert 3600 <= now.of("rewatch_queue_oldest_ready_seconds") < 3660
    assert now.of("rewatch_daemons") == 1
    # A token that is refused is nothing to be ready with.
    assert now.of("rewatch_ready") == 0
    assert now.by_label("rewatch_tmdb_answers_total").keys() == {"401"}


def test_a_dead_daemons_jobs_are_counted_as_rescued(database, start_daemon,
                                                    tmdb):
    tmdb.misbehave(faults=[{"kind": "silent", "count": -1}])
    add_facts(database, facts(4))
    killed = start_daemon(settings=SEEN, tag="-killed")
    seen(killed, "rewatch_queue_jobs", 4, state="running")
    killed.kill()
    tmdb.misbehave()
    daemon = start_daemon(settings=SEEN)
    wait_until(lambda: unfinished(database) == 0, "all finished")
    now = Metrics(daemon)
    assert now.of("rewatch_jobs_rescued_total") == 4
    assert now.of("rewatch_jobs_done_total") == 4


def test_a_lease_slept_through_is_counted_as_lost(database, start_daemon):
    daemon = start_daemon(settings=SEEN, ready=True)
    assert Metrics(daemon).of("rewatch_leases_lost_total") == 0
    daemon.signal(signal.SIGSTOP)
    time.sleep(2)  # the lease is 1.5 s
    daemon.signal(signal.SIGCONT)
    seen(daemon, "rewatch_leases_lost_total", 1)
    seen(daemon, "rewatch_ready", 1)


@pytest.mark.parametrize("program, role, connections", [
    ("daemon", "rewatch_daemon", 3), ("api", "rewatch_api", 4)])
def test_a_lost_connection_is_counted(database, start_daemon, start_api,
                                      program, role, connections):
    process = (start_daemon(settings=SEEN, ready=True) if program == "daemon"
               else start_api())
    before = Metrics(process)
    assert before.of("rewatch_pg_reconnects_total") == 0
    assert before.of("rewatch_ready") == 1
    theirs = ("FROM pg_stat_activity WHERE usename = %s "
              "AND datname = current_database() "
              "AND application_name NOT LIKE '%% listen'")
    # One that is still beginning is none that can be lost; one listens.
    wait_until(lambda: process.log().count('event="database connected"')
               == connections + 1, "all connections are there")
    ended = database.value(f"SELECT count(pg_terminate_backend(pid)) {theirs}",
                           role)
    assert ended == connections
    seen(process, "rewatch_pg_reconnects_total", ended)
    # 57P01: an operator ended them. The other causes are there, at zero.
    lost = Metrics(process).by_label("rewatch_pg_lost_total")
    assert lost.pop("57") == ended
    assert set(lost) >= {"25", "lost", "deadline"}
    assert set(lost.values()) == {0}
    seen(process, "rewatch_ready", 1)


def test_requests_are_counted_by_status_and_route(api):
    for _ in range(3):
        assert api.get("/v1/library").status == 200
    assert api.get("/v1/films/none").status >= 400
    assert api.get("/v1/nothing-there").status == 404
    now = Metrics(api)
    routes = now.by_label("rewatch_http_route_requests_total")
    statuses = now.by_label("rewatch_http_requests_total")
    assert routes["GET /v1/library"] == 3
    assert statuses["404"] >= 1
    # Probes and scrapes, such as this one, are in the first alone.
    probes = sum(routes.get(f"GET /{name}", 0)
                 for name in ("healthz", "readyz", "metrics"))
    assert probes > 0
    assert sum(routes.values()) - probes == sum(statuses.values()) \
        == now.of("rewatch_http_request_seconds_count")


def documented(page):
    """{name: type} of the metrics a page of the manual describes."""
    text = (MANUAL / page).read_text(encoding="utf-8")
    return dict(re.findall(r"^\.It Ic ((?:rewatch|process)_\S+) "
                           r"Pq (counter|gauge|histogram)", text, re.M))


@pytest.mark.parametrize("name", ["api-server", "enrich-daemon"])
def test_the_manual_has_all_metrics(start_api, start_daemon, name):
    program = start_api() if name == "api-server" else start_daemon(ready=True)
    assert Metrics(program).types == (documented("rewatch.7")
                                      | documented(f"{name}.8"))

"""Two nights an operator had with other software: a worker that is killed and
cut off again and again, and Postgres restarted in the middle of an import.
(In the middle of enrichment: test_rounds.py.)"""

import json
import os
import threading
import time

import pytest

import ground
import invariants
import story
from background import Background
from harness import merged, wait_until
from story import SHARED, made_export

READY_S = 5.0


@pytest.fixture(scope="module", name="cluster")
def durable_cluster():
    """What is committed is not lost with the processes of Postgres."""
    cluster = ground.Cluster()
    yield cluster
    cluster.destroy()


FULL = bool(os.environ.get("FAULT_ROUNDS"))

# --- a daemon that is killed and cut off ---


def export():
    """A real one when there is time for it (FAULT_ROUNDS is set)."""
    path = SHARED / "exports/rewatchless-2025.zip"
    return path.read_bytes() if FULL and path.exists() else made_export(300)


class Cutter(Background):
    """Ends all connections of the daemon every two seconds."""

    def __init__(self, database):
        super().__init__()
        self.database = database
        self.cuts = 0

    def run(self):
        while not self.ended.wait(2):
            self.cuts += self.database.value(
                "SELECT count(pg_terminate_backend(pid)) "
                "FROM pg_stat_activity WHERE usename = 'rewatch_daemon' "
                "AND datname = current_database()")


def test_killed_five_times_while_cut_off_every_two_seconds(
        database, api, start_tmdb, start_daemon, capfd):
    tmdb = start_tmdb(story.catalogue(), delay_ms=50)
    report = api.import_zip(export())
    assert report.status == 201, report
    jobs = report.json()["jobs"]
    wanted = [row[0] for row in database.query(
        "SELECT film_id FROM enrich_job")]
    assert len(wanted) == jobs
    cutter = Cutter(database)
    began = time.monotonic()
    with invariants.Watcher(database, 8):
        daemon = start_daemon(tmdb_url=tmdb.url, settings=merged(
            story.DAEMON, {"enrich": {"attempts": 8}}))
        cutter.start()
        for n in range(1, 6):
            wait_until(lambda: left(database) < jobs * (1 - n / 7) or
                       left(database) == 0, f"kill {n}", 60)
            daemon.kill()
            daemon.start()
        wait_until(lambda: left(database) == 0, "all finished", 120)
    seconds = time.monotonic() - began
    cutter.stop()
    invariants.check_finished(database, wanted)
    calls = invariants.Calls(tmdb)
    again = sum(calls.repeated().values())
    assert cutter.cuts >= 10
    assert again <= 5 * story.CLAIM_MAX + invariants.reasons(daemon.log())
    with capfd.disabled():
        print(f"\n  {jobs} films, 5 kills, {cutter.cuts} connections ended: "
              f"{len(calls)} calls ({len(calls) / jobs:.2f} a film), "
              f"{again} titles fetched again, {seconds:.1f} s, "
              f"{seconds / (len(calls) / story.RATE):.2f} of the rate's floor")


def left(database):
    return database.value("SELECT count(*) FROM enrich_job")


# --- Postgres restarted during an import ---


class Upload(threading.Thread):
    def __init__(self, api, data):
        super().__init__(daemon=True)
        self.api = api
        self.data = data
        self.answer = None
        self.start()

    def run(self):
        self.answer = self.api.import_zip(self.data)


def library(database):
    return database.query(
        "SELECT (SELECT count(*) FROM library_entry), "
        "(SELECT count(*) FROM watch), (SELECT count(*) FROM import "
        "WHERE state = 'committed')")[0]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 1.0])
def test_postgres_restarted_during_an_import(cluster, database, api, share):
    """The import is there as a whole or not at all, the client is told
    which, and the server is back without a restart of its own."""
    data = story.real_export()
    began = time.monotonic()
    whole = api.import_zip(data).json()
    seconds = time.monotonic() - began
    counts = library(database)
    assert api.delete("/v1/library").status == 204
    empty = (0, 0, counts[2])

    upload = Upload(api, data)
    time.sleep(seconds * share)
    cluster.stop("immediate")
    time.sleep(0.2)
    cluster.start()
    back = time.monotonic()
    wait_until(api.up, "API server ready", READY_S)
    assert time.monotonic() - back < READY_S
    upload.join(30)
    check_answer(upload.answer, library(database), empty, counts)
    # And it takes the next one.
    again = api.import_zip(data)
    assert again.status == 201
    assert again.json()["films"] == whole["films"]
    assert library(database)[:2] == counts[:2]


def check_answer(answer, now, empty, whole):
    assert answer is not None, "no answer"
    if answer.status == 201:
        assert now[:2] == whole[:2]
        return
    assert answer.status == 503, answer
    problem = json.loads(answer.body)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["title"] and problem["type"]
    # Whole only when the commit's own answer was lost, which is said.
    assert now[:2] == empty[:2] or (now[:2] == whole[:2]
                                    and "unknown" in answer.body.decode()), \
        (now, problem)

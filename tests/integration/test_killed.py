"""The API server is killed, stopped and has a twin: what was acknowledged is
there, what was not is there as a whole or not at all. SOAK=1: as often as it
takes to be sure."""

import http.client
import os
import signal
import threading
import time

from background import Background
from export_maker import Export, Film
from harness import wait_until
from importing import committed

ROUNDS = 60 if os.environ.get("SOAK") else 8
FILMS = [Film(f"Film {i}", 1950 + i % 70, 100 + i) for i in range(1000)]


def export(count):
    made = Export()
    for n, film in enumerate(FILMS[:count]):
        made.watched(film, "2024-01-01")
        made.diary(film, 5000 + n, "2024-01-01", stars=4)
    return made.zip()


def in_library(database):
    return database.query("SELECT (SELECT count(*) FROM library_entry), "
                          "(SELECT count(*) FROM watch)")[0]


class Upload(threading.Thread):
    def __init__(self, api, data):
        super().__init__()
        self.api, self.data, self.status = api, data, 0

    def run(self):
        try:
            self.status = self.api.import_zip(self.data).status
        except (OSError, http.client.HTTPException):
            pass


def nothing_runs(database):
    return database.value(
        "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND "
        "datname = current_database() AND usename = 'rewatch_api'") == 0


def test_killed_during_an_import(api, database):
    """At another moment each time, from its first millisecond to its last."""
    before, after = 700, 1000
    small, large = export(before), export(after)
    began = time.monotonic()
    committed(api.import_zip(small))
    lasts = time.monotonic() - began
    for n in range(ROUNDS):
        upload = Upload(api, large)
        upload.start()
        time.sleep(lasts * 1.2 * n / ROUNDS)
        api.kill()
        upload.join()
        wait_until(lambda: nothing_runs(database), "its transaction ended")
        found = in_library(database)
        assert found in ((before, before), (after, after)), found
        assert upload.status != 201 or found == (after, after)
        assert database.value(
            "SELECT count(*) - count(DISTINCT film_id) FROM enrich_job") == 0
        api.start()
        wait_until(api.up, "up again")
        if found == (after, after):
            committed(api.import_zip(small))


class Hiccups(Background):
    """The process stands still and goes on, all the time."""

    def __init__(self, process):
        super().__init__()
        self.process = process
        self.times = 0

    def run(self):
        while not self.ended.wait(0.02):
            self.process.signal(signal.SIGSTOP)
            time.sleep(0.02)
            self.process.signal(signal.SIGCONT)
            self.times += 1


def test_stopped_and_continued_all_the_time(api, database):
    with Hiccups(api) as hiccups:
        for n in range(3):
            committed(api.import_zip(export(200 + n)))
            for _ in range(20):
                assert api.get("/v1/stats").status == 200
        wait_until(lambda: hiccups.times > 30, "some hiccups")
    assert in_library(database) == (202, 202)


def films_of(api):
    return api.get("/v1/stats").json()["overview"]["films"]


def test_two_servers_by_turns(start_api):
    """What one has acknowledged the other knows in a moment."""
    servers = [start_api(), start_api()]
    for n in range(2 * ROUNDS):
        count = 20 + n % 7
        committed(servers[n % 2].import_zip(export(count)))
        wait_until(lambda: films_of(servers[1 - n % 2]) == count,
                   "the other knows", 2)
        assert films_of(servers[n % 2]) == count


def test_imports_and_deletions_at_once(start_api, database):
    """Each is done as a whole, before or after any other."""
    servers = [start_api(), start_api()]
    for _ in range(max(2, ROUNDS // 4)):
        uploads = [Upload(servers[n % 2], export(100 + n)) for n in range(3)]
        for upload in uploads:
            upload.start()
        deleted = servers[0].delete("/v1/library")
        for upload in uploads:
            upload.join()
        assert deleted.status in (204, 503)
        assert {u.status for u in uploads} <= {201, 503}
        found = in_library(database)
        assert found in [(n, n) for n in (0, 100, 101, 102)], found

"""Programs that have next to nothing: descriptors above all."""

import os
import resource
import signal

import pytest

from background import Background
from enrich_queue import QUICK, check_final, many_films, unfinished
from export_maker import Export, Film
from harness import wait_until
from importing import committed


class Hangups(Background):
    """SIGHUP every 10 ms."""

    def __init__(self, process):
        super().__init__()
        self.process = process

    def run(self):
        while not self.ended.wait(0.01):
            self.process.signal(signal.SIGHUP)


def leave(process, spare):
    """As with `ulimit -n` of what it has and so many more."""
    used = {int(fd) for fd in os.listdir(f"/proc/{process.pid}/fd")}
    free = (fd for fd in range(len(used) + spare) if fd not in used)
    limit = sorted(free)[:spare][-1] + 1
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (limit, limit))


@pytest.mark.parametrize("spare", [24, 6, 2])
def test_a_daemon_with_few_descriptors_does_its_work(database, start_daemon,
                                                     spare):
    daemon = start_daemon(settings=QUICK, ready=True)
    leave(daemon, spare)
    many_films(database, 60)
    with Hangups(daemon):
        wait_until(lambda: unfinished(database) == 0, "all done", 60)
    assert database.value("SELECT count(*) FROM enrich_dead") == 0
    check_final(database)


def test_a_server_with_few_descriptors_answers(api):
    leave(api, 3)
    made = Export()
    for n in range(30):
        made.watched(Film(f"Film {n}", 1990, 100 + n), "2024-01-01")
    committed(api.import_zip(made.zip()))
    for _ in range(20):
        assert api.get("/v1/stats").json()["overview"]["films"] == 30
        assert api.get("/").status == 200

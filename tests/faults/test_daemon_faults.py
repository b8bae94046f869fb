"""The daemon cannot be kept from finishing.

Real processes, a real Postgres, faults while they work. Afterwards the
database says: every film finished, none twice, nothing held, and meanwhile no
transaction was left open. One fault at a time, and all of their kinds, is what
test_rounds.py does; here is what comes at once or at the worst moment.
"""

import random
import signal
import time

import psycopg

from background import Background
from enrich_queue import (QUICK, Watch, check_final, many_films, unfinished)
from harness import merged, wait_until

TERMINATE = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE usename = 'rewatch_daemon' AND datname = current_database()
"""


class Cutter(Background):
    """Ends all connections of the daemons again and again."""

    def __init__(self, database, every):
        super().__init__()
        self.database = database
        self.every = every
        self.cuts = 0

    def run(self):
        while not self.ended.wait(self.every):
            try:
                self.cuts += self.database.value(TERMINATE)
            except psycopg.OperationalError:
                pass  # Postgres is down, by the test's will


def all_finished(database, timeout=90):
    wait_until(lambda: unfinished(database) == 0, "all films finished",
               timeout)


def nobody_gave_up(database):
    assert database.query("SELECT * FROM enrich_dead") == []
    assert database.value("SELECT count(*) FROM film "
                          "WHERE match_state = 'failed'") == 0


def test_connections_cut_ten_times_a_second(database, start_daemon):
    """Claims, stores and releases whose answer is lost."""
    many_films(database, 120)
    with Watch(database):
        daemon = start_daemon(settings=QUICK, ready=True)
        with Cutter(database, 0.1) as cutter:
            time.sleep(6)
        ended = time.monotonic()
        done = unfinished(database)
        wait_until(lambda: unfinished(database) < done or done == 0,
                   "work goes on", timeout=5)
        all_finished(database)
    assert cutter.cuts >= 20
    assert time.monotonic() - ended < 30
    assert daemon.alive()
    nobody_gave_up(database)
    check_final(database)


def test_jobs_of_a_killed_daemon_are_rescued(database, start_daemon,
                                             start_tmdb):
    tmdb = start_tmdb(delay_ms=200)
    many_films(database, 60)
    with Watch(database):
        victim = start_daemon(settings=QUICK, tag="-victim", tmdb_url=tmdb.url)
        wait_until(lambda: unfinished(database) < 55, "it works")
        start_daemon(settings=QUICK, tag="-heir", tmdb_url=tmdb.url)
        victim.kill()
        all_finished(database)
    nobody_gave_up(database)
    check_final(database)


def test_chaos(database, start_daemon, tmdb):
    """Two daemons, everything at once, from a seed."""
    seed = 20261123
    dice = random.Random(seed)
    many_films(database, 150)
    kinds = ["429", "500", "503", "html", "bad_json", "truncated", "gzip",
             "reset"]
    tmdb.misbehave(faults=[{"kind": kind, "probability": 0.01, "count": 3,
                            "retry_after": 1} for kind in kinds])
    settings = merged(QUICK, {"enrich": {"attempts": 30, "rescues": 30}})
    with Watch(database, attempts=30), Cutter(database, 1.5):
        daemons = [start_daemon(settings=settings, tag=tag)
                   for tag in ("-a", "-b")]
        end = time.monotonic() + 20
        while time.monotonic() < end and unfinished(database):
            time.sleep(dice.uniform(0.2, 1.0))
            one = dice.choice(daemons)
            if dice.random() < 0.5:
                one.kill()
                one.start()
            else:
                one.signal(signal.SIGSTOP)
                time.sleep(dice.uniform(0.1, 2.5))
                one.signal(signal.SIGCONT)
        all_finished(database, 120)
    nobody_gave_up(database)
    check_final(database)


def test_sigterm_while_postgres_is_away(cluster, database, start_daemon):
    many_films(database, 80)
    settings = merged(QUICK, {"shutdown": {"timeout": "1s"}})
    daemon = start_daemon(settings=settings)
    wait_until(lambda: unfinished(database) < 75, "it works")
    cluster.stop("immediate")
    began = time.monotonic()
    daemon.stop()
    assert time.monotonic() - began < 3
    cluster.start()
    start_daemon(settings=settings)
    all_finished(database)
    nobody_gave_up(database)
    check_final(database)

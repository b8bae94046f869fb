"""Reads of TMDB's lists of what has changed that are interrupted: daemons that
die or sleep, bad answers, lost connections, again and again."""

import random
import signal
import time

import pytest

from background import Background
from change_lists import (OFTEN, SLOW, age, calls, change, day, details,
                          halfway, is_done, is_read, make_due, pages_read,
                          settle, today, unknown, young)
from enrich_queue import Watch, check_final, facts
from harness import merged, wait_until
from metrics import Metrics


def test_a_killed_daemon_is_replaced(database, start_daemon, tmdb):
    known = facts(5)
    first = halfway(database, tmdb, start_daemon, known)
    first.kill()
    stored = database.value("SELECT page FROM tmdb_changes "
                            "WHERE kind = 'movie'")
    start_daemon(settings=SLOW, tag="-second")
    wait_until(lambda: is_done(database), "read to the end")
    # Not from the beginning: at most the page under way is read twice.
    read = pages_read(tmdb)
    assert set(read) == set(range(1, 11))
    assert len(read) <= 11 and stored > 3
    assert young(database) == {f.id for f in known}


def test_one_that_slept_does_no_harm(database, start_daemon, tmdb):
    known = facts(5)
    first = halfway(database, tmdb, start_daemon, known)
    first.signal(signal.SIGSTOP)
    start_daemon(settings=SLOW, tag="-second")
    wait_until(lambda: is_done(database), "read to the end")
    rows = "SELECT * FROM tmdb_changes ORDER BY kind"
    after, fetched = database.query(rows), len(details(tmdb))
    first.signal(signal.SIGCONT)
    wait_until(lambda: "lease lost" in first.log(), "it has found out")
    time.sleep(0.5)
    assert database.query(rows) == after
    assert len(details(tmdb)) == fetched == len(known)


def test_a_drain_is_prompt(database, start_daemon, tmdb):
    known = facts(5)
    first = halfway(database, tmdb, start_daemon, known)
    tmdb.misbehave(faults=[{"kind": "silent", "path": "/3/movie/changes"}])
    asked = len(calls(tmdb))
    wait_until(lambda: len(calls(tmdb)) > asked, "a call is under way")
    began = time.monotonic()
    assert first.stop() == 0
    assert time.monotonic() - began < 0.7
    tmdb.misbehave()
    start_daemon(settings=SLOW, tag="-second")
    wait_until(lambda: is_done(database), "read to the end")
    assert set(pages_read(tmdb)) == set(range(1, 11))
    assert young(database) == {f.id for f in known}


@pytest.mark.parametrize("kind", ["500", "503", "429", "401", "404", "html",
                                  "bad_json", "truncated", "reset", "silent"])
def test_a_bad_answer_in_the_middle(database, start_daemon, tmdb, kind):
    known = facts(5)
    daemon = halfway(database, tmdb, start_daemon, known)
    tmdb.misbehave(delay_ms=60, faults=[
        {"kind": kind, "count": 2, "retry_after": 1,
         "path": "/3/movie/changes"}])
    wait_until(lambda: any(status != 200 for status, path, _ in calls(tmdb)
                           if path == "/3/movie/changes")
               or "changes not read" in daemon.log(), "it happened")
    assert not is_read(database)
    assert database.value("SELECT from_day FROM tmdb_changes "
                          "WHERE kind = 'movie'") == day(1)
    if kind == "401":  # for a minute nobody calls
        assert database.value("SELECT read_at < now() - interval '1 day' "
                              "FROM tmdb_changes WHERE kind = 'movie'")
        return
    wait_until(lambda: is_done(database), daemon.log, timeout=30)
    read = pages_read(tmdb)
    assert set(read) == set(range(1, 11)) and len(read) <= 12
    assert young(database) == {f.id for f in known}
    # The 429 is nobody's failure.
    assert ("changes not read" in daemon.log()) == (kind != "429")
    assert Metrics(daemon).of("rewatch_changes_failures_total") \
        == daemon.log().count("changes not read")


def test_what_never_answers_never_moves(database, start_daemon, tmdb):
    known = facts(2)
    settle(database, start_daemon, known)
    age(database, 48)
    tmdb.misbehave(faults=[{"kind": "500", "path": "/3/tv/changes"}])
    change(tmdb, movie=[known[0].id], tv=[known[0].id])
    make_due(database, ago=3)
    daemon = start_daemon(settings=SLOW)
    wait_until(lambda: daemon.log().count("changes not read") > 3, "tried")
    # The other list is read, and the daemon works.
    wait_until(lambda: young(database) == {known[0].id}, "fetched")
    assert database.query("SELECT kind, from_day, page FROM tmdb_changes "
                          "ORDER BY kind") == [("movie", today(), 2),
                                               ("tv", day(3), 1)]
    # It is written down, so that every daemon waits.
    assert database.value("SELECT failures FROM tmdb_changes "
                          "WHERE kind = 'tv'") >= 3
    database.query("UPDATE tmdb_changes SET retry_at = now() + "
                   "interval '1 day' WHERE kind = 'tv'")
    tmdb.misbehave()
    start_daemon(settings=SLOW, tag="-other", ready=True)
    time.sleep(1)
    assert not is_read(database)
    database.query("UPDATE tmdb_changes SET retry_at = now()")
    wait_until(lambda: is_done(database), "read")
    assert database.value("SELECT sum(failures) FROM tmdb_changes") == 0
    assert "lease lost" not in daemon.log()


THEIRS = ("FROM pg_stat_activity WHERE usename = 'rewatch_daemon' "
          "AND datname = current_database()")


class Terminator(Background):
    """Ends the daemons' connections, again and again: a moment after there are
    some, however long it takes this machine to make them."""

    def __init__(self, database, dice):
        super().__init__()
        self.database = database
        self.dice = dice
        self.count = 0

    def run(self):
        with self.database.connect() as db:
            while not self.ended.wait(0.02):
                if not db.execute(f"SELECT count(*) {THEIRS}").fetchone()[0]:
                    continue
                self.ended.wait(self.dice.uniform(0, 0.3))
                self.count += db.execute(
                    "SELECT count(pg_terminate_backend(pid)) "
                    f"{THEIRS}").fetchone()[0]


CYCLES = 30


def begin_cycle(database, tmdb, dice, known):
    """Some of ours, and of others, have changed from now on: which, and when
    that was."""
    ours = {f.id for f in dice.sample(known, dice.randint(0, 6))}
    tmdb.post("/_stub/changes")
    wait_until(lambda: database.value(
        "SELECT count(*) FROM enrich_job") == 0, "nothing to do")
    # What is being read, or was marked before, counts no more.
    database.query("UPDATE tmdb_changes SET begun_at = NULL, "
                   "to_day = NULL, epoch = NULL")
    database.query("UPDATE title SET fetched_at = now() - interval "
                   "'2 days', changed_at = NULL")
    tmdb.post("/_stub/reset")
    change(tmdb, movie=list(ours) + unknown(dice.randint(0, 350)),
           tv=[f.id for f in known])
    return ours, database.value("SELECT now()")


def end_cycle(database, ours, began, cycle):
    wait_until(lambda: database.value(
        "SELECT bool_and(read_at > %s) FROM tmdb_changes", began)
        and young(database) >= ours, f"cycle {cycle}", timeout=30)
    assert young(database) == ours, cycle


def test_many_cycles_with_lost_connections(database, start_daemon, tmdb):
    """Each cycle some of ours are on the list, and these and no others are
    fetched again."""
    dice = random.Random(20261127)
    known = facts(25)
    settle(database, start_daemon, known)
    # A lease that a stalled machine does not lose, with what was fetched.
    daemons = [start_daemon(settings=merged(OFTEN, {
        "enrich": {"refresh_every": "300ms"},
        "lease": {"length": "20s", "guard": "15s"}}), tag=tag)
        for tag in ("-a", "-b")]
    with Terminator(database, dice) as terminator, Watch(database):
        for cycle in range(CYCLES):
            ours, began = begin_cycle(database, tmdb, dice, known)
            end_cycle(database, ours, began, cycle)
            # One call each: a store that was interrupted is sent again.
            assert sorted(details(tmdb)) == sorted(
                ("movie", str(one)) for one in ours), cycle
    assert terminator.count > CYCLES
    assert all(daemon.alive() for daemon in daemons)
    wait_until(lambda: database.value(
        "SELECT count(*) FROM enrich_job") == 0, "nothing left")
    assert database.value("SELECT count(*) FROM enrich_dead") == 0
    check_final(database)


def test_many_cycles_with_killed_daemons(database, start_daemon, tmdb):
    dice = random.Random(20261128)
    known = facts(25)
    settle(database, start_daemon, known)
    tmdb.misbehave(delay_ms=10)
    settings = merged(OFTEN, {"enrich": {"refresh_every": "300ms"}})
    daemons = [start_daemon(settings=settings, tag=tag)
               for tag in ("-a", "-b")]
    for cycle in range(10):
        ours, began = begin_cycle(database, tmdb, dice, known)
        time.sleep(dice.uniform(0, 0.5))
        daemons.pop(0).kill()
        daemons.append(start_daemon(settings=settings, tag=f"-{cycle}"))
        end_cycle(database, ours, began, cycle)
        # Only what was under way may be asked for again.
        assert {int(one) for _, one in details(tmdb)} == ours
    wait_until(lambda: database.value(
        "SELECT count(*) FROM enrich_job") == 0, "nothing left")
    check_final(database)

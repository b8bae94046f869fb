"""A snapshot that somebody has forgotten: from then on no dead row can be
removed, and queues die of searching among them. Here work goes on at its rate
through several rounds of other faults, with as many dead entries before the
first job as hours of work would leave."""

import contextlib
import time

import faults
import story

GOAL_S = 5.0
SECONDS = 3.0
CHURN = 300  # times that every job's place in the queue changes


@contextlib.contextmanager
def forgotten(database):
    with database.connect() as db:
        db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        db.execute("SELECT count(*) FROM enrich_job")
        yield
        assert db.execute("SELECT pid FROM pg_stat_activity WHERE "
                          "pid = pg_backend_pid() AND backend_xmin IS NOT NULL "
                          "AND clock_timestamp() - xact_start > '5 s'"
                          ).fetchall(), "it was not there all the time"


def churn(s):
    """Backwards, so that the dead entries are where the search begins."""
    with s.database.connect() as db, db.transaction():
        db.execute("LOCK TABLE enrich_job IN SHARE ROW EXCLUSIVE MODE")
        for _ in range(CHURN):
            db.execute("UPDATE enrich_job SET tag = tag + 1000")


def rate(s):
    """Jobs done a second."""
    s.refill(len(s.wanted))
    s.vacuum()
    left = s.unfinished()
    began = time.monotonic()
    time.sleep(SECONDS)
    return (left - s.unfinished()) / (time.monotonic() - began)


def dead_rows(s):
    s.database.query("ANALYZE enrich_job")
    return s.database.value(
        "SELECT n_dead_tup FROM pg_stat_user_tables "
        "WHERE relname = 'enrich_job'")


def test_a_forgotten_snapshot(capfd):
    with story.Story(small_disk=False) as s:
        s.import_export(story.made_export(140))
        before = rate(s)
        with forgotten(s.database):
            churn(s)
            table = [(s.play(fault), fault.name) for fault in [
                faults.KillDaemon(), faults.TerminateAll(),
                faults.Misbehave("500")]]
            meanwhile = rate(s)
            dead = dead_rows(s)
            assert dead > CHURN * 50, dead
        s.finish()
    with capfd.disabled():
        print(f"\n  {before:.1f} jobs/s before, {meanwhile:.1f} with a "
              f"forgotten snapshot and {dead} dead rows")
        for (first, ready), name in table:
            print(f"  {first:7.2f} s  {ready:7.2f} s  {name}")
    assert meanwhile > 0.8 * before
    assert max(max(times) for times, _ in table) < GOAL_S

"""Faults of clocks: a program's wall clock jumps while it runs."""

import re
import time
from datetime import datetime, timedelta, timezone

import wall_clock
from fault import Fault, said
from harness import wait_until

HOUR_S = 3600
DAY_S = 24 * HOUR_S


def readable(seconds):
    """+1 h, -3 days"""
    if abs(seconds) < DAY_S:
        return f"{seconds // HOUR_S:+d} h"
    return f"{seconds // DAY_S:+d} days"


class DaemonClock(Fault):
    """Nothing comes of it: only the monotonic clock counts."""

    hold_s = 0.5

    def __init__(self, seconds):
        self.seconds = seconds
        self.name = f"the clock of one daemon jumps, {readable(seconds)}"

    def impossible(self, story):
        return wall_clock.impossible()

    def inject(self, story):
        self.victim = story.dice.choice(story.daemons)
        # Over what the fault before has left.
        self.wait_for_work(story, story.log_seen[self.victim])
        self.seen = len(self.victim.log())
        self.victim.clock.jump(self.seconds)

    def wait_for_work(self, story, since):
        def done():
            story.keep_busy()
            return 'event="job done"' in self.victim.log()[since:]

        wait_until(done, "the daemon does a job")

    def felt(self, story):
        """By the times of its log, and by nothing else."""
        self.wait_for_work(story, self.seen)
        wanted = datetime.now(timezone.utc) + timedelta(
            seconds=self.victim.clock.shift)
        log = self.victim.log()[self.seen:]
        times = [datetime.fromisoformat(t.rstrip("Z") + "+00:00")
                 for t in re.findall(r"^time=(\S+)", log, re.M)]
        assert abs(times[-1] - wanted) < timedelta(minutes=1), times[-1]
        troubles = re.search("lease lost|database trouble|connection lost|"
                             "to=open|to=token_refused", log)
        assert not troubles, troubles[0]


class DatedPause(DaemonClock):
    """A daemon whose clock is an hour behind is told to call again at a time
    of day, not after some seconds: it is the server's clock that says when."""

    hold_s = 0.3
    PAUSE_S = 2

    def __init__(self):
        super().__init__(-HOUR_S)
        self.name = "TMDB: 429 until a time of day, clock an hour behind"

    def inject(self, story):
        self.moved = []
        for daemon in story.daemons:
            self.moved.append((daemon, daemon.clock.shift))
            daemon.clock.jump(self.seconds - daemon.clock.shift)
        story.keep_busy()
        story.tmdb.misbehave(faults=[{"kind": "429", "retry_dated": True,
                                      "retry_after": self.PAUSE_S}])

    def heal(self, story):
        story.tmdb.misbehave()
        for daemon, shift in self.moved:
            daemon.clock.jump(shift - daemon.clock.shift)

    def felt(self, story):
        pauses = [int(ms) for ms in re.findall(
            "asks for a pause.* pause_ms=([0-9]+)", story.log_of_round())]
        assert pauses and max(pauses) <= 1000 * self.PAUSE_S, pauses


class DatabaseClock(Fault):
    """At the worst moment: TMDB has just asked for a pause, jobs wait for
    their next attempt, and a daemon has died with jobs in hand. None of the
    times noted before may be taken for what they would say now."""

    hold_s = 0
    excused = True  # ages of sessions are computed by that clock
    GOES_ON_S = 5

    def __init__(self, seconds):
        self.seconds = seconds
        self.name = f"the clock of Postgres jumps, {readable(seconds)}"
        # Slots given out before are not known to lie ahead of a later clock.
        self.calls_extra = 30 if seconds > 0 else 0

    def impossible(self, story):
        return wall_clock.impossible()

    def inject(self, story):
        self.victim = story.dice.choice(story.daemons)
        before = story.database.value("SELECT clock_timestamp()")
        self.wait_for_pause(story)
        self.note_what_waits(story)
        story.cluster.clock.jump(self.seconds)
        self.jumped = time.monotonic()
        now = story.database.value("SELECT clock_timestamp()")
        self.moved_s = (now - before).total_seconds()
        self.wait_for_work(story)

    def wait_for_pause(self, story):
        """And the victim dies in it, with what it holds."""
        story.keep_busy()
        story.tmdb.misbehave(faults=[{"kind": "429", "retry_after": 1}])
        wait_until(lambda: story.database.value(
            "SELECT holds_now(blocked_at, blocked_until) FROM tmdb_rate"),
            "a pause", every=0.01)
        self.victim.kill()
        story.kills += 1
        story.tmdb.misbehave()

    def note_what_waits(self, story):
        with story.database.connect() as db:
            self.parked = [row[0] for row in db.execute(
                "UPDATE enrich_job SET parked = true, run_at = "
                "clock_timestamp() + interval '200 ms', "
                "claimed_at = clock_timestamp() WHERE film_id IN (SELECT "
                "film_id FROM enrich_job WHERE token = 0 AND NOT parked "
                "ORDER BY tag DESC LIMIT 5) RETURNING film_id")]
            self.epoch = db.execute(
                "SELECT epoch FROM enrich_daemon WHERE pid = %s",
                (self.victim.pid,)).fetchone()[0]
            self.orphans = db.execute(
                "SELECT count(*) FROM enrich_job WHERE token >> 24 = %s",
                (self.epoch,)).fetchone()[0]

    def wait_for_work(self, story):
        """By the other daemon alone."""
        left = story.unfinished()
        end = time.monotonic() + self.GOES_ON_S
        for what, sql in [
                ("a job is done", f"count(*) < {left}"),
                ("parked jobs are ready",
                 "NOT COALESCE(bool_or(parked AND film_id = "
                 f"ANY ('{set(self.parked) or {}}')), false)"),
                ("the dead daemon's jobs are rescued",
                 f"count(*) FILTER (WHERE token >> 24 = {self.epoch}) = 0")]:
            wait_until(lambda: story.database.value(
                f"SELECT {sql} FROM enrich_job"), what,
                end - time.monotonic())

    def heal(self, story):
        self.victim.start()

    def felt(self, story):
        assert abs(self.moved_s - self.seconds) < 60, self.moved_s
        said(story, "tmdb asks for a pause")
        # calls_extra are of this round.
        time.sleep(max(0, self.jumped + 1.5 - time.monotonic()))
        assert self.parked

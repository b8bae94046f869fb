"""Faults of Postgres as a server: restarted, killed, hung, out of reach."""

import contextlib
import os
import signal
import subprocess
import time

import psycopg

from fault import SOME, Fault, said
from faults_programs import LEASE_S
from harness import wait_until


class Restart(Fault):
    hold_s = 0.5
    database_away = True

    def __init__(self, mode):
        self.mode = mode
        self.name = f"Postgres restarted, {mode}"

    def inject(self, story):
        story.cluster.stop(self.mode)

    def heal(self, story):
        story.cluster.start()


class FastRestart(Restart):
    """It waits for its backends, who are told to end."""

    def __init__(self):
        super().__init__("fast")


class LongAway(Restart):
    """Longer than the lease, so that all that is in hand is lost."""

    hold_s = LEASE_S * 2

    def __init__(self):
        super().__init__("immediate")
        self.name = "Postgres away beyond the lease"


def backends(story, application):
    with story.database.connect() as db:
        return [row[0] for row in db.execute(
            SOME, (application, "any", ""))]


class KillBackend(Fault):
    """Postgres ends all sessions and recovers by itself."""

    name = "kill -9 of a backend"
    hold_s = 0
    database_away = True

    def inject(self, story):
        os.kill(backends(story, "rewatch enrich-daemon")[0], signal.SIGKILL)
        time.sleep(0.1)

    def heal(self, story):
        wait_until(lambda: accepts(story), "Postgres is back", every=0.01)


def accepts(story):
    try:
        story.database.connect().close()
        return True
    except psycopg.OperationalError:
        return False


class KillPostmaster(Fault):
    name = "kill -9 of the postmaster"
    hold_s = 0.3
    database_away = True

    def inject(self, story):
        os.kill(story.cluster.postmaster(), signal.SIGKILL)

    def heal(self, story):
        wait_until(lambda: self.started(story), "Postgres starts", 30)

    def started(self, story):
        """Not before the last of the orphans is gone."""
        try:
            story.cluster.start()
            return accepts(story)
        except subprocess.CalledProcessError:
            return False


class FullWal(KillPostmaster):
    """Postgres panics: it can log nothing. Nor can it recover, so it ends;
    somebody makes room and starts it again."""

    name = "WAL volume full (PANIC)"
    SEGMENTS = 40

    def impossible(self, story):
        return story.wal.reason

    def inject(self, story):
        self.log = story.cluster.dir / "postgres.log"
        self.seen = len(self.log.read_text(errors="replace"))
        story.wal.fill()
        with contextlib.suppress(psycopg.OperationalError), \
                story.database.connect() as db:
            for _ in range(self.SEGMENTS):
                db.execute("SELECT pg_switch_wal() "
                           "FROM pg_logical_emit_message(false, 'a', 'b')")

    def heal(self, story):
        story.wal.free()
        super().heal(story)

    def felt(self, story):
        log = self.log.read_text(errors="replace")[self.seen:]
        assert "PANIC" in log and "No space left on device" in log


class FrozenBackends(Fault):
    """The server acknowledges every packet and answers none."""

    name = "Postgres hangs: SIGSTOP of the daemons' backends"
    hold_s = 3.0
    excused = True

    def inject(self, story):
        self.stopped = backends(story, "rewatch enrich-daemon%")
        for pid in self.stopped:
            os.kill(pid, signal.SIGSTOP)

    def heal(self, story):
        for pid in self.stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def felt(self, story):
        said(story, "no answer before the deadline")

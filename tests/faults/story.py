"""The story the faults befall: a member's export, an API server that is asked
all the time, two daemons that look the films up, and TMDB's stand-in.

A round: the daemons work, a fault is injected, held and healed, the work goes
on by itself. When the export's own jobs are done, films lose their answers and
are looked up again.
"""

import contextlib
import http.client
import random
import subprocess
import time

import psycopg

import export_maker
import harness
import invariants
from background import Background
from fault import held
from ground import Cluster, SmallDisk, WalDisk
from harness import SHARED, wait_until
from wall_clock import WallClock

RATE = 40  # calls a second, the most there is; a film takes one or two
ATTEMPTS = 20
ANSWER_MS = 20
CLAIM_MAX = 50
BUSY = 120  # jobs there should be for a fault to strike among
DATABASE = {"deadline": "2s", "connect_timeout": "1s"}
DAEMON = {
    "lease": {"length": "1500ms", "heartbeat": "300ms", "guard": "1s",
              "sweep": "200ms"},
    "enrich": {"poll": "100ms", "promote": "100ms", "backoff_base": "50ms",
               "backoff_max": "200ms", "claim_max": CLAIM_MAX,
               "attempts": ATTEMPTS, "rescues": 100},
    "tmdb": {"rate": RATE, "timeout": "1s", "connect_timeout": "1s"},
    "database": DATABASE,
}


def real_export():
    path = SHARED / "exports/rewatches-2021.zip"
    if path.exists():
        return path.read_bytes()
    return made_export(600)


def made_export(films):
    """As large as asked for: the catalogue's films, and films of the same
    names under other links, as drifting exports have them."""
    import enrich_queue
    known = enrich_queue.facts()
    export = export_maker.Export()
    for n in range(films):
        fact = known[n % len(known)]
        film = export_maker.Film(fact.title, fact.year, 1000 + n)
        export.watched(film, "2024-01-02")
    return export.zip()


def catalogue():
    path = SHARED / "tmdb/catalogue.jsonl.gz"
    return path if path.exists() else None


class Traffic(Background):
    """Somebody looks at the page all the time. Every answer is a good one or
    says that the database is away, and comes in time."""

    PATHS = ["/v1/enrichment", "/v1/films?limit=20", "/v1/stats", "/readyz"]
    LATE_S = 2  # beyond the deadline of a transaction

    def __init__(self, api, deadline_s):
        super().__init__()
        self.api = api
        self.late_s = deadline_s + self.LATE_S
        self.answers = {}
        self.bad = []
        self.slowest = 0.0
        self.killed = False  # the test has killed the server: no answers

    def ask(self, path):
        began = time.monotonic()
        try:
            answer = self.api.get(path, timeout=30)
            status, body = answer.status, answer.body[:200]
        except (OSError, http.client.HTTPException) as error:
            status, body = 0, repr(error)
        seconds = time.monotonic() - began
        self.answers[status] = self.answers.get(status, 0) + 1
        self.slowest = max(self.slowest, seconds)
        if seconds > self.late_s:
            self.bad.append((path, f"{seconds:.1f} s"))
        if status not in (200, 503) and not (status == 0 and self.killed):
            self.bad.append((path, status, body))

    def run(self):
        turn = 0
        while not self.ended.wait(0.03):
            self.ask(self.PATHS[turn % len(self.PATHS)])
            turn += 1


class ClockedDaemon(harness.Daemon):
    """With a clock of its own."""

    def __init__(self, *args, **more):
        self.clock = WallClock()
        super().__init__(*args, env=self.clock.env(), **more)

    def finish(self):
        self.clock.remove()
        super().finish()


class Story:
    """Everything of one run. Use with `with`; all of it is gone after."""

    def __init__(self, cluster=None, seed=1, small_disk=True, database=None):
        """database: settings of that section, for both programs"""
        patience = {"database": database or DATABASE}
        self.dice = random.Random(seed)
        self.cluster = cluster or Cluster()
        self.database = self.cluster.new_database()
        self.wal = WalDisk(self.cluster, small_disk)
        self.disk = SmallDisk(self.cluster, self.database, small_disk)
        make_url = self.cluster.program_url
        self.tmdb = harness.Tmdb(catalogue(), delay_ms=ANSWER_MS)
        self.api = harness.ApiServer(
            self.database, settings=patience,
            url=make_url(self.database, "rewatch_api"))
        self.daemons = [ClockedDaemon(
            self.database, self.tmdb.url,
            settings=harness.merged(DAEMON, patience), tag=f"-{n}",
            url=make_url(self.database, "rewatch_daemon")) for n in "ab"]
        self.traffic = Traffic(
            self.api, int(patience["database"]["deadline"].rstrip("s")))
        self.watcher = invariants.Watcher(self.database, ATTEMPTS)
        self.wanted = []  # ids of the films that were asked for
        self.connections = {}  # as there should be, by application
        self.forgotten = set()  # titles deleted in this round
        self.shared = set()  # titles that several films had at some time
        self.rounds = 0
        self.kills = 0
        self.log_seen = {}
        self.rss = {}

    def programs(self):
        return [self.api, *self.daemons]

    def __enter__(self):
        self.traffic.start()
        self.watcher.start()
        return self

    def __exit__(self, *error):
        self.traffic.stop()
        self.watcher.stop()
        if error[0] is not None:
            self.tell()
        broken = []
        for program in [*self.daemons, self.api, self.tmdb]:
            try:
                program.finish()
            except AssertionError as failure:
                broken.append(str(failure))
        self.cluster.destroy_with(self.release_disks)
        if error[0] is None:
            assert not broken, "\n".join(broken)

    def release_disks(self):
        self.disk.release()
        self.wal.release()

    def tell(self):
        """What the programs said last, for who reads of the failure."""
        for program in self.programs():
            lines = [line for line in program.log().splitlines()
                     if "job done" not in line and "=request" not in line]
            print(f"\n--- {program.name} {program.pid}")
            print("\n".join(lines[-40:]))

    # --- work

    def import_export(self, data):
        report = self.api.import_zip(data)
        assert report.status == 201, report
        self.wanted = [row[0] for row in self.database.query(
            "SELECT id FROM film WHERE match_state IS NOT NULL UNION "
            "SELECT film_id FROM enrich_job ORDER BY 1")]
        for program in self.programs():
            wait_until(program.up, f"{program.name} ready")
        self.connections = invariants.connections(self.database)
        return report.json()

    def unfinished(self):
        return self.database.value("SELECT count(*) FROM enrich_job")

    def refill(self, films=BUSY):
        """Some films are as new again, and wait for their answers."""
        self.renew(self.dice.sample(self.wanted,
                                    min(films, len(self.wanted))))

    def renew(self, chosen):
        self.note_shared()
        with self.database.connect() as db, db.transaction():
            db.execute("SET LOCAL lock_timeout = '2s'")
            db.execute("SELECT 1 FROM film WHERE id = ANY (%s) ORDER BY id "
                       "FOR UPDATE", (chosen,))
            db.execute("UPDATE film SET match_state = NULL, kind = NULL, "
                       "tmdb_id = NULL WHERE id = ANY (%s)", (chosen,))
            self.forgotten.update(row[0] for row in db.execute(
                "DELETE FROM title t WHERE NOT EXISTS (SELECT FROM film f "
                "WHERE f.kind = t.kind AND f.tmdb_id = t.tmdb_id) "
                "RETURNING '/3/' || kind || '/' || tmdb_id"))
            db.execute("INSERT INTO enrich_job (film_id, tag) SELECT u, n "
                       "FROM unnest(%s::bigint[]) WITH ORDINALITY AS f (u, n) "
                       "ON CONFLICT DO NOTHING", (chosen,))
            db.execute("NOTIFY enrich_job")

    def forget_titles(self, titles):
        """Their films wait for their answers again, all of each."""
        with self.database.connect() as db:
            known = [row[0] for row in db.execute(
                "SELECT array_agg(id) FROM film WHERE tmdb_id IS NOT NULL "
                "GROUP BY kind, tmdb_id")]
        chosen = self.dice.sample(known, min(titles, len(known)))
        self.renew([film for films in chosen for film in films])

    def vacuum(self):
        self.database.query("VACUUM title, film, enrich_job")

    def drain(self):
        """Within twice the time that the rate gives."""
        calls = 2 * self.unfinished()
        wait_until(lambda: self.unfinished() == 0, "all films finished",
                   20 + 2 * calls / RATE)

    # --- a round

    def play(self, fault):
        """(seconds to the first job done, seconds to everybody ready)"""
        self.begin_round()
        with held(self, fault):
            time.sleep(fault.hold_s)
            self.keep_busy()
            left = None if fault.database_away else self.unfinished()
        healed = time.monotonic()
        first = self.first_job(healed, left)
        ready = self.all_ready(healed)
        fault.felt(self)
        self.check_round(fault)
        return first, ready

    def begin_round(self):
        self.rounds += 1
        self.vacuum()
        # What is logged of a call comes after the call.
        for daemon in self.daemons:
            self.log_seen[daemon] = len(daemon.log())
        self.tmdb.post("/_stub/reset")
        self.forgotten.clear()
        self.kills = 0
        self.keep_busy()
        begun = self.unfinished()
        wait_until(lambda: self.unfinished() < begun, "work has begun")

    def keep_busy(self):
        """There must be a job to be the first one done."""
        try:
            if self.unfinished() < BUSY // 2:
                self.refill()
        except psycopg.OperationalError:
            pass  # away, so nothing has been done either

    def first_job(self, healed, left):
        if left is None:
            left = self.unfinished()
        wait_until(lambda: self.unfinished() < left, "a job is done", 30, 0.01)
        return time.monotonic() - healed

    def all_ready(self, healed):
        for program in self.programs():
            wait_until(program.up, f"{program.name} ready", 30)
        return time.monotonic() - healed

    def forgive(self):
        """After a failure, so that the next rounds have a verdict too: with
        all that there was at the beginning."""
        wait_until(self.server_is_up, "Postgres is up", 60)
        for program in self.programs():
            wait_until(program.up, f"{program.name} ready", 60)
        self.traffic.bad.clear()
        self.watcher.broken.clear()

    def server_is_up(self):
        try:
            self.database.connect().close()
        except psycopg.OperationalError:
            with contextlib.suppress(subprocess.CalledProcessError):
                self.cluster.start()
            return False
        return True

    def finish(self):
        """The end of it all: every film has its answer."""
        self.drain()
        invariants.check_finished(self.database, self.wanted)
        self.watcher.check()

    def check_round(self, fault):
        invariants.check_nothing_lost(self.database, self.wanted)
        self.watcher.check()
        assert not self.traffic.bad, (fault.name, self.traffic.bad[:3])
        self.check_calls(fault)
        self.check_connections()
        self.check_memory()

    def log_of_round(self):
        return "".join(daemon.log()[self.log_seen[daemon]:]
                       for daemon in self.daemons)

    def check_calls(self, fault):
        """No title is fetched again without a reason, and the shared rate
        holds."""
        calls = invariants.Calls(self.tmdb)
        self.note_shared()
        known = self.forgotten | self.shared
        again = {path: n for path, n in calls.repeated().items()
                 if path not in known}
        reasons = invariants.reasons(self.log_of_round())
        reasons += self.kills * CLAIM_MAX
        assert sum(again.values()) <= reasons, (fault.name, again, reasons)
        # Packets that are a tenth of a second late on a busy machine, and
        # what came while the stand-in was kept from running.
        most = calls.most_in_a_second()
        stalled = self.tmdb.stats()["stalled_ms"]
        assert most <= (RATE + RATE // 10 + fault.calls_extra
                        + RATE * stalled // 1000), \
            (fault.name, most, f"the stand-in stalled for {stalled} ms")

    def note_shared(self):
        """Titles of several films: two daemons may ask at the same time. Also
        when one of the films waits for its answer again by now."""
        self.shared.update(row[0] for row in self.database.query(
            "SELECT '/3/' || kind || '/' || tmdb_id FROM film "
            "WHERE kind IS NOT NULL GROUP BY kind, tmdb_id "
            "HAVING count(*) > 1"))

    def check_connections(self):
        def now():
            return invariants.connections(self.database)

        try:
            wait_until(lambda: now() == self.connections, "", 10)
        except AssertionError:
            raise AssertionError(f"connections were {self.connections}, "
                                 f"are {now()}") from None

    def check_memory(self):
        for program in self.programs():
            self.rss.setdefault((program.name, program.pid), []).append(
                program.rss_kib())

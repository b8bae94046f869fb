"""Faults of the network: packets vanish, nothing is refused. Only those of a
test's own loopback addresses and ports, and the rules go with the fault."""

import os
import subprocess

from fault import Fault, said
from ground import ADDRESSES
from harness import wait_until

TCP_GIVES_UP_S = 5  # tcp_user_timeout of the programs
KEEPALIVES_GIVE_UP_S = 9  # and their keepalives, 5 + 2 * 2


def iptables(verb, rule):
    return subprocess.run(["iptables", "-w", verb, "INPUT", *rule],
                          capture_output=True, check=False)


def to(address, port, client_port=None):
    """What is sent to it."""
    return ["-i", "lo", "-p", "tcp", "-d", address, "--dport", str(port),
            *(["--sport", str(client_port)] if client_port else []),
            "-j", "DROP"]


def back(address, port, client_port=None):
    """What it answers."""
    return ["-i", "lo", "-p", "tcp", "-s", address, "--sport", str(port),
            *(["--dport", str(client_port)] if client_port else []),
            "-j", "DROP"]


class Hole(Fault):
    """Each kind says which packets vanish."""

    excused = True
    evidence = "before the deadline|in time|timed out|no heartbeat"

    def __init__(self):
        self.cut = []

    def rules(self, story):
        raise NotImplementedError

    def impossible(self, story):
        if os.geteuid() != 0:
            return "only root can drop packets"
        try:
            done = iptables("-C", ["-j", "ACCEPT"])
        except FileNotFoundError:
            return "no iptables here"
        error = done.stderr.decode()
        return error.strip() if "ermission" in error else None

    def inject(self, story):
        self.cut = self.rules(story)
        for rule in self.cut:
            done = iptables("-I", rule)
            assert done.returncode == 0, done.stderr

    def heal(self, story):
        for rule in self.cut:
            while iptables("-D", rule).returncode == 0:
                pass

    def felt(self, story):
        said(story, self.evidence)


class BlackHole(Hole):
    """Between Postgres and all the programs."""

    roles = tuple(ADDRESSES)

    def __init__(self, hold_s=TCP_GIVES_UP_S + 1.5):
        super().__init__()
        self.hold_s = hold_s
        self.name = f"black hole for {hold_s:g} s"

    def rules(self, story):
        return [rule(ADDRESSES[role], story.cluster.port)
                for role in self.roles for rule in (to, back)]


class IdleHole(BlackHole):
    """Nothing is under way when it begins: there is no work. When it ends
    there is."""

    roles = ("rewatch_daemon",)

    def __init__(self):
        super().__init__(3.0)
        self.name = "black hole between idle daemons and Postgres"

    def inject(self, story):
        self.park(story, True)
        wait_until(lambda: story.database.value(
            "SELECT count(*) FROM enrich_job WHERE token <> 0") == 0,
            "the daemons are idle", every=0.01)
        super().inject(story)

    def heal(self, story):
        super().heal(story)
        self.park(story, False)

    @staticmethod
    def park(story, parked):
        """Those that are claimed meanwhile may be done."""
        story.database.query(
            "UPDATE enrich_job SET parked = %s, run_at = CASE WHEN %s THEN "
            "'infinity'::timestamptz END WHERE film_id IN (SELECT film_id "
            "FROM enrich_job WHERE token = 0 FOR UPDATE SKIP LOCKED)",
            parked, parked)


class HoleInside(BlackHole):
    """A statement has done its work inside Postgres and waits there when it
    begins: it is committed, and its answer vanishes. A trigger with a lock
    that the test holds makes it wait, if it had anything to do."""

    roles = ("rewatch_daemon",)
    KEY = 20261127
    WAITING = """
    SELECT pid FROM pg_stat_activity WHERE datname = current_database()
        AND application_name = 'rewatch enrich-daemon'
        AND wait_event_type = 'Lock' AND wait_event = 'advisory'"""

    def __init__(self, what, event, having, landed):
        """having: what its rows are like; landed: SQL that lists something
        new when it is committed"""
        super().__init__(3.0)
        self.name = f"black hole while {what} is under way"
        self.event = event
        self.having = having
        self.landed = landed

    def inject(self, story):
        with story.database.connect() as db:
            db.execute("SELECT pg_advisory_lock(%s)", (self.KEY,))
            db.execute(
                "CREATE FUNCTION wait_here() RETURNS trigger "
                "LANGUAGE plpgsql AS $$ BEGIN "
                f"IF EXISTS (SELECT FROM done WHERE {self.having}) THEN "
                f"PERFORM pg_advisory_xact_lock({self.KEY}); END IF; "
                "RETURN NULL; END $$")
            db.execute(f"CREATE TRIGGER wait_here AFTER {self.event} "
                       "REFERENCING NEW TABLE AS done "
                       "FOR EACH STATEMENT EXECUTE FUNCTION wait_here()")
            story.refill()
            waiting = wait_until(lambda: db.execute(self.WAITING).fetchone(),
                                 "it waits", every=0.002)
            before = self.list(story)
            super().inject(story)
            db.execute("SELECT pg_advisory_unlock(%s)", (self.KEY,))
        wait_until(lambda: story.database.query(
            "SELECT FROM pg_stat_activity WHERE pid = %s "
            "AND state = 'active'", waiting[0]) == [], "it ends", every=0.01)
        self.new = self.list(story) - before

    def list(self, story):
        return set(story.database.query(f"SELECT {self.landed}"))

    def heal(self, story):
        super().heal(story)
        story.database.query("DROP FUNCTION IF EXISTS wait_here CASCADE")

    def felt(self, story):
        super().felt(story)
        assert self.new, "nothing was committed"


class OneWay(BlackHole):
    """All arrives at Postgres, and none of its answers at the daemons."""

    roles = ("rewatch_daemon",)

    def __init__(self):
        super().__init__(3.0)
        self.name = "black hole for Postgres's answers alone"

    def rules(self, story):
        return [back(ADDRESSES[role], story.cluster.port)
                for role in self.roles]


class ListenHole(Hole):
    """Of the connections that only listen: nobody notices before the
    keepalives do. Work goes on meanwhile."""

    name = "black hole of the daemons' LISTEN connections"
    hold_s = KEEPALIVES_GIVE_UP_S + 1.0
    evidence = "connection lost"
    done = 0

    def rules(self, story):
        with story.database.connect() as db:
            ports = [row[0] for row in db.execute(
                "SELECT client_port FROM pg_stat_activity WHERE "
                "application_name = 'rewatch enrich-daemon listen' "
                "AND datname = current_database()")]
        self.done = self.count(story)
        return [rule(ADDRESSES["rewatch_daemon"], story.cluster.port, port)
                for port in ports for rule in (to, back)]

    @staticmethod
    def count(story):
        return story.log_of_round().count('event="job done"')

    def heal(self, story):
        self.went_on = self.count(story) > self.done
        super().heal(story)

    def felt(self, story):
        super().felt(story)
        assert self.went_on, "no work was done meanwhile"


class ApiHole(BlackHole):
    """The daemons do not notice."""

    roles = ("rewatch_api",)

    def __init__(self):
        super().__init__(3.0)
        self.name = "black hole between the API server and Postgres"

    def inject(self, story):
        self.refused = story.traffic.answers.get(503, 0)
        super().inject(story)

    def felt(self, story):
        assert story.traffic.answers.get(503, 0) > self.refused
        assert "connection lost" not in story.log_of_round()


def under_way(port):
    """Connections to the port with something that has not arrived there."""
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in list(table)[1:]]
    return sum(int(row[2].split(":")[1], 16) == port
               and int(row[4].split(":")[0], 16) > 0 for row in rows)


class TmdbHole(Hole):
    """Until all that was lost in it has arrived, late and all at once: calls
    that their daemon has given up, which would count in the next round."""

    name = "black hole between the daemons and TMDB"
    hold_s = 3.0
    evidence = "job failed"

    def rules(self, story):
        return [rule("127.0.0.1", story.tmdb.port) for rule in (to, back)]

    def inject(self, story):
        self.calls_extra = 0
        story.keep_busy()
        super().inject(story)

    def heal(self, story):
        self.calls_extra = max(self.calls_extra, under_way(story.tmdb.port))
        super().heal(story)

    def felt(self, story):
        super().felt(story)
        wait_until(lambda: not under_way(story.tmdb.port),
                   "late calls are there")


def holes():
    return [
        BlackHole(), IdleHole(),
        HoleInside("a claim", "UPDATE ON enrich_job", "token <> 0",
                   "token FROM enrich_job"),
        HoleInside("a store", "INSERT ON title", "true",
                   "kind, tmdb_id FROM title"),
        OneWay(), ListenHole(), ApiHole(), TmdbHole(),
    ]

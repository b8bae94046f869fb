"""A streaming standby: it takes over, and as the connection string names both
servers a failover is a reconnect for the programs; before it has, it is told from
a primary."""

import contextlib
import os
import shutil
import subprocess
import time

import pytest

import ground
import story
from enrich_queue import QUICK
from harness import ApiServer, Daemon, free_port, wait_until

GOAL_S = 5.0
STANDBY = "the server is a standby, which takes no changes"


class Pair(ground.Cluster):
    """A primary, and a standby made of it by pg_basebackup."""

    def __init__(self):
        super().__init__()
        self.first = (self.dir, self.port)
        self.second = (self.base / "standby", free_port())

    def program_url(self, database, role):
        return self.url_of(database, role, self.first, self.second)

    @staticmethod
    def url_of(database, role, *servers):
        places = ",".join(f"127.0.0.1:{port}" for _, port in servers)
        return (f"postgresql://{role}@{places}/{database.name}"
                "?sslmode=disable&gssencmode=disable")

    def add_standby(self):
        folder, port = self.second
        folder.mkdir()
        shutil.chown(folder, *self.owner())
        self.run("pg_basebackup", "-D", folder / "data", "-R", "-X", "stream",
                 "-c", "fast", "-h", "127.0.0.1", "-p", str(self.first[1]),
                 "-U", "postgres")
        self.dir, self.port = self.second
        self.start()
        self.dir, self.port = self.first

    def promote(self):
        """The primary dies; what it had confirmed and not yet sent is lost,
        as it is with every standby that is not waited for."""
        self.stop("immediate")
        self.dir, self.port = self.second
        self.run("pg_ctl", "-D", self.dir / "data", "-w", "promote")

    def owner(self):
        return ("postgres", "postgres") if os.geteuid() == 0 else ()

    @staticmethod
    def run(program, *args):
        bin_dir = subprocess.run(["pg_config", "--bindir"], check=True,
                                 capture_output=True, text=True).stdout
        command = [f"{bin_dir.strip()}/{program}", *map(str, args)]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres",
                       "--clear-groups", *command]
        subprocess.run(command, check=True, cwd="/", capture_output=True)

    def destroy(self):
        self.dir, self.port = self.first
        self.stop("immediate")
        self.dir, self.port = self.second
        super().destroy()


def test_failover_is_a_reconnect(capfd):
    pids = {}
    with story.Story(cluster=Pair(), small_disk=False) as s:
        s.import_export(story.made_export(200))
        wait_until(lambda: s.unfinished() < 190, "it works")
        s.cluster.add_standby()
        pids = {p.name: p.pid for p in s.programs()}
        s.watcher.excuse()  # what is confirmed may be lost with the primary
        s.cluster.promote()
        healed = time.monotonic()
        first = s.first_job(healed, s.unfinished())
        ready = s.all_ready(healed)
        s.watcher.accuse()
        s.check_connections()
        s.finish()
        assert {p.name: p.pid for p in s.programs()} == pids
        assert not s.traffic.bad, s.traffic.bad[:3]
    with capfd.disabled():
        print(f"\n  {first:7.2f} s  {ready:7.2f} s  failover to the standby")
    assert first < GOAL_S and ready < GOAL_S


@pytest.fixture(name="pair")
def pair_with_a_database():
    pair = Pair()
    database = pair.new_database()
    pair.add_standby()
    yield pair, database
    pair.destroy()


@contextlib.contextmanager
def both_programs(pair, database, *servers):
    def url(role):
        return pair.url_of(database, role, *servers)

    programs = [
        ApiServer(database, url=url("rewatch_api"), ready=False),
        Daemon(database, "http://127.0.0.1:1", settings=QUICK,
               url=url("rewatch_daemon"))]
    try:
        yield programs
    finally:
        for program in programs:
            program.finish()


def test_a_standby_alone_is_named(pair):
    """Not hammered, and not told again and again: every program has a pool and
    a connection that listens, which say it once each."""
    pair, database = pair
    with both_programs(pair, database, pair.second) as programs:
        for program in programs:
            wait_until(lambda: program.up("/healthz"), "alive")
            wait_until(lambda: STANDBY in program.get("/readyz").body.decode(),
                       "/readyz names it")
        before = [program.log().count("\n") for program in programs]
        time.sleep(4)
        for program, lines in zip(programs, before):
            log = program.log()
            assert log.count('trying again" why="' + STANDBY) <= 2
            assert "database connected" not in log
            assert log.count("\n") - lines <= 4, log
        pair.promote()
        for program in programs:
            wait_until(program.up, f"{program.name} ready")


def test_the_order_of_servers_does_not_matter(pair):
    pair, database = pair
    with both_programs(pair, database, pair.second, pair.first) as programs:
        for program in programs:
            wait_until(program.up, f"{program.name} ready")

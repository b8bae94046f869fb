"""A streaming standby takes over: the connection string names both servers,
so for the programs a failover is a reconnect."""

import os
import shutil
import subprocess
import time

import ground
import story
from harness import free_port, wait_until

GOAL_S = 5.0


class Pair(ground.Cluster):
    """A primary, and a standby made of it by pg_basebackup."""

    def __init__(self):
        super().__init__()
        self.first = (self.dir, self.port)
        self.second = (self.base / "standby", free_port())

    def program_url(self, database, role):
        return (f"postgresql://{role}@127.0.0.1:{self.first[1]},"
                f"127.0.0.1:{self.second[1]}/{database.name}?sslmode=disable"
                "&gssencmode=disable&target_session_attrs=read-write")

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

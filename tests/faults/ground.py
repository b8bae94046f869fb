"""What the story stands on: a Postgres that the programs reach at an address
of its own, and a small disk that can be filled."""

import os
import shutil
import subprocess

import psycopg

import harness
from wall_clock import WallClock

# A black hole swallows the packets of one program and not those of the test.
ADDRESSES = {"rewatch_daemon": "127.0.0.9", "rewatch_api": "127.0.0.8"}


class Cluster(harness.Cluster):
    """Reachable at ADDRESSES too; commits survive the death of its processes;
    nothing is vacuumed behind the tests' back; its clock can be set."""

    OPTIONS = ("-c fsync=off -c full_page_writes=off -c max_connections=60 "
               "-c autovacuum=off -c deadlock_timeout=200ms "
               "-c listen_addresses=127.0.0.1,"
               f"{','.join(ADDRESSES.values())} ")

    def __init__(self):
        self.clock = WallClock()
        self.ENV = self.clock.env()
        super().__init__()
        with open(self.data / "pg_hba.conf", "a", encoding="ascii") as hba:
            hba.write("host all all 127.0.0.0/8 trust\n")
        with psycopg.connect(self.url(), autocommit=True) as db:
            db.execute("SELECT pg_reload_conf()")

    def destroy_with(self, release):
        """release() comes when no process has files open any more."""
        self.stop("immediate")
        release()
        self.destroy()

    def destroy(self):
        super().destroy()
        self.clock.remove()

    @property
    def data(self):
        return self.dir / "data"

    def postmaster(self):
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def program_url(self, database, role):
        return database.url(role).replace("127.0.0.1", ADDRESSES[role], 1)


class Disk:
    """A file system of its own, to be filled."""

    SIZE = 256 << 20

    def __init__(self, cluster, name, wanted=True):
        self.dir = cluster.base / name
        self.dir.mkdir()
        self.file = self.dir / "full"
        self.reason = self.mount() if wanted else "not wanted"

    def mount(self):
        if os.geteuid() != 0:
            return "only root can mount a small disk"
        done = subprocess.run(["mount", "-t", "tmpfs", "-o",
                               f"size={self.SIZE}", "none", self.dir],
                              capture_output=True, check=False)
        return None if done.returncode == 0 else done.stderr.decode().strip()

    def fill(self):
        with open(self.file, "wb", buffering=0) as f:
            try:
                while True:
                    f.write(bytes(1 << 16))
            except OSError:
                pass

    def free(self):
        self.file.unlink(missing_ok=True)

    def release(self):
        if self.reason is None:
            subprocess.run(["umount", self.dir], check=True)


class SmallDisk(Disk):
    """For what the daemon writes."""

    def __init__(self, cluster, database, wanted=True):
        super().__init__(cluster, "disk", wanted)
        if self.reason is None:
            self.use(database)

    def use(self, database):
        space = self.dir / "space"
        space.mkdir()
        shutil.chown(space, "postgres")
        with database.connect() as db:
            db.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
            for table in ("title", "person"):
                db.execute(f"ALTER TABLE {table} SET TABLESPACE small")


class WalDisk(Disk):
    """For the write-ahead log. Postgres is restarted for it."""

    def __init__(self, cluster, wanted=True):
        super().__init__(cluster, "wal", wanted)
        if self.reason is None:
            cluster.stop()
            self.move(cluster.data / "pg_wal")
            cluster.start()

    def move(self, log):
        place = self.dir / "pg_wal"
        shutil.copytree(log, place)
        for path in [place, *place.rglob("*")]:
            shutil.chown(path, "postgres", "postgres")
        place.chmod(0o700)
        shutil.rmtree(log)
        log.symlink_to(place)

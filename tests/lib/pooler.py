"""pgbouncer between the programs and Postgres."""

import os
import shutil
import tempfile
import pathlib

import psycopg

from harness import Process, free_port, wait_until

ROLES = ("rewatch_api", "rewatch_daemon")


def impossible():
    """Why there can be none here, or None."""
    return None if shutil.which("pgbouncer") else "pgbouncer is not installed"


class Pooler(Process):
    """mode: session or transaction; size: server connections a role."""

    def __init__(self, database, mode, size=20, more=""):
        self.database = database
        self.port = free_port()
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rewatch-pooler-"))
        self.dir.chmod(0o755)
        (self.dir / "users").write_text(
            "".join(f'"{role}" ""\n' for role in ROLES))
        (self.dir / "ini").write_text(
            "[databases]\n"
            f"* = host=127.0.0.1 port={database.cluster.port}\n"
            "[pgbouncer]\n"
            "listen_addr = 127.0.0.1\n"
            f"listen_port = {self.port}\n"
            "unix_socket_dir =\n"
            "auth_type = trust\n"
            f"auth_file = {self.dir}/users\n"
            f"pool_mode = {mode}\n"
            f"default_pool_size = {size}\n{more}")
        # It does not run as root.
        user = ["setpriv", "--reuid=postgres", "--regid=postgres",
                "--clear-groups"] if os.geteuid() == 0 else []
        super().__init__("pgbouncer", [*user, "pgbouncer", self.dir / "ini"])
        wait_until(self.answers, "pgbouncer answers")

    def url(self, role):
        return (f"postgresql://{role}@127.0.0.1:{self.port}/"
                f"{self.database.name}?sslmode=disable&gssencmode=disable")

    def answers(self):
        try:
            psycopg.connect(self.url(ROLES[0])).close()
            return True
        except psycopg.OperationalError:
            return False

    def finish(self):
        super().finish()
        shutil.rmtree(self.dir)

"""A Postgres as others run it: empty, and it asks for passwords over TCP."""

import psycopg
import psycopg.sql

import harness


class StrictCluster(harness.Cluster):
    """Without roles and databases of ours; the superuser has a password."""

    def __init__(self):
        super().__init__()
        self.set_password("superuser's")
        (self.dir / "data/pg_hba.conf").write_text(
            "local all postgres trust\n"
            "local all all peer\n"
            "host all all 127.0.0.1/32 scram-sha-256\n")
        self.admin("SELECT pg_reload_conf()")

    def set_password(self, password):
        self.password = password
        self.admin(psycopg.sql.SQL("ALTER ROLE postgres PASSWORD {}").format(
            password))

    def script(self, verb, *more):
        if verb != "migrate":
            super().script(verb, *more)

    def admin(self, sql, database="postgres"):
        """By the socket, where the superuser is trusted."""
        with psycopg.connect(f"host={self.dir} port={self.port} user=postgres "
                             f"dbname={database}", autocommit=True) as db:
            cursor = db.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def place(self, database):
        return (f"127.0.0.1:{self.port}/{database}"
                "?sslmode=disable&gssencmode=disable")

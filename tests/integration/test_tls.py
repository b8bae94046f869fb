"""The way to the database is encrypted and its end is whom the address names,
or there is no connection and the log says once why."""

import os
import pwd
import subprocess
import time

import pytest

import harness
from harness import wait_until
from log_lines import events

HBA = """local all all trust
host all postgres 127.0.0.1/32 trust
hostssl all all 127.0.0.1/32 trust
"""


def certificate(directory, name, authority=None, alternative=None):
    """name.key and name.crt, signed by itself or by an authority."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
               f"/CN={name}", "-keyout", directory / f"{name}.key", "-out",
               directory / f"{name}.crt"]
    if authority:
        command += ["-CA", directory / f"{authority}.crt", "-CAkey",
                    directory / f"{authority}.key",
                    "-addext", f"subjectAltName={alternative}",
                    "-addext", "basicConstraints=critical,CA:FALSE"]
    subprocess.run(command, check=True, capture_output=True)


class TlsCluster(harness.Cluster):
    def start(self):
        if not (self.base / "server.key").exists():
            certificate(self.base, "authority")
            certificate(self.base, "stranger")
            certificate(self.base, "server", "authority", "DNS:localhost")
            key = self.base / "server.key"
            if os.getuid() == 0:
                os.chown(key, pwd.getpwnam("postgres").pw_uid, -1)
            key.chmod(0o600)
        self.OPTIONS = (harness.Cluster.OPTIONS + "-c ssl=on "
                        f"-c ssl_cert_file={self.base}/server.crt "
                        f"-c ssl_key_file={self.base}/server.key ")
        super().start()
        (self.dir / "data/pg_hba.conf").write_text(HBA)


@pytest.fixture(scope="module")
def cluster():
    cluster = TlsCluster()
    with harness.psycopg.connect(cluster.url(), autocommit=True) as db:
        db.execute("SELECT pg_reload_conf()")
    yield cluster
    cluster.destroy()


def address(database, role, host, more):
    return (f"postgresql://{role}@{host}:{database.cluster.port}/"
            f"{database.name}?{more}")


def verified(database, authority):
    return f"sslmode=verify-full&sslrootcert={database.cluster.base}/" \
           f"{authority}.crt"


@pytest.mark.parametrize("program", ["api", "daemon"])
def test_verified(database, start_api, start_daemon, program):
    start, role = {"api": (start_api, "rewatch_api"),
                   "daemon": (start_daemon, "rewatch_daemon")}[program]
    process = start(ready=True, url=address(
        database, role, "localhost", verified(database, "authority")))
    assert process.up()
    used = database.query(
        "SELECT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) "
        "WHERE a.usename = %s", role)
    assert used and set(used) == {(True,)}


@pytest.mark.parametrize("host, authority, why", [
    ("localhost", "stranger", "certificate verify failed"),
    ("127.0.0.1", "authority", "does not match host name"),
    ("localhost", None, "no encryption"),
])
def test_refused(database, start_api, host, authority, why):
    more = verified(database, authority) if authority else "sslmode=disable"
    api = start_api(ready=False, url=address(database, "rewatch_api", host,
                                             more))
    said = wait_until(lambda: events(
        api, "no database connection, trying again"), "it says why")
    assert why in said[0]["why"]
    time.sleep(2)
    assert api.get("/readyz").status == 503
    assert len(events(api, "no database connection, trying again")) == 1

"""Real parts for the tests: a Postgres cluster, the programs, TMDB's stand-in.

A test reads as a story: start what it needs, do what a person would do, look
at what came of it. Every wait has a deadline (`wait_until`).
"""

import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

import psycopg

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("REWATCH_BUILD", ROOT / "build")).resolve()
SHARED = ROOT.parent / "shared" / "data"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def three_ports():
    """The first of three, below those that the kernel gives to others."""
    while True:
        port = random.randrange(20000, 32000)
        try:
            for n in range(3):
                socket.create_server(("127.0.0.1", port + n)).close()
            return port
        except OSError:
            continue


# How much longer than on a quiet machine a test waits before it fails.
PATIENCE = 3


def wait_until(check, what, timeout=20, every=0.05):
    """The first true value of check(); fails the test when there is none for
    `timeout` seconds of a quiet machine."""
    timeout *= PATIENCE
    end = time.monotonic() + timeout
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {timeout} s still not: {what}")
        time.sleep(every)


class Cluster:
    """A private Postgres, made and started by config/cluster.sh."""

    # A commit is written before it is acknowledged: only fsync is left out.
    OPTIONS = ("-c fsync=off -c full_page_writes=off "
               "-c max_connections=60 ")
    ENV = {}

    def __init__(self):
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="rewatch-test-"))
        self.base.chmod(0o755)
        self.dir = self.base / "pg"
        self.port = free_port()
        self.start()
        self.script("migrate")
        self.count = 0

    def script(self, verb, *more):
        env = dict(os.environ, PG_OPTIONS=self.OPTIONS, **self.ENV)
        subprocess.run([ROOT / "config/cluster.sh", verb, self.dir, *more],
                       check=True, env=env, stdin=subprocess.DEVNULL)

    def start(self):
        self.script("start", str(self.port))

    def stop(self, mode="fast"):
        self.script("stop", mode)

    def restart(self, mode="fast"):
        self.stop(mode)
        self.start()

    def url(self, database="postgres", role="postgres"):
        return (f"postgresql://{role}@127.0.0.1:{self.port}/{database}"
                "?sslmode=disable&gssencmode=disable")

    def new_database(self):
        self.count += 1
        name = f"t{self.count}"
        with psycopg.connect(self.url(), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name} TEMPLATE rewatch "
                       "OWNER rewatch_owner")
        return Database(self, name)

    def destroy(self):
        self.stop("immediate")
        shutil.rmtree(self.base, ignore_errors=True)


class Database:
    """One test's own database, a copy of the migrated template."""

    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name

    def url(self, role="postgres"):
        return self.cluster.url(self.name, role)

    def connect(self, role="postgres", member=None):
        """autocommit; as rewatch_api with a member set, RLS holds."""
        db = psycopg.connect(self.url(role), autocommit=True)
        if member is not None:
            db.execute("SELECT set_config('rewatch.member_id', %s, false)",
                       (str(member),))
        return db

    def query(self, sql, *args):
        with self.connect() as db:
            cursor = db.execute(sql, args or None)
            return cursor.fetchall() if cursor.description else []

    def value(self, sql, *args):
        return self.query(sql, *args)[0][0]

    def connections(self):
        """{pid: (role, name)} of the programs in this database."""
        return {row[0]: row[1:] for row in self.query(
            "SELECT pid, usename, application_name FROM pg_stat_activity "
            "WHERE datname = current_database() "
            "AND application_name LIKE 'rewatch %'")}

    def end_connections(self):
        self.query("SELECT pg_terminate_backend(pid) "
                   "FROM unnest(%s::integer[]) pid", list(self.connections()))

    def drop(self):
        with psycopg.connect(self.cluster.url(), autocommit=True) as db:
            db.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


class Process:
    """One of our programs, its log in a file, ended whatever happens."""

    config = None  # the path of one's own, which goes with the process

    def __init__(self, name, args, env=None, tag=""):
        self.name = name
        self.args = [str(a) for a in args]
        self.env = dict(os.environ, **(env or {}))
        handle, path = tempfile.mkstemp(prefix=f"rewatch-{name}{tag}-",
                                        suffix=".log")
        os.close(handle)
        self.log_path = pathlib.Path(path)
        self.proc = None
        self.start()

    def start(self):
        with open(self.log_path, "ab") as log:
            self.proc = subprocess.Popen(self.args, env=self.env, stdout=log,
                                         stderr=log,
                                         stdin=subprocess.DEVNULL)

    @property
    def pid(self):
        return self.proc.pid

    def alive(self):
        return self.proc.poll() is None

    def log(self):
        return self.log_path.read_text(errors="replace")

    def signal(self, number):
        self.proc.send_signal(number)

    def kill(self):
        if self.alive():
            self.proc.kill()
        self.proc.wait()

    def stop(self, timeout=20):
        """SIGTERM and the exit status; a program that hangs is a failure."""
        if self.alive():
            self.proc.send_signal(signal.SIGTERM)
        return self.proc.wait(timeout)

    def rss_kib(self):
        for line in open(f"/proc/{self.pid}/status"):
            if line.startswith("VmRSS"):
                return int(line.split()[1])
        return 0

    def finish(self):
        """End of the test: stop it and look for what sanitizers wrote."""
        if self.alive():
            self.signal(signal.SIGCONT)
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"{self.name} did not stop on SIGTERM:\n"
                                     + self.log()[-3000:])
        log = self.log()
        self.log_path.unlink(missing_ok=True)
        if self.config:
            pathlib.Path(self.config).unlink(missing_ok=True)
        # Shown with a test that has failed.
        print(f"--- {self.name} {self.pid}:\n{log[-3000:]}")
        for mark in ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer",
                     "runtime error:", "invariant"):
            assert mark not in log, f"{self.name}:\n" + log[-6000:]


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {k.lower(): v for k, v in headers}
        self.body = body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class Http:
    """A client of one server; a new connection for each request."""

    def __init__(self, port, host="127.0.0.1"):
        self.host = host
        self.port = port

    def request(self, method, path, body=None, headers=None, timeout=60):
        connection = http.client.HTTPConnection(self.host, self.port,
                                                timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(),
                          response.read())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def delete(self, path, **more):
        return self.request("DELETE", path, **more)

    def post(self, path, body=b"", content_type=None, headers=None, **more):
        headers = dict(headers or {})
        if content_type:
            headers["Content-Type"] = content_type
        return self.request("POST", path, body, headers, **more)

    def up(self, path="/readyz"):
        try:
            return self.get(path, timeout=2).status == 200
        except (OSError, http.client.HTTPException):
            return False


def write_config(settings):
    """A YAML file of {"section": {"key": value}}."""
    handle, path = tempfile.mkstemp(prefix="rewatch-", suffix=".yaml")
    with os.fdopen(handle, "w") as f:
        for section, keys in settings.items():
            f.write(f"{section}:\n")
            for key, value in keys.items():
                f.write(f"  {key}: {json.dumps(value)}\n")
    return path


def merged(base, more):
    result = {section: dict(keys) for section, keys in base.items()}
    for section, keys in (more or {}).items():
        result.setdefault(section, {}).update(keys)
    return result


class ApiServer(Process, Http):
    def __init__(self, database, settings=None, ready=True, url=None,
                 env=None, wrap=()):
        """wrap: words that start the program, as ("prlimit", "--nofile=64")."""
        Http.__init__(self, free_port())
        self.config = write_config(merged({
            "http": {"address": "127.0.0.1", "port": self.port},
            "web": {"root": str(ROOT / "api-server/web")},
        }, settings))
        Process.__init__(self, "api-server", [
            *wrap, BUILD / "api-server/api-server", "--config", self.config],
            {"DATABASE_URL": url or database.url("rewatch_api"),
             **(env or {})})
        if ready:
            wait_until(self.up, f"api-server ready\n{self.log()}")

    def import_zip(self, data, query="?confirm=1"):
        """Unless told otherwise by a member who knows what it takes away."""
        return self.post("/v1/imports" + query, data, "application/zip")


class Daemon(Process, Http):
    def __init__(self, database, tmdb_url, settings=None, args=(), url=None,
                 ready=False, tag="", env=None, wrap=()):
        Http.__init__(self, free_port())
        self.config = write_config(merged({
            "http": {"address": "127.0.0.1", "port": self.port},
            "tmdb": {"url": tmdb_url, "token": "eyJtest"},
        }, settings))
        Process.__init__(self, "enrich-daemon", [
            *wrap, BUILD / "enrich-daemon/enrich-daemon", "--config", self.config,
            *args], {"DATABASE_URL": url or database.url("rewatch_daemon"),
                     **(env or {})}, tag)
        if ready:
            wait_until(self.up, "enrich-daemon ready")


class Tmdb(Process, Http):
    """TMDB's stand-in; see tests/tmdb-stub/README.md for what it can do."""

    def __init__(self, catalogue=None, delay_ms=0, args=()):
        Http.__init__(self, free_port())
        catalogue = catalogue or ROOT / "tests/tmdb-stub/catalogue.tsv"
        Process.__init__(self, "tmdb-stub", [
            BUILD / "tests/tmdb-stub/tmdb-stub", "--port", self.port,
            "--catalogue", catalogue, "--delay-ms", delay_ms, *args])
        self.url = f"http://127.0.0.1:{self.port}"
        wait_until(lambda: self.up("/_stub/stats"), "tmdb-stub up", 60)

    def stats(self):
        return self.get("/_stub/stats").json()

    def misbehave(self, **rules):
        """Replaces the rules of misbehaviour; none: behaves again."""
        answer = self.post("/_stub/rules", json.dumps(rules).encode(),
                           "application/json")
        assert answer.status in (200, 204), answer


def quote(text):
    return urllib.parse.quote(text, safe="")

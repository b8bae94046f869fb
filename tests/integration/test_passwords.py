"""Each who logs in has a password of its own, any password works, and none is
printed: the scripts of the containers, and `make run` with a database of others."""

import os
import subprocess
import urllib.parse

import psycopg
import pytest
import yaml

from harness import BUILD, ROOT, ApiServer, Daemon, Process, three_ports, \
    wait_until
from strict import StrictCluster

ODD = ["rJl4/0gj+", "p@ssword", "a%b", "it's \"$HOME\" \\ & more"]


@pytest.fixture(name="shared", scope="module")
def shared_cluster():
    """For what migrates: that may be repeated, with other passwords."""
    cluster = StrictCluster()
    yield cluster
    cluster.destroy()


@pytest.fixture(name="strict")
def with_its_password(shared):
    shared.set_password("superuser's")
    return shared


@pytest.fixture(name="plain")
def plain_cluster():
    cluster = StrictCluster()
    yield cluster
    cluster.destroy()


def migrate(cluster, password, api, daemon, env=None):
    return subprocess.run(
        [ROOT / "config/migrate.sh"], cwd=ROOT, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={
            "PATH": os.environ["PATH"], "PGHOST": "127.0.0.1",
            "PGPORT": str(cluster.port), "PGUSER": "postgres",
            "PATIENCE_S": "1", "PGPASSWORD": password, "API_PASSWORD": api,
            "DAEMON_PASSWORD": daemon, **(env or {})})


@pytest.mark.parametrize("password", ODD)
def test_any_password_migrates_and_logs_in(strict, password):
    strict.set_password(password)
    api, daemon = strict.password + "1", strict.password + "2"
    for _ in range(2):  # again, nothing changes
        done = migrate(strict, strict.password, api, daemon)
        assert done.returncode == 0, done.stdout
        assert strict.password not in done.stdout
    server = ApiServer(None, ready=False, env={"PGPASSWORD": api},
                       url=f"postgresql://rewatch_api@{strict.place('rewatch')}")
    other = Daemon(None, "http://127.0.0.1:1", env={"PGPASSWORD": daemon}, url=
                   "postgresql://rewatch_daemon:"
                   + urllib.parse.quote(daemon, safe="") + "@"
                   + strict.place("rewatch"))
    try:
        for program in (server, other):
            wait_until(program.up, f"{program.name} ready")
            assert strict.password not in program.log()
    finally:
        server.finish()
        other.finish()


def test_one_password_is_not_another(strict):
    assert migrate(strict, strict.password, "one", "two").returncode == 0
    for user, password in (("postgres", "one"), ("rewatch_daemon", "one"),
                           ("rewatch_api", "two"), ("rewatch_owner", "one")):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"postgresql://{user}:{password}@"
                            + strict.place("rewatch"))


def test_why_the_database_does_not_let_us_in(strict):
    done = migrate(strict, "wrong'un", "a", "b")
    assert done.returncode != 0
    assert "password authentication failed" in done.stdout
    assert "wrong'un" not in done.stdout


def test_passwords_are_made_once(strict, tmp_path):
    def make():
        subprocess.run([ROOT / "config/passwords.sh", tmp_path, "database"],
                       check=True)
        return {str(path.relative_to(tmp_path)): path.read_text()
                for path in tmp_path.glob("*/*")}

    made = make()
    assert make() == made
    passwords = [text for path, text in made.items() if "password" in path]
    assert len(set(passwords)) == 3 and min(map(len, passwords)) == 48
    strict.set_password(made["postgres/password"])
    done = migrate(strict, "", "", "", env={
        f"{name}_FILE": str(tmp_path / role / "password")
        for name, role in (("PGPASSWORD", "postgres"),
                           ("API_PASSWORD", "rewatch_api"),
                           ("DAEMON_PASSWORD", "rewatch_daemon"))})
    assert done.returncode == 0, done.stdout
    for role in ("rewatch_api", "rewatch_daemon"):
        url = made[f"{role}/database-url"].strip()
        psycopg.connect(url.replace("database/rewatch",
                                    strict.place("rewatch"))).close()


def test_a_container_has_its_own_secret_alone():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services = compose["services"]
    assert "PASSWORD:-" not in (ROOT / "docker-compose.yml").read_text()

    def secrets(name):
        return sorted(volume.split(":")[0]
                      for volume in services[name].get("volumes", [])
                      if volume.startswith("password-"))

    assert secrets("api-server") == ["password-api"]
    assert secrets("enrich-daemon") == ["password-daemon"]
    assert secrets("database") == ["password-postgres"]
    assert secrets("passwords") == secrets("migrate") == sorted(
        volume for volume in compose["volumes"] if volume != "database")
    for name, service in services.items():
        assert service["logging"]["options"]["max-size"], name
    for name in ("api-server", "enrich-daemon", "database"):
        assert services[name]["stop_grace_period"] == "30s"


# --- make run

OWNER = "anna"
OWNED = "annas"


@pytest.fixture(name="annas")
def annas_database(plain):
    """What is given to customers of a managed Postgres: no superuser."""
    plain.admin(f"CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB "
                "PASSWORD 'annas'")
    plain.admin(f"CREATE DATABASE {OWNED} OWNER {OWNER}")
    return plain


def run(cluster, state, env=None):
    process = Process("run.sh", [ROOT / "config/run.sh"], env={
        "BUILD": str(BUILD), "STATE_DIR": str(state), "TMDB_TOKEN": "x",
        "TMDB_URL": "http://127.0.0.1:1", "PORT": str(three_ports()),
        "DATABASE_URL": f"postgresql://{OWNER}:annas@{cluster.place(OWNED)}",
        **(env or {})})
    return process


def logged_in(cluster):
    return {row[0] for row in cluster.admin(
        "SELECT DISTINCT usename FROM pg_stat_activity "
        "WHERE application_name LIKE 'rewatch %'")}


def users_of(process):
    """As whom its programs run."""
    children = subprocess.run(
        ["ps", "-o", "user=,comm=", "--ppid", str(process.pid)], check=True,
        capture_output=True, text=True).stdout
    found = {name: user for user, name in map(str.split, children.splitlines())
             if name in ("api-server", "enrich-daemon")}
    assert len(found) == 2, children
    return set(found.values())


def test_make_run_needs_no_superuser(annas, tmp_path):
    for _ in range(2):
        process = run(annas, tmp_path)
        try:
            wait_until(lambda: "Rewatch is at" in process.log(), "it runs", 40)
            wait_until(lambda: logged_in(annas) == {"rewatch_api",
                                                    "rewatch_daemon"},
                       "each as its own role")
            assert os.geteuid() != 0 or users_of(process) == {"postgres"}
        finally:
            process.finish()
    kept = list((tmp_path / "passwords").iterdir())
    assert len(kept) == 2
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_make_run_leaves_others_passwords_alone(annas, tmp_path):
    """The roles are there, as another installation uses them."""
    for role in ("rewatch_owner", "rewatch_api", "rewatch_daemon"):
        annas.admin(f"CREATE ROLE {role} LOGIN PASSWORD 'theirs'")
    refused = run(annas, tmp_path)
    assert refused.proc.wait(60) != 0
    assert "give it in API_PASSWORD" in refused.log()
    refused.finish()
    told = run(annas, tmp_path, {"API_PASSWORD": "theirs",
                                 "DAEMON_PASSWORD": "theirs"})
    try:
        wait_until(lambda: "Rewatch is at" in told.log(), "it runs", 40)
    finally:
        told.finish()

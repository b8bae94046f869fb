"""The address of the database: what --check says to it, and a new one while
the programs run."""

import signal
import subprocess

import psycopg
import pytest

import harness
from enrich_queue import QUICK, add_facts, facts, wait_finished
from harness import wait_until

ROLE = "rewatch_rotated"


@pytest.mark.parametrize("program", ["api-server", "enrich-daemon"])
def test_check_says_what_is_no_address(program, tmp_path):
    file = tmp_path / "url"
    for url, good in (("foo", False),
                      ("postgresql://me:hush%zz@localhost/rewatch", False),
                      ("postgresql://me:hush@[::1/rewatch", False),
                      ("mysql://me:hush@localhost/rewatch", False),
                      ("host=localhost color=hush", False),
                      ("postgresql://me:p@hush@localhost/rewatch", False),
                      ("postgresql://me:hush/@localhost/rewatch", False),
                      ("postgresql://me:hush%25@localhost/rewatch", True),
                      ("postgresql://a,b:5433/rewatch?sslmode=require", True),
                      ("host=/run/postgresql dbname=rewatch", True)):
        file.write_text(url + "\n")
        for env in ({"DATABASE_URL": url}, {"DATABASE_URL_FILE": str(file)}):
            ended = subprocess.run(
                [harness.BUILD / program / program, "--check"],
                env={"TMDB_TOKEN": "eyJx", **env}, check=False,
                capture_output=True, text=True)
            said = ended.stdout + ended.stderr
            assert ended.returncode == (0 if good else 2), (url, said)
            for word in ["ok"] if good else [
                    "database.url", "DATABASE_URL", "postgresql://"]:
                assert word in said, (url, said)
            assert "hush" not in said


def test_retry_dead_needs_an_address_too():
    ended = subprocess.run(
        [harness.BUILD / "enrich-daemon/enrich-daemon", "--retry-dead"],
        env={"DATABASE_URL": "foo"}, check=False, capture_output=True,
        text=True, timeout=60)
    assert ended.returncode == 2
    assert "database.url" in ended.stderr


@pytest.fixture(name="name", params=["api-server", "enrich-daemon"])
def name_of_program(request):
    return request.param


def role_of(name):
    return "rewatch_api" if name == "api-server" else "rewatch_daemon"


@pytest.fixture
def rotated(cluster, database, name):
    """ROLE, which may do what the program may, and only by its password."""
    hba = cluster.dir / "data/pg_hba.conf"
    before = hba.read_text()
    database.query(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'first' "
                   f"IN ROLE {role_of(name)}")
    hba.write_text(f"host all {ROLE} 127.0.0.1/32 scram-sha-256\n" + before)
    database.query("SELECT pg_reload_conf()")
    wait_until(lambda: refused(database, "wrong"), "passwords are asked for")
    yield ROLE
    hba.write_text(before)
    database.query("SELECT pg_reload_conf()")
    database.end_connections()
    wait_until(lambda: not database.connections(), "nobody is connected")
    database.query(f"DROP ROLE {ROLE}")


def address(database, password, role=ROLE):
    return database.url(f"{role}:{password}")


def refused(database, password):
    try:
        psycopg.connect(address(database, password)).close()
    except psycopg.OperationalError:
        return True
    return False


@pytest.fixture
def start(name, start_api, start_daemon):
    """start(file) -> (program, how many connections it has)"""
    def it(file):
        env = {"DATABASE_URL": "", "DATABASE_URL_FILE": str(file)}
        if name == "enrich-daemon":
            return start_daemon(settings=QUICK, env=env, ready=True), 4
        return start_api(env=env), 5

    return it


def test_a_new_password_needs_no_restart(database, rotated, start, tmp_path):
    file = tmp_path / "url"
    file.write_text(address(database, "first"))
    program, count = start(file)
    wait_until(lambda: len(database.connections()) == count, "connected")

    database.query(f"ALTER ROLE {rotated} PASSWORD 'second'")
    database.end_connections()
    wait_until(lambda: "password authentication failed" in program.log(),
               "has noticed")
    file.write_text(address(database, "second"))
    program.signal(signal.SIGHUP)
    wait_until(program.up, "ready again")
    wait_until(lambda: len(database.connections()) == count,
               "all of them are back, the listening one too")
    if program.name == "enrich-daemon":
        add_facts(database, facts(1))
        wait_finished(database)
    assert "needing_restart=0" in program.log()
    assert "first" not in program.log() and "second" not in program.log()


def test_a_new_address_is_for_new_connections(database, rotated, start,
                                              tmp_path):
    file = tmp_path / "url"
    file.write_text(address(database, "first"))
    program, count = start(file)
    before = wait_until(lambda: len(database.connections()) == count
                        and database.connections(), "connected")

    file.write_text("postgresql://nobody:hush%zz@localhost/nothing")
    program.signal(signal.SIGHUP)
    wait_until(lambda: "not reloaded, the old one stays" in program.log(),
               "refused")
    assert "hush" not in program.log()
    database.end_connections()
    wait_until(lambda: len(database.connections()) == count
               and not database.connections().keys() & before.keys(),
               "connected anew by the old address")
    before = database.connections()
    assert {role for role, _ in before.values()} == {rotated}

    role = role_of(program.name)
    file.write_text(database.url(role))
    program.signal(signal.SIGHUP)
    wait_until(lambda: "event=\"configuration reloaded\"" in program.log(),
               "reloaded")
    assert database.connections() == before
    database.end_connections()
    wait_until(lambda: len(database.connections()) == count
               and {r for r, _ in database.connections().values()} == {role},
               "connected anew by the new address")
    wait_until(program.up, "ready")

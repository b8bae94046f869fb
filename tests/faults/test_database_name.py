"""Postgres is well, but where its host is cannot be learned, or is half
wrong. It used to be looked up in the loop, which then stood still."""

import socket
import time

import pytest

import names
from enrich_queue import QUICK, add_facts, facts, unfinished
from harness import merged, wait_until

pytestmark = pytest.mark.skipif(names.impossible() is not None,
                                reason=str(names.impossible()))

PATIENCE = {"database": {"connect_timeout": "500ms"}}
TRYING = 'trying again" why="'
GIVEN_UP = "the database's host was not looked up in time"


@pytest.fixture
def servers():
    one = names.Names()
    yield one
    one.remove()


@pytest.fixture(params=["api-server", "enrich-daemon"])
def start(request, database, start_api, start_daemon, servers):
    """start(name) -> the program, with a database on a host of that name."""
    def it(name):
        is_daemon = request.param == "enrich-daemon"
        url = database.url("rewatch_daemon" if is_daemon else "rewatch_api")
        return (start_daemon if is_daemon else start_api)(
            url=url.replace("127.0.0.1", name), env=servers.env(),
            settings=merged(QUICK if is_daemon else {}, PATIENCE),
            ready=False)

    return it


def slowest_answer(program, seconds):
    """Of /healthz."""
    slowest = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        assert program.get("/healthz", timeout=60).status == 200
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.1)
    return slowest


def test_silent_names_hold_nothing_up(database, start, servers):
    servers.fall_silent()
    program = start("database.test")
    wait_until(lambda: program.up("/healthz"), "alive")
    assert slowest_answer(program, 2) < 2
    assert not program.up()
    servers.answer()
    wait_until(program.up, "ready", 10)
    count = 4 if program.name == "enrich-daemon" else 5
    wait_until(lambda: len(database.connections()) == count, "all are there")

    servers.fall_silent()
    database.end_connections()
    assert slowest_answer(program, 2) < 2
    assert not program.up()
    # Twice of each: the pool, whose connections say it once together, and the
    # one that listens.
    assert program.log().count(TRYING + GIVEN_UP) == 2 * 2
    servers.answer()
    wait_until(program.up, "ready again", 10)


def test_a_slow_answer_is_for_the_next_attempt(start):
    """Each takes longer than an attempt may."""
    program = start("slow.test")
    wait_until(program.up, "ready", 10)
    assert GIVEN_UP in program.log()


def test_it_ends_while_names_are_silent(start, servers):
    servers.fall_silent()
    program = start("database.test")
    wait_until(lambda: GIVEN_UP in program.log(),
               "looking for it")
    began = time.monotonic()
    assert program.stop() == 0
    assert time.monotonic() - began < 5


def test_a_wrong_name_is_said(start):
    program = start("nobody.invalid")
    wait_until(lambda: 'host \\"nobody.invalid\\" has no address'
               in program.log(), "said", 60)


def test_the_second_address_is_tried(database, start):
    """The first of two addresses accepts connections and never answers."""
    with socket.create_server(("127.0.0.2", database.cluster.port)):
        program = start("two.test")
        wait_until(program.up, "ready", 10)


def test_work_goes_on_when_names_do(database, start_daemon, servers):
    add_facts(database, facts(200))
    url = database.url("rewatch_daemon").replace("127.0.0.1", "database.test")
    daemon = start_daemon(url=url, env=servers.env(), settings=QUICK)
    wait_until(lambda: daemon.up(), "ready")
    wait_until(lambda: unfinished(database) < 200, "begun")
    servers.fall_silent()
    database.end_connections()
    time.sleep(3)
    assert not daemon.up()
    servers.answer()
    wait_until(lambda: unfinished(database) == 0, "all films finished", 60)

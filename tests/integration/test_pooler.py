"""A pooler between the programs and Postgres: one that pools sessions is as good
as none, one that pools transactions is named."""

import pytest

import pooler
from enrich_queue import QUICK, add_facts, facts, wait_finished
from export_maker import Export, Film
from harness import wait_until

pytestmark = pytest.mark.skipif(pooler.impossible() is not None,
                                reason=str(pooler.impossible()))

NAMED = "a transaction pooler is between us and Postgres"


def one_film():
    export = Export()
    export.watched(Film("Heat", 1995, 1), "2024-01-02")
    return export.zip()


@pytest.mark.parametrize("more", ["", "ignore_startup_parameters = options\n"])
def test_sessions_are_pooled(database, start_pooler, start_api, start_daemon,
                             more):
    between = start_pooler(mode="session", more=more)
    api = start_api(url=between.url("rewatch_api"))
    daemon = start_daemon(url=between.url("rewatch_daemon"), settings=QUICK)
    assert api.import_zip(one_film()).status == 201
    assert api.get("/v1/stats").status == 200
    add_facts(database, facts(3))
    wait_finished(database)
    wait_until(daemon.up, "the daemon is ready")
    # Another client gets a session that was one of ours: nothing of it is left.
    api.stop()
    again = start_api(url=between.url("rewatch_api"))
    assert again.get("/v1/library").json()["films"] == 1


@pytest.mark.parametrize("size", [2, 20])
@pytest.mark.parametrize("role", ["rewatch_api", "rewatch_daemon"])
def test_a_transaction_pooler_is_named(start_pooler, start_api, start_daemon,
                                       role, size):
    between = start_pooler(mode="transaction", size=size)
    url = between.url(role)
    program = start_api(url=url, ready=False) if role == "rewatch_api" \
        else start_daemon(url=url, settings=QUICK)
    wait_until(lambda: program.up("/healthz"), "alive")
    wait_until(lambda: NAMED in program.log(), "named in the log")
    wait_until(lambda: NAMED in program.get("/readyz").body.decode(),
               "named by /readyz")
    assert program.get("/readyz").status == 503
    if role == "rewatch_api":
        assert program.get("/v1/stats").status == 503
        assert program.import_zip(one_film()).status == 503
    # The pool's and that of the connection that listens.
    assert program.log().count('trying again" why="' + NAMED) <= 2


def test_options_that_a_pooler_refuses(start_pooler, start_api):
    between = start_pooler(mode="session")
    api = start_api(url=between.url("rewatch_api")
                    + "&options=-clock_timeout%3D1s", ready=False)
    wait_until(lambda: "take options= out of the address" in api.log(),
               "said what to do")

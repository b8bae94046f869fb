"""Programs that have next to nothing: descriptors, connections."""

import psycopg
import pytest

from background import Hangups
from descriptors import leave
from enrich_queue import QUICK, check_final, many_films, unfinished
from export_maker import Export, Film
from harness import wait_until
from importing import committed


@pytest.mark.parametrize("spare", [24, 6, 2])
def test_a_daemon_with_few_descriptors_does_its_work(database, start_daemon,
                                                     spare):
    daemon = start_daemon(settings=QUICK, ready=True)
    leave(daemon, spare)
    many_films(database, 60)
    with Hangups(daemon):
        wait_until(lambda: unfinished(database) == 0, "all done", 60)
    assert database.value("SELECT count(*) FROM enrich_dead") == 0
    check_final(database)


def test_a_server_with_few_descriptors_answers(api):
    leave(api, 3)
    made = Export()
    for n in range(30):
        made.watched(Film(f"Film {n}", 1990, 100 + n), "2024-01-01")
    committed(api.import_zip(made.zip()))
    for _ in range(20):
        assert api.get("/v1/stats").json()["overview"]["films"] == 30
        assert api.get("/").status == 200


def without_connections(cluster):
    """All that Postgres has for others than superusers, held by somebody."""
    held = []
    try:
        while True:
            held.append(psycopg.connect(cluster.url(role="rewatch_owner")))
    except psycopg.OperationalError:
        return held


def test_when_others_hold_all_connections(cluster, start_api, start_daemon):
    held = without_connections(cluster)
    try:
        programs = [start_api(ready=False), start_daemon()]
        for program in programs:
            wait_until(lambda: "too many clients" in program.log()
                       or "remaining connection slots" in program.log(),
                       "it says why")
            wait_until(lambda: program.get("/readyz").status == 503, "not up")
    finally:
        for connection in held:
            connection.close()
    for program in programs:
        wait_until(program.up, "ready")


@pytest.mark.parametrize("most", [2, 3])
def test_when_its_role_may_have_few_connections(database, start_api, most):
    database.query(f"ALTER ROLE rewatch_api CONNECTION LIMIT {most}")
    try:
        api = start_api()
        made = Export()
        made.watched(Film("Alien", 1979, 11), "2024-01-01")
        committed(api.import_zip(made.zip()))
        assert api.get("/v1/stats").json()["overview"]["films"] == 1
    finally:
        database.query("ALTER ROLE rewatch_api CONNECTION LIMIT -1")

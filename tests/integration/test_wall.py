"""The wall between members rests on who has logged in: a program that is not who
it should be serves nothing, and says why."""

import pytest

from enrich_queue import QUICK
from export_maker import Export, Film
from harness import wait_until

SUPERUSER = "superuser, before whom no wall between members holds"
OWNER = "owns members' tables, or may become who does"
TRYING = 'event="no database connection, trying again"'


def check_refused(program, why):
    wait_until(lambda: program.up("/healthz"), "alive")
    wait_until(lambda: why in program.get("/readyz").body.decode(),
               f"/readyz says: {why}")
    assert program.get("/readyz").status == 503
    # Once by the pool, and once by the connection that listens.
    said = [line for line in program.log().splitlines()
            if TRYING in line and why in line]
    assert 1 <= len(said) <= 2, said


@pytest.mark.parametrize("role, more, why", [
    ("postgres", "", SUPERUSER),
    ("postgres", "&options=-crole%3Drewatch_api", SUPERUSER),
    ("rewatch_owner", "", OWNER),
    ("rewatch_daemon", "",
     "has no right to the table enrich_share: the server logs in as "
     "rewatch_api; is the address in DATABASE_URL the daemon's?"),
])
def test_the_server_serves_nobody_else(database, start_api, role, more, why):
    api = start_api(url=database.url(role) + more, ready=False)
    check_refused(api, why)
    export = Export()
    export.watched(Film("Heat", 1995, 1), "2024-01-02")
    for answer in (api.get("/v1/stats"), api.delete("/v1/library"),
                   api.import_zip(export.zip())):
        assert answer.status == 503, answer
    assert database.value("SELECT count(*) FROM member") == 0


@pytest.mark.parametrize("role, why", [
    ("postgres", SUPERUSER),
    ("rewatch_owner", OWNER),
    ("rewatch_api",
     "has a right to the table enrich_share, and the daemon must have none "
     "to members' tables: it logs in as rewatch_daemon; is the address in "
     "DATABASE_URL the API server's?"),
])
def test_the_daemon_serves_nobody_else(database, start_daemon, role, why):
    daemon = start_daemon(url=database.url(role), settings=QUICK)
    check_refused(daemon, why)
    assert database.value("SELECT count(*) FROM enrich_daemon") == 0


def test_it_is_asked_at_each_session(database, api):
    """A role that was raised later is refused from its next session on."""
    database.query("ALTER TABLE watch DISABLE ROW LEVEL SECURITY")
    database.end_connections()
    check_refused(api, "row-level security does not hold on the table watch")
    database.query("ALTER TABLE watch ENABLE ROW LEVEL SECURITY")
    wait_until(api.up, "ready again")

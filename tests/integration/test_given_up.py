"""An import that is not done by its deadline: the server ends it at once, also
where Postgres does not look after its clients by itself, and the member is told
that nothing was changed."""

import time

from export_maker import Export, Film
from harness import wait_until

SLOW = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep(1.5); RETURN NULL; END $$;
"""
TABLES = ("import", "import_file", "film", "library_entry", "watch",
          "enrich_job", "member")
BUSY = ("SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' "
        "AND datname = current_database() "
        "AND application_name = 'rewatch api-server'")


def slow_down(database):
    """Each statement of an import stays below its time-out, the whole is far
    beyond the deadline."""
    database.query(SLOW)
    for table in TABLES:
        database.query(f"CREATE TRIGGER slow AFTER INSERT OR UPDATE ON {table} "
                       "FOR EACH STATEMENT EXECUTE FUNCTION slow()")


def export():
    made = Export()
    for n in range(1, 4):
        made.diary(Film(f"Film {n}", 2000, n), 100 + n, "2024-01-02")
    return made.zip()


def test_what_is_given_up_ends(database, start_api):
    api = start_api(settings={"import": {"deadline": "2s", "rows_max": 5000}},
                    url=database.url("rewatch_api") +
                    "&options=-cclient_connection_check_interval%3D0")
    assert api.get("/v1/library").status == 200  # the member is there
    slow_down(database)
    began = time.monotonic()
    answer = api.import_zip(export())
    assert answer.status == 503, answer
    assert answer.json()["type"].endswith("try-again"), answer
    assert "nothing was changed" in answer.json()["detail"]
    assert time.monotonic() - began >= 2
    wait_until(lambda: database.value(BUSY) == 0, "the session is gone",
               timeout=0.5)
    assert database.value("SELECT count(*) FROM import") == 0

    # The retry gets its lock.
    database.query("DROP FUNCTION slow CASCADE")
    assert api.import_zip(export()).status == 201
    assert database.value("SELECT count(*) FROM watch") == 3

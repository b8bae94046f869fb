"""What a role of the database can be made to do, by somebody who has it and may
send any statement: nothing of another member is read or changed."""

import psycopg
import pytest

from export_maker import Export, Film
from harness import ApiServer
from importing import committed

MARK = "onlymine"
FILM = Film(f"Film {MARK}", 1999, 77)

# Each is refused.
REFUSED = [
    # to be somebody else
    "SET ROLE rewatch_owner", "SET ROLE postgres", "SET ROLE rewatch_daemon",
    "SET SESSION AUTHORIZATION postgres",
    "ALTER ROLE rewatch_api SUPERUSER", "ALTER ROLE rewatch_api BYPASSRLS",
    "CREATE ROLE another LOGIN", "DROP ROLE rewatch_daemon",
    "GRANT rewatch_owner TO rewatch_api",
    # to change what there is
    "CREATE DATABASE another", "CREATE SCHEMA another",
    "CREATE TABLE public.another (x int)", "CREATE EXTENSION dblink",
    "CREATE EXTENSION file_fdw", "CREATE LANGUAGE plpython3u",
    "ALTER SYSTEM SET log_statement = 'all'",
    "ALTER DATABASE postgres SET row_security = off",
    "ALTER TABLE watch OWNER TO rewatch_api",
    "ALTER TABLE watch DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE watch NO FORCE ROW LEVEL SECURITY",
    "CREATE POLICY everybody ON watch USING (true)",
    "DROP POLICY own ON watch", "DROP TABLE watch", "TRUNCATE watch",
    "CREATE INDEX ON watch (review)",
    "CREATE RULE r AS ON INSERT TO watch DO ALSO SELECT 1",
    "CREATE TRIGGER t AFTER INSERT ON watch FOR EACH ROW "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE OR REPLACE FUNCTION public.current_member() RETURNS bigint "
    "LANGUAGE sql RETURN 1",
    "CREATE EVENT TRIGGER e ON ddl_command_end "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    # to read around the wall
    "SET row_security = off; SELECT * FROM watch",
    "COPY watch TO '/tmp/rewatch-attack'", "COPY watch TO PROGRAM 'cat'",
    "COPY watch FROM PROGRAM 'echo'", "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_read_binary_file('PG_VERSION')", "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/hostname')", "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow", "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_stat_replication_slots, pg_hba_file_rules",
    "SELECT pg_reload_conf()", "SELECT pg_rotate_logfile()",
    # to write as another member
    "INSERT INTO library_entry (member_id, film_id) "
    "SELECT 1, max(id) FROM film",
    "INSERT INTO watch SELECT * FROM watch WHERE false; "
    "INSERT INTO list (member_id, slug, name) VALUES (1, 'x', 'x')",
]
# Each may be sent, and brings nothing of another member.
EMPTY = [
    "SELECT * FROM watch", "SELECT * FROM library_entry",
    "SELECT * FROM pg_stats WHERE tablename IN ('watch', 'list', "
    "'library_entry', 'import_row')",
    "SELECT query FROM pg_stat_activity WHERE query LIKE '%onlymine%' "
    "AND usename <> current_user",
    "SELECT l.* FROM list l JOIN list_item i USING (member_id)",
    "WITH x AS (UPDATE watch SET review = review RETURNING *) "
    "SELECT * FROM x",
    "WITH x AS (DELETE FROM watch WHERE member_id = 1 RETURNING *) "
    "SELECT * FROM x",
    "SELECT * FROM watch WHERE member_id = 1 OR 1 = 1",
    "SELECT string_agg(w::text, '') FROM watch w",
    "SELECT query_to_xml('SELECT * FROM watch', true, true, '')",
    "SELECT table_to_xml('list', true, true, '')",
]
# A function that tells what it is asked, before the policy is if it may.
LEAK = ["CREATE FUNCTION pg_temp.leak(x text) RETURNS boolean "
        "LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN "
        "RAISE NOTICE 'leak %', x; RETURN true; END $$",
        "SELECT count(*) FROM watch WHERE pg_temp.leak(review)",
        "SELECT count(*) FROM list WHERE pg_temp.leak(name)"]


@pytest.fixture(scope="module")
def database(cluster):
    database = cluster.new_database()
    export = Export()
    export.watched(FILM, "2024-01-01")
    export.diary(FILM, 900, "2024-01-01", tags=[MARK])
    export.review(FILM, 900, "2024-01-01", MARK)
    export.list(MARK, [FILM], name=MARK, description=MARK, notes={1: MARK})
    api = ApiServer(database)
    committed(api.import_zip(export.zip(), f"?file_name={MARK}.zip"))
    api.finish()
    database.query("INSERT INTO member (id, name) VALUES (2, 'second')")
    database.query("ANALYZE")
    yield database
    database.drop()


def members_tables(database):
    return [t for t, in database.query(
        "SELECT table_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name = 'member_id' "
        "UNION SELECT 'member'")]


def whole(database):
    return {t: database.value(f"SELECT md5(string_agg(x::text, '|' "
                              f"ORDER BY x::text)) FROM {t} x")
            for t in members_tables(database)}


@pytest.mark.parametrize("statement", REFUSED)
def test_refused(database, statement):
    before = whole(database)
    with database.connect("rewatch_api", 2) as db:
        with pytest.raises(psycopg.Error) as refused:
            for one in statement.split("; "):
                db.execute(one)
        assert MARK not in str(refused.value)
    assert whole(database) == before


@pytest.mark.parametrize("member", [2, None])
@pytest.mark.parametrize("statement", EMPTY)
def test_brings_nothing(database, statement, member):
    before = whole(database)
    with database.connect("rewatch_api", member) as db:
        assert MARK not in repr(db.execute(statement).fetchall())
    assert whole(database) == before


def test_a_cheap_function_is_asked_of_ones_own_rows(database):
    notices = []
    with database.connect("rewatch_api", 2) as db:
        db.add_notice_handler(lambda n: notices.append(n.message_primary))
        for statement in LEAK:
            db.execute(statement)
    assert notices == []
    # The function does tell: to the member whose rows they are.
    with database.connect("rewatch_api", 1) as db:
        db.add_notice_handler(lambda n: notices.append(n.message_primary))
        for statement in LEAK:
            db.execute(statement)
    assert f"leak {MARK}" in notices


def test_nobodys_session_is_ended(database):
    with database.connect() as other, database.connect("rewatch_api",
                                                       2) as db:
        pid = other.info.backend_pid
        for function in ("pg_terminate_backend", "pg_cancel_backend"):
            with pytest.raises(psycopg.Error):
                db.execute(f"SELECT {function}({pid})")
        assert other.execute("SELECT 1").fetchone() == (1,)


def test_the_daemon_has_no_right_to_a_members_table(database):
    rights = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE",
              "REFERENCES", "TRIGGER"]
    held = [(table, right) for table in members_tables(database)
            for right in rights
            if database.value("SELECT has_table_privilege('rewatch_daemon', "
                              "%s, %s)", table, right)]
    assert held == []

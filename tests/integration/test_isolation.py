"""The wall between members is the database's: whatever statement the server
runs, with another member set or with none, nothing of a member is read or
changed."""

import re

import psycopg
import pytest

import harness
from export_maker import Export, Film
from importing import committed
from statements import statement, statements_of

SESSION = harness.ROOT / "sql/session"
TABLES = ["member", "import", "import_file", "import_row", "import_cause",
          "library_entry",
          "watch", "list", "list_item", "enrich_share", "film_choice",
          "watch_choice", "import_undo", "import_change"]
MARK = "onlymine"
FILM = Film(f"Film {MARK}", 1999, 77)

# The daemon has a role of its own, which has no right to a member table.
STATEMENTS = [statement(name) for name in statements_of("api-server")]


def mine():
    """Something in every table, with the mark in every text."""
    export = Export()
    export.watched(FILM, "2024-01-01")
    export.rating(FILM, "2024-01-01", 4)
    export.rating(FILM, "2024-01-01", 5)  # rejected: a row of import_row
    export.diary(FILM, 900, "2024-01-01", tags=[MARK])
    export.review(FILM, 900, "2024-01-01", MARK)
    export.list(MARK, [FILM], name=MARK, tags=[MARK], description=MARK,
                notes={1: MARK})
    export.favourites(FILM)
    return export


@pytest.fixture(scope="module")
def database(cluster):
    database = cluster.new_database()
    api = harness.ApiServer(database)
    committed(api.import_zip(mine().zip(), f"?file_name={MARK}.zip"))
    api.finish()
    database.query("INSERT INTO film_choice (member_id, film_id) SELECT 1, id "
                   "FROM film WHERE title = %s", FILM.title)
    database.query("INSERT INTO watch_choice (member_id, entry, film_id) "
                   "SELECT 1, 'boxd:900', id FROM film WHERE title = %s",
                   FILM.title)
    database.query("INSERT INTO member (id, name) VALUES (2, 'second')")
    yield database
    database.drop()


def id_column(table):
    return "id" if table == "member" else "member_id"


def owned(database):
    return {t: database.value(
        f"SELECT md5(string_agg(x::text, '|' ORDER BY x::text)) FROM {t} x "
        f"WHERE {id_column(t)} = 1") for t in TABLES}


def connect(database, member):
    db = database.connect("rewatch_api", member)
    for path in sorted(SESSION.glob("*.sql")):
        db.execute(path.read_text())
    db.execute("SELECT import_tables()")
    return db


def values(database, asked):
    """For each parameter a value that is member 1's where it is a number."""
    own = {"film": "SELECT id FROM film WHERE title LIKE '%%' || %s || '%%'",
           "list": "SELECT id FROM list WHERE name = %s",
           "import": "SELECT id FROM import WHERE file_name LIKE %s || '%%'"}
    noun = asked.name.split("/")[0]
    number = database.value(own.get(noun, own["film"]), MARK)
    by_type = {"bigint": number, "int": 50, "smallint": 1, "boolean": True,
               "bytea": b"x", "float8": 1.0}
    # The first page: the number is none of a page before.
    return {name: [] if kind.endswith("[]") else
            None if name == "after" else by_type.get(kind)
            for name, kind in asked.types.items()}


def ways(database, asked):
    """With member 1's numbers, and with nothing but a page's length."""
    given = values(database, asked)
    yield given
    yield {k: v if k == "limit" else None for k, v in given.items()}


def run(db, asked, given):
    """All rows as one text; what fails leaves nothing and says nothing."""
    cursor = db.execute(asked.marked(), given)
    return repr(cursor.fetchall()) if cursor.description else ""


def is_read(asked):
    return not re.search(r"\b(INSERT|UPDATE|DELETE|ANALYZE|refuse)\b", asked.text)


@pytest.mark.parametrize("member", [2, None])
@pytest.mark.parametrize("asked", STATEMENTS, ids=lambda s: s.name)
def test_statement(database, asked, member):
    before = owned(database)
    for given in ways(database, asked):
        with connect(database, member) as db:
            try:
                answer = run(db, asked, given)
            except psycopg.Error as error:
                # What is wrong is refused where it is written.
                assert not is_read(asked), error
                answer = str(error)
        assert MARK not in answer
    assert owned(database) == before


def test_the_statements_read_something_of_their_own_member(database):
    """Else the test above would prove nothing."""
    seen = set()
    for asked in filter(is_read, STATEMENTS):
        for given in ways(database, asked):
            with connect(database, 1) as db:
                if MARK in run(db, asked, given):
                    seen.add(asked.name)
    assert {"film/list", "film/show", "film/watches", "list/list", "list/show",
            "import/list", "import/report", "import/rows",
            "watch/list"} <= seen, seen


@pytest.mark.parametrize("member", [2, None])
@pytest.mark.parametrize("table", TABLES)
def test_table(database, table, member):
    column = id_column(table)
    before = owned(database)
    with connect(database, member) as db:
        assert db.execute(f"SELECT count(*) FROM {table} WHERE {column} = 1"
                          ).fetchone() == (0,)
        own = database.value(f"SELECT count(*) FROM {table} "
                             f"WHERE {column} = %s", member)
        for change, rows in (
                (f"UPDATE {table} SET {column} = {column}", own),
                (f"UPDATE {table} SET {column} = 2 WHERE {column} = 1", 0),
                (f"DELETE FROM {table} WHERE {column} = 1", 0)):
            assert db.execute(change).rowcount == rows
        with pytest.raises(psycopg.Error):
            db.execute(f"INSERT INTO {table} ({column}) VALUES (1)")
        for trick in (f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
                      f"DROP POLICY own ON {table}",
                      f"TRUNCATE {table}", "SET ROLE rewatch_owner"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(trick)
        db.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute(f"SELECT * FROM {table}")
    with database.connect("rewatch_daemon") as db:
        for verb in (f"SELECT FROM {table}", f"DELETE FROM {table}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(verb)
    assert owned(database) == before


def test_a_member_cannot_be_set_to_text(database):
    """No number, no member: an error, not everybody's rows."""
    with database.connect("rewatch_api") as db:
        for value in ("1 OR true", "abc", "1e0"):
            db.execute("SELECT set_config('rewatch.member_id', %s, false)",
                       (value,))
            with pytest.raises(psycopg.Error):
                db.execute("SELECT * FROM watch")


def test_every_table_with_a_member_has_the_wall(database):
    found = {t for t, in database.query(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a "
        "ON a.attrelid = c.oid WHERE c.relkind = 'r' "
        "AND c.relnamespace = 'public'::regnamespace "
        "AND a.attname = 'member_id' AND c.relrowsecurity "
        "UNION SELECT 'member'")}
    every = {t for t, in database.query(
        "SELECT table_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name = 'member_id' "
        "UNION SELECT 'member'")}
    assert found == every == set(TABLES)

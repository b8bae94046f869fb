"""Emptying a library costs as much as it holds, whatever plans its connection has
kept from a time when there was little in it, and whatever the statistics say."""

import psycopg
import pytest

from export_maker import Export, Film
from harness import wait_until
from importing import committed, second_member

FILMS = 3000
ROWS = 2 * FILMS  # viewings and entries; and as many in lists, notes and undo
TABLES = ("library_entry", "watch", "list", "list_item", "film", "enrich_job",
          "import_row", "import_file", "import_undo", "import_change")


def library(count, first=1):
    export = Export()
    films = [Film(f"Film {n}", 2000, n) for n in range(first, first + count)]
    for film in films:
        export.watched(film, "2024-01-01")
        export.diary(film, 100_000 + film.number, "2024-01-01", stars=4)
    export.list("all", films)
    return export.zip()


def rows_read(database):
    """In tables and in indexes, so far, by whoever has told of it."""
    return sum(database.value(
        f"SELECT sum({column})::bigint FROM {view} WHERE relname = ANY (%s)",
        list(TABLES)) for view, column in (
            ("pg_stat_user_tables", "seq_tup_read"),
            ("pg_stat_user_indexes", "idx_tup_read")))


def counted(database, column, most):
    """A connection tells of what it did within a second or so."""
    wait_until(lambda: database.value(
        f"SELECT {column} FROM pg_stat_user_tables "
        "WHERE relname = 'library_entry'") >= most, f"{column} is {most}")



def analyze(database):
    database.query("ANALYZE " + ", ".join(TABLES))


@pytest.fixture(params=["full", "empty"])
def worn(request, start_api, database):
    """A server whose one connection has deleted ten small libraries; the tables
    were analyzed last while they held one, or none."""
    api = start_api(settings={"database": {"connections": 1}})
    for _ in range(10):
        committed(api.import_zip(library(30)))
        if request.param == "full":
            analyze(database)
        assert api.delete("/v1/library").status == 204
        if request.param == "empty":
            analyze(database)
    counted(database, "n_tup_del", 300)
    return api


def clear(api, report):
    assert api.delete("/v1/library").status == 204


def import_others(api, report):
    committed(api.import_zip(library(30, FILMS + 1)))


def undo(api, report):
    assert api.post(f"/v1/imports/{report['id']}/undo").status == 200


@pytest.mark.parametrize("change", [clear, import_others, undo])
def test_what_goes_is_read_once(worn, database, change):
    report = committed(worn.import_zip(library(FILMS)))
    counted(database, "n_tup_ins", 300 + FILMS)
    before = rows_read(database)
    change(worn, report)
    counted(database, "n_tup_del", 300 + FILMS)
    # Each table some times, and not once a row: that would be millions.
    assert rows_read(database) - before < 120 * ROWS


def test_what_comes_is_read_once(worn, database):
    before = rows_read(database)
    committed(worn.import_zip(library(FILMS)))
    counted(database, "n_tup_ins", 300 + FILMS)
    assert rows_read(database) - before < 120 * ROWS


def test_a_second_library_is_no_dearer_than_the_first(start_api, database):
    """Of the first one its dead rows are left, and statistics of nothing."""
    api = start_api(settings={"database": {"connections": 1}})
    read = []
    for n in range(2):
        committed(api.import_zip(library(FILMS, 1 + n * FILMS)))
        counted(database, "n_tup_ins", (n + 1) * FILMS)
        before = rows_read(database)
        clear(api, None)
        counted(database, "n_tup_del", (n + 1) * FILMS)
        read.append(rows_read(database) - before)
        analyze(database)
    assert read[1] < 2 * read[0] and read[0] < 120 * ROWS


# --- what the foreign key would say

@pytest.fixture
def two_libraries(database):
    second_member(database)
    database.query("""
        INSERT INTO film (title) VALUES ('One'), ('Two');
        INSERT INTO library_entry (member_id, film_id, marked_on)
            SELECT m, id, '2020-01-01' FROM film, generate_series(1, 2) m;
        INSERT INTO watch (member_id, film_id, source, entry)
            SELECT m, id, 'diary', m || '-' || id
            FROM film, generate_series(1, 2) m""")


def viewings(database):
    return database.query("SELECT entry FROM watch ORDER BY 1")


@pytest.mark.parametrize("change", [
    "INSERT INTO watch (member_id, film_id, source, entry) "
    "SELECT 1, max(id) + 1, 'diary', 'x' FROM film",
    "UPDATE watch SET film_id = film_id + 1 WHERE member_id = 1",
    "WITH gone AS (DELETE FROM library_entry WHERE member_id = 1 AND "
    "film_id = 1) UPDATE watch SET film_id = 1 WHERE member_id = 1",
    "UPDATE library_entry SET film_id = film_id + 10 WHERE member_id = 1",
])
def test_a_viewing_without_its_film(database, two_libraries, change):
    with pytest.raises((psycopg.errors.ForeignKeyViolation,
                        psycopg.errors.RestrictViolation)):
        database.query(change)


def test_viewings_go_with_their_film(database, two_libraries):
    database.query("DELETE FROM library_entry WHERE member_id = 1 "
                   "AND film_id = 1")
    assert viewings(database) == [("1-2",), ("2-1",), ("2-2",)]
    database.query("DELETE FROM member WHERE id = 2")
    assert viewings(database) == [("1-2",)]
    # One statement may put one film in the place of another.
    database.query("WITH added AS (INSERT INTO library_entry (member_id, "
                   "film_id, marked_on) VALUES (1, 1, '2020-01-01')), "
                   "moved AS (UPDATE watch SET film_id = 1) "
                   "DELETE FROM library_entry WHERE film_id = 2")
    assert viewings(database) == [("1-2",)]

"""Emptying a library costs as much as it holds, whatever plans its connection has
kept from a time when there was little in it."""

import pytest

from export_maker import Export, Film
from harness import wait_until
from importing import committed

FILMS = 3000
TABLES = ("library_entry", "watch", "list", "list_item", "film",
          "enrich_job", "import_row", "import_undo", "import_change")


def library(count, first=1):
    export = Export()
    films = [Film(f"Film {n}", 2000, n) for n in range(first, first + count)]
    for film in films:
        export.watched(film, "2024-01-01")
        export.diary(film, 100_000 + film.number, "2024-01-01", stars=4)
    export.list("all", films)
    return export.zip()


def rows_read(database):
    """By scans of whole tables, so far; once all of it has been reported."""
    return database.value(
        "SELECT sum(seq_tup_read)::bigint FROM pg_stat_user_tables "
        "WHERE relname = ANY (%s)", list(TABLES))


def deleted(database):
    return database.value("SELECT n_tup_del FROM pg_stat_user_tables "
                          "WHERE relname = 'library_entry'")


@pytest.fixture
def worn(start_api, database):
    """A server whose one connection has deleted ten small libraries, each of
    them analyzed before."""
    api = start_api(settings={"database": {"connections": 1}})
    for _ in range(10):
        committed(api.import_zip(library(30)))
        database.query("ANALYZE watch, library_entry, list, list_item, "
                       "film, import_undo, import_change")
        assert api.delete("/v1/library").status == 204
    return api


@pytest.mark.parametrize("way", ["clear", "import", "undo"])
def test_what_goes_is_read_once(worn, database, way):
    report = committed(worn.import_zip(library(FILMS)))
    assert database.value("SELECT count(*) FROM watch") == FILMS
    wait_until(lambda: database.value(
        "SELECT n_tup_ins >= %s FROM pg_stat_user_tables "
        "WHERE relname = 'watch'", FILMS + 300), "the import is counted")
    before, gone = rows_read(database), deleted(database)
    if way == "clear":
        assert worn.delete("/v1/library").status == 204
    elif way == "import":
        committed(worn.import_zip(library(30, FILMS + 1)))
    else:
        assert worn.post(f"/v1/imports/{report['id']}/undo").status == 200
    wait_until(lambda: deleted(database) - gone >= FILMS, "it is counted")
    # Each table some times, and not once a row.
    read = rows_read(database) - before
    print(way, "read", read)
    assert read < 40 * FILMS


def test_an_import_reads_its_library_once(worn, database):
    """The checks of foreign keys have plans, too."""
    before = rows_read(database)
    committed(worn.import_zip(library(FILMS)))
    wait_until(lambda: database.value(
        "SELECT n_tup_ins >= %s FROM pg_stat_user_tables "
        "WHERE relname = 'watch'", FILMS + 300), "the import is counted")
    read = rows_read(database) - before
    print("read", read)
    assert read < 100 * FILMS

"""What an import takes away is said before, and every import can be undone."""

import pytest

import export_maker
from export_maker import Export, Film
from importing import committed, second_member

TABLES = {
    "library_entry": "film_id", "watch": "id", "list": "id",
    "list_item": "list_id, position", "film_choice": "film_id",
    "watch_choice": "entry",
}


def library(database, member=1):
    """To the row."""
    return {table: database.query(
        f"SELECT * FROM {table} WHERE member_id = {member} ORDER BY {key}")
        for table, key in TABLES.items()}, database.query(
        f"SELECT sample, account FROM member WHERE id = {member}")


def undo(api, report):
    return api.post(f"/v1/imports/{report['id']}/undo")


def some(seed, style="boxd"):
    films = export_maker.film_pool(f"undo {seed % 3}", 30)
    return export_maker.some_export(f"undo {seed}", films, style).zip()


@pytest.mark.parametrize("seed", range(6))
def test_undo_gives_what_was_before(api, database, seed):
    before = []
    reports = []
    for n in range(5):
        before.append(library(database))
        style = "long" if (seed + n) % 4 == 3 else "boxd"
        reports.append(committed(api.import_zip(some(seed + n, style))))
    answer = undo(api, reports[4])
    assert answer.status == 200, answer
    assert answer.json()["undone_at"] and not answer.json()["undoable"]
    assert library(database) == before[4]
    # An earlier one takes the later with it.
    assert undo(api, reports[2]).status == 200
    assert library(database) == before[2]
    assert undo(api, reports[3]).status == 409
    assert undo(api, reports[0]).status == 200
    assert library(database)[0] == dict.fromkeys(TABLES, [])
    assert undo(api, {"id": 10**6}).status == 404


def test_films_that_come_back_are_looked_up(api, database):
    small = Export().touch("ratings.csv", "diary.csv", "reviews.csv",
                           "watchlist.csv", "likes/films.csv")
    small.watched(Film("Alien", 1979, 11), "2024-01-01")
    committed(api.import_zip(some(1)))
    jobs = database.query("SELECT film_id FROM enrich_job ORDER BY 1")
    report = committed(api.import_zip(small.zip()))
    assert database.value("SELECT count(*) FROM enrich_job") < len(jobs)
    assert undo(api, report).status == 200
    assert database.query("SELECT film_id FROM enrich_job ORDER BY 1") == jobs


def test_the_last_ten(api, database):
    reports = []
    for n in range(12):
        export = Export()
        export.watched(Film("Alien", 1979, 11), f"2024-01-{n + 1:02}")
        reports.append(committed(api.import_zip(export.zip())))
    shown = [api.get(f"/v1/imports/{r['id']}").json()["undoable"]
             for r in reports]
    assert shown == [False] * 2 + [True] * 10
    assert undo(api, reports[1]).status == 409
    assert undo(api, reports[2]).status == 200
    assert database.query("SELECT marked_on::text FROM library_entry") == [
        ("2024-01-02",)]


def test_a_member_undoes_their_own(database, start_api):
    url = second_member(database)
    first, second = start_api(), start_api(url=url)
    report = committed(first.import_zip(some(1)))
    committed(second.import_zip(some(2)))
    before = library(database, 1), library(database, 2)
    assert undo(second, report).status == 404
    assert (library(database, 1), library(database, 2)) == before


# --- said before

def of(films, user="somebody", date="2024-01-01"):
    export = Export()
    for n in range(films):
        export.watched(Film(f"Film {n}", 2000, 100 + n), date)
    export.files["profile.csv"] = [{"Date Joined": "2018-01-01",
                                    "Username": user}]
    return export.zip()


@pytest.mark.parametrize("data, kinds", [
    (of(17), ["removes_much"]),
    (of(18), []),
    (of(20, date="2023-12-31"), ["older"]),
    (of(20, user="somebody-else"), ["other_account"]),
    (of(20, user="Somebody"), []),
    (of(1, "another", "2020-01-01"),
     ["removes_much", "older", "other_account"]),
], ids=["three", "two", "older", "another", "the-same", "all"])
def test_what_should_be_known_first(api, database, data, kinds):
    committed(api.import_zip(of(20)))
    before = library(database)
    tried = api.import_zip(data, "?dry_run=1").json()
    assert [w["kind"] for w in tried["warnings"]] == kinds
    answer = api.import_zip(data, "")
    if not kinds:
        assert answer.status == 201
        return
    assert answer.status == 409
    assert answer.json()["type"] == "/problems/unconfirmed"
    for warning in tried["warnings"]:
        assert warning["text"] in answer.json()["detail"]
    assert library(database) == before
    report = committed(api.import_zip(data))
    assert report["warnings"] == tried["warnings"]
    assert undo(api, report).status == 200
    assert library(database) == before


def test_an_empty_library_needs_no_confirmation(api):
    assert api.import_zip(of(3), "").status == 201


@pytest.mark.parametrize("fault", [{"Rating": "6"}, {"Date": "soon"}])
def test_an_export_with_an_illegible_row_is_not_older(api, fault):
    """The newest row of it is the one that cannot be read."""
    export = Export()
    for n in range(20):
        film = Film(f"Film {n}", 2000, 100 + n)
        export.watched(film, "2024-01-01")
        export.diary(film, 900 + n, f"2024-01-{n + 1:02}")
    assert api.import_zip(export.zip(), "").status == 201
    export.files["diary.csv"][-1].update(fault)
    assert api.import_zip(export.zip(), "").status == 201


def test_the_difference_by_film(api, database):
    committed(api.import_zip(of(3)))
    export = Export()
    export.watched(Film("Film 0", 2000, 100), "2024-01-01")
    export.watched(Film("Film 1", 2000, 101), "2024-01-09")
    export.watched(Film("Film 9", 2000, 109), "2024-01-01")
    export.diary(Film("Film 0", 2000, 100), 901, "2024-02-02")
    expected = [("Film 0", "changed", ["viewings"]),
                ("Film 1", "changed", ["watched"]),
                ("Film 2", "gone", []), ("Film 9", "came", [])]
    tried = api.import_zip(export.zip(), "?dry_run=1").json()
    assert tried["changes"] == {"came": 1, "changed": 2, "gone": 1}
    assert sorted((f["title"], f["change"], f["what"])
                  for f in tried["changed_films"]) == expected
    report = committed(api.import_zip(export.zip()))
    assert report["changes"] == tried["changes"]
    found, after = [], ""
    while after is not None:
        page = api.get(f"/v1/imports/{report['id']}/films?limit=3"
                       + (f"&after={after.replace(' ', '%20')}"
                          if after else "")).json()
        found += [(f["title"], f["change"], f["what"])
                  for f in page["films"]]
        after = page["next"]
    assert found == expected

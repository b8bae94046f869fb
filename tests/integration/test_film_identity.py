"""Inside one library the link is the film; title and year are attributes. An
earlier decision is evidence, and facts break a tie before order does."""

import itertools

import pytest

import export_oracle
from export_maker import Export, Film
from importing import committed, counts, import_csv, moved, rows

OLD = Film("Ex Machina", 2015, 31, "ex-machina")
NEW = Film("Ex Machina", 2014, 31, "ex-machina")


def films_of(database):
    return sorted(export_oracle.stored(database).entries)


def entries_of(database):
    return {w["entry"]: w["film"][0]
            for w in export_oracle.stored(database).watches
            if w["source"] != "watched"}


def one_film(film):
    export = Export()
    export.watched(film, "2024-01-01")
    export.rating(film, "2024-01-01", 4)
    export.diary(film, 901, "2024-01-01", stars=4)
    return export


def test_a_corrected_year_is_the_same_film(api, database):
    committed(api.import_zip(one_film(OLD).zip()))
    watch, = database.query("SELECT id FROM watch")
    report = committed(api.import_zip(one_film(NEW).zip()))
    assert films_of(database) == [("boxd:31", "Ex Machina", 2014)]
    assert database.query("SELECT id FROM watch") == [watch]
    assert all(not f["removed"] and not f["new"] for f in report["files"])
    changes = api.get(f"/v1/imports/{report['id']}/films").json()["films"]
    assert [(f["change"], f["what"]) for f in changes] == [
        ("changed", ["name"])]


@pytest.mark.parametrize("order", itertools.permutations(
    ["watched.csv", "ratings.csv", "diary.csv"]))
def test_one_file_after_another(api, database, order):
    committed(api.import_zip(one_film(OLD).zip()))
    export = one_film(NEW)
    export.diary(NEW, 902, "2024-06-01", stars=5, rewatch=True)
    for path in order:
        import_csv(api, path, export.csv(path))
        assert len(films_of(database)) == 1
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(export.zip()))


def test_the_diary_alone_corrects_a_name(api, database):
    """The entry says which film it is; a new row of that name is of it too."""
    committed(api.import_zip(one_film(OLD).zip()))
    export = Export()
    export.diary(NEW, 901, "2024-01-01", stars=4)
    export.diary(NEW, 902, "2024-06-01", stars=5, rewatch=True)
    import_csv(api, "diary.csv", export.csv("diary.csv"))
    assert films_of(database) == [("boxd:31", "Ex Machina", 2014)]
    assert entries_of(database) == {"boxd:901": "boxd:31",
                                    "boxd:902": "boxd:31"}


def test_a_choice_of_match_outlives_a_corrected_name(api, database):
    committed(api.import_zip(one_film(OLD).zip()))
    film = database.value("SELECT film_id FROM library_entry")
    answer = api.request("PUT", f"/v1/films/{film}/match",
                         b'{"choice": "none"}',
                         {"Content-Type": "application/json"})
    assert answer.status == 200, answer
    committed(api.import_zip(one_film(NEW).zip()))
    film = database.value("SELECT film_id FROM library_entry")
    assert api.get(f"/v1/films/{film}").json()["match"]["choice"] == "none"


ONE, TWO = Film("Anna", 2019, 21, "anna"), Film("Anna", 2019, 22, "anna-2")


def namesakes(*entries):
    export = Export()
    export.watched(ONE, "2024-01-01")
    export.watched(TWO, "2024-02-02")
    export.favourites(ONE)
    for number, date in entries:
        export.diary(ONE, number, date, logged_on=date)
    return export


def test_the_day_it_was_marked_decides(api, database):
    report = committed(api.import_zip(namesakes(
        (901, "2024-02-02"), (902, "2024-01-01")).zip()))
    assert entries_of(database) == {"boxd:901": "boxd:22",
                                    "boxd:902": "boxd:21"}
    assert counts(report, "diary.csv") == {"rows": 2, "new": 2,
                                           "ambiguous": 2}
    assert "marked" in rows(api, report)[0]["reason"]


def test_again_changes_nothing_and_less_moves_nothing(api, database):
    """In turn only once: then the library is what decides."""
    export = namesakes((901, "2024-03-01"), (902, "2024-03-02"),
                       (903, "2024-03-03"))
    committed(api.import_zip(export.zip()))
    before = entries_of(database)
    assert len(set(before.values())) == 2
    export.files = {"profile.csv": export.files.pop("profile.csv"),
                    **export.files}
    assert moved(committed(api.import_zip(export.zip()))) == {}
    del export.files["diary.csv"][0]
    committed(api.import_zip(export.zip()))
    del before["boxd:901"]
    assert entries_of(database) == before


def put_film(api, watch, film):
    return api.request("PUT", f"/v1/watches/{watch}/film",
                       b'{"film": %d}' % film,
                       {"Content-Type": "application/json"})


def test_the_member_says_which_film_a_viewing_is_of(api, database):
    export = namesakes((901, "2024-02-02"))
    report = committed(api.import_zip(export.zip()))
    row, = rows(api, report)
    assert [f["letterboxd_ref"] for f in row["films"]] == ["boxd:21",
                                                           "boxd:22"]
    other, taken = (f["id"] for f in row["films"])
    assert row["film"] == taken
    assert put_film(api, row["watch"], other).status == 204
    assert entries_of(database) == {"boxd:901": "boxd:21"}
    # The one that has lost its viewing has an undated one now.
    assert sorted((w["film"][0], w["source"]) for w in
                  export_oracle.stored(database).watches) == [
        ("boxd:21", "diary"), ("boxd:22", "watched")]
    report = committed(api.import_zip(export.zip()))
    assert moved(report) == {}
    assert rows(api, report) == []
    # It lasts also when the entry goes and comes again.
    row = export.files["diary.csv"].pop()
    committed(api.import_zip(export.zip()))
    export.files["diary.csv"].append(row)
    committed(api.import_zip(export.zip()))
    assert entries_of(database) == {"boxd:901": "boxd:21"}
    watch = database.value("SELECT id FROM watch WHERE entry = 'boxd:901'")
    assert api.delete(f"/v1/watches/{watch}/film").status == 204
    committed(api.import_zip(export.zip()))
    assert entries_of(database) == {"boxd:901": "boxd:21"}  # as before


def test_what_cannot_be_said_of_a_viewing(api, database):
    export = namesakes((901, "2024-02-02"))
    export.diary(Film("Gone", 2001, None), None, "2023-01-01",
                 path="orphaned/diary.csv")
    report = committed(api.import_zip(export.zip()))
    row, = rows(api, report)
    # Its film is gone from Letterboxd: the next import would not know of it.
    orphan = database.value("SELECT id FROM watch WHERE source = 'orphaned'")
    assert put_film(api, orphan, row["film"]).status == 422
    undated = database.value("SELECT id FROM watch WHERE source = 'watched'")
    assert put_film(api, 10**9, row["film"]).status == 404
    assert put_film(api, row["watch"], 10**9).status == 422
    assert put_film(api, undated, row["film"]).status == 422
    assert {e: f for e, f in entries_of(database).items()
            if e.startswith("boxd:")} == {"boxd:901": "boxd:22"}


def test_a_slug_and_a_number_become_one_film(api, database):
    """The same whichever comes first, also file by file."""
    old = Export("long")
    old.watched(OLD, "2016-01-01")
    old.diary(OLD, 0, "2016-01-01", stars=3)
    new = Export()
    new.rating(OLD, "2024-01-01", 4)
    for one, other in [(old, new), (new, old)]:
        assert api.delete("/v1/library").status == 204
        committed(api.import_zip(one.zip()))
        committed(api.import_zip(other.zip()))
        assert films_of(database) == [("boxd:31", "Ex Machina", 2015)]
        assert entries_of(database) == {"slug:ex-machina/0": "boxd:31"}

"""Absence deletes, illegibility never does: what a row could not say stays as
the library knew it."""

import pytest

import export_oracle
from export_maker import Export, Film
from importing import committed, counts, import_csv, moved

ALIEN = Film("Alien", 1979, 11, "alien")
BRAZIL = Film("Brazil", 1985, 12, "brazil")
CURE = Film("Cure", 1997, 13, "cure")


def three():
    """Three films in every file that has films, and a list of them."""
    export = Export()
    for n, film in enumerate([ALIEN, BRAZIL, CURE], 1):
        day = f"2024-01-0{n}"
        export.watched(film, day)
        export.rating(film, day, n)
        export.likes(film, day)
        export.watchlist(film, day)
        export.diary(film, 900 + n, day, stars=n)
        export.review(film, 900 + n, day, f"Text {n}", stars=n)
        export.diary(Film(f"Gone {n}", 1999, None), None, day, stars=n,
                     path="orphaned/diary.csv")
    export.list("three", [ALIEN, BRAZIL, CURE], notes={2: "second"})
    return export


def rows_of(export, path):
    return export.lists[path[6:-4]][1] if path.startswith("lists/") \
        else export.files[path]


LINK = {"lists/three.csv": "URL"}
FAULTS = {
    "watched.csv": ("Date", "2024-02-30"), "ratings.csv": ("Rating", "6"),
    "likes/films.csv": ("Date", "1/29/2024"),
    "watchlist.csv": ("Year", "19x5"), "diary.csv": ("Rating", "7"),
    "reviews.csv": ("Watched Date", "2024-13-01"),
    "lists/three.csv": ("Year", "soon"),
}


@pytest.mark.parametrize("path", FAULTS)
def test_a_row_that_says_who_it_is_keeps_what_that_one_had(api, database,
                                                           path):
    """The second row is illegible and the third is gone."""
    export = three()
    committed(api.import_zip(export.zip()))
    before = export_oracle.stored(database)
    rows = rows_of(export, path)
    column, text = FAULTS[path]
    rows[1][column] = text
    report = committed(api.import_zip(export.zip()))
    assert counts(report, path) == {"rows": 3, "unchanged": 2, "rejected": 1}
    assert moved(report) == {}
    export_oracle.assert_same(export_oracle.stored(database), before)
    del rows[2]
    report = committed(api.import_zip(export.zip()))
    assert counts(report, path) == {"rows": 2, "unchanged": 1, "rejected": 1,
                                    "removed": 1}


@pytest.mark.parametrize("path", [*FAULTS, "orphaned/diary.csv"])
def test_a_row_of_nobody_knows_whom_keeps_all(api, database, path):
    """New rows come all the same."""
    export = three()
    committed(api.import_zip(export.zip()))
    before = export_oracle.stored(database)
    rows = rows_of(export, path)
    if path == "orphaned/diary.csv":
        rows[1]["Watched Date"] = "1/29/2024"
    elif path == "lists/three.csv":
        rows[1]["Position"] = "two"
    else:
        rows[1][LINK.get(path, "Letterboxd URI")] = "https://example.org/x"
    del rows[2]
    report = committed(api.import_zip(export.zip()))
    assert counts(report, path) == {"rows": 2, "unchanged": 1, "rejected": 1}
    export_oracle.assert_same(export_oracle.stored(database), before)


def test_the_diary_of_a_spreadsheet_is_refused(api, database):
    export = three()
    committed(api.import_zip(export.zip()))
    before = export_oracle.stored(database)
    for row in export.files["diary.csv"]:
        row["Date"] = row["Watched Date"] = "1/29/2024"
    for answer in [api.import_zip(export.zip()), api.post(
            "/v1/imports?file_name=diary.csv", export.csv("diary.csv"),
            "text/csv")]:
        assert answer.status == 422, answer
        problem = answer.json()
        assert problem["type"] == "/problems/unreadable-csv"
        assert "diary.csv" in problem["detail"]
        assert "3" in problem["detail"] and "1/29/2024" in problem["detail"]
    export_oracle.assert_same(export_oracle.stored(database), before)


def test_a_list_that_cannot_be_read_stays(api, database):
    export = three()
    committed(api.import_zip(export.zip()))
    before = export_oracle.stored(database)
    rows_of(export, "lists/three.csv")[:] = [
        dict(row, Year="x", Position="y")
        for row in rows_of(export, "lists/three.csv")]
    export.rating(ALIEN, "2024-05-05", 5)
    del export.files["ratings.csv"][0]
    report = committed(api.import_zip(export.zip()))
    found, = [f for f in report["files"] if f["path"] == "lists/three.csv"]
    assert found["rows"] == 0 and "3" in found["reason"]
    after = export_oracle.stored(database)
    assert after.lists == before.lists
    assert moved(report) == {"ratings.csv": {"changed": 1}}


def test_a_complete_export_without_lists_deletes_them(api, database):
    export = three()
    committed(api.import_zip(export.zip()))
    export.lists.clear()
    report = committed(api.import_zip(export.zip()))
    assert export_oracle.stored(database).lists == {}
    assert moved(report) == {"lists/three.csv": {"removed": 3}}


def test_files_that_are_not_all_say_nothing_of_lists(api, database):
    export = three()
    committed(api.import_zip(export.zip()))
    part = Export()
    part.watched(ALIEN, "2024-01-01")
    part.rating(ALIEN, "2024-01-01", 1)
    committed(api.import_zip(part.zip()))
    import_csv(api, "watched.csv", part.csv("watched.csv"))
    assert set(export_oracle.stored(database).lists) == {"three"}

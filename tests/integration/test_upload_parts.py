"""Imports of more than a ZIP: a folder, some CSVs, files under other names.
What was handed over and what was read is the same set, or it is said."""

import hashlib

import pytest

import export_maker
import export_oracle
from export_maker import COLUMNS, Export, Film, table
from hostile_zip import pack
from importing import committed, counts, kinds, post_parts, version

ALIEN = Film("Alien", 1979, 11, "alien")
BRAZIL = Film("Brazil", 1985, 12, "brazil")


def some_files():
    export = Export()
    for film in (ALIEN, BRAZIL):
        export.watched(film, "2024-01-01")
    export.rating(ALIEN, "2024-02-01", 4.5)
    export.diary(ALIEN, 901, "2024-01-01", stars=4)
    return {path: export.csv(path) for path in export.paths()}


def a_whole_export(style="boxd"):
    films = export_maker.film_pool("parts", 60)
    export = export_maker.some_export("parts", films, style)
    return export.zip(), {path: export.csv(path) for path in export.paths()}


@pytest.mark.parametrize("folder", ["", "letterboxd-me-2024/"])
def test_a_folder_is_its_zip(api, database, folder):
    zipped, files = a_whole_export()
    report = committed(post_parts(api, {folder + n: b
                                        for n, b in files.items()}))
    assert set(kinds(report)) == set(files)
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(zipped))
    before = version(database)
    again = committed(api.import_zip(zipped))
    assert version(database) == before
    assert {f["path"]: f["rows"] for f in again["files"]} == {
        f["path"]: f["rows"] for f in report["files"]}


def test_three_csvs_are_one_import(api):
    files = some_files()
    report = committed(post_parts(api, files))
    assert kinds(report) == {"watched.csv": "watched",
                             "ratings.csv": "ratings", "diary.csv": "diary"}
    assert (report["films"], report["watches"]) == (2, 2)
    assert report["file_name"] == "watched.csv and 2 more"
    # Hash and size are those of all files, one behind the other.
    data = b"".join(files.values())
    assert report["size"] == len(data)
    assert report["sha256"] == hashlib.sha256(data).hexdigest()
    listed = api.get("/v1/imports").json()["imports"]
    assert [i["id"] for i in listed] == [report["id"]]


def test_several_files_are_tried_and_named(api):
    answer = post_parts(api, some_files(), "?dry_run=1&file_name=letterboxd-me")
    assert answer.status == 200, answer
    assert answer.json()["file_name"] == "letterboxd-me"
    assert counts(answer.json(), "diary.csv") == {"rows": 1, "new": 1}
    assert api.get("/v1/imports").json()["imports"] == []


def test_one_bad_file_fails_all(api):
    files = {**some_files(), "diary.csv": b""}
    answer = post_parts(api, files)
    assert answer.status == 422, answer
    assert "diary.csv" in answer.json()["detail"]
    assert api.get("/v1/imports").json()["imports"] == []


def test_every_file_of_the_upload_is_named(api):
    files = some_files()
    report = committed(api.import_zip(pack({
        "watched.csv": files["watched.csv"],
        "Diary.csv": files["diary.csv"],
        "ratings.csv": files["ratings.csv"],
        "ratings (1).csv": files["ratings.csv"],
        "holiday.jpg": b"x",
        "old/watched.csv": files["watched.csv"],
        "__MACOSX/._watched.csv": b"x",
    })))
    assert kinds(report) == {
        "watched.csv": "watched", "Diary.csv": "diary",
        "ratings.csv": "ratings", "ratings (1).csv": "unread",
        "holiday.jpg": "unread", "old/watched.csv": "unread"}
    assert counts(report, "Diary.csv") == {"rows": 1, "new": 1}
    assert counts(report, "ratings (1).csv") == {}
    assert api.get(f"/v1/imports/{report['id']}").json() == report


def test_a_stray_file_hides_no_export(api):
    files = some_files()
    report = committed(api.import_zip(pack(
        {"watched.csv": table(COLUMNS["watched.csv"], []),
         **{f"export/{n}": b for n, b in files.items()}})))
    assert report["films"] == 2
    assert [f["kind"] for f in report["files"]] == [
        "watched", "ratings", "diary", "unread"]


@pytest.mark.parametrize("name, kind", [
    ("watched (1).csv", "watched"), ("Watched.csv", "watched"),
    ("watchlist - Copy.csv", "watchlist"), ("watchlist copy.csv", "watchlist"),
    ("films.csv", "likes")])
def test_the_name_tells_what_the_columns_do_not(api, name, kind):
    answer = api.post("/v1/imports?file_name=" + name.replace(" ", "%20"),
                      some_files()["watched.csv"], "text/csv")
    [file] = committed(answer)["files"]
    assert (file["kind"], file["rows"]) == (kind, 2)


def test_a_zip_and_csvs_mean_two_things(api):
    files = some_files()
    answer = post_parts(api, {"me.zip": pack(files), **files})
    assert answer.status == 422, answer
    assert "me.zip" in answer.json()["detail"]
    assert "alone" in answer.json()["detail"]


def test_a_zip_beside_a_picture_is_read(api):
    report = committed(post_parts(api, {"me.zip": pack(some_files()),
                                        "me.jpg": b"\xff\xd8\xff"}))
    assert kinds(report)["me.jpg"] == "unread"
    assert report["films"] == 2


def test_too_many_parts(api):
    answer = post_parts(api, {f"{i}.csv": b"x" for i in range(5001)})
    assert answer.status == 413, answer
    assert answer.json()["type"].endswith("too-many-entries")

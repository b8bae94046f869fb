"""Imports: whole exports, again, changed, in parts, tried, refused."""

import random

import pytest

import export_maker
import export_oracle
from export_maker import Export, Film
from harness import wait_until
from importing import (checked, committed, counts, import_csv, moved, rows,
                       version)

ALIEN = Film("Alien", 1979, 11, "alien")
BRAZIL = Film("Brazil", 1985, 12, "brazil")
CURE = Film("Cure", 1997, 13, "cure")
DUEL = Film("Duel", 1971, 14, "duel")
EVE = Film("All About Eve", None, 15, "all-about-eve")


def small():
    """Five films, all kinds of files."""
    export = Export()
    for film, date in [(ALIEN, "2024-01-01"), (BRAZIL, "2024-01-02"),
                       (CURE, "2024-01-03")]:
        export.watched(film, date)
    export.rating(ALIEN, "2024-02-01", 4.5)
    export.diary(ALIEN, 901, "2024-01-01", stars=4)
    export.diary(ALIEN, 902, "2024-03-01", stars=5, rewatch=True,
                 tags=["home", "late"])
    export.diary(BRAZIL, 903, "2024-01-02", stars=3)
    export.review(BRAZIL, 903, "2024-01-02", "Papers,\r\n\"please\".", stars=3)
    export.review(CURE, 904, None, "No date.", logged_on="2024-01-09")
    export.likes(ALIEN, "2024-01-05")
    export.watchlist(DUEL, "2024-04-01")
    export.favourites(CURE, ALIEN)
    export.list("to-see", [DUEL, EVE], tags=["b", "a"], description="x\r\ny",
                notes={2: "soon"})
    export.diary(Film("Gone", 2001, None), None, "2023-01-01", stars=2,
                 path="orphaned/diary.csv")
    export.diary(DUEL, 905, "2023-01-01", path="deleted/diary.csv")
    return export


def entries(database):
    return export_oracle.stored(database).entries


def key(film):
    return (f"boxd:{film.number}" if film.number else "", film.title,
            film.year or 0)


def watches_of(database, film):
    return sorted((w for w in export_oracle.stored(database).watches
                   if w["film"] == key(film)), key=lambda w: w["entry"])


def test_first_import(api, database):
    data = small().zip()
    answer = api.post("/v1/imports?file_name=my.zip", data, "application/zip")
    report = committed(answer)
    assert report["state"] == "committed" and report["id"] > 0
    assert report["file_name"] == "my.zip" and report["size"] == len(data)
    for path, n in [("watched.csv", 3), ("ratings.csv", 1), ("diary.csv", 3),
                    ("reviews.csv", 2), ("likes/films.csv", 1),
                    ("watchlist.csv", 1), ("profile.csv", 2),
                    ("lists/to-see.csv", 2), ("orphaned/diary.csv", 1)]:
        assert counts(report, path) == {"rows": n, "new": n}, path
    assert counts(report, "deleted/diary.csv") == {"rows": 1, "unchanged": 1}
    # Alien, Brazil, Cure and the orphan; 3 diary rows, the review without
    # one, the orphan; a job for each film but the orphan, Duel and Eve.
    assert (report["films"], report["watches"], report["jobs"]) == (4, 5, 3)
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(data))


def test_report_is_kept(api):
    report = committed(api.import_zip(small().zip()))
    kept = api.get(f"/v1/imports/{report['id']}").json()
    assert kept == report
    listed = api.get("/v1/imports").json()
    assert [i["id"] for i in listed["imports"]] == [report["id"]]
    assert listed["next"] is None
    assert api.get("/v1/imports/999999").status == 404
    assert api.get("/v1/imports/999999/rows").status == 404


def test_imports_are_listed_in_pages(api):
    ids = [committed(api.import_zip(small().zip()))["id"] for _ in range(3)]
    first = api.get("/v1/imports?limit=2").json()
    assert [i["id"] for i in first["imports"]] == ids[:0:-1]
    second = api.get(f"/v1/imports?limit=2&after={first['next']}").json()
    assert [i["id"] for i in second["imports"]] == ids[:1]
    assert second["next"] is None


@pytest.mark.parametrize("style", ["boxd", "long"])
@pytest.mark.parametrize("seed", range(4))
def test_generated_exports(api, database, seed, style):
    films = export_maker.film_pool(seed, 80)
    data = export_maker.some_export(seed, films, style).zip()
    report = committed(api.import_zip(data))
    wanted = export_oracle.expected(data)
    export_oracle.assert_same(export_oracle.stored(database), wanted)
    assert report["films"] == len(wanted.watched())
    assert report["watches"] == len(wanted.watches)
    before = version(database)
    again = committed(api.import_zip(data))
    assert moved(again) == {} and again["jobs"] == 0
    assert version(database) == before
    export_oracle.assert_same(export_oracle.stored(database), wanted)


@pytest.mark.parametrize("pool", [7, 102])
def test_one_export_over_another(api, database, pool):
    """What another export says replaces every source it has a file for."""
    films = export_maker.film_pool(pool, 50)
    for i in range(3):
        data = export_maker.some_export(f"{pool}-{i}", films).zip()
        committed(api.import_zip(data))
        export_oracle.assert_same(export_oracle.stored(database),
                                  export_oracle.expected(data))


def test_changed_export(api, database):
    export = small()
    committed(api.import_zip(export.zip()))
    before = version(database)
    export.files["diary.csv"][0]["Rating"] = "1.5"        # edited
    export.files["diary.csv"][1]["Watched Date"] = "2024-03-02"
    del export.files["diary.csv"][2]                      # its review stays
    export.diary(CURE, 906, "2024-05-01")                 # new
    export.files["ratings.csv"][0]["Rating"] = "2"
    export.rating(BRAZIL, "2024-02-02", 3.5)
    export.files["reviews.csv"][0]["Review"] = "Different."
    del export.files["likes/films.csv"][0]
    export.files["watched.csv"][2]["Date"] = "2024-01-04"
    export.watched(DUEL, "2024-05-05")
    export.files["watchlist.csv"].clear()
    export.lists["to-see"][1].pop(0)                      # Duel goes
    export.lists["to-see"][1][0]["Position"] = "1"
    export.favourites(ALIEN)
    data = export.zip()
    report = committed(api.import_zip(data))
    assert moved(report) == {
        "watched.csv": {"new": 1, "changed": 1},
        "ratings.csv": {"new": 1, "changed": 1},
        "diary.csv": {"new": 1, "changed": 2, "removed": 1},
        "reviews.csv": {"changed": 1},
        "likes/films.csv": {"removed": 1},
        "watchlist.csv": {"removed": 1},
        # Place 1 holds another film, place 2 is gone.
        "lists/to-see.csv": {"changed": 1, "removed": 1},
        # Alien is first now, Cure is none.
        "profile.csv": {"changed": 1, "removed": 1},
    }
    assert version(database) == before + 1
    assert report["jobs"] == 1  # Duel
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(data))


def test_list_changes(api, database):
    export = small()
    export.list("second", [ALIEN, CURE])
    committed(api.import_zip(export.zip()))
    export.lists["to-see"][0]["Name"] = "Renamed"
    del export.lists["second"]
    before = version(database)
    report = committed(api.import_zip(export.zip()))
    assert moved(report) == {"lists/second.csv": {"removed": 2}}
    assert counts(report, "lists/second.csv") == {"removed": 2}
    assert version(database) == before + 1
    assert database.query("SELECT slug, name FROM list") == [
        ("to-see", "Renamed")]
    # A list that comes alone leaves the others.
    export.list("third", [BRAZIL])
    import_csv(api, "lists/third.csv", export.csv("lists/third.csv"))
    assert [s for s, in database.query("SELECT slug FROM list ORDER BY 1")] \
        == ["third", "to-see"]


def test_a_vanished_film_leaves_no_entry(api, database):
    export = small()
    committed(api.import_zip(export.zip()))
    export.files["watched.csv"].pop(1)   # Brazil
    export.files["diary.csv"].pop(2)
    export.files["reviews.csv"].pop(0)
    report = committed(api.import_zip(export.zip()))
    assert (report["films"], report["watches"]) == (3, 4)
    assert key(BRAZIL) not in entries(database)
    assert database.value("SELECT count(*) FROM film WHERE title = 'Brazil'") \
        == 1


def test_dry_run(api, database):
    committed(api.import_zip(small().zip()))
    state = export_oracle.stored(database)
    before = version(database)
    export = small()
    export.diary(CURE, 906, "2024-05-01")
    export.watched(EVE, "2024-05-02")
    export.watched(Film("New", 2020, 16), "2024-05-02")["Date"] = "2024-02-30"
    answer = api.import_zip(export.zip(), "?dry_run=1")
    assert answer.status == 200
    tried = checked(answer.json())
    assert tried["state"] == "dry_run" and "id" not in tried
    assert [(r["file"], r["line"], r["outcome"]) for r in tried["rows"]] == [
        ("watched.csv", 6, "rejected")]
    assert database.value("SELECT count(*) FROM import") == 1
    assert database.value("SELECT count(*) FROM film") == 6
    assert database.value("SELECT count(*) FROM enrich_job") == 3
    assert version(database) == before
    export_oracle.assert_same(export_oracle.stored(database), state)
    done = committed(api.import_zip(export.zip()))
    for member in ("files", "films", "watches", "jobs"):
        assert tried[member] == done[member]


def test_clear_library(api, database):
    committed(api.import_zip(small().zip()))
    before = version(database)
    assert api.delete("/v1/library").status == 204
    assert export_oracle.stored(database) == export_oracle.Library()
    assert database.value("SELECT count(*) FROM import_row") == 0
    assert api.get("/v1/imports").json()["imports"] == []
    assert version(database) > before
    assert database.value("SELECT count(*) FROM film") == 6
    # Nobody has them: nobody asks for them.
    assert database.value("SELECT count(*) FROM enrich_job") == 0
    report = committed(api.import_zip(small().zip()))
    assert report["jobs"] == 3
    assert moved(report)["watched.csv"] == {"new": 3}


def test_sample_gives_way(api, database):
    sample = Export()
    sample.watched(DUEL, "2024-01-01")
    sample.list("samples", [DUEL])
    committed(api.import_zip(sample.zip(), "?sample=1"))
    assert database.value("SELECT sample FROM member")
    # Over itself it goes; over it anything else goes, alone.
    committed(api.import_zip(sample.zip(), "?sample=1"))
    data = small().zip()
    report = committed(api.import_zip(data))
    assert not database.value("SELECT sample FROM member")
    assert moved(report)["watched.csv"] == {"new": 3}
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(data))
    assert len(api.get("/v1/imports").json()["imports"]) == 1
    answer = api.import_zip(sample.zip(), "?sample=1")
    assert answer.status == 409
    assert answer.json()["type"].endswith("library-not-empty")
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(data))


# --- parts of an export

def test_single_files_add_up(api, database):
    """The files of an export one by one give the library of the whole."""
    export = small()
    order = ["watched.csv", "reviews.csv", "diary.csv", "ratings.csv",
             "likes/films.csv", "watchlist.csv", "orphaned/diary.csv",
             "profile.csv", "lists/to-see.csv"]
    for path in order:
        report = import_csv(api, path, export.csv(path))
        n = len(export.lists["to-see"][1]) if "lists/" in path \
            else 2 if path == "profile.csv" else len(export.files[path])
        assert counts(report, path) == {"rows": n, "new": n}, path
    data = export.zip()
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(data))
    report = committed(api.import_zip(data))
    assert moved(report) == {}


@pytest.mark.parametrize("style", ["boxd", "long"])
@pytest.mark.parametrize("seed", range(2))
def test_single_files_in_any_order(api, database, seed, style):
    films = {(f.title, f.year): f for f in export_maker.film_pool(seed, 40)}
    export = export_maker.some_export(seed, list(films.values()), style)
    order = [p for p in export.paths()
             if not p.startswith("deleted/") and p != "profile.csv"]
    random.Random(seed).shuffle(order)
    # Favourites have a link and no name: they come when their films are known.
    for path in order + ["profile.csv"] * ("profile.csv" in export.files):
        import_csv(api, path, export.csv(path))
    data = export.zip()
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(data))
    assert moved(committed(api.import_zip(data))) == {}


def test_a_single_file_replaces_its_source_alone(api, database):
    export = small()
    committed(api.import_zip(export.zip()))
    diary = export.files["diary.csv"]
    export.files["diary.csv"] = diary[1:2]
    report = import_csv(api, "diary.csv", export.csv("diary.csv"))
    assert counts(report, "diary.csv") == {"rows": 1, "unchanged": 1,
                                           "removed": 2}
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(export.zip()))


def test_reviews_alone_keep_the_film_of_their_entry(api, database):
    """Two films of one name: an entry's review follows its diary row."""
    one, two = Film("Anna", 2019, 21), Film("Anna", 2019, 22)
    export = Export()
    export.watched(one, "2024-01-01")
    export.watched(two, "2024-01-02")
    export.rating(two, "2024-01-02", 2)
    export.diary(two, 901, "2024-01-02", stars=2)
    committed(api.import_zip(export.zip()))
    assert [w["entry"] for w in watches_of(database, two)] == ["boxd:901"]
    export.review(two, 901, "2024-01-02", "It.", stars=2)
    report = import_csv(api, "reviews.csv", export.csv("reviews.csv"))
    assert counts(report, "reviews.csv") == {"rows": 1, "new": 1}
    watch, = watches_of(database, two)
    assert (watch["source"], watch["review"]) == ("diary", "It.")


def test_provisional_films_find_their_film(api, database):
    """diary.csv alone knows no link of a film; watched.csv brings it."""
    export = small()
    report = import_csv(api, "diary.csv", export.csv("diary.csv"))
    assert (report["films"], report["watches"], report["jobs"]) == (2, 3, 2)
    assert entries(database).keys() == {("", "Alien", 1979),
                                        ("", "Brazil", 1985)}
    # Somebody else's Brazil is known already, with its link.
    database.query("INSERT INTO film (ref, title, year)"
                   " VALUES ('boxd:12', 'Brazil', 1985)")
    report = import_csv(api, "watched.csv", export.csv("watched.csv"))
    assert counts(report, "watched.csv") == {"rows": 3, "new": 3}
    assert entries(database).keys() == {key(ALIEN), key(BRAZIL), key(CURE)}
    assert [w["entry"] for w in watches_of(database, ALIEN)] == [
        "boxd:901", "boxd:902"]
    assert [w["entry"] for w in watches_of(database, BRAZIL)] == ["boxd:903"]
    # Each has a job; those of the rows known by name are gone. The rows are
    # kept for the undo.
    assert report["jobs"] == 3
    assert database.value("SELECT count(*) FROM film f JOIN enrich_job "
                          "ON film_id = f.id WHERE ref = ''") == 0
    assert moved(import_csv(api, "diary.csv", export.csv("diary.csv"))) == {}


def test_a_review_without_its_entry_becomes_one(api, database):
    export = Export()
    export.watched(CURE, "2024-01-03")
    export.review(CURE, 904, None, "First.", stars=3, logged_on="2024-01-09")
    committed(api.import_zip(export.zip()))
    watch, = watches_of(database, CURE)
    assert (watch["source"], watch["watched_on"], watch["rating"]) == (
        "reviews", None, 6)
    assert entries(database)[key(CURE)]["rating_source"] == "reviews"
    export.files["reviews.csv"][0]["Watched Date"] = "2024-01-08"
    export.diary(CURE, 904, "2024-01-08", stars=3, logged_on="2024-01-09")
    report = committed(api.import_zip(export.zip()))
    assert moved(report) == {"diary.csv": {"new": 1}}
    watch, = watches_of(database, CURE)
    assert (watch["source"], watch["watched_on"], watch["review"]) == (
        "diary", "2024-01-08", "First.")


# --- films

def test_namesakes_by_rating_and_in_turn(api, database):
    one, two = Film("Anna", 2019, 21), Film("Anna", 2019, 22)
    export = Export()
    export.watched(one, "2024-01-01")
    export.watched(two, "2024-01-02")
    export.rating(one, "2024-01-01", 5)
    export.rating(two, "2024-01-02", 2)
    export.diary(two, 903, "2024-03-01", stars=2)   # as two is rated
    export.diary(one, 902, "2024-02-01", stars=3)   # second in turn
    export.diary(one, 901, "2024-01-05")            # first in turn
    report = committed(api.import_zip(export.zip()))
    assert counts(report, "diary.csv") == {"rows": 3, "new": 3,
                                           "ambiguous": 3}
    assert [w["entry"] for w in watches_of(database, one)] == ["boxd:901"]
    assert [w["entry"] for w in watches_of(database, two)] == ["boxd:902",
                                                               "boxd:903"]
    found = rows(api, report)
    assert [(r["file"], r["line"], r["outcome"]) for r in found] == [
        ("diary.csv", n, "ambiguous") for n in (2, 3, 4)]
    # By the links, as watched.csv has them.
    for row, taken, why in zip(found, (two, two, one),
                               ("rated", "in turn", "in turn")):
        assert f'"{export.film_link(taken)}"' in row["reason"]
        assert why in row["reason"]
    assert found[0]["raw"].startswith("2024-03-01,Anna,2019,https://boxd.it/")


def test_namesakes_by_the_rating_of_this_upload(api, database):
    one, two = Film("Anna", 2019, 21), Film("Anna", 2019, 22)
    export = Export()
    export.watched(one, "2024-01-01")
    export.watched(two, "2024-01-02")
    export.rating(two, "2024-01-02", 5)
    committed(api.import_zip(export.zip()))
    # Rated 5 no more: in turn.
    export.files["ratings.csv"][0]["Rating"] = "3"
    export.diary(one, 901, "2024-03-01", stars=5)
    committed(api.import_zip(export.zip()))
    assert [w["entry"] for w in watches_of(database, one)] == ["boxd:901"]
    # A diary that comes alone goes by the ratings there are, and an entry that
    # is known stays where it is.
    export.files["diary.csv"][0]["Rating"] = "3"
    export.diary(two, 902, "2024-03-02", stars=3)
    import_csv(api, "diary.csv", export.csv("diary.csv"))
    assert [w["entry"] for w in watches_of(database, one)] == ["boxd:901"]
    assert [w["entry"] for w in watches_of(database, two)] == ["boxd:902"]


def test_case_and_year_tell_films_apart(api, database):
    films = [Film("Rain", 2019, 31), Film("rain", 2019, 32),
             Film("Rain", 2018, 33), Film("Rain", None, 34)]
    export = Export()
    for i, film in enumerate(films):
        export.watched(film, "2024-01-01")
        export.diary(film, 901 + i, "2024-01-01")
    report = committed(api.import_zip(export.zip()))
    assert counts(report, "diary.csv") == {"rows": 4, "new": 4}
    for i, film in enumerate(films):
        assert [w["entry"] for w in watches_of(database, film)] == [
            f"boxd:{901 + i}"]


def test_films_without_a_link(api, database):
    """Old exports lost the links of some films; such a film beside one of
    the same name with a link is another film."""
    linked = Film("Bamako", 2006, 41, "bamako")
    bare = Film("Bamako", 2006, None)
    box = Film("A Trilogy", None, None)
    export = Export("long")
    for film in (linked, bare, box):
        export.watched(film, "2014-01-01")
    export.diary(linked, 0, "2014-01-01", stars=3)
    data = export.zip()
    report = committed(api.import_zip(data))
    assert (report["films"], report["jobs"]) == (3, 3)
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(data))
    assert moved(committed(api.import_zip(data))) == {}


def test_favourites_need_a_known_film(api, database):
    stranger = Film("Stranger", 1990, 77)
    export = small()
    export.favourites(stranger, ALIEN)
    report = committed(api.import_zip(export.zip()))
    assert counts(report, "profile.csv") == {"rows": 2, "new": 1,
                                             "rejected": 1}
    found, = rows(api, report, "?outcome=rejected")
    assert found["file"] == "profile.csv"
    assert found["reason"].startswith("not in this export")
    assert entries(database)[key(ALIEN)]["favourite"] == 2


def test_diary_and_review_disagree(api, database):
    export = small()
    export.files["reviews.csv"][0]["Rating"] = "5"
    report = committed(api.import_zip(export.zip()))
    assert counts(report, "reviews.csv") == {"rows": 2, "new": 2,
                                             "ambiguous": 1}
    found, = rows(api, report)
    assert "diary.csv" in found["reason"]
    watch, = watches_of(database, BRAZIL)
    assert watch["rating"] == 6 and watch["review"]


# --- rows that are not taken

def test_rejected_rows(api, database):
    export = small()
    for change in ({"Rating": "6"}, {"Date": "2024-02-30"}, {"Year": "abc"},
                   {"Name": ""}):
        row = export.rating(DUEL, "2024-01-01", 3)
        row.update(change)
    report = committed(api.import_zip(export.zip()))
    assert counts(report, "ratings.csv") == {"rows": 5, "new": 1,
                                             "rejected": 4}
    found = rows(api, report, "?outcome=rejected")
    assert [(r["file"], r["line"]) for r in found] == [
        ("ratings.csv", n) for n in (3, 4, 5, 6)]
    assert all(r["outcome"] == "rejected" and r["reason"] for r in found)
    assert found[0]["raw"].endswith(",6")
    assert rows(api, report, "?outcome=ambiguous") == []
    page = api.get(f"/v1/imports/{report['id']}/rows?limit=3").json()
    assert page["rows"] == found[:3]
    page = api.get(f"/v1/imports/{report['id']}/rows?limit=3"
                   f"&after={page['next']}").json()
    assert page == {"rows": found[3:], "next": None}
    assert entries(database)[key(DUEL)]["rating"] is None


def test_raw_bytes_become_text(api):
    export = small()
    data = export.csv("watched.csv") + b"2024-01-01,\xff\xfeA\x80,2000,\r\n"
    report = import_csv(api, "watched.csv", data)
    found, = rows(api, report)
    assert found["raw"].rstrip() == "2024-01-01,\ufffd\ufffdA\ufffd,2000,"


def test_a_row_said_twice(api, database):
    export = small()
    export.watched(ALIEN, "2025-01-01")
    export.diary(ALIEN, 902, "2025-01-01")
    report = committed(api.import_zip(export.zip()))
    assert counts(report, "watched.csv") == {"rows": 4, "new": 3,
                                             "rejected": 1}
    assert counts(report, "diary.csv") == {"rows": 4, "new": 3, "rejected": 1}
    assert entries(database)[key(ALIEN)]["marked_on"] == "2024-01-01"


@pytest.mark.parametrize("body, status, name", [
    (b"", 400, "empty-body"),
    (b"PK\x03\x04 and nothing more", 422, "damaged-zip"),
])
def test_refused_uploads_change_nothing(api, database, body, status, name):
    committed(api.import_zip(small().zip()))
    state, before = export_oracle.stored(database), version(database)
    answer = api.import_zip(body)
    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{name}"
    assert version(database) == before
    export_oracle.assert_same(export_oracle.stored(database), state)


def test_all_or_nothing(api, database):
    """The last statement but one fails: nothing of the import is there, and
    the next one on the same connection is as good as any."""
    database.query("CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql"
                   " AS $$ BEGIN RAISE 'no more jobs'; END $$")
    database.query("CREATE TRIGGER fail BEFORE INSERT ON enrich_job"
                   " EXECUTE FUNCTION fail()")
    answer = api.import_zip(small().zip())
    assert answer.status == 500
    assert answer.json()["type"] == "/problems/internal"
    for table in ("film", "library_entry", "watch", "list", "import",
                  "enrich_share"):
        assert database.value(f"SELECT count(*) FROM {table}") == 0, table
    assert version(database) == 0
    database.query("DROP TRIGGER fail ON enrich_job")
    data = small().zip()
    assert committed(api.import_zip(data))["jobs"] == 3
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(data))


# --- jobs

def test_jobs_in_the_order_of_the_export(api, database):
    export = Export()
    for i, film in enumerate([CURE, ALIEN, DUEL]):
        export.watched(film, f"2024-01-0{i + 1}")
    export.likes(EVE, "2024-02-01")
    export.watchlist(BRAZIL, "2024-01-01")
    committed(api.import_zip(export.zip()))
    tags = database.query("SELECT f.title, j.tag FROM enrich_job j JOIN film f"
                          " ON f.id = j.film_id ORDER BY j.tag")
    assert [t for t, _ in tags] == ["Cure", "Alien", "Duel", "All About Eve"]
    steps = {b - a for (_, a), (_, b) in zip(tags, tags[1:])}
    assert len(steps) == 1 and steps.pop() > 0
    assert database.value("SELECT last_tag FROM enrich_clock") == tags[-1][1]
    assert database.value("SELECT last_tag FROM enrich_share") == tags[-1][1]


def test_no_job_for_a_film_that_has_an_answer(api, database):
    export = small()
    database.query("INSERT INTO film (ref, title, year, match_state)"
                   " VALUES ('boxd:11', 'Alien', 1979, 'not_found'),"
                   " ('boxd:12', 'Brazil', 1985, NULL)")
    database.query("INSERT INTO enrich_dead (film_id, attempt, last_error)"
                   " SELECT id, 5, 'x' FROM film WHERE title = 'Brazil'")
    report = committed(api.import_zip(export.zip()))
    assert report["jobs"] == 1  # Cure
    assert database.query("SELECT f.title FROM enrich_job j JOIN film f"
                          " ON f.id = j.film_id") == [("Cure",)]


def test_programs_are_told_after_the_commit(api, database):
    told = []
    with database.connect() as db:
        db.add_notify_handler(lambda n: told.append((n.channel, n.payload)))
        db.execute("LISTEN enrich_job")
        db.execute("LISTEN library")
        committed(api.import_zip(small().zip()))
        committed(api.import_zip(small().zip()))         # changes nothing
        api.import_zip(Export().touch("watched.csv").zip(), "?dry_run=1")
        committed(api.import_zip(Export().touch("watched.csv").zip()))
        wait_until(lambda: db.execute("SELECT 1") and len(told) >= 3, "told")
    assert sorted(told[:2]) == [("enrich_job", ""), ("library", "1")]
    assert told[2:] == [("library", "1")]

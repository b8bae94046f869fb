"""Imports of several members, after each other and at once."""

import threading

import pytest

import export_maker
import export_oracle
from export_maker import Export, Film
from importing import committed, moved, second_member

FILMS = export_maker.film_pool("members", 120)


@pytest.fixture
def two_members(database, start_api):
    """Servers of members 1 and 2 of one database."""
    url = second_member(database)
    return start_api(), start_api(url=url)


def shared_films(database):
    """Title and year of the films in both libraries, and rows of film that
    stand for them."""
    return database.query(
        "SELECT title, COALESCE(year, 0), count(*) FROM film"
        " WHERE (title, COALESCE(year, 0)) IN"
        " (SELECT title, COALESCE(year, 0) FROM film"
        "  JOIN library_entry e ON e.film_id = id"
        "  GROUP BY 1, 2 HAVING count(DISTINCT member_id) = 2)"
        " GROUP BY 1, 2")


def names(library):
    """What a library says, films by title and year: the ref may be a better
    one, of somebody else's export."""
    return (sorted(repr((f[1:], sorted(e.items(), key=str)))
                   for f, e in library.entries.items()),
            sorted(repr(sorted(dict(w, film=w["film"][1:]).items()))
                   for w in library.watches),
            {slug: dict(entry, items=[(p, f[1:], n)
                                      for p, f, n in entry["items"]])
             for slug, entry in library.lists.items()})


def no_namesakes(films):
    seen = set()
    return [f for f in films if (f.title, f.year) not in seen
            and not seen.add((f.title, f.year))]


@pytest.mark.parametrize("styles", [("boxd", "long"), ("boxd", "boxd"),
                                    ("long", "long")])
def test_a_film_of_two_members_is_one(two_members, database, styles):
    films = no_namesakes(FILMS)
    exports = [export_maker.some_export(f"m{i}", films, style).zip()
               for i, style in enumerate(styles)]
    reports = [committed(api.import_zip(data))
               for api, data in zip(two_members, exports)]
    found = shared_films(database)
    assert len(found) > 40
    assert [row for row in found if row[2] != 1] == []
    # One job a film, whoever asks.
    assert sum(r["jobs"] for r in reports) == database.value(
        "SELECT count(*) FROM enrich_job")
    for member, data in enumerate(exports, 1):
        assert names(export_oracle.stored(database, member)) == names(
            export_oracle.expected(data))
    # Whatever the other did to the films, nothing of one's own changed.
    for api, data in zip(two_members, exports):
        again = committed(api.import_zip(data))
        assert moved(again) == {} and again["jobs"] == 0


def test_a_number_after_a_slug_asks_nobody_again(two_members, database):
    """Each stands on the row of their own ref: no import changes a row that
    somebody else's library stands on. TMDB is asked once all the same."""
    films = no_namesakes(FILMS)
    exports = [export_maker.some_export(f"m{i}", films, style).zip()
               for i, style in enumerate(["long", "boxd"])]
    first, second = two_members
    committed(first.import_zip(exports[0]))
    database.query("DELETE FROM enrich_job")
    database.query("UPDATE film SET match_state = 'not_found', "
                   "match_method = 'none', matched_at = now()")
    before = database.query("SELECT * FROM film ORDER BY id")
    committed(second.import_zip(exports[1]))
    assert database.query("SELECT * FROM film WHERE id <= %s ORDER BY id",
                          before[-1][0]) == before
    asked = {row[:2] for row in database.query(
        "SELECT title, year FROM enrich_job JOIN film ON id = film_id")}
    known = {row[:2] for row in database.query(
        "SELECT title, year FROM film WHERE id <= %s", before[-1][0])}
    assert known and not asked & known
    for member, data in enumerate(exports, 1):
        export_oracle.assert_same(export_oracle.stored(database, member),
                                  export_oracle.expected(data))


def test_a_member_moves_to_the_better_link(two_members, database):
    """The old export had slugs, the new one has numbers. What the member has
    moves; another member's library stays where it is."""
    first, second = two_members
    films = no_namesakes(FILMS)[:30]
    exports = {}
    for style in ("long", "boxd"):
        export = Export(style)
        for i, film in enumerate(films):
            export.watched(film, "2024-01-01")
            export.rating(film, "2024-01-02", 1 + i % 5)
        exports[style] = export.zip()
    for api in two_members:
        committed(api.import_zip(exports["long"]))
    others = database.query("SELECT * FROM library_entry WHERE member_id = 2 "
                            "ORDER BY film_id")
    version = database.value("SELECT library_version FROM member WHERE id = 1")
    choice = database.value(
        "INSERT INTO film_choice (member_id, film_id) SELECT 1, film_id "
        "FROM library_entry WHERE member_id = 1 ORDER BY film_id LIMIT 1 "
        "RETURNING (SELECT title FROM film WHERE id = film_id)")

    report = committed(first.import_zip(exports["boxd"]))
    assert moved(report) == {}
    export_oracle.assert_same(export_oracle.stored(database, 1),
                              export_oracle.expected(exports["boxd"]))
    assert database.value("SELECT library_version FROM member "
                          "WHERE id = 1") == version + 1
    assert database.query("SELECT f.title, f.ref LIKE 'boxd:%%' "
                          "FROM film_choice JOIN film f ON f.id = film_id "
                          "WHERE member_id = %s", 1) == [(choice, True)]
    assert database.query("SELECT * FROM library_entry WHERE member_id = 2 "
                          "ORDER BY film_id") == others
    assert moved(committed(first.import_zip(exports["boxd"]))) == {}
    # Undated viewings can be told apart by their film again.
    assert database.value("SELECT count(*) FROM watch WHERE member_id = 1 "
                          "AND entry <> 'watched:' || film_id") == 0
    # When nobody is left there, their jobs go; the rows, when no undo needs
    # them any more.
    committed(second.import_zip(exports["boxd"]))
    assert database.value("SELECT count(*) FROM film JOIN enrich_job "
                          "ON film_id = id WHERE ref LIKE 'slug:%'") == 0
    assert database.value("SELECT count(*) FROM enrich_job") == len(films)


def test_a_link_leaves_another_members_name_alone(two_members, database):
    """diary.csv alone names a film; another member's export has its link.
    They are two rows, and the first can import again."""
    first, second = two_members
    solaris = Film("Solaris", 1972, 51)
    export = Export()
    export.diary(solaris, 901, "2024-01-01")
    alone = export.zip()
    committed(first.import_zip(alone))
    export.watched(solaris, "2024-01-01")
    assert committed(second.import_zip(export.zip()))["jobs"] == 1
    assert database.query("SELECT ref FROM film ORDER BY ref") == [
        ("",), ("boxd:51",)]
    assert moved(committed(first.import_zip(alone))) == {}
    assert database.value("SELECT count(*) FROM film") == 2


def test_namesakes_stay_apart_between_members(two_members, database):
    """Two links of one title and year are two films, whoever has which."""
    first, second = two_members
    for api, number in ((first, 61), (second, 62)):
        export = Export()
        export.watched(Film("Swan Song", 2021, number), "2024-01-01")
        committed(api.import_zip(export.zip()))
    # A slug cannot tell which of the two it is: a film of its own.
    export = Export("long")
    export.watched(Film("Swan Song", 2021, 63, "swan-song"), "2024-01-01")
    committed(first.import_zip(export.zip()))
    assert database.query("SELECT ref FROM film ORDER BY 1") == [
        ("boxd:61",), ("boxd:62",)]
    owner = database.query("SELECT f.ref FROM library_entry e"
                           " JOIN film f ON f.id = e.film_id"
                           " WHERE member_id = 1")
    assert owner == [("boxd:61",)]  # the only one of that name in the library


def test_a_wrong_name_spoils_nobody(two_members, database):
    first, second = two_members
    for api, title in ((first, "Jaws"), (second, "Not Jaws")):
        export = Export()
        export.watched(Film(title, 1975, 71), "2024-01-01")
        committed(api.import_zip(export.zip()))
    assert database.query("SELECT ref, title FROM film ORDER BY 2") \
        == [("boxd:71", "Jaws"), ("boxd:71", "Not Jaws")]


def test_a_small_import_is_not_starved_by_a_large_one(two_members, database):
    """Its jobs come next, also those that waited at the end of the other's."""
    first, second = two_members
    large = [Film(f"Film {i}", 2000, 1000 + i) for i in range(200)]
    small = large[-2:] + [Film(f"Own {i}", 2001, 2000 + i) for i in range(3)]
    for api, films in ((first, large), (second, small)):
        export = Export()
        for i, film in enumerate(films):
            export.watched(film, f"2024-{i // 28 + 1:02}-{i % 28 + 1:02}")
        report = committed(api.import_zip(export.zip()))
    assert report["jobs"] == 3
    order = [title for title, in database.query(
        "SELECT title FROM enrich_job JOIN film ON id = film_id ORDER BY tag")]
    assert len(order) == 203
    assert {f.title for f in small} <= set(order[:11])
    assert {f"Film {i}" for i in range(5)} <= set(order[:10])


# --- at once

def at_once(*calls):
    """The answers of the calls, made from as many threads."""
    answers = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def run(i, call):
        ready.wait(10)
        answers[i] = call()

    threads = [threading.Thread(target=run, args=(i, c))
               for i, c in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_two_imports_of_one_member(api, database):
    """The second waits for the first: as if one came after the other."""
    data = export_maker.some_export("once", FILMS).zip()
    reports = [committed(a) for a in at_once(
        lambda: api.import_zip(data), lambda: api.import_zip(data))]
    reports.sort(key=lambda r: r["id"])
    assert moved(reports[0]) != {} and moved(reports[1]) == {}
    assert [bool(r["jobs"]) for r in reports] == [True, False]
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(data))


def test_more_imports_than_may_run(api, database):
    data = export_maker.some_export("many", FILMS).zip()
    answers = at_once(*[lambda: api.import_zip(data)] * 6)
    statuses = [a.status for a in answers]
    assert set(statuses) <= {201, 503} and statuses.count(201) >= 2
    for answer in answers:
        if answer.status == 503:
            assert answer.json()["type"] == "/problems/busy"
            assert int(answer.headers["retry-after"]) > 0
    export_oracle.assert_same(export_oracle.stored(database),
                              export_oracle.expected(data))
    assert committed(api.import_zip(data))  # and then there is room again


def test_an_import_waits_for_a_lock_no_longer_than_its_deadline(
        start_api, database):
    api = start_api(settings={"import": {"deadline": "2s",
                                     "rows_max": 7000}})
    data = export_maker.some_export("wait", FILMS).zip()
    committed(api.import_zip(data))
    with database.connect() as db, db.transaction():
        db.execute("SELECT FROM member FOR UPDATE")
        answer = api.import_zip(data)
    assert answer.status == 503, answer
    assert answer.json()["type"] == "/problems/try-again"
    assert "retry-after" in answer.headers
    committed(api.import_zip(data))


@pytest.mark.parametrize("round_", range(4))
def test_members_at_once(two_members, database, round_):
    """Many films in common, in libraries that begin at the same moment."""
    films = no_namesakes(export_maker.film_pool(f"at once {round_}", 150))
    styles = [("boxd", "boxd"), ("boxd", "long"), ("long", "long")][round_ % 3]
    exports = [export_maker.some_export(f"{round_} {i}", films, style).zip()
               for i, style in enumerate(styles)]
    answers = at_once(*[lambda a=a, d=d: a.import_zip(d)
                        for a, d in zip(two_members, exports)])
    for answer in answers:
        committed(answer)
    for member, data in enumerate(exports, 1):
        assert names(export_oracle.stored(database, member)) == names(
            export_oracle.expected(data))
    assert database.value("SELECT count(*) FROM enrich_job") == \
        database.value("SELECT count(DISTINCT film_id) FROM enrich_job")
    if styles[0] == styles[1]:
        assert [r for r in shared_films(database) if r[2] != 1] == []

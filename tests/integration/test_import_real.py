"""The anonymous real exports beside the checkout, where they are: counts made
by others (expected.json), and every row against export_oracle."""

import json

import pytest

import export_oracle
from harness import SHARED
from importing import committed, moved, second_member, version

EXPORTS = SHARED / "exports"
EXPECTED = json.loads((EXPORTS / "expected.json").read_text()) \
    if (EXPORTS / "expected.json").exists() else {}

pytestmark = pytest.mark.skipif(not EXPECTED, reason="no real exports here")

# The rating of the rated diary entry that was watched last, then logged last.
LATEST = """
    (SELECT w.rating FROM watch w WHERE w.member_id = e.member_id
     AND w.film_id = e.film_id AND w.source = 'diary' AND w.rating IS NOT NULL
     ORDER BY w.watched_on DESC, w.logged_on DESC, length(w.entry) DESC,
     w.entry DESC LIMIT 1)"""

# Key of expected.json -> the same from the database.
COUNTS = {
    "correct_distinct_films":
        "SELECT count(*) FROM library_entry WHERE marked_on IS NOT NULL",
    "ratings_rows":
        "SELECT count(*) FROM library_entry WHERE csv_rating IS NOT NULL",
    "diary_rows": "SELECT count(*) FROM watch WHERE source = 'diary'",
    "reviews_rows": "SELECT count(*) FROM watch"
                    " WHERE review IS NOT NULL AND source <> 'orphaned'",
    "watchlist_rows":
        "SELECT count(*) FROM library_entry WHERE watchlisted_on IS NOT NULL",
    "likes_rows":
        "SELECT count(*) FROM library_entry WHERE liked_on IS NOT NULL",
    "films_with_2plus_diary_entries":
        "SELECT count(*) FROM (SELECT FROM watch WHERE source = 'diary'"
        " GROUP BY film_id HAVING count(*) > 1) AS f",
    "rewatch_yes_rows":
        "SELECT count(*) FROM watch WHERE source = 'diary' AND rewatch",
    "films_rated_in_both":
        "SELECT count(*) FROM library_entry e WHERE csv_rating IS NOT NULL"
        f" AND {LATEST} IS NOT NULL",
    "rating_ne_latest_watched_diary_rating":
        "SELECT count(*) FROM library_entry e WHERE csv_rating IS NOT NULL"
        f" AND csv_rating <> {LATEST}",
    "diary_rated_not_in_ratings":
        "SELECT count(*) FROM library_entry e WHERE csv_rating IS NULL"
        f" AND {LATEST} IS NOT NULL",
    "watched_uris_not_rated":
        "SELECT count(*) FROM library_entry e JOIN film f ON f.id = film_id"
        " WHERE marked_on IS NOT NULL AND csv_rating IS NULL"
        " AND ref <> ''",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_library_equals_the_export(api, database, name):
    data = (EXPORTS / name).read_bytes()
    report = committed(api.import_zip(data))
    wanted = export_oracle.expected(data)
    export_oracle.assert_same(export_oracle.stored(database), wanted)
    assert report["films"] == len(wanted.watched())
    assert report["watches"] == len(wanted.watches)
    assert [f for f in report["files"] if f["rejected"]] == []
    found = {k: database.value(sql) for k, sql in COUNTS.items()}
    # Rows without a link are films, but not distinct links.
    found["correct_distinct_films"] -= unlinked(database)
    assert found == {k: EXPECTED[name][k] or 0 for k in COUNTS}


def unlinked(database):
    """Of the seven such rows of one export, the counts there take one."""
    n = database.value("SELECT count(*) FROM library_entry e JOIN film f"
                       " ON f.id = film_id WHERE marked_on IS NOT NULL"
                       " AND ref = ''")
    return max(n - 1, 0)


@pytest.mark.parametrize("name", EXPECTED)
def test_again_changes_nothing(api, database, name):
    data = (EXPORTS / name).read_bytes()
    first = committed(api.import_zip(data))
    before = version(database)
    again = committed(api.import_zip(data))
    assert moved(again) == {} and again["jobs"] == 0
    assert version(database) == before
    assert (again["films"], again["watches"]) == (first["films"],
                                                  first["watches"])


def test_a_film_is_one_job(api):
    data = (EXPORTS / "rewatchless-2025.zip").read_bytes()
    report = committed(api.import_zip(data))
    assert (report["films"], report["jobs"]) == (1621, 1621)


def test_old_and_new_links_of_two_members(database, start_api):
    url = second_member(database)
    first, second = start_api(), start_api(url=url)
    old = (EXPORTS / "long-uris-2017.zip").read_bytes()
    new = (EXPORTS / "rewatches-2021.zip").read_bytes()
    committed(first.import_zip(old))
    committed(second.import_zip(new))
    shared = {f[1:] for f in export_oracle.expected(old).watched()} \
        & {f[1:] for f in export_oracle.expected(new).watched()}
    assert len(shared) > 200
    # Each stands on the rows of their own links.
    for member, data in enumerate((old, new), 1):
        export_oracle.assert_same(export_oracle.stored(database, member),
                                  export_oracle.expected(data))
    assert database.value("SELECT count(*) FROM enrich_job") == \
        database.value("SELECT count(DISTINCT film_id) FROM library_entry"
                       " WHERE marked_on IS NOT NULL")
    assert moved(committed(first.import_zip(old))) == {}
    assert moved(committed(second.import_zip(new))) == {}

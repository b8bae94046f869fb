"""The rating in force, explained: small cases counted by hand."""

import datetime

import pytest

from synthetic import Film, Library, Watch, ask, store

D = datetime.date


def explain(database, **film):
    store(database, Library(1, [Film("Heat", 1995, "boxd:1", **film)]))
    film_id = database.value("SELECT film_id FROM library_entry")
    return ask(database, 1, "film/rating", film_id)


def test_ratings_csv_has_priority(database):
    answer = explain(
        database, marked_on=D(2020, 1, 1), csv_rating=8,
        csv_rated_on=D(2021, 4, 1), rating=8, rating_source="ratings",
        watches=[Watch(D(2021, 3, 2), rating=7),
                 Watch(D(2019, 5, 5), rating=8),
                 Watch(D(2022, 1, 1))])
    first, second = (id for id, in database.query(
        "SELECT id FROM watch WHERE rating IS NOT NULL ORDER BY id"))
    assert answer == {
        "rating": 4.0, "source": "ratings", "confidence": 100,
        "rule": "ratings.csv says 4 and has priority over diary entries, "
                "reviews and watched.csv. Overruled: diary entry of "
                "2021-03-02 said 3.5.",
        "evidence": [
            {"source": "ratings", "rating": 4.0, "date": "2021-04-01",
             "watch_id": None, "used": True,
             "reason": "ratings.csv says 4; it has priority"},
            {"source": "diary", "rating": 3.5, "date": "2021-03-02",
             "watch_id": first, "used": False,
             "reason": "diary entry of 2021-03-02 said 3.5; ratings.csv "
                       "has priority"},
            {"source": "diary", "rating": 4.0, "date": "2019-05-05",
             "watch_id": second, "used": False,
             "reason": "diary entry of 2019-05-05 said 4 as well; "
                       "ratings.csv has priority"}],
        "evidence_cut": 0}


def test_the_rated_viewing_watched_last(database):
    """Not the one logged last, and not a later one without a rating."""
    answer = explain(
        database, marked_on=D(2020, 1, 1), rating=3, rating_source="diary",
        watches=[Watch(D(2020, 1, 1), rating=10, logged_on=D(2022, 9, 9)),
                 Watch(D(2021, 2, 3), rating=3, logged_on=D(2021, 2, 3)),
                 Watch(None, rating=5, source="reviews"),
                 Watch(D(2022, 1, 1))])
    assert (answer["rating"], answer["source"]) == (1.5, "diary")
    assert answer["confidence"] == 75
    assert answer["rule"] == (
        "ratings.csv has no rating, so the rated viewing watched last "
        "counts: diary entry of 2021-02-03 said 1.5. Overruled: diary entry "
        "of 2020-01-01 said 5, review without a date said 2.5.")
    assert [(e["rating"], e["used"], e["reason"])
            for e in answer["evidence"]] == [
        (1.5, True, "diary entry of 2021-02-03 said 1.5; it is the latest "
                    "rated viewing and ratings.csv has no rating"),
        (5.0, False, "diary entry of 2020-01-01 said 5; diary entry of "
                     "2021-02-03 is the latest"),
        (2.5, False, "review without a date said 2.5; diary entry of "
                     "2021-02-03 is the latest")]


def test_a_review_counts_as_the_diary_does(database):
    answer = explain(database, rating=9, rating_source="reviews",
                     watches=[Watch(None, rating=9, source="reviews")])
    assert (answer["rating"], answer["source"]) == (4.5, "reviews")
    assert answer["confidence"] == 75
    assert "review without a date said 4.5" in answer["rule"]


def test_an_orphaned_entry_counts_as_the_diary_does(database):
    answer = explain(database, rating=6, rating_source="diary", watches=[
        Watch(D(2020, 1, 1), rating=6, source="orphaned")])
    assert (answer["rating"], answer["source"]) == (3.0, "diary")
    assert answer["evidence"][0]["source"] == "orphaned"
    assert answer["rule"].endswith(
        "counts: orphaned entry of 2020-01-01 said 3.")


def test_equal_days_go_by_the_log(database):
    """Watched the same day: the one logged later, then the higher entry."""
    answer = explain(
        database, rating=8, rating_source="diary", watches=[
            Watch(D(2020, 1, 1), rating=2, logged_on=D(2020, 1, 1)),
            Watch(D(2020, 1, 1), rating=6, logged_on=D(2020, 1, 3)),
            Watch(D(2020, 1, 1), rating=8, logged_on=D(2020, 1, 3))])
    assert [e["rating"] for e in answer["evidence"]] == [4.0, 3.0, 1.0]


@pytest.mark.parametrize("viewing", [
    Watch(source="watched"), Watch(D(2020, 1, 1))],
    ids=["only in watched.csv", "with an unrated diary entry"])
def test_watched_csv_is_the_last_resort(database, viewing):
    answer = explain(database, marked_on=D(2019, 1, 1), marked_rating=6,
                     rating=6, rating_source="watched", watches=[viewing])
    assert (answer["rating"], answer["source"]) == (3.0, "watched")
    assert answer["confidence"] == 50
    assert answer["rule"].endswith("watched.csv counts: it says 3.")
    assert answer["evidence"] == [{
        "source": "watched", "rating": 3.0, "date": "2019-01-01",
        "watch_id": None, "used": True,
        "reason": "watched.csv says 3; nothing else rates the film"}]


def test_watched_csv_loses_against_the_diary(database):
    answer = explain(
        database, marked_on=D(2019, 1, 1), marked_rating=6, rating=2,
        rating_source="diary", watches=[Watch(D(2020, 1, 1), rating=2)])
    assert [e["reason"] for e in answer["evidence"]][1] == (
        "watched.csv said 3; diary entry of 2020-01-01 has priority over "
        "watched.csv")


def test_nothing_rates_it(database):
    assert explain(database, watches=[Watch(D(2020, 1, 1))]) == {
        "rating": None, "source": None, "confidence": None,
        "rule": "Nothing in the export rates this film.", "evidence": [],
        "evidence_cut": 0}


def test_of_another_member(database):
    explain(database, rating=2, csv_rating=2, csv_rated_on=D(2020, 1, 1),
            rating_source="ratings")
    store(database, Library(2, []))
    film = database.value("SELECT id FROM film")
    assert ask(database, 2, "film/rating", film) is None
    assert ask(database, None, "film/rating", film) is None
    assert ask(database, 1, "film/rating", film + 1) is None

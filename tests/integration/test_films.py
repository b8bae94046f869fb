"""The list of films and one film, against the rows put in."""

import datetime
import json

import pytest

import synthetic
from synthetic import Film, Library, Title, Watch, ask, store

def films(database, member=1, sort="watched", limit=500, **given):
    return ask(database, member, "film/list", sort=sort, limit=limit, **given)


def last(film):
    return max((w.watched_on for w in film.watches if w.watched_on),
               default=None)


def tmdb(film, field):
    return getattr(film.tmdb, field) if film.tmdb else []


@pytest.fixture
def library(database):
    return store(database, synthetic.some_library(seed=11, member=1))


def test_a_row_of_the_list(database):
    day = datetime.date
    store(database, Library(1, [Film(
        "Solaris", 1972, "boxd:5", marked_on=day(2020, 1, 1),
        liked_on=day(2020, 1, 2), favourite=2, csv_rating=9,
        csv_rated_on=day(2020, 1, 3), rating=9, rating_source="ratings",
        tmdb=Title(593, "Solaris", runtime=167, poster_path="/s.jpg",
                   genres=["Drama", "Mystery"], directors=[8452, 1]),
        watches=[Watch(day(2019, 1, 1)), Watch(day(2020, 6, 1)), Watch()])]))
    assert films(database) == {
        "films": [{
            "id": database.value("SELECT id FROM film"), "title": "Solaris",
            "year": 1972, "letterboxd_ref": "boxd:5", "rating": 4.5,
            "rating_source": "ratings", "watches": 3,
            "last_watched": "2020-06-01", "marked_on": "2020-01-01",
            "liked": True, "watchlisted": False, "favourite": 2,
            "match_state": "matched", "chosen": False,
            "tmdb": {"kind": "movie", "id": 593},
            "poster_path": "/s.jpg", "runtime": 167,
            "genres": ["Drama", "Mystery"],
            "directors": [{"id": 8452, "name": "Person 8452"},
                          {"id": 1, "name": "Person 1"}]}],
        "next": None, "total": 1}


FILTERS = [
    ({}, lambda f: f.watched),
    ({"q": "RAIN"}, lambda f: f.watched and "rain" in f.title.lower()),
    ({"q": "é"}, lambda f: f.watched and "Été" in f.title),
    ({"year": 1990}, lambda f: f.watched and f.year == 1990),
    ({"decade": 1984}, lambda f: f.watched and f.year
     and 1980 <= f.year < 1990),
    ({"genre": "War"}, lambda f: f.watched and "War" in tmdb(f, "genres")),
    ({"country": "JP"}, lambda f: f.watched and "JP" in tmdb(f, "countries")),
    ({"language": "it"}, lambda f: f.watched
     and "it" in tmdb(f, "languages")),
    ({"director": 1003}, lambda f: f.watched
     and 1003 in tmdb(f, "directors")),
    ({"actor": 1004}, lambda f: f.watched and 1004 in tmdb(f, "cast")),
    ({"rating_min": "3.5"}, lambda f: f.rating and f.rating >= 7),
    ({"rating_min": "1.5", "rating_max": "2"},
     lambda f: f.rating in (3, 4)),
    ({"rated": "true"}, lambda f: f.rating),
    ({"rated": "false"}, lambda f: f.watched and not f.rating),
    ({"watched": "false"}, lambda f: not f.watched),
    ({"liked": "true"}, lambda f: f.liked_on),
    ({"liked": "true", "watched": "true"},
     lambda f: f.watched and f.liked_on),
    ({"watchlist": "true"}, lambda f: f.watchlisted_on),
    ({"watchlist": "true", "watched": "false"},
     lambda f: f.watchlisted_on and not f.watched),
    ({"rewatched": "true"}, lambda f: len(f.watches) > 1),
    ({"rewatched": "false"}, lambda f: f.watched and len(f.watches) < 2),
    ({"state": "matched"}, lambda f: f.state == "matched"),
    ({"state": "ambiguous"}, lambda f: f.state == "ambiguous"),
    ({"state": "pending"}, lambda f: False),
    ({"genre": "Drama", "rated": "true", "rewatched": "true"},
     lambda f: f.rating and len(f.watches) > 1
     and "Drama" in tmdb(f, "genres")),
]


@pytest.mark.parametrize("given, passes", FILTERS,
                         ids=[str(given) for given, _ in FILTERS])
def test_filters(database, library, given, passes):
    answer = films(database, **given)
    expected = {f.id for f in library.films if passes(f)}
    assert {f["id"] for f in answer["films"]} == expected
    assert answer["total"] == len(answer["films"]) == len(expected)


KEYS = {
    "title": lambda f: f.title.lower(),
    "year": lambda f: f.year,
    "rating": lambda f: f.rating,
    "watched": last,
    "watches": lambda f: len(f.watches),
    "runtime": lambda f: f.tmdb.runtime if f.tmdb else None,
    "marked": lambda f: f.marked_on or f.watchlisted_on,
}


@pytest.mark.parametrize("order", [None, "asc", "desc"])
@pytest.mark.parametrize("sort", KEYS)
def test_sorted_pages_are_the_whole_list(database, library, sort, order):
    """Page by page in every order: each film once, unknown ones last."""
    key = KEYS[sort]
    kept = sorted((f for f in library.films if f.watched),
                  key=lambda f: f.id)
    rising = (order or ("asc" if sort == "title" else "desc")) == "asc"
    known = [f for f in kept if key(f) is not None]
    known.sort(key=key, reverse=not rising)
    expected = [f.id for f in known + [f for f in kept if key(f) is None]]

    got, after = [], None
    while True:
        page = films(database, sort=sort, order=order, after=after, limit=7)
        assert page["total"] == len(expected)
        assert len(page["films"]) <= 7
        got += [f["id"] for f in page["films"]]
        after = page["next"]
        if after is None:
            break
        assert len(page["films"]) == 7
    assert got == expected


def test_pages_go_on_after_a_film_that_is_gone(database, library):
    first = films(database, sort="title", limit=10)
    rest = films(database, sort="title", after=first["next"])["films"]
    database.query("DELETE FROM library_entry WHERE film_id = %s",
                   first["films"][-1]["id"])
    assert films(database, sort="title",
                 after=first["next"])["films"] == rest


def test_a_cursor_of_somewhere_else(database, library):
    assert films(database, after="12") is None
    assert films(database, after="x~y") is None


def test_pending_is_a_film_with_a_job_that_is_not_matched(database, library):
    asked = [f for f in library.films if f.state in (None, "failed")][:3]
    fresh = [f for f in library.films if f.state == "matched"][0]
    for film in asked + [fresh]:
        database.query("INSERT INTO enrich_job (film_id, tag) "
                       "VALUES (%s, 1)", film.id)
    answer = films(database, state="pending")
    assert {f["id"] for f in answer["films"]} == {f.id for f in asked}
    assert {f["match_state"] for f in answer["films"]} == {"pending"}


@pytest.mark.parametrize("days", [179, 181])
def test_candidates_are_shown_for_six_months(database, days):
    """They are TMDB's, and a film that has its title gets no others."""
    guess = '[{"kind": "movie", "id": 2, "title": "Solaris"}]'
    film = Film("Solaris", 1972, "boxd:5", tmdb=Title(593, "Solaris"),
                confidence="medium", candidates=guess,
                matched_ago=days * 86400, marked_on=datetime.date(2020, 1, 2))
    store(database, Library(1, [film]))
    shown = json.loads(guess) if days < 180 else []
    assert ask(database, 1, "film/show",
               film.id)["match"]["candidates"] == shown
    page = ask(database, 1, "enrichment/unmatched", doubtful="true",
               limit=10)
    assert [f["candidates"] for f in page["films"]] == [shown]


def test_one_film(database):
    day = datetime.date
    title = Title(593, "Солярис", runtime=167, vote_average="7.9",
                  vote_count=1200, genres=["Drama"], directors=[8452],
                  cast=[11, 12])
    film = Film("Solaris", 1972, "boxd:5", tmdb=title, liked_on=day(2020, 1, 2),
                csv_rating=9, csv_rated_on=day(2020, 1, 3), rating=9,
                rating_source="ratings", confidence="medium",
                candidates='[{"kind": "movie", "id": 2, "title": "Solaris"}]',
                watches=[Watch(day(2019, 1, 1)), Watch(day(2020, 6, 1))])
    store(database, Library(1, [film], [
        {"slug": "sf", "name": "SF", "created_on": None, "films": [film]}]))
    database.query(
        "WITH r AS (INSERT INTO role (department, job) "
        "VALUES ('Directing', 'Director') RETURNING id) "
        "UPDATE title SET cast_characters = '{Hari,\"\"}', "
        "crew_ids = '{8452}', crew_roles = ARRAY(SELECT id FROM r), "
        "cast_cut = 7, crew_cut = 43")
    answer = ask(database, 1, "film/show", film.id)
    assert answer["entry"] == {
        "rating": 4.5, "rating_source": "ratings", "watches": 2,
        "first_watched": "2019-01-01", "last_watched": "2020-06-01",
        "marked_on": None, "liked_on": "2020-01-02", "watchlisted_on": None,
        "favourite": None}
    assert answer["lists"] == [{
        "id": database.value("SELECT id FROM list"), "name": "SF",
        "position": 1}]
    assert answer["match"]["confidence"] == "medium"
    assert answer["match"]["candidates"] == [
        {"kind": "movie", "id": 2, "title": "Solaris"}]
    there = answer["tmdb"]
    assert (there["id"], there["original_name"], there["runtime"],
            there["average_rating"]) == (593, "Солярис", 167, 3.95)
    assert there["directors"] == [
        {"id": 8452, "name": "Person 8452", "profile_path": None}]
    assert there["cast"] == [
        {"id": 11, "name": "Person 11", "profile_path": "/p11.jpg",
         "character": "Hari"},
        {"id": 12, "name": "Person 12", "profile_path": None,
         "character": ""}]
    assert there["crew"] == [
        {"id": 8452, "name": "Person 8452", "profile_path": None,
         "department": "Directing", "job": "Director"}]
    assert (there["cast_cut"], there["crew_cut"]) == (7, 43)


def test_namesakes_in_the_library(database):
    """Of one title and year, and of the same member."""
    films = [Film("Anna", 2019, "boxd:1"), Film("Anna", 2019, "boxd:2"),
             Film("Anna", 2018, "boxd:3"), Film("Anna", None, "boxd:4"),
             Film("Anna", None, "boxd:5")]
    store(database, Library(1, films))
    store(database, Library(2, [Film("Anna", 2019, "boxd:6")]))
    assert [[n["letterboxd_ref"] for n in
             ask(database, 1, "film/show", f.id)["namesakes"]]
            for f in films] == [["boxd:2"], ["boxd:1"], [], ["boxd:5"],
                                ["boxd:4"]]


def test_a_film_that_was_not_found(database):
    film = Film("Home video", None, "", state="failed",
                watches=[Watch(source="orphaned")])
    store(database, Library(1, [film]))
    database.query("INSERT INTO enrich_dead (film_id, attempt, last_error) "
                   "VALUES (%s, 5, 'TMDB answered 500')", film.id)
    answer = ask(database, 1, "film/show", film.id)
    assert answer["tmdb"] is None
    assert answer["match"]["state"] == "failed"
    assert answer["match"]["error"] == "TMDB answered 500"


def test_the_watches_of_a_film(database):
    day = datetime.date
    film = Film("Solaris", 1972, "boxd:5", watches=[
        Watch(None, source="reviews", review="<i>slow</i>"),
        Watch(day(2019, 1, 1), rating=7, tags=["cinema"]),
        Watch(day(2020, 6, 1), rewatch=True, logged_on=day(2020, 6, 2))])
    store(database, Library(1, [film]))
    answer = ask(database, 1, "film/watches", film.id)["watches"]
    undated, first, second = film.watches
    assert answer == [
        {"id": second.id, "source": "diary", "watched_on": "2020-06-01",
         "logged_on": "2020-06-02", "rating": None, "rewatch": True,
         "tags": [], "review": None},
        {"id": first.id, "source": "diary", "watched_on": "2019-01-01",
         "logged_on": None, "rating": 3.5, "rewatch": False,
         "tags": ["cinema"], "review": None},
        {"id": undated.id, "source": "reviews", "watched_on": None,
         "logged_on": None, "rating": None, "rewatch": False, "tags": [],
         "review": "<i>slow</i>"}]


def test_members_see_their_own_alone(database, library):
    """The films are shared, what a member says of them is not."""
    shared = library.films[0]
    store(database, Library(2, [Film(
        shared.title, shared.year, id=shared.id, state=shared.state)]))
    stranger = library.films[1].id

    mine = films(database, 2, watched="false")
    assert [f["id"] for f in mine["films"]] == [shared.id]
    assert mine["films"][0]["watches"] == 0
    assert mine["films"][0]["rating"] is None
    assert ask(database, 2, "film/show", shared.id)["entry"]["watches"] == 0
    assert ask(database, 2, "film/watches", shared.id) == {
        "watches": [], "next": None, "total": 0}
    for name in ("film/show", "film/watches", "film/rating"):
        assert ask(database, 1, name, stranger) is not None
        assert ask(database, 2, name, stranger) is None
        assert ask(database, None, name, stranger) is None
    nobody = films(database, None)
    assert nobody == {"films": [], "next": None, "total": 0}

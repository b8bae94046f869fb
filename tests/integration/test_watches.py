"""The list of viewings against the rows put in."""

import datetime

import pytest

import synthetic
from synthetic import Film, Library, Title, Watch, ask, store

def watches(database, member=1, limit=500, **given):
    return ask(database, member, "watch/list", limit=limit, **given)


def in_order(rows):
    """Newest first, undated last, later rows first among equals."""
    return sorted(rows, key=lambda w: (w.watched_on or datetime.date.min,
                                       w.logged_on or datetime.date.min,
                                       w.id), reverse=True)


@pytest.fixture
def library(database):
    return store(database, synthetic.some_library(seed=21, member=1))


def test_a_row_of_the_list(database):
    day = datetime.date
    film = Film("Solaris", 1972, "boxd:5",
                tmdb=Title(593, "Solaris", poster_path="/s.jpg"), watches=[
                    Watch(day(2020, 6, 1), rating=9, rewatch=True,
                          logged_on=day(2020, 6, 2), tags=["a", "b c"],
                          review="so <b>good</b>\n\"it\" is")])
    store(database, Library(1, [film]))
    assert watches(database) == {
        "watches": [{
            "id": film.watches[0].id,
            "film": {"id": film.id, "title": "Solaris", "year": 1972,
                     "poster_path": "/s.jpg"},
            "source": "diary", "watched_on": "2020-06-01",
            "logged_on": "2020-06-02", "rating": 4.5, "rewatch": True,
            "tags": ["a", "b c"], "review": "so <b>good</b>\n\"it\" is"}],
        "next": None, "total": 1}


FROM, TO = datetime.date(2020, 2, 1), datetime.date(2020, 5, 31)
FILTERS = [
    ({}, lambda w: True),
    ({"year": 2020}, lambda w: w.watched_on and w.watched_on.year == 2020),
    ({"from": FROM}, lambda w: w.watched_on and w.watched_on >= FROM),
    ({"to": TO}, lambda w: w.watched_on and w.watched_on <= TO),
    ({"from": FROM, "to": TO},
     lambda w: w.watched_on and FROM <= w.watched_on <= TO),
    ({"rewatch": "true"}, lambda w: w.rewatch),
    ({"rewatch": "false"}, lambda w: not w.rewatch),
    ({"rated": "true"}, lambda w: w.rating),
    ({"rated": "false"}, lambda w: not w.rating),
    ({"tag": "with M."}, lambda w: "with M." in w.tags),
    ({"tag": "with"}, lambda w: False),
    ({"source": "reviews"}, lambda w: w.source == "reviews"),
    ({"source": "watched"}, lambda w: w.source == "watched"),
    ({"source": "orphaned"}, lambda w: False),
]


@pytest.mark.parametrize("given, passes", FILTERS,
                         ids=[str(given) for given, _ in FILTERS])
def test_filters(database, library, given, passes):
    every = [w for f in library.films for w in f.watches]
    expected = [w.id for w in in_order(w for w in every if passes(w))]
    answer = watches(database, **given)
    assert [w["id"] for w in answer["watches"]] == expected
    assert answer["total"] == len(expected)


def test_of_one_film(database, library):
    film = max(library.films, key=lambda f: len(f.watches))
    answer = watches(database, film=film.id)
    assert [w["id"] for w in answer["watches"]] == [
        w.id for w in in_order(film.watches)]


def test_pages_are_the_whole_list(database, library):
    """Across days with several viewings and into the undated ones."""
    every = [w for f in library.films for w in f.watches]
    got, after = [], None
    while True:
        page = watches(database, after=after, limit=9)
        got += [w["id"] for w in page["watches"]]
        after = page["next"]
        if after is None:
            break
        assert len(page["watches"]) == 9
    assert got == [w.id for w in in_order(every)]


def test_a_cursor_of_somewhere_else(database, library):
    assert watches(database, after="12") is None


def test_members_see_their_own_alone(database, library):
    shared = library.films[0]
    store(database, Library(2, [Film(shared.title, id=shared.id,
                                     watches=[Watch()])]))
    assert watches(database, 2)["total"] == 1
    assert watches(database, None)["total"] == 0
    assert watches(database, 1)["total"] == sum(
        len(f.watches) for f in library.films)

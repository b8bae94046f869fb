"""Lists and their items."""

import datetime

from synthetic import Film, Library, Title, Watch, ask, store


def two_lists(database):
    day = datetime.date
    seen = Film("Seen", 2001, "boxd:1", watches=[Watch(day(2020, 1, 1))],
                tmdb=Title(1, "Seen", poster_path="/s.jpg"))
    rated = Film("Rated", 2002, "boxd:2", rating=5, csv_rating=5,
                 csv_rated_on=day(2020, 1, 1), rating_source="ratings")
    wanted = Film("Wanted", 2030, "boxd:3", watchlisted_on=day(2020, 1, 1))
    strange = Film("Only listed", None, "boxd:4")
    library = store(database, Library(1, [seen, rated, wanted], [
        {"slug": "best", "name": "Best", "created_on": day(2021, 1, 1),
         "films": [wanted, seen, strange, rated]},
        {"slug": "none", "name": "None yet", "created_on": None,
         "films": []}]))
    database.query("UPDATE list SET tags = '{x,y z}', "
                   "description = '<b>mine</b>' WHERE slug = 'best'")
    database.query("UPDATE list_item SET note = 'twice' WHERE position = 2")
    return library, strange


def test_all_lists(database):
    library, _ = two_lists(database)
    best, none = library.lists
    assert ask(database, 1, "list/list", limit=50) == {
        "lists": [
            {"id": best["id"], "slug": "best", "name": "Best", "url": "",
             "created_on": "2021-01-01", "tags": ["x", "y z"],
             "description": "<b>mine</b>", "films": 4, "watched": 2},
            {"id": none["id"], "slug": "none", "name": "None yet", "url": "",
             "created_on": None, "tags": [], "description": None,
             "films": 0, "watched": 0}],
        "next": None, "total": 2}


def test_pages_of_lists(database):
    library, _ = two_lists(database)
    best, none = library.lists
    page = ask(database, 1, "list/list", limit=1)
    assert [x["id"] for x in page["lists"]] == [best["id"]]
    assert page["next"] == best["id"]
    page = ask(database, 1, "list/list", after=page["next"], limit=1)
    assert [x["id"] for x in page["lists"]] == [none["id"]]
    assert page["next"] is None


def test_one_list(database):
    library, strange = two_lists(database)
    seen, rated, wanted = library.films
    answer = ask(database, 1, "list/show", library.lists[0]["id"], limit=50)
    assert (answer["name"], answer["total"], answer["next"]) == (
        "Best", 4, None)
    assert answer["items"] == [
        {"position": 1, "note": None, "film": {
            "id": wanted.id, "title": "Wanted", "year": 2030,
            "poster_path": None, "rating": None, "watched": False}},
        {"position": 2, "note": "twice", "film": {
            "id": seen.id, "title": "Seen", "year": 2001,
            "poster_path": "/s.jpg", "rating": None, "watched": True}},
        {"position": 3, "note": None, "film": {
            "id": strange.id, "title": "Only listed", "year": None,
            "poster_path": None, "rating": None, "watched": False}},
        {"position": 4, "note": None, "film": {
            "id": rated.id, "title": "Rated", "year": 2002,
            "poster_path": None, "rating": 2.5, "watched": True}}]


def test_pages_of_one_list(database):
    library, _ = two_lists(database)
    number = library.lists[0]["id"]
    positions, after = [], None
    while True:
        page = ask(database, 1, "list/show", number, after=after, limit=3)
        assert page["total"] == 4
        positions.append([i["position"] for i in page["items"]])
        after = page["next"]
        if after is None:
            break
    assert positions == [[1, 2, 3], [4]]


def test_a_film_of_a_list_alone_can_be_looked_at(database):
    _, strange = two_lists(database)
    answer = ask(database, 1, "film/show", strange.id)
    assert answer["entry"] is None
    assert answer["lists"][0]["position"] == 3
    assert ask(database, 1, "film/watches", strange.id) is None


def test_members_see_their_own_alone(database):
    library, strange = two_lists(database)
    store(database, Library(2, []))
    for member in (2, None):
        assert ask(database, member, "list/list", limit=50) == {
            "lists": [], "next": None, "total": 0}
        assert ask(database, member, "list/show", library.lists[0]["id"],
                   limit=50) is None
        assert ask(database, member, "film/show", strange.id) is None

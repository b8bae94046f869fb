"""Histories whose outcome was worked out by hand from the rules that
library_model.py names: CASES[name] is (history, lines of the library).

Films are of 2000 and days of January 2024 where nothing else is said.
"""

from library_lines import film_line, item_line, list_line, watch_line


# --- rows

def on(day):
    return f"2024-01-{day:02}"


def mark(day, title, link, year="2000"):
    return (on(day), title, year, link)


def rate(day, title, link, stars):
    return (on(day), title, "2000", link, stars)


def log(day, title, link, stars="", watched=None):
    return (on(day), title, "2000", link, stars, "", "",
            on(watched or day))


def review(day, title, link, text, stars="", watched=None):
    """watched 0: the review has no viewing date."""
    return (on(day), title, "2000", link, stars, "", text, "",
            "" if watched == 0 else on(watched or day))


def spoilt(row, **columns):
    """The row with some fields, by place (_0, _4), replaced."""
    row = list(row)
    for place, text in columns.items():
        row[int(place[1:])] = text
    return tuple(row)


A_LIST = (on(5), "A list", "", "https://boxd.it/l", "")
NO_DATE = "1/29/2024"
NO_LINK = "https://example.org/film"


def zipped(files):
    return ("zip", list(files.items()))


def alone(path, *rows):
    return ("csv", [(path, list(rows))])


WATCHED, RATINGS, DIARY, REVIEWS, LIKES, WANTED = (
    "watched.csv", "ratings.csv", "diary.csv", "reviews.csv",
    "likes/films.csv", "watchlist.csv")
GONE = "orphaned/diary.csv", "orphaned/reviews.csv"


# --- lines

def name(ref, title, year=2000):
    return (f"boxd:{ref}" if isinstance(ref, int) else ref, title, year)


def film(ref, title, year=2000, marked=None, liked=None, wanted=None,
         rated=None, stars=None, rating=None, **more):
    """rated: the day of ratings.csv, whose stars are the film's; rating: (half
    stars, source) of another source."""
    values = {"marked_on": marked and on(marked),
              "liked_on": liked and on(liked),
              "watchlisted_on": wanted and on(wanted),
              "csv_rated_on": rated and on(rated), "csv_rating": stars,
              "rating": stars, "rating_source": stars and "ratings", **more}
    if rating:
        values["rating"], values["rating_source"] = rating
    return film_line(name(ref, title, year), values)


def viewing(entry, ref, title, logged, watched=None, year=2000,
            source="diary", rating=None, review=None):
    """watched 0: none."""
    return watch_line(name(ref, title, year), {
        "entry": f"boxd:{entry}" if isinstance(entry, int) else entry,
        "source": source, "logged_on": on(logged), "rating": rating,
        "watched_on": None if watched == 0 else on(watched or logged),
        "rewatch": False, "tags": [], "review": review})


def undated(ref, title, year=2000):
    return watch_line(name(ref, title, year), {
        "entry": "watched", "source": "watched", "rewatch": False,
        "tags": []})


def a_list(slug):
    return list_line(slug, {"created_on": on(5), "name": "A list", "tags": [],
                            "url": "https://boxd.it/l"})


def item(slug, position, ref, title, year=2000, note=None):
    return item_line(slug, position, name(ref, title, year), note)


# --- the cases

FILMS = {
    "one name, three films (1)": (
        [zipped({WATCHED: [mark(1, "A", "F1"), mark(2, "A", "F2"),
                           mark(3, "A", "")]})],
        [film(1, "A", marked=1), undated(1, "A"),
         film(2, "A", marked=2), undated(2, "A"),
         film("", "A", marked=3), undated("", "A")]),
    "an old link becomes the short one of its name (1)": (
        [zipped({WATCHED: [mark(1, "A", "S1")],
                 RATINGS: [rate(2, "A", "S1", "4")],
                 DIARY: [log(3, "A", "S1/0"), log(4, "A", "S1/1", "2")]}),
         alone(WATCHED, mark(1, "A", "F1"))],
        [film(1, "A", marked=1, rated=2, stars=8),
         viewing("slug:film-1/0", 1, "A", 3),
         viewing("slug:film-1/1", 1, "A", 4, rating=4)]),
    "an old link beside two short ones stays (1)": (
        [alone(LIKES, mark(1, "A", "S1")),
         alone(WANTED, mark(2, "A", "F1"), mark(3, "A", "F2"))],
        [film("slug:film-1", "A", liked=1), film(1, "A", wanted=2),
         film(2, "A", wanted=3)]),
    "a name is corrected (2)": (
        [zipped({WATCHED: [mark(1, "A", "F1")], DIARY: [log(1, "A", "E7")],
                 "lists/l.csv": [A_LIST, ("1", "A", "2000", "F1", "")]}),
         alone(WATCHED, mark(1, "B", "F1", "2001"))],
        [film(1, "B", 2001, marked=1), viewing(7, 1, "B", 1, year=2001),
         a_list("l"), item("l", 1, 1, "B", 2001)]),
    "watched.csv names before the diary does (2)": (
        [zipped({WATCHED: [mark(1, "A", "F1")], DIARY: [log(1, "A", "E7")]}),
         zipped({DIARY: [log(1, "C", "E7")], LIKES: [mark(2, "D", "F1")],
                 WATCHED: [mark(1, "B", "F1")]})],
        [film(1, "B", marked=1, liked=2), viewing(7, 1, "B", 1)]),
    "a known entry names its film (2, 5c)": (
        [zipped({WATCHED: [mark(1, "A", "F1")], DIARY: [log(1, "A", "E7")]}),
         alone(DIARY, log(1, "B", "E7"), log(2, "B", "E8"))],
        [film(1, "B", marked=1), viewing(7, 1, "B", 1),
         viewing(8, 1, "B", 2)]),
    "nothing holds a film (10)": (
        [zipped({WATCHED: [mark(1, "A", "F1")],
                 WANTED: [mark(2, "B", "F2")]}),
         zipped({WATCHED: [], WANTED: [mark(2, "B", "F2")]})],
        [film(2, "B", wanted=2)]),
    "favourites": (
        [zipped({"profile.csv": [("F2",), ("F9",), ("F1",)],
                 WATCHED: [mark(1, "A", "F1"), mark(2, "B", "F2")]})],
        [film(1, "A", marked=1, favourite=3), undated(1, "A"),
         film(2, "B", marked=2, favourite=1), undated(2, "B")]),
}

ILLEGIBLE = {
    "an illegible row leaves what its link had (3)": (
        [zipped({WATCHED: [mark(1, "A", "F1"), mark(2, "B", "F2"),
                           mark(3, "C", "F3")],
                 RATINGS: [rate(1, "A", "F1", "4"), rate(2, "B", "F2", "5")]}),
         zipped({WATCHED: [mark(1, "A", "F1"),
                           spoilt(mark(2, "B", "F2"), _0=NO_DATE)],
                 RATINGS: [rate(4, "A", "F1", "6"),
                           rate(2, "B", "F2", "3")]})],
        [film(1, "A", marked=1, rated=1, stars=8), undated(1, "A"),
         film(2, "B", marked=2, rated=2, stars=6), undated(2, "B")]),
    "a row without a legible identity keeps all of its source (3)": (
        [zipped({LIKES: [mark(1, "A", "F1"), mark(2, "B", "F2")],
                 WANTED: [mark(3, "A", "F1"), mark(4, "C", "F3")]}),
         zipped({LIKES: [spoilt(mark(1, "A", "F1"), _3=NO_LINK),
                         mark(5, "C", "F3")],
                 WANTED: [mark(6, "C", "F3")]})],
        [film(1, "A", liked=1), film(2, "B", liked=2),
         film(3, "C", liked=5, wanted=6)]),
    "a file of illegible rows: nothing changes (3)": (
        [zipped({WATCHED: [mark(1, "A", "F1")], DIARY: [log(1, "A", "E7")]}),
         zipped({WATCHED: [mark(2, "B", "F2")],
                 DIARY: [log(2, "B", "E8", "6")]})],
        [film(1, "A", marked=1), viewing(7, 1, "A", 1)]),
    "an illegible viewing stays, with its film (3, 5)": (
        [zipped({WATCHED: [mark(1, "A", "F1"), mark(2, "A", "F2")],
                 DIARY: [log(1, "A", "E7", "4"), log(2, "A", "E8")]}),
         zipped({WATCHED: [mark(2, "A", "F2")],
                 DIARY: [log(1, "A", "E7", "6"), log(2, "A", "E8")]})],
        [film(1, "A", rating=(8, "diary")), viewing(7, 1, "A", 1, rating=8),
         film(2, "A", marked=2), viewing(8, 2, "A", 2)]),
    "an illegible item leaves its position (3)": (
        [zipped({"lists/l.csv": [A_LIST, ("1", "A", "2000", "F1", ""),
                                 ("2", "B", "2000", "F2", "b"),
                                 ("3", "C", "2000", "F3", "")]}),
         zipped({"lists/l.csv": [A_LIST, ("1", "C", "2000", "F3", ""),
                                 ("2", "D", "2000", NO_LINK, "")]})],
        [a_list("l"), item("l", 1, 3, "C"),
         item("l", 2, 2, "B", note="b")]),
}

ENTRIES = {
    "only films that are wanted bear the name (4)": (
        [zipped({WANTED: [mark(1, "A", "F1")], DIARY: [log(2, "A", "E7")]})],
        [film(1, "A", wanted=1), viewing(7, 1, "A", 2)]),
    "a marked film comes before a wanted one (4)": (
        [zipped({WATCHED: [mark(1, "A", "F2")], WANTED: [mark(1, "A", "F1")],
                 DIARY: [log(2, "A", "E7")]})],
        [film(1, "A", wanted=1), film(2, "A", marked=1),
         viewing(7, 2, "A", 2)]),
    "the viewing that the library has stays (5b)": (
        [zipped({WATCHED: [mark(1, "A", "F1")], DIARY: [log(2, "A", "E7")]}),
         zipped({WATCHED: [mark(2, "A", "F2"), mark(1, "A", "F1")],
                 DIARY: [log(2, "A", "E7")]})],
        [film(1, "A", marked=1), viewing(7, 1, "A", 2),
         film(2, "A", marked=2), undated(2, "A")]),
    "marked on the day it was logged (5b)": (
        [zipped({WATCHED: [mark(1, "A", "F1"), mark(2, "A", "F2")],
                 RATINGS: [rate(1, "A", "F1", "4")],
                 DIARY: [log(2, "A", "E7", "4", watched=1)]})],
        [film(1, "A", marked=1, rated=1, stars=8), undated(1, "A"),
         film(2, "A", marked=2, rating=(8, "diary")),
         viewing(7, 2, "A", 2, 1, rating=8)]),
    "rated as the film is (5b)": (
        [zipped({WATCHED: [mark(1, "A", "F1"), mark(1, "A", "F2")],
                 RATINGS: [rate(1, "A", "F1", "4"), rate(1, "A", "F2", "3")],
                 DIARY: [log(1, "A", "E7", "3")]})],
        [film(1, "A", marked=1, rated=1, stars=8), undated(1, "A"),
         film(2, "A", marked=1, rated=1, stars=6),
         viewing(7, 2, "A", 1, rating=6)]),
    "in turn, the film with fewest viewings first": (
        # E9 is F1's by its day. Of the rest E5 is first by its number, and F2
        # has the fewest viewings; then F1, then F2.
        [zipped({WATCHED: [mark(9, "A", "F1"), mark(1, "A", "F2")],
                 DIARY: [log(9, "A", "E9"), log(3, "A", "E7"),
                         log(4, "A", "E6"), log(2, "A", "E5")]})],
        [film(1, "A", marked=9), viewing(9, 1, "A", 9), viewing(6, 1, "A", 4),
         film(2, "A", marked=1), viewing(5, 2, "A", 2),
         viewing(7, 2, "A", 3)]),
    "a film known by name until its link comes (5c, 5b)": (
        [alone(DIARY, log(1, "A", "E7"), log(2, "B", "E8")),
         alone(WATCHED, mark(1, "A", "F1"))],
        [film(1, "A", marked=1), viewing(7, 1, "A", 1), film("", "B"),
         viewing(8, "", "B", 2)]),
    "a viewing whose film is marked no more stays (5c)": (
        [zipped({WATCHED: [mark(1, "A", "F1")], DIARY: [log(2, "A", "E7")]}),
         alone(WATCHED)],
        [film(1, "A"), viewing(7, 1, "A", 2)]),
    "a row of an orphan is of no linked film (5)": (
        [zipped({WATCHED: [mark(1, "A", "F1")],
                 GONE[0]: [log(2, "A", "", "4")], GONE[1]: []})],
        [film(1, "A", marked=1), undated(1, "A"),
         film("", "A", rating=(8, "diary")),
         viewing("name", "", "A", 2, source="orphaned", rating=8)]),
    "an orphan is not the entry that says the same, without links (7)": (
        [zipped({DIARY: [log(2, "A", "")], GONE[0]: [],
                 GONE[1]: [review(2, "A", "", "Good.")]})],
        [film("", "A"), viewing("name", "", "A", 2),
         viewing("name", "", "A", 2, source="orphaned", review="Good.")]),
    "a choice lasts while the entry is away (6)": (
        [zipped({WATCHED: [mark(1, "A", "F1"), mark(2, "A", "F2")],
                 DIARY: [log(1, "A", "E7")]}),
         ("choose", "E7", "F2"),
         alone(DIARY),
         alone(DIARY, log(1, "A", "E7"))],
        [film(1, "A", marked=1), undated(1, "A"),
         film(2, "A", marked=2), viewing(7, 2, "A", 1)]),
    "a review without a day becomes a diary entry and back (7)": (
        [zipped({WATCHED: [mark(1, "A", "F1")],
                 REVIEWS: [review(1, "A", "E7", "Good.", "3", watched=0)]}),
         alone(DIARY, log(1, "A", "E7", "3", watched=2))],
        [film(1, "A", marked=1, rating=(6, "diary")),
         viewing(7, 1, "A", 1, 2, rating=6, review="Good.")]),
    "a review of its own (7)": (
        [zipped({WATCHED: [mark(1, "A", "F1")], DIARY: [],
                 REVIEWS: [review(1, "A", "E7", "Good.", "3", watched=0)]})],
        [film(1, "A", marked=1, rating=(6, "reviews")),
         viewing(7, 1, "A", 1, 0, source="reviews", rating=6,
                 review="Good.")]),
    "the rating of the latest-watched viewing (8)": (
        [zipped({WATCHED: [mark(1, "A", "F1")],
                 DIARY: [log(9, "A", "E7", "1", watched=3),
                         log(4, "A", "E8", "2", watched=4),
                         log(4, "A", "E9", "3", watched=4),
                         log(5, "A", "E5", "", watched=5)]})],
        [film(1, "A", marked=1, rating=(6, "diary")),
         viewing(5, 1, "A", 5), viewing(7, 1, "A", 9, 3, rating=2),
         viewing(8, 1, "A", 4, rating=4), viewing(9, 1, "A", 4, rating=6)]),
}

# Shrunk from made-up histories.
FOUND = {
    "a diary row without a link is of the film of its name (5b)": (
        [zipped({RATINGS: [rate(6, "A", "F3", "2.5")],
                 DIARY: [log(10, "A", "", "4.5", watched=11)]})],
        [film(3, "A", rated=6, stars=5),
         viewing("name", 3, "A", 10, 11, rating=9)]),
    "a viewing that is not uploaded goes to the only candidate (5)": (
        [zipped({REVIEWS: [review(7, "A", "E409", "Good.", watched=4)],
                 LIKES: [mark(7, "A", "F10")]}),
         zipped({WATCHED: [mark(11, "A", "F9")]})],
        [film(10, "A", liked=7), film(9, "A", marked=11),
         viewing(409, 9, "A", 7, 4, source="reviews", review="Good.")]),
    "in turn: the one marked first comes first (5b)": (
        [zipped({WATCHED: [mark(11, "A", "F2"), mark(6, "A", "F1")],
                 DIARY: [log(4, "A", "E3", watched=12)]})],
        [film(1, "A", marked=6), viewing(3, 1, "A", 4, 12),
         film(2, "A", marked=11), undated(2, "A")]),
    "a film that is in no library of the member's is no favourite": (
        [zipped({"profile.csv": [("F2",), ("F4",)],
                 RATINGS: [rate(7, "A", "F2", "1"),
                           rate(7, "B", "F4", "1")]}),
         ("undo",),
         zipped({"profile.csv": [("F2",), ("F4",)],
                 RATINGS: [rate(7, "B", "F4", "1")]})],
        [film(4, "B", rated=7, stars=2, favourite=2)]),
}

L1 = [A_LIST, ("1", "A", "2000", "F1", "")]
L2 = [A_LIST, ("1", "B", "2000", "F2", "")]
EMPTY = {WATCHED: [], RATINGS: [], DIARY: [], REVIEWS: [], WANTED: []}

LISTS = {
    "a ZIP with a list holds all lists (9)": (
        [zipped({"lists/one.csv": L1, "lists/two.csv": L2}),
         zipped({"lists/two.csv": L2})],
        [a_list("two"), item("two", 1, 2, "B")]),
    "a list alone changes only itself (9)": (
        [zipped({"lists/one.csv": L1}), alone("lists/two.csv", *L2)],
        [a_list("one"), item("one", 1, 1, "A"), a_list("two"),
         item("two", 1, 2, "B")]),
    "a complete export without lists has none (9)": (
        [zipped({"lists/one.csv": L1}), zipped(EMPTY)], []),
    "a part of an export leaves the lists (9)": (
        [zipped({"lists/one.csv": L1}), zipped({WATCHED: [], DIARY: []})],
        [a_list("one"), item("one", 1, 1, "A")]),
}

UNDONE = {
    "undone, and nothing has been (11)": (
        [zipped({WATCHED: [mark(1, "A", "F1")], DIARY: [log(1, "A", "E7")]}),
         zipped({WATCHED: [mark(2, "B", "F1")], DIARY: [],
                 "lists/one.csv": L1}),
         ("undo",)],
        [film(1, "A", marked=1), viewing(7, 1, "A", 1)]),
}

CASES = {**FILMS, **ILLEGIBLE, **ENTRIES, **FOUND, **LISTS, **UNDONE}

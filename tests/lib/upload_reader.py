"""What the files of an upload say, for the model of a library.

A row is a tuple of text, a field a column, as in the file. The first row of a
file of lists/ is the list itself. Of profile.csv the rows are the favourites,
one link each. A first row that begins with "Date" is an unusual header.
"""

import dataclasses
import re

import export_maker

FILM_FILES = {"watched.csv": "marked_on", "ratings.csv": "csv_rated_on",
              "likes/films.csv": "liked_on", "watchlist.csv": "watchlisted_on"}
DIARY, REVIEWS = "diary.csv", "reviews.csv"
ORPHANS = ("orphaned/diary.csv", "orphaned/reviews.csv")
FAVOURITE_COLUMNS = ["Letterboxd URI"]


# --- what a field says

class Illegible(ValueError):
    pass


def legible(read, *fields):
    """None where read() finds something it cannot read."""
    try:
        return read(*fields)
    except Illegible:
        return None


def matched(pattern, text):
    found = re.fullmatch(pattern, text)
    if not found:
        raise Illegible(text)
    return found


def day(text):
    return matched(r"\d{4}-\d\d-\d\d", text)[0]


def year_of(text):
    return int(matched(r"(18|19|20|21)\d\d", text)[0]) if text else 0


def half_stars(text):
    return round(2 * float(matched(r"0\.5|[1-4](\.5)?|5", text)[0])) \
        if text else None


def title_of(text):
    return matched(r"(?s).+", text)[0]


def tags_of(text):
    return text.split(", ") if text else []


def short_link(text, kind):
    value = 0
    for digit in matched(r"https://boxd\.it/([0-9A-Za-z]+)", text)[1]:
        value = value * 62 + export_maker.DIGITS.index(digit)
    if value % 10 != kind:
        raise Illegible(text)
    return f"boxd:{value // 10}"


def film_ref(text):
    """boxd:N, slug:S, or nothing for a row without a link."""
    if not text:
        return ""
    if "boxd.it" in text:
        return short_link(text, export_maker.FILM)
    return "slug:" + matched(r"https://letterboxd\.com/film/([^/]+)/", text)[1]


def film_key(text, title, year):
    """What a film is known by (1): its link, else its title and year."""
    return film_ref(text) or ("", title_of(title), year_of(year))


def entry_key(text):
    """boxd:N, slug:S/N, or nothing for a row without a link."""
    if not text:
        return ""
    if "boxd.it" in text:
        return short_link(text, export_maker.ENTRY)
    found = matched(r"https://letterboxd\.com/\w+/film/([^/]+)/(?:(\d+)/)?",
                    text)
    return f"slug:{found[1]}/{found[2] or 0}"


def entry_number(entry):
    """Old links count a film's viewings, and are older than short ones."""
    if isinstance(entry, tuple):
        return (0, 0)
    return (2, int(entry[5:])) if entry.startswith("boxd:") else \
        (1, int(entry.rsplit("/", 1)[1]))


# --- what a file says

@dataclasses.dataclass
class Row:
    identity: object = None
    path: str = ""
    place: int = 0
    film: object = None  # a key; None: the film of an entry, to be found
    title: str = ""
    year: int = 0
    date: str = None
    rating: int = None
    watched_on: str = None
    rewatch: bool = False
    tags: list = dataclasses.field(default_factory=list)
    text: str = None

    @property
    def name(self):
        return self.title, self.year


def read_film(cells):
    return Row(film=film_key(cells["Letterboxd URI"], cells["Name"],
                             cells["Year"]),
               title=title_of(cells["Name"]), year=year_of(cells["Year"]),
               date=day(cells["Date"]),
               rating=half_stars(cells.get("Rating", "")))


def film_identity(cells):
    return film_key(cells["Letterboxd URI"], cells["Name"], cells["Year"])


def read_entry(cells):
    row = Row(title=title_of(cells["Name"]), year=year_of(cells["Year"]),
              date=day(cells["Date"]), rating=half_stars(cells["Rating"]),
              watched_on=day(cells["Watched Date"])
              if cells["Watched Date"] else None,
              rewatch=cells["Rewatch"] == "Yes", tags=tags_of(cells["Tags"]),
              text=cells.get("Review"))
    entry = entry_key(cells["Letterboxd URI"])
    if entry.startswith("slug:"):
        row.film = entry.rsplit("/", 1)[0]
    elif not entry:
        row.film = ("", row.title, row.year)
    return row


def entry_identity(cells):
    """Without a link the title and year, which several rows may share."""
    return entry_key(cells["Letterboxd URI"]) or (
        title_of(cells["Name"]), year_of(cells["Year"]))


def read_item(cells):
    return Row(film=film_key(cells["URL"], cells["Name"], cells["Year"]),
               title=title_of(cells["Name"]), year=year_of(cells["Year"]),
               text=cells["Description"] or None)


def item_identity(cells):
    return int(matched(r"[1-9]\d*", cells["Position"])[0])


def read_favourite(cells):
    return Row(film=film_ref(cells["Letterboxd URI"]))


def favourite_identity(cells):
    return film_ref(cells["Letterboxd URI"])


KINDS = {"film": (read_film, film_identity),
         "entry": (read_entry, entry_identity),
         "item": (read_item, item_identity),
         "favourite": (read_favourite, favourite_identity)}


def kind_of(path):
    if path.startswith("lists/"):
        return "item", export_maker.ITEM_COLUMNS
    if path == "profile.csv":
        return "favourite", FAVOURITE_COLUMNS
    return ("film" if path in FILM_FILES else "entry",
            export_maker.COLUMNS[path])


class File:
    """rows: what can be read, by identity, in file order. left: identities of
    rows that cannot. blind: a row has not even a legible identity."""

    def __init__(self, path, lines):
        self.path = path
        self.rows, self.left, self.blind = {}, set(), False
        kind, columns = kind_of(path)
        lines = list(lines)
        self.about = lines.pop(0) if kind == "item" else None
        if kind == "film" and lines and lines[0][0] == "Date":
            columns = lines.pop(0)
        self.count = len(lines)
        for place, fields in enumerate(lines, 1):
            self.read(kind, columns, fields, place)

    def read(self, kind, columns, fields, place):
        read_row, read_identity = KINDS[kind]
        row = identity = None
        if len(fields) == len(columns):
            cells = dict(zip(columns, fields))
            identity = legible(read_identity, cells)
            row = legible(read_row, cells)
        if identity is None:
            self.blind = True
        elif row is None:
            self.left.add(identity)
        else:
            row.identity = self.own_identity(kind, identity, row)
            row.path, row.place = self.path, place
            self.rows.setdefault(row.identity, row)

    def own_identity(self, kind, identity, row):
        """Rows of entries without a link differ by their days and by how
        many-th they are."""
        if kind != "entry" or isinstance(identity, str):
            return identity
        facts = (*identity, self.path in ORPHANS, row.date,
                 row.watched_on or "")
        return (*facts, sum(i[:-1] == facts for i in self.rows
                            if isinstance(i, tuple)))

    def spares(self, identity):
        """What is not in rows stays all the same (3)."""
        return self.blind or identity in self.left or (
            isinstance(identity, tuple) and identity[:2] in self.left)

"""What a library must hold after the import of one export into an empty one.

Computed from the ZIP with csv and dicts, from what the format says, without a
look at how the server does it. `expected(zip)` and `stored(database)` give the
same shape.
"""

import csv
import io
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class Library:
    entries: dict = field(default_factory=dict)  # film -> columns
    watches: list = field(default_factory=list)
    lists: dict = field(default_factory=dict)

    def watched(self):
        return {f for f, e in self.entries.items() if e["marked_on"]} | \
            {w["film"] for w in self.watches}


def number_of(code):
    value = 0
    for c in code:
        value = value * 62 + DIGITS.index(c)
    return value


def film_ref(link):
    if not link:
        return ""
    if "boxd.it/" in link:
        value = number_of(link.rsplit("/", 1)[1])
        return f"boxd:{value // 10}" if value % 10 == 0 else ""
    slug = re.search(r"/film/([^/]+)/", link)[1]
    number = re.fullmatch(r"film:(\d+)", slug)  # the number, spelled out
    return f"boxd:{number[1]}" if number else f"slug:{slug}"


def entry_of(link):
    if not link:
        return "name"
    if "boxd.it/" in link:
        return f"boxd:{number_of(link.rsplit('/', 1)[1]) // 10}"
    slug, behind = re.search(r"/film/([^/]+)/(?:(\d+)/)?$", link).groups()
    return f"{film_ref(link)}/{behind or 0}"


def half_stars(text):
    return round(float(text) * 2) if text else None


def tags_of(text):
    return [t.strip() for t in text.split(",")] if text else []


def records(data):
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def rows_of(archive, path):
    if path not in archive.namelist():
        return []
    header, *rows = records(archive.read(path))
    return [dict(zip(header, row)) for row in rows]


def film_of(row, link="Letterboxd URI"):
    return film_ref(row[link]), row["Name"], int(row["Year"] or 0)


# --- the expected library

class Reader:
    def __init__(self, data):
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.library = Library()
        self.named = {}  # (title, year) -> films, watched and rated ones first
        self.read_films()
        self.read_lists()
        self.read_entries()
        self.read_favourites()
        self.add_undated()
        self.resolve_ratings()

    def rows(self, path):
        return rows_of(self.archive, path)

    def entry(self, film):
        return self.library.entries.setdefault(film, dict.fromkeys(
            ["marked_on", "liked_on", "watchlisted_on", "favourite",
             "csv_rating", "csv_rated_on", "rating", "rating_source"]))

    def read_films(self):
        near, far = defaultdict(dict), defaultdict(dict)
        for path, column, where in [
                ("watched.csv", "marked_on", near),
                ("ratings.csv", "csv_rated_on", near),
                ("likes/films.csv", "liked_on", far),
                ("watchlist.csv", "watchlisted_on", far)]:
            for row in self.rows(path):
                film = film_of(row)
                self.entry(film)[column] = row["Date"]
                if path == "ratings.csv":
                    self.entry(film)["csv_rating"] = half_stars(row["Rating"])
                where[film[1:]][film] = True
        self.near, self.far = near, far

    def read_lists(self):
        for path in self.archive.namelist():
            if not re.fullmatch(r"lists/[^/]+\.csv", path):
                continue
            rows = records(self.archive.read(path))
            about = dict(zip(rows[1], rows[2]))
            items = [dict(zip(rows[4], r)) for r in rows[5:]]
            films = [film_of(i, "URL") for i in items]
            self.library.lists[path[6:-4]] = {
                "name": about["Name"], "tags": tags_of(about["Tags"]),
                "description": about["Description"] or None,
                "items": [(int(i["Position"]), f, i["Description"] or None)
                          for i, f in zip(items, films)]}
            for film in films:
                self.far[film[1:]][film] = True

    def candidates(self, name):
        """In the order of the days they were marked, then rated."""
        def place(film):
            entry = self.library.entries.get(film, {})
            return (entry.get("marked_on") or "9", entry.get("csv_rated_on")
                    or "9", len(film[0]), film[0])
        return sorted(self.near.get(name) or self.far.get(name) or {},
                      key=place)

    def read_entries(self):
        diary = [dict(r, source="diary") for r in self.rows("diary.csv")]
        reviews = [dict(r, source="reviews") for r in self.rows("reviews.csv")]
        orphans = [dict(r, source="orphaned") for r in
                   self.rows("orphaned/diary.csv")]
        late = [dict(r, source="orphaned") for r in
                self.rows("orphaned/reviews.csv")]
        live = self.with_reviews(diary, reviews)
        for row in live:
            row["film"] = self.film_of_entry(row)
        self.part_namesakes(live)
        gone = self.with_reviews(orphans, late)
        for row in gone:
            row["film"] = ("", row["Name"], int(row["Year"] or 0))
        self.library.watches = [self.watch(r) for r in live + gone]

    @staticmethod
    def identity(row, seen):
        """The link; without one, what the row says and how many-th it is."""
        if row["Letterboxd URI"]:
            return row["Letterboxd URI"]
        facts = (row["Name"], row["Year"], row["Date"], row["Watched Date"])
        seen[facts] = seen.get(facts, 0) + 1
        return facts + (seen[facts],)

    def with_reviews(self, rows, reviews):
        seen = {}
        found = {self.identity(r, seen): r for r in rows}
        seen = {}
        for records in (rows, reviews):
            for place, row in enumerate(records, 1):
                link = row["Letterboxd URI"]
                row["place"] = number_of(link.rsplit("/", 1)[1]) // 10 \
                    if "boxd.it/" in link else place
        for review in reviews:
            row = found.setdefault(self.identity(review, seen), review)
            row["text"] = review["Review"]
        return list(found.values())

    def film_of_entry(self, row):
        """None: a choice between namesakes, made later."""
        ref = film_ref(row["Letterboxd URI"])
        name = row["Name"], int(row["Year"] or 0)
        if ref:
            return (ref, *name)
        films = self.candidates(name)
        if len(films) == 1:
            return films[0]
        return None if films else ("", *name)

    def part_namesakes(self, live):
        waiting = defaultdict(list)
        for row in live:
            if row["film"] is None:
                name = row["Name"], int(row["Year"] or 0)
                row["film"] = (
                    self.alone(name, "marked_on", row["Date"])
                    or self.alone(name, "csv_rating",
                                  half_stars(row["Rating"])))
                if row["film"] is None:
                    waiting[name].append(row)
        for name, rows in waiting.items():
            films = self.candidates(name)
            films.sort(key=lambda f: sum(r["film"] == f for r in live))
            rows.sort(key=lambda r: entry_number(r["Letterboxd URI"]))
            for i, row in enumerate(rows):
                row["film"] = films[i % len(films)]

    def alone(self, name, column, value):
        """The one candidate with that value."""
        same = [f for f in self.candidates(name) if value is not None
                and self.library.entries.get(f, {}).get(column) == value]
        return same[0] if len(same) == 1 else None

    def watch(self, row):
        self.entry(row["film"])
        return {
            "film": row["film"], "source": row["source"],
            "entry": entry_of(row["Letterboxd URI"]),
            "watched_on": row["Watched Date"] or None,
            "logged_on": row["Date"], "rating": half_stars(row["Rating"]),
            "rewatch": row.get("Rewatch") == "Yes",
            "tags": tags_of(row["Tags"]), "review": row.get("text"),
            "place": row["place"]}

    def read_favourites(self):
        for row in self.rows("profile.csv"):
            links = [x for x in row["Favorite Films"].split(", ") if x]
            for position, link in enumerate(links, 1):
                films = [f for f in self.library.entries
                         if f[0] == film_ref(link)]
                if films:
                    self.entry(films[0])["favourite"] = position

    def add_undated(self):
        dated = {w["film"] for w in self.library.watches}
        for film, entry in self.library.entries.items():
            if entry["marked_on"] and film not in dated:
                self.library.watches.append({
                    "film": film, "source": "watched", "entry": "watched",
                    "watched_on": None, "logged_on": None, "rating": None,
                    "rewatch": False, "tags": [], "review": None, "place": 0})

    def resolve_ratings(self):
        rated = defaultdict(list)
        for w in self.library.watches:
            if w["rating"]:
                rated[w["film"]].append(w)
        for film, entry in self.library.entries.items():
            if entry["csv_rating"]:
                entry["rating"] = entry["csv_rating"]
                entry["rating_source"] = "ratings"
            elif rated[film]:
                last = max(rated[film], key=lambda w: (
                    w["watched_on"] or "", w["logged_on"], w["place"]))
                entry["rating"] = last["rating"]
                entry["rating_source"] = last["source"]


def entry_number(link):
    """Entries without a link come last, in no order of their own: no export of
    these tests has two of them among namesakes."""
    return number_of(link.rsplit("/", 1)[1]) if link else 1 << 64


def expected(data):
    return Reader(data).library


# --- the stored library

def stored(database, member=1):
    library = Library()
    films = {i: (ref, title, year or 0) for i, ref, title, year in
             database.query("SELECT id, ref, title, year FROM film")}
    columns = ["marked_on", "liked_on", "watchlisted_on", "favourite",
               "csv_rating", "csv_rated_on", "rating", "rating_source"]
    for film, *row in database.query(
            f"SELECT film_id, {', '.join(columns)} FROM library_entry "
            "WHERE member_id = %s", member):
        library.entries[films[film]] = dict(zip(columns, map(day, row)))
    columns = ["source", "entry", "watched_on", "logged_on", "rating",
               "rewatch", "tags", "review", "place"]
    for film, *row in database.query(
            f"SELECT film_id, {', '.join(columns)} FROM watch "
            "WHERE member_id = %s", member):
        watch = dict(zip(columns, map(day, row)), film=films[film])
        for shape in ("name", "watched"):  # numbers of the server's own
            if watch["entry"].startswith(shape + ":"):
                watch["entry"] = shape
        library.watches.append(watch)
    for number, slug, name, tags, description in database.query(
            "SELECT id, slug, name, tags, description FROM list "
            "WHERE member_id = %s", member):
        library.lists[slug] = {
            "name": name, "tags": tags, "description": description,
            "items": [(p, films[f], note) for p, f, note in database.query(
                "SELECT position, film_id, note FROM list_item "
                "WHERE member_id = %s AND list_id = %s ORDER BY position",
                member, number)]}
    return library


def day(value):
    return str(value) if hasattr(value, "isoformat") else value


def sorted_watches(library):
    return sorted(library.watches, key=lambda w: repr(sorted(w.items())))


def assert_same(found, wanted):
    assert found.entries.keys() == wanted.entries.keys()
    for film, entry in wanted.entries.items():
        assert found.entries[film] == entry, film
    have, want = sorted_watches(found), sorted_watches(wanted)
    assert have == want, (
        [w for w in have if w not in want], [w for w in want if w not in have])
    assert found.lists == wanted.lists

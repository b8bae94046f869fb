"""Synthetic Letterboxd exports: ZIP bytes from plain Python data.

    marty = Film("Marty", 1955, 1234)
    export = Export()
    export.watched(marty, "2024-01-02")
    export.diary(marty, 9001, "2024-01-01", stars=4.5, rewatch=True)
    api.import_zip(export.zip())

The rows are lists of dicts in export.files, column to text, to be edited by
hand: export.files["diary.csv"][0]["Rating"] = "6".
"""

import csv
import datetime
import io
import random
import zipfile
from dataclasses import dataclass

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
FILM, ENTRY, LIST = 0, 1, 2

FILM_COLUMNS = ["Date", "Name", "Year", "Letterboxd URI"]
ENTRY_COLUMNS = FILM_COLUMNS + ["Rating", "Rewatch", "Tags", "Watched Date"]
REVIEW_COLUMNS = (FILM_COLUMNS + ["Rating", "Rewatch", "Review", "Tags",
                                  "Watched Date"])
PROFILE_COLUMNS = ["Date Joined", "Username", "Given Name", "Family Name",
                   "Email Address", "Location", "Website", "Bio", "Pronoun",
                   "Favorite Films"]
LIST_COLUMNS = ["Date", "Name", "Tags", "URL", "Description"]
ITEM_COLUMNS = ["Position", "Name", "Year", "URL", "Description"]
COLUMNS = {
    "profile.csv": PROFILE_COLUMNS,
    "watched.csv": FILM_COLUMNS,
    "ratings.csv": FILM_COLUMNS + ["Rating"],
    "diary.csv": ENTRY_COLUMNS,
    "reviews.csv": REVIEW_COLUMNS,
    "watchlist.csv": FILM_COLUMNS,
    "likes/films.csv": FILM_COLUMNS,
    "orphaned/diary.csv": ENTRY_COLUMNS,
    "orphaned/reviews.csv": REVIEW_COLUMNS,
    "deleted/diary.csv": ENTRY_COLUMNS,
    "deleted/reviews.csv": REVIEW_COLUMNS,
    "comments.csv": ["Date", "Content", "Comment"],
}


def code(number, kind):
    value, text = number * 10 + kind, ""
    while value:
        value, digit = divmod(value, 62)
        text = DIGITS[digit] + text
    return text


@dataclass(frozen=True)
class Film:
    title: str
    year: object  # None: the export has no year
    number: object  # None: the film has no link (any more)
    slug: str = ""


def stars_text(stars):
    return "" if stars is None else f"{stars:g}"


class Export:
    """style: "boxd" (since 2020) or "long", the links of 2017 and before."""

    def __init__(self, style="boxd"):
        self.style = style
        self.files = {}
        self.lists = {}  # slug -> (the list's row, rows of items)

    # --- links

    def film_link(self, film):
        if film.number is None:
            return ""
        if self.style == "long":
            return f"https://letterboxd.com/film/{film.slug}/"
        return "https://boxd.it/" + code(film.number, FILM)

    def entry_link(self, film, entry):
        """entry: the number of the entry; style long: how many-th of the
        film, from 0. None: the row has no link."""
        if entry is None:
            return ""
        if self.style == "long":
            behind = f"{entry}/" if entry else ""
            return f"https://letterboxd.com/somebody/film/{film.slug}/{behind}"
        return "https://boxd.it/" + code(entry, ENTRY)

    # --- rows

    def add(self, path, **row):
        self.files.setdefault(path, []).append(row)
        return row

    def touch(self, *paths):
        """Files without rows, as recent exports have them."""
        for path in paths:
            self.files.setdefault(path, [])
        return self

    def film_row(self, path, film, date, **more):
        return self.add(path, **{
            "Date": date, "Name": film.title, "Year": str(film.year or ""),
            "Letterboxd URI": self.film_link(film), **more})

    def watched(self, film, date):
        return self.film_row("watched.csv", film, date)

    def rating(self, film, date, stars):
        return self.film_row("ratings.csv", film, date,
                             Rating=stars_text(stars))

    def likes(self, film, date):
        return self.film_row("likes/films.csv", film, date)

    def watchlist(self, film, date):
        return self.film_row("watchlist.csv", film, date)

    def entry_row(self, path, film, entry, watched_on, stars, rewatch, tags,
                  logged_on, **more):
        return self.add(path, **{
            "Date": logged_on or watched_on, "Name": film.title,
            "Year": str(film.year or ""),
            "Letterboxd URI": self.entry_link(film, entry),
            "Rating": stars_text(stars), "Rewatch": "Yes" if rewatch else "",
            "Tags": ", ".join(tags), "Watched Date": watched_on or "",
            **more})

    def diary(self, film, entry, watched_on, stars=None, rewatch=False,
              tags=(), logged_on=None, path="diary.csv"):
        return self.entry_row(path, film, entry, watched_on, stars, rewatch,
                              tags, logged_on)

    def review(self, film, entry, watched_on, text, stars=None, rewatch=False,
               tags=(), logged_on=None, path="reviews.csv"):
        return self.entry_row(path, film, entry, watched_on, stars, rewatch,
                              tags, logged_on, Review=text)

    def favourites(self, *films):
        self.files["profile.csv"] = [{
            "Date Joined": "2018-01-01", "Username": "somebody",
            "Favorite Films": ", ".join(map(self.film_link, films))}]

    def list(self, slug, films, name="A list", tags=(), description="",
             notes=()):
        notes = dict(notes)
        self.lists[slug] = ({
            "Date": "2024-05-05", "Name": name, "Tags": ", ".join(tags),
            "URL": "https://boxd.it/" + code(7000 + len(self.lists), LIST),
            "Description": description}, [{
                "Position": str(i), "Name": f.title, "Year": str(f.year or ""),
                "URL": self.film_link(f), "Description": notes.get(i, "")}
                for i, f in enumerate(films, 1)])

    # --- bytes

    def csv(self, path):
        if path.startswith("lists/"):
            about, items = self.lists[path[6:-4]]
            banner = b"\r\n" if self.style == "long" else \
                b"Letterboxd list export v7\r\n"
            return (banner + table(LIST_COLUMNS, [about]) + b"\r\n"
                    + table(ITEM_COLUMNS, items))
        columns = COLUMNS[path]
        if self.style == "long":
            columns = [c for c in columns if c != "Rewatch"]
        return table(columns, self.files[path])

    def paths(self):
        return list(self.files) + [f"lists/{slug}.csv" for slug in self.lists]

    def zip(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in self.paths():
                archive.writestr(path, self.csv(path))
        return out.getvalue()


def table(columns, rows):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore",
                            lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


# --- whole exports of people who never were

WORDS = ["Night", "River", "The", "Last", "Café", "Song", "300", "弟弟", "of",
         "Machine", "À", "Summer", "“Quote”", "Rain", "rain", "(Part 2)"]
TAGS = ["home", "cinema", "with friends", "35mm", 'said "no"', "back\\slash"]
TEXTS = ["Better every time.", "One,\r\ntwo \"three\"\r\n\r\nfour.",
         "<i>Hm</i> &amp; so", " blank at both ends ", "ünïcödé 弟"]


def film_pool(seed, count):
    """Films of distinct links; some share title and year, some lack one."""
    rng = random.Random(f"films {seed}")
    pool = []
    for i in range(count):
        title = " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 3)))
        year = rng.choice([None] + [rng.randint(1920, 2026)] * 20)
        pool.append(Film(f"{title} {i // 2}" if rng.random() < 0.9 else title,
                         year, 1000 + 7 * i, f"film-{i}"))
    for i in range(0, count - 1, max(2, count // 4)):  # namesakes
        pool[i + 1] = Film(pool[i].title, pool[i].year, pool[i + 1].number,
                           pool[i + 1].slug)
    return pool


def day(rng):
    return str(datetime.date(2015, 1, 1)
               + datetime.timedelta(days=rng.randrange(4000)))


def maybe_stars(rng):
    return rng.choice([None, rng.randint(1, 10) / 2])


def some_export(seed, films, style="boxd"):
    """Every kind of file, from the films of the pool."""
    rng = random.Random(f"export {seed}")
    export = Export(style)
    watched = [f for f in films if rng.random() < 0.7]
    others = [f for f in films if f not in watched]
    for film in watched:
        export.watched(film, day(rng))
        if rng.random() < 0.6:
            export.rating(film, day(rng), rng.randint(1, 10) / 2)
        if rng.random() < 0.2:
            export.likes(film, day(rng))
    _diary(rng, export, watched)
    for film in others:
        export.watchlist(film, day(rng))
    if style == "boxd":
        _orphans(rng, export)
        export.diary(films[0], 555, "2011-11-11", path="deleted/diary.csv")
        export.favourites(*rng.sample(watched, min(4, len(watched))))
    for i in range(2):
        some = rng.sample(films, min(len(films), rng.randint(0, 12)))
        export.list(f"list-{i}", some, tags=rng.sample(TAGS, i),
                    notes={2: "two,\r\nlines"})
    return export


def _diary(rng, export, watched):
    """Entries in the order of their numbers; some have a review, some
    reviews have no entry."""
    number = 500_000
    for film in rng.choices(watched, k=len(watched)):
        number += rng.randint(1, 90)
        same = [r for r in export.files.get("diary.csv", [])
                + export.files.get("reviews.csv", [])
                if f"/{film.slug}/" in r["Letterboxd URI"]]
        entry = len({r["Letterboxd URI"] for r in same}) \
            if export.style == "long" else number
        if export.style == "boxd" and rng.random() < 0.05:
            entry = None
        row = dict(film=film, entry=entry, watched_on=day(rng),
                   stars=maybe_stars(rng), rewatch=rng.random() < 0.2,
                   tags=rng.sample(TAGS, rng.randint(0, 2)),
                   logged_on=day(rng))
        kind = rng.random()
        if kind < 0.9:
            export.diary(**row)
        if kind > 0.6:
            if kind >= 0.9 and rng.random() < 0.5:
                row["watched_on"] = None
            export.review(text=rng.choice(TEXTS), **row)


def _orphans(rng, export):
    for i in range(3):
        gone = Film(f"Gone {i}", rng.choice([None, 1999]), None)
        row = dict(film=gone, entry=None, watched_on=day(rng),
                   stars=maybe_stars(rng), tags=["home"], logged_on=day(rng))
        export.diary(path="orphaned/diary.csv", **row)
        if i:
            export.review(path="orphaned/reviews.csv", text=TEXTS[i], **row)

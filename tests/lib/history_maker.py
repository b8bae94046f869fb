"""Histories of imports made up from a seed: what a member did on Letterboxd,
and which exports of it, or parts of them, were uploaded in what shape.

The world is small, and full of films of one name, one day and one rating.
histories.py says what a history is.
"""

import dataclasses
import random

from upload_reader import FILM_FILES, ORPHANS

TEXTS = ["Good.", "One,\r\ntwo \"three\".", "弟 <i>so</i>"]
TAGS = ["home", "cinema", "35mm"]
SPREADSHEET_DATE = "1/29/2024"
BAD_LINK = "https://example.org/film"
# The columns of entries; of films the first four, and of ratings the fifth.
DATE, NAME, YEAR, LINK, RATING = range(5)


@dataclasses.dataclass(eq=False)
class Film:
    number: int
    title: str
    year: str
    linked: bool
    marked: str = ""
    rated: str = ""
    stars: str = ""
    liked: str = ""
    wanted: str = ""
    entries: int = 0  # so many it has had

    @property
    def name(self):
        return self.title, self.year


@dataclasses.dataclass(eq=False)
class Entry:
    number: int
    nth: int
    film: Film
    linked: bool
    logged: str
    watched: str
    stars: str
    rewatch: str
    tags: str
    text: str = ""
    diary: bool = True


@dataclasses.dataclass(eq=False)
class Orphan:
    title: str
    year: str
    row: tuple  # date, stars, rewatch, tags, watched
    text: str
    diary: bool


class World:
    """What the member's account holds now."""

    def __init__(self, rng):
        self.rng = rng
        self.titles = "ABCaDE"[:rng.randint(1, 6)]
        self.films, self.entries, self.orphans = [], [], []
        self.lists = {}  # slug -> [date, name, tags, description, items]
        self.favourites = []
        for _ in range(rng.randint(3, 12)):
            self.add_film()
        for _ in range(rng.randint(0, 2)):
            self.add_list()
        for _ in range(rng.randint(0, 2)):
            self.add_orphan()
        for _ in range(rng.randint(0, 2)):
            self.favour()

    # --- what fields hold

    def day(self):
        return f"2024-01-{self.rng.randint(1, 12):02}"

    def stars(self):
        return self.rng.choice(["1", "2.5", "4", "4.5", "5"])

    def maybe_stars(self):
        return self.rng.choice(["", self.stars()])

    def tags(self):
        return ", ".join(self.rng.sample(TAGS, self.rng.choice([0, 0, 1, 2])))

    def name(self):
        return (self.rng.choice(self.titles),
                self.rng.choice(["2000", "2000", "2000", "2001", ""]))

    def one(self, things):
        """Raises IndexError, on which a change is left out."""
        return self.rng.choice(list(things))

    # --- changes

    def free_name(self):
        """Two films without a link and of one name would be one."""
        name = self.name()
        taken = {f.name for f in self.films if not f.linked}
        return None if name in taken else name

    def add_film(self):
        name = self.free_name()
        if not name:
            return
        rng = self.rng
        film = Film(len(self.films) + 1, *name, linked=rng.random() > 0.06)
        self.films.append(film)
        if rng.random() < 0.75:
            film.marked = self.day()
            if rng.random() < 0.6:
                film.rated, film.stars = self.day(), self.stars()
            for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
                self.add_entry(film)
        if rng.random() < 0.2:
            film.liked = self.day()
        if rng.random() < (0.1 if film.marked else 0.8):
            film.wanted = self.day()

    def add_entry(self, film=None):
        rng = self.rng
        film = film or self.one(f for f in self.films if f.marked)
        first = film.entries == 0
        logged = film.marked if first and rng.random() < 0.6 else self.day()
        stars = film.stars if rng.random() < 0.5 else self.maybe_stars()
        entry = Entry(len(self.entries) + 1 + 50 * rng.randint(0, 9),
                      film.entries, film, film.linked or rng.random() < 0.5,
                      logged, self.day(), stars,
                      "" if first else rng.choice(["", "Yes"]), self.tags())
        if any(e.number == entry.number for e in self.entries):
            return
        film.entries += 1
        self.entries.append(entry)
        if rng.random() < 0.35 and entry.linked and film.linked:
            entry.text = rng.choice(TEXTS)
            if rng.random() < 0.3:
                entry.diary = False
                entry.watched = rng.choice(["", entry.watched])

    def remove_entry(self):
        self.entries.remove(self.one(self.entries))

    def edit_entry(self):
        entry = self.one(e for e in self.entries if e.linked)
        field = self.rng.choice(["stars", "watched", "logged", "tags"])
        setattr(entry, field, {"stars": self.maybe_stars, "tags": self.tags,
                               "watched": self.day, "logged": self.day}
                [field]())

    def edit_review(self):
        entry = self.one(e for e in self.entries if e.linked
                         and e.film.linked and e.diary)
        entry.text = self.rng.choice(["", *TEXTS])

    def undate_review(self):
        entry = self.one(e for e in self.entries if e.text)
        entry.diary = not entry.diary
        entry.watched = entry.watched or self.day()

    def rename_film(self):
        name = self.free_name()
        if name:
            film = self.one(self.films)
            film.title, film.year = name

    def mark(self):
        film = self.one(self.films)
        film.marked, film.wanted = self.day(), ""

    def unmark(self):
        film = self.one(f for f in self.films if f.marked)
        film.marked = film.rated = film.stars = ""
        self.entries = [e for e in self.entries if e.film is not film]
        self.favourites = [f for f in self.favourites if f is not film]

    def rate(self):
        film = self.one(f for f in self.films if f.marked)
        film.rated, film.stars = self.day(), self.stars()

    def unrate(self):
        film = self.one(f for f in self.films if f.rated)
        film.rated = film.stars = ""

    def like(self):
        film = self.one(self.films)
        film.liked = "" if film.liked else self.day()

    def want(self):
        film = self.one(self.films)
        film.wanted = "" if film.wanted else self.day()

    def favour(self):
        films = [f for f in self.films if f.marked and f.linked]
        self.favourites = self.rng.sample(films, min(len(films), 2))

    def lose_link(self):
        film = self.one(f for f in self.films if f.linked)
        if any(f.name == film.name and not f.linked for f in self.films):
            return
        film.linked = False
        self.favourites = [f for f in self.favourites if f is not film]
        for entry in self.entries:
            if entry.film is film and entry.diary:
                entry.text = ""

    def add_list(self):
        films = self.rng.sample(self.films, min(len(self.films), 4))
        self.lists[self.rng.choice(["one", "two", "three"])] = [
            self.day(), "A list", self.tags(), self.rng.choice(["", *TEXTS]),
            [(film, self.rng.choice(["", "", *TEXTS]))
             for film in films[:self.rng.randint(0, 4)]]]

    def edit_list(self):
        one = self.one(self.lists.values())
        one[1] = self.rng.choice(["A list", "Renamed"])
        if one[4] and self.rng.random() < 0.5:
            one[4].remove(self.one(one[4]))
        else:
            one[4].append((self.one(self.films), ""))

    def remove_list(self):
        del self.lists[self.one(self.lists)]

    def add_orphan(self):
        title, year = self.name()
        if self.rng.random() < 0.6:
            title = "Gone " + title
        if any((o.title, o.year) == (title, year) for o in self.orphans):
            return
        text = self.rng.choice(["", "", *TEXTS])
        self.orphans.append(Orphan(
            title, year, (self.day(), self.maybe_stars(), "", self.tags(),
                          self.day()), text,
            not text or self.rng.random() < 0.5))

    def remove_orphan(self):
        self.orphans.remove(self.one(self.orphans))

    CHANGES = [add_film, add_entry, add_entry, remove_entry, edit_entry,
               edit_entry, edit_review, undate_review, rename_film,
               rename_film, rename_film, mark, unmark, rate, rate, unrate,
               like, want, favour, lose_link, add_list, edit_list,
               remove_list, add_orphan, remove_orphan]

    def change(self):
        try:
            self.rng.choice(self.CHANGES)(self)
        except IndexError:
            pass  # there is nothing that it could change


# --- an export of it

class Export:
    """style: "short" or "long" links. files: {path: rows}."""

    def __init__(self, world, style):
        self.world, self.style = world, style
        self.files = {path: [] for path in (
            "watched.csv", "ratings.csv", "diary.csv", "reviews.csv",
            "watchlist.csv", "likes/films.csv", *ORPHANS)}
        for film in world.films:
            self.write_film(film)
        for entry in world.entries:
            self.write_entry(entry)
        self.write_orphans()
        for rows in self.files.values():
            self.sort(rows)
        self.write_lists()
        self.files["profile.csv"] = [(self.film_link(f),)
                                     for f in world.favourites]
        if style == "long":
            for path in ("profile.csv", "likes/films.csv", *ORPHANS):
                del self.files[path]

    def sort(self, rows):
        if self.world.rng.random() < 0.2:
            self.world.rng.shuffle(rows)
        else:
            rows.sort()

    def film_link(self, film):
        letter = "F" if self.style == "short" else "S"
        return f"{letter}{film.number}" if film.linked else ""

    def entry_link(self, entry):
        if self.style == "short":
            return f"E{entry.number}" if entry.linked else ""
        return f"S{entry.film.number}/{entry.nth}" if entry.film.linked else ""

    def write_film(self, film):
        for path, date in [("watched.csv", film.marked),
                           ("ratings.csv", film.rated),
                           ("likes/films.csv", film.liked),
                           ("watchlist.csv", film.wanted)]:
            more = [film.stars] if path == "ratings.csv" else []
            if date:
                self.files[path].append(
                    (date, *film.name, self.film_link(film), *more))

    def write_entry(self, entry):
        link = self.entry_link(entry)
        start = (entry.logged, *entry.film.name, link, entry.stars,
                 entry.rewatch)
        if entry.diary or not link:
            self.files["diary.csv"].append(
                (*start, entry.tags, entry.watched or entry.logged))
        if entry.text and link:
            self.files["reviews.csv"].append(
                (*start, entry.text, entry.tags, entry.watched))

    def write_orphans(self):
        for orphan in self.world.orphans:
            date, stars, rewatch, tags, watched = orphan.row
            start = (date, orphan.title, orphan.year, "", stars, rewatch)
            if orphan.diary:
                self.files[ORPHANS[0]].append((*start, tags, watched))
            if orphan.text:
                self.files[ORPHANS[1]].append(
                    (*start, orphan.text, tags, watched))

    def write_lists(self):
        for slug, one in self.world.lists.items():
            date, name, tags, description, items = one
            self.files[f"lists/{slug}.csv"] = [
                (date, name, tags, f"https://boxd.it/{slug}", description),
                *((str(n), *film.name, self.film_link(film), note)
                  for n, (film, note) in enumerate(items, 1))]


# --- an upload of it

def some_upload(world, style):
    rng = world.rng
    files = Export(world, style).files
    if rng.random() < 0.05:
        stale_name(rng, files)
    shape = rng.random()
    if shape < 0.25:
        path = rng.choice([path for path in files if path not in ORPHANS])
        step = ("csv", [(path, files[path])])
    else:
        paths = list(files) if shape < 0.75 else some_files(rng, files)
        step = ("zip", [(path, files[path]) for path in ordered(rng, paths)])
    if rng.random() < 0.3:
        spoil(rng, dict(step[1]))
    return step


def some_files(rng, files):
    """The two files of orphans go together: what a library knows of an orphan
    does not say which of them it is in."""
    some = [path for path in files
            if path not in ORPHANS and rng.random() < 0.6]
    if ORPHANS[0] in files and rng.random() < 0.6:
        some += ORPHANS
    return some or ["watched.csv"]


def ordered(rng, paths):
    if rng.random() < 0.3:
        rng.shuffle(paths)
    elif rng.random() < 0.3:
        paths.sort(key=lambda path: path != "profile.csv")
    return paths


def stale_name(rng, files):
    """One row has a name that other rows of its link do not have."""
    rows = files[rng.choice(["watched.csv", "ratings.csv", "diary.csv"])]
    linked = [n for n, row in enumerate(rows) if row[LINK]]
    if linked:
        n = rng.choice(linked)
        rows[n] = (*rows[n][:NAME], rng.choice("ABC"), "2000",
                   *rows[n][LINK:])


def spoil(rng, files):
    """Makes a row or two illegible, seldom all of a file."""
    able = [(path, n) for path, rows in files.items()
            for n in range(len(rows)) if may_spoil(files, path, rows[n], n)]
    if able and rng.random() < 0.1:
        only = rng.choice(able)[0]
        able = [at for at in able if at[0] == only]
        if not only.startswith("lists/"):
            for path, n in able:
                spoil_row(rng, path, files[path], n)
            return
    for path, n in rng.sample(able, min(len(able), rng.choice([1, 1, 2]))):
        if sum(r[NAME] != "" for r in files[path]) > 2 or rng.random() < 0.2:
            spoil_row(rng, path, files[path], n)


def may_spoil(files, path, row, n):
    """Not what several rows are known by, nor all items of a list, nor an
    orphan that has a review."""
    if path.startswith("lists/"):
        return n == 1 and len(files[path]) > 2
    if path in ("profile.csv", ORPHANS[1]):
        return False
    if path == ORPHANS[0]:
        return all(row[NAME:LINK] != review[NAME:LINK]
                   for review in files[ORPHANS[1]])
    return path in FILM_FILES or bool(row[LINK])


def spoil_row(rng, path, rows, n):
    row = list(rows[n])
    if path.startswith("lists/"):
        row[rng.choice([YEAR, LINK])] = BAD_LINK
        rows[n] = tuple(row)
        return
    ways = ["date", "date", "link", "comma"]
    if len(row) > RATING:
        ways += ["rating", "rating"]
    if path == "diary.csv":
        ways.append("watched")
    way = rng.choice(ways)
    if way == "comma":
        row.insert(NAME + 1, " The")
    else:
        place, text = {"date": (DATE, SPREADSHEET_DATE),
                       "link": (LINK, BAD_LINK), "rating": (RATING, "6"),
                       "watched": (-1, SPREADSHEET_DATE)}[way]
        row[place] = text
    rows[n] = tuple(row)


# --- a history of them

def some_history(seed):
    rng = random.Random(f"history {seed}")
    world = World(rng)
    uploads = rng.randint(2, 6)
    long_ones = rng.randint(1, uploads - 1) if rng.random() < 0.12 else 0
    history = []
    for n in range(uploads):
        history.append(some_upload(world, "long" if n < long_ones
                                   else "short"))
        if rng.random() < 0.35:
            history.append(("again",))
        if rng.random() < 0.2:
            history.append(("undo",))
            if rng.random() < 0.5:
                history.append(("again",))
        if rng.random() < 0.2:
            choose(world, history)
        for _ in range(rng.choice([0, 1, 1, 2, 3, 5])):
            world.change()
    return history


def choose(world, history):
    entries = [e for e in world.entries if e.linked and e.film.linked]
    if not entries:
        return
    entry = world.rng.choice(entries)
    films = [f for f in world.films if f.linked]
    namesakes = [f for f in films if f.name == entry.film.name]
    film = world.rng.choice(namesakes if world.rng.random() < 0.7 else films)
    history.append(("choose", f"E{entry.number}", f"F{film.number}"))
    if world.rng.random() < 0.5:
        history.append(("again",))

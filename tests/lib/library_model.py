"""What a member's library holds after a history of uploads.

A model in plain Python, written from the rules of the import and not from its
code. `Library.import_upload()` takes an upload as the server must,
`Library.dump()` says what is held then, in the lines of library_lines.py. The
rules, by number:

 1  A link is a film; title and year are its attributes. A row without a link
    is a film of its own, known by title and year. One film of an old long link
    and one of a short link with the same title and year are one, the short,
    unless both were there before.
 2  In one upload a link has the name of its first row: watched, ratings,
    likes, watchlist, lists, in file order. A link that none of these names
    takes the name of the first row of an entry that stays with it.
 3  Each file is a snapshot of its source. An illegible row leaves what its
    identity had; one without a legible identity keeps all of its source. A
    file without a legible row fails the import.
 4  Candidates for a name: films that have it and are marked or rated; when
    there is none, those liked, wanted or listed.
 5  The film of an entry: the member's choice; else among the candidates (b)
    the one it had, the only one, the only one marked on its day, the only one
    rated like it, in turn; without candidates (c) the one it had, the one
    that another row of its name had, a film known by name alone.
 6  A member's choice lasts.
 7  A viewing is of the diary, else of the reviews, else orphaned. A marked
    film without a viewing has an undated one.
 8  Rating in force: ratings.csv, the latest-watched rated viewing,
    watched.csv.
 9  A ZIP with a list, or a complete one, holds all lists.
10  A film without a source, a viewing and a list is gone.
11  The same upload again changes nothing; an undo gives the state before.

Where the rules leave room the model takes one reading and notes it in
`doubts`: a difference at such a place may be the model's.
"""

import collections
import copy
import dataclasses

from library_lines import (ENTRY_COLUMNS, WATCH_COLUMNS, film_line, item_line,
                           list_line, watch_line)
from upload_reader import (DIARY, FILM_FILES, ORPHANS, REVIEWS, File, Row,
                           entry_number, tags_of)

COMPLETE = {"watched.csv", "ratings.csv", DIARY, REVIEWS, "watchlist.csv"}


@dataclasses.dataclass
class Film:
    ref: str
    title: str
    year: int
    marked_on: str = None
    marked_rating: int = None
    csv_rating: int = None
    csv_rated_on: str = None
    liked_on: str = None
    watchlisted_on: str = None
    favourite: int = None

    @property
    def key(self):
        return self.ref or ("", self.title, self.year)

    @property
    def name(self):
        return self.title, self.year

    @property
    def shown(self):
        return self.ref, self.title, self.year

    def sourced(self):
        return self.favourite is not None or any(
            getattr(self, column) for column in FILM_FILES.values())


@dataclasses.dataclass
class Viewing:
    entry: object
    film: object = None
    diary: bool = False
    orphaned: bool = False
    logged_on: str = None
    watched_on: str = None
    rating: int = None
    rewatch: bool = False
    tags: list = dataclasses.field(default_factory=list)
    review: str = None  # None: not in the reviews

    @property
    def source(self):
        return "orphaned" if self.orphaned else \
            "diary" if self.diary else "reviews"

    def take(self, row):
        self.logged_on, self.watched_on = row.date, row.watched_on
        self.rating, self.rewatch = row.rating, row.rewatch
        self.tags = row.tags


@dataclasses.dataclass
class List:
    about: tuple
    order: int
    items: dict  # position -> (key of the film, note)


@dataclasses.dataclass
class Question:
    """Which film is this viewing of? was: the film it had. keeps: its row is
    illegible, so that it keeps that film (5)."""
    viewing: Viewing
    row: Row
    was: object
    keeps: bool


@dataclasses.dataclass
class Report:
    refused: bool = False
    ambiguous: collections.Counter = dataclasses.field(
        default_factory=collections.Counter)  # by path
    # Something but this upload had a say in which film a viewing is of.
    by_history: bool = False


class Library:
    def __init__(self):
        self.films = {}  # by key
        self.viewings = {}  # by entry
        self.lists = {}  # by slug
        self.choices = {}  # entry -> Film, as far as its name
        self.past = []
        self.doubts = set()

    # --- what a member does

    def import_upload(self, zipped, files):
        """files: (path, rows), in the upload's order."""
        self.doubts = set()
        read = {path: File(path, rows) for path, rows in files}
        if self.refuses(read.values()):
            return Report(refused=True)
        self.past.append(copy.deepcopy(
            (self.films, self.viewings, self.lists, self.choices)))
        self.files, self.report = read, Report()
        self.same = {}  # old link -> short link of the same film
        before = set(self.films)
        self.name_films()
        self.join_old_links(before)
        self.take_film_files()
        self.take_lists(zipped)
        self.take_favourites()
        questions = self.take_viewings()
        self.name_by_entries(questions)
        self.answer(questions)
        self.drop_lone_films()
        return self.report

    def undo(self):
        """Of the newest import that is not undone."""
        self.films, self.viewings, self.lists, self.choices = self.past.pop()

    def choose(self, entry, key):
        film = self.films[key]
        self.choices[entry] = Film(*film.shown)
        self.viewings[entry].film = key
        self.drop_lone_films()
        self.past.clear()

    def has_entry(self, key):
        """It is not in lists only."""
        return key in self.films and (
            self.films[key].sourced() or self.viewed(key))

    def doubt(self, what):
        self.doubts.add(what)

    def refuses(self, files):
        for file in files:
            if file.count and not file.rows and file.path != "profile.csv":
                if file.path.startswith("lists/"):
                    self.doubt("a list of illegible items fails the import")
                return True
        return False

    # --- films (1, 2)

    def resolve(self, key):
        return self.same.get(key, key)

    def film_rows(self):
        """Rows that name films, in the order in which they do."""
        lists = [p for p in self.files if p.startswith("lists/")]
        for path in [*FILM_FILES, *lists]:
            if path in self.files:
                yield from self.files[path].rows.values()

    def entry_rows(self):
        for path in (DIARY, REVIEWS, *ORPHANS):
            if path in self.files:
                yield from self.files[path].rows.values()

    def name_films(self):
        """self.named: the links that have their name from this upload."""
        names = {}
        for row in self.film_rows():
            names.setdefault(row.film, row.name)
        for row in self.entry_rows():
            if row.film and row.film not in names:
                known = self.films.get(row.film)
                if known and known.name != row.name:
                    self.doubt("an entry's old link names its film")
                names[row.film] = row.name
        for key, name in names.items():
            film = self.films.setdefault(
                key, Film("" if isinstance(key, tuple) else key, *name))
            film.title, film.year = name
        self.named = set(names)

    def join_old_links(self, before):
        """Two that were there before, apart, stay apart."""
        by_name = collections.defaultdict(lambda: ([], []))
        for film in self.films.values():
            if film.ref:
                by_name[film.name][film.ref.startswith("boxd:")].append(film)
        for old, new in by_name.values():
            if len(old) == len(new) == 1 and not (
                    {old[0].key, new[0].key} <= before):
                self.join(old[0], new[0])

    def join(self, old, new):
        for path, column in FILM_FILES.items():
            if getattr(old, column) is None:
                continue
            if getattr(new, column) is not None:
                if path not in self.files:
                    self.doubt("both of two films that are joined had it")
                continue
            setattr(new, column, getattr(old, column))
            if path == "ratings.csv":
                new.csv_rating = old.csv_rating
            if path == "watched.csv":
                new.marked_rating = old.marked_rating
        for viewing in self.viewings.values():
            if viewing.film == old.ref:
                viewing.film = new.ref
        for one in self.lists.values():
            one.items = {p: (new.ref if key == old.ref else key, note)
                         for p, (key, note) in one.items.items()}
        for entry, chosen in self.choices.items():
            if chosen.ref == old.ref:
                self.choices[entry] = Film(*new.shown)
        self.same[old.ref] = new.ref
        if old.ref in self.named:
            self.named.add(new.ref)
        del self.films[old.ref]

    # --- film files, lists, favourites (3, 9)

    def take_film_files(self):
        for path, column in FILM_FILES.items():
            if path not in self.files:
                continue
            file = self.files[path]
            rows = {}
            for row in file.rows.values():
                key = self.resolve(row.film)
                if key in rows:
                    self.doubt("one film has two rows of a file")
                rows.setdefault(key, row)
            left = set(map(self.resolve, file.left))
            for key, film in self.films.items():
                if key in rows:
                    take_film_row(film, path, rows[key])
                elif not file.blind and key not in left:
                    take_film_row(film, path, Row())

    def take_lists(self, zipped):
        here = {path[6:-4]: file for path, file in self.files.items()
                if path.startswith("lists/")}
        if zipped and (here or COMPLETE <= set(self.files)):
            self.lists = {slug: one for slug, one in self.lists.items()
                          if slug in here}
        for order, (slug, file) in enumerate(here.items()):
            old = self.lists[slug].items if slug in self.lists else {}
            items = {p: item for p, item in old.items() if file.spares(p)}
            items.update({p: (self.resolve(row.film), row.text)
                          for p, row in file.rows.items()})
            self.lists[slug] = List(file.about, order, items)

    def take_favourites(self):
        file = self.files.get("profile.csv")
        if not file:
            return
        rows = {self.resolve(key): row for key, row in file.rows.items()}
        if rows and not rows.keys() & self.films.keys():
            self.doubt("favourites none of which is known are imported")
        left = set(map(self.resolve, file.left))
        for key, film in self.films.items():
            if key in rows:
                film.favourite = rows[key].place
                if not self.used(key, but_favourite=True):
                    self.doubt("a favourite that is nothing else is known")
            elif not file.blind and key not in left:
                film.favourite = None

    # --- viewings (3, 7)

    def take_viewings(self):
        """Replaces the viewings; those whose film is not said by their row
        are the questions, in file order, rows of the upload first."""
        before, self.viewings, questions = self.viewings, {}, []
        if (ORPHANS[0] in self.files) != (ORPHANS[1] in self.files):
            self.doubt("one of two files of orphans is there")
        for paths in ((DIARY, REVIEWS), ORPHANS):
            diary, reviews = (self.files.get(path) for path in paths)
            here = {**(diary.rows if diary else {}),
                    **(reviews.rows if reviews else {})}
            stored = {entry: old for entry, old in before.items()
                      if old.orphaned == (paths == ORPHANS)}
            for entry in {**here, **stored}:
                self.take_viewing(entry, stored.get(entry), diary, reviews,
                                  questions)
        return questions

    def take_viewing(self, entry, old, diary, reviews, questions):
        diary_row = diary and diary.rows.get(entry)
        review_row = reviews and reviews.rows.get(entry)
        viewing = self.merge(entry, old, diary, reviews)
        if not viewing:
            return
        self.viewings[entry] = viewing
        row = diary_row or review_row
        review_row_film = review_row and review_row.film
        keeps = bool(old) and keeps_film(old, entry, diary, reviews)
        if keeps and row:
            self.doubt("a legible review beside an illegible diary row")
        if keeps or viewing.diary and not diary_row and not review_row_film:
            row = None  # what the diary called the film counts
        viewing.orphaned = old.orphaned if old else row.path in ORPHANS
        viewing.film = old and old.film
        if row and row.film and (viewing.orphaned
                                 or isinstance(row.film, str)):
            viewing.film = self.resolve(row.film)
        elif not viewing.orphaned and not (
                isinstance(entry, str) and entry.startswith("slug:")):
            questions.append(Question(viewing, row, viewing.film, keeps))

    def merge(self, entry, old, diary, reviews):
        """The diary's fields stand, the review adds its text (7). A viewing
        has one set of fields: when its diary row goes and its review stays
        unread, they stay."""
        diary_row = diary and diary.rows.get(entry)
        review_row = reviews and reviews.rows.get(entry)
        in_diary = bool(diary_row) or bool(old and old.diary) and (
            not diary or diary.spares(entry))
        stays = old and old.review is not None and (
            not reviews or reviews.spares(entry))
        if not (in_diary or review_row or stays):
            return None
        viewing = dataclasses.replace(old) if old else Viewing(entry)
        row = diary_row or (None if in_diary else review_row)
        if row:
            viewing.take(row)
        elif not in_diary and old.diary:
            self.doubt("a review stays with the fields of its diary row")
        viewing.diary = in_diary
        if not stays:
            viewing.review = None
        if review_row:
            viewing.review = review_row.text
        return viewing

    # --- which film a viewing is of (2, 4, 5)

    def name_by_entries(self, questions):
        """A link that no film file names, by its entries. An entry that
        leaves its film does not speak of it. A name that one film takes or
        leaves may let another entry speak: again, until nothing changes."""
        for _ in range(5):
            names = self.names_by_entries(questions)
            if all(self.films[key].name == name
                   for key, name in names.items()):
                return
            for key, name in names.items():
                self.films[key].title, self.films[key].year = name
        self.doubt("names by entries that hang on one another")

    def names_by_entries(self, questions):
        names = {}
        for q in questions:
            if not q.row or q.viewing.entry in self.choices:
                continue
            if not isinstance(q.was, str) or q.was in self.named:
                continue
            candidates = self.candidates(q.row.name)
            if candidates and q.was not in candidates:
                continue
            if names.setdefault(q.was, q.row.name) != q.row.name:
                self.doubt("entries of one film have several names")
        return names

    def candidates(self, name):
        """In the order of the days they were marked, then rated, then of their
        links. A film without a link is one, too."""
        films = [f for f in self.films.values() if f.name == name]
        near = [f for f in films if f.marked_on or f.csv_rated_on]
        listed = {key for one in self.lists.values()
                  for key, _ in one.items.values()}
        far = [f for f in films if f.liked_on or f.watchlisted_on
               or f.key in listed]
        return [f.key for f in sorted(near or far, key=self.place)]

    @staticmethod
    def place(film):
        return (film.marked_on or "9", film.csv_rated_on or "9",
                len(film.ref), film.ref)

    def answer(self, questions):
        decided, kept = collections.Counter(), {}
        late, turns = [], collections.defaultdict(list)
        for q in questions:
            q.was = self.resolve(q.was)
            name = q.row.name if q.row else self.films[q.was].name
            candidates = self.candidates(name)
            chosen = self.choices.get(q.viewing.entry)
            film = None
            if chosen:
                film = self.film_again(chosen)
            elif q.keeps:
                film = q.was
            elif candidates:
                film = self.pick(q, candidates)
                if not film:
                    turns[name].append(q)
            elif q.was and not (isinstance(q.was, tuple) and q.row):
                film = q.was
                if q.row:
                    kept.setdefault(name, film)
            else:
                late.append((q, name))
            self.note(q, candidates, chosen)
            q.viewing.film = film
            # A chosen film may have another name than the row.
            decided[self.films[film].name if chosen else name, film] += 1
        for q, name in late:
            q.viewing.film = kept.get(name) or self.film_by_name(name)
        for name, waiting in turns.items():
            self.in_turn(name, waiting, decided)
        self.remember_chosen()

    def note(self, q, candidates, chosen):
        if chosen or q.keeps or len(candidates) > 1 or not candidates:
            self.report.by_history = True
        if q.row and len(candidates) > 1 and not chosen and not q.keeps:
            self.report.ambiguous[q.row.path] += 1

    def pick(self, q, candidates):
        """None: in turn."""
        if q.was in candidates:
            return q.was
        date, rating = (q.row.date, q.row.rating) if q.row else \
            (q.viewing.logged_on, q.viewing.rating)
        films = [self.films[key] for key in candidates]
        marked = [f for f in films if f.marked_on == date]
        rated = [f for f in films if rating and f.csv_rating == rating]
        for some in (films, marked, rated):
            if len(some) == 1:
                return some[0].key
        return None

    def in_turn(self, name, waiting, decided):
        films = self.candidates(name)
        films.sort(key=lambda key: decided[name, key])
        # Those without a link come last, in the order of their file.
        waiting.sort(key=lambda q: (
            (1, q.row.place if q.row else 0)
            if isinstance(q.viewing.entry, tuple)
            else (0, entry_number(q.viewing.entry))))
        for k, q in enumerate(waiting):
            q.viewing.film = films[k % len(films)]

    def film_by_name(self, name):
        return self.films.setdefault(("", *name), Film("", *name)).key

    def film_again(self, chosen):
        return self.films.setdefault(chosen.key, Film(*chosen.shown)).key

    def remember_chosen(self):
        for entry, chosen in self.choices.items():
            if chosen.key in self.films:
                self.choices[entry] = Film(*self.films[chosen.key].shown)

    # --- what is left (10), and what it amounts to (7, 8)

    def used(self, key, but_favourite=False):
        film = self.films[key]
        sourced = film.sourced() if not but_favourite else any(
            getattr(film, column) for column in FILM_FILES.values())
        return sourced or self.viewed(key) or self.listed(key)

    def viewed(self, key):
        return any(v.film == key for v in self.viewings.values())

    def listed(self, key):
        return any(key == item for one in self.lists.values()
                   for item, _ in one.items.values())

    def drop_lone_films(self):
        self.films = {key: film for key, film in self.films.items()
                      if self.used(key)}

    def resolve_rating(self, film):
        if film.csv_rating:
            return film.csv_rating, "ratings"
        rated = [v for v in self.viewings.values()
                 if v.film == film.key and v.rating]
        if rated:
            last = max(rated, key=age)
            if sum(age(v) == age(last) for v in rated) > 1:
                self.doubt("two ratings of one day and no entry number")
            return last.rating, last.source
        return film.marked_rating, film.marked_rating and "watched"

    def dump(self):
        lines = []
        for film in self.films.values():
            lines += self.film_lines(film)
        for slug, one in self.lists.items():
            lines += self.list_lines(slug, one)
        return sorted(lines)

    def film_lines(self, film):
        viewings = [v for v in self.viewings.values() if v.film == film.key]
        rating, source = self.resolve_rating(film)
        if viewings or film.sourced():
            columns = ENTRY_COLUMNS[:-2]
            yield film_line(film.shown, {
                **{column: getattr(film, column) for column in columns},
                "rating": rating, "rating_source": source})
        if film.marked_on and not viewings:
            yield watch_line(film.shown, {
                "entry": "watched", "source": "watched", "rewatch": False,
                "tags": []})
        for viewing in viewings:
            named = isinstance(viewing.entry, tuple)
            yield watch_line(film.shown, {
                **{column: getattr(viewing, column)
                   for column in WATCH_COLUMNS},
                "entry": "name" if named else viewing.entry})

    def list_lines(self, slug, one):
        date, name, tags, url, description = one.about
        yield list_line(slug, {
            "created_on": date, "name": name, "tags": tags_of(tags),
            "url": url, "description": description or None})
        for position, (key, note) in one.items.items():
            yield item_line(slug, position, self.films[key].shown, note)


def take_film_row(film, path, row):
    """An empty row: the film is not in this file."""
    setattr(film, FILM_FILES[path], row.date)
    if path == "ratings.csv":
        film.csv_rating = row.rating
    if path == "watched.csv":
        film.marked_rating = row.rating


def keeps_film(old, entry, diary, reviews):
    """Its row is illegible, or some row is that may be its own."""
    def unread(file, had):
        return file and entry not in file.rows and had and file.spares(entry)

    if diary and entry in diary.rows:
        return False
    if diary and entry in diary.left:
        return True
    return bool(unread(diary, old.diary)
                or not (reviews and entry in reviews.rows)
                and unread(reviews, old.review is not None))


def age(viewing):
    return (viewing.watched_on or "", viewing.logged_on or "",
            entry_number(viewing.entry))

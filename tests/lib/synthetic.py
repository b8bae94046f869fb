"""Libraries made up in Python and written straight into Postgres.

`Library` is the whole of what one member has; the tests recompute from it in
plain Python what the statements must answer. `ask` runs a statement file as
the API does: as rewatch_api, with a member set, parameters as text.
"""

import dataclasses
import datetime
import random

import psycopg

from statements import statement

GENRES = ["Drama", "Comedy", "Horror", "Animation", "War"]
COUNTRIES = ["FR", "US", "IT", "JP"]
LANGUAGES = ["fr", "en", "it", "ja"]
STUDIOS = [f"Studio {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]


@dataclasses.dataclass
class Title:
    """What TMDB says."""
    tmdb_id: int
    name: str
    runtime: int | None = None
    poster_path: str | None = None
    vote_average: str | None = None
    vote_count: int = 0
    genres: list = dataclasses.field(default_factory=list)
    countries: list = dataclasses.field(default_factory=list)
    languages: list = dataclasses.field(default_factory=list)
    studios: list = dataclasses.field(default_factory=list)
    directors: list = dataclasses.field(default_factory=list)
    writers: list = dataclasses.field(default_factory=list)
    cast: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Watch:
    watched_on: datetime.date | None = None
    rating: int | None = None
    rewatch: bool = False
    source: str = "diary"
    logged_on: datetime.date | None = None
    tags: list = dataclasses.field(default_factory=list)
    review: str | None = None
    id: int | None = None


@dataclasses.dataclass
class Film:
    """A film and the member's entry for it; ratings are half-stars."""
    title: str
    year: int | None = None
    ref: str = ""
    tmdb: Title | None = None
    state: str | None = None
    confidence: str | None = None
    candidates: str = "[]"
    matched_ago: int = 3600
    version: int = 0
    marked_on: datetime.date | None = None
    marked_rating: int | None = None
    liked_on: datetime.date | None = None
    watchlisted_on: datetime.date | None = None
    favourite: int | None = None
    csv_rating: int | None = None
    csv_rated_on: datetime.date | None = None
    rating: int | None = None
    rating_source: str | None = None
    watches: list = dataclasses.field(default_factory=list)
    id: int | None = None

    @property
    def watched(self):
        return bool(self.marked_on or self.watches or self.rating)


@dataclasses.dataclass
class Library:
    member: int
    films: list
    lists: list = dataclasses.field(default_factory=list)
    version: int = 0


PERSON = "INSERT INTO person (id, name, profile_path) VALUES (%s, %s, %s) " \
         "ON CONFLICT DO NOTHING"
TITLE = """INSERT INTO title (kind, tmdb_id, name, original_name, runtime,
    poster_path, vote_average, vote_count, genres, countries, languages,
    studio_ids, director_ids, writer_ids, cast_ids, fetched_at)
    VALUES ('movie', %s, %s, %s, %s, %s, %s::real, %s, %s, %s, %s,
    ARRAY(SELECT s.id FROM unnest(%s::text[]) WITH ORDINALITY n (name, place)
        JOIN studio s USING (name) ORDER BY place),
    %s::bigint[], %s::bigint[], %s::bigint[], now())
    ON CONFLICT DO NOTHING"""
STUDIO = """INSERT INTO studio (id, name) SELECT hashtext(%s) + (1::bigint << 31),
    %s ON CONFLICT DO NOTHING"""
FILM = """INSERT INTO film (ref, title, year, match_state, kind,
    tmdb_id, confidence, candidates, matched_at, version) VALUES (%s, %s, %s,
    %s, %s, %s, %s, %s::jsonb, now() - make_interval(secs => %s), %s)
    RETURNING id"""
ENTRY = """INSERT INTO library_entry (member_id, film_id, marked_on,
    marked_rating, liked_on, watchlisted_on, favourite, csv_rating,
    csv_rated_on, rating, rating_source)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
WATCH = """INSERT INTO watch (member_id, film_id, source, entry, watched_on,
    logged_on, rating, rewatch, tags, review)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id"""


def person_name(number):
    return f"Person {number}"


def person_photo(number):
    return f"/p{number}.jpg" if number % 2 else None


def store_title(db, t):
    for number in {*t.directors, *t.writers, *t.cast}:
        db.execute(PERSON, (number, person_name(number),
                            person_photo(number)))
    for name in t.studios:
        db.execute(STUDIO, (name, name))
    db.execute(TITLE, (t.tmdb_id, t.name, t.name, t.runtime, t.poster_path,
                       t.vote_average, t.vote_count, t.genres, t.countries,
                       t.languages, t.studios, t.directors, t.writers,
                       t.cast))


def store_film(db, film):
    """The film alone; fills in its id. One that has it already is shared."""
    if film.id is not None:
        return
    if film.tmdb:
        store_title(db, film.tmdb)
        film.state = "matched"
        film.confidence = film.confidence or "high"
    film.id = db.execute(FILM, (
        film.ref, film.title, film.year, film.state,
        "movie" if film.tmdb else None,
        film.tmdb.tmdb_id if film.tmdb else None, film.confidence,
        film.candidates, film.matched_ago, film.version)).fetchone()[0]


def store(database, library):
    """Writes the library; fills in the ids of films, watches and lists."""
    with psycopg.connect(database.url()) as db:
        db.execute("INSERT INTO member (id, name, library_version) "
                   "VALUES (%s, %s, %s)",
                   (library.member, f"member {library.member}",
                    library.version))
        for film in library.films:
            store_film(db, film)
            db.execute(ENTRY, (
                library.member, film.id, film.marked_on,
                film.marked_rating, film.liked_on, film.watchlisted_on,
                film.favourite, film.csv_rating, film.csv_rated_on, film.rating, film.rating_source))
            for n, watch in enumerate(film.watches):
                watch.id = db.execute(WATCH, (
                    library.member, film.id, watch.source,
                    f"{film.id}/{n}", watch.watched_on, watch.logged_on,
                    watch.rating, watch.rewatch, watch.tags,
                    watch.review)).fetchone()[0]
        for one in library.lists:
            one["id"] = db.execute(
                "INSERT INTO list (member_id, slug, name, created_on) "
                "VALUES (%s, %s, %s, %s) RETURNING id",
                (library.member, one["slug"], one["name"],
                 one["created_on"])).fetchone()[0]
            for position, film in enumerate(one["films"], 1):
                store_film(db, film)
                db.execute("INSERT INTO list_item (member_id, list_id, "
                           "position, film_id) VALUES (%s, %s, %s, %s)",
                           (library.member, one["id"], position, film.id))
    return library


def some_title(rng, number):
    people = range(1000, 1060)
    return Title(
        tmdb_id=number, name=f"Title {number}",
        runtime=rng.choice([None, 12, 80, 95, 95, 110, 140, 201]),
        poster_path=rng.choice([None, f"/t{number}.jpg"]),
        vote_average=rng.choice(["4.1", "5.9", "6.825", "7.3", "8.2"]),
        vote_count=rng.choice([0, 9, 10, 300, 25000]),
        genres=rng.sample(GENRES, rng.randrange(4)),
        countries=rng.sample(COUNTRIES, rng.randrange(3)),
        languages=rng.sample(LANGUAGES, rng.randrange(1, 4)),
        studios=rng.sample(STUDIOS, rng.randrange(5)),
        directors=rng.sample(people, rng.choice([0, 1, 1, 1, 2])),
        writers=rng.sample(people, rng.randrange(4)),
        cast=rng.sample(people, rng.randrange(12)))


def some_day(rng):
    """Close together, so that days, weeks and film days meet."""
    return datetime.date(2019, 11, 1) + datetime.timedelta(
        int(rng.triangular(0, 800, 200)))


def some_watches(rng):
    watches = []
    for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3, 5])):
        day = some_day(rng) if rng.random() < 0.8 else None
        watches.append(Watch(
            watched_on=day, logged_on=day or some_day(rng),
            rating=rng.choice([None, *range(1, 11)]),
            rewatch=rng.random() < 0.3,
            source="diary" if day else "reviews",
            tags=rng.sample(["cinema", "with M.", "home"], rng.randrange(3)),
            review=rng.choice([None, None, "<b>Good</b>\nfilm"])))
    return watches


def some_film(rng, number):
    film = Film(title=rng.choice(["Rain", "rain", "The Hunt", "Été", "~"])
                + f" {number}", ref=f"boxd:{number}",
                year=rng.choice([None, *range(1965, 2022)]),
                version=rng.randrange(1, 1000))
    if rng.random() < 0.85:
        film.tmdb = some_title(rng, number)
    else:
        film.state = rng.choice([None, "not_found", "ambiguous", "failed"])
    film.watches = some_watches(rng)
    if rng.random() < 0.85:
        film.marked_on = some_day(rng)
        if not film.watches:
            film.watches = [Watch(source="watched")]
    if rng.random() < 0.7:
        film.csv_rating = film.rating = rng.randrange(1, 11)
        film.csv_rated_on = some_day(rng)
        film.rating_source = "ratings"
    if rng.random() < 0.2:
        film.liked_on = some_day(rng)
    if rng.random() < 0.2:
        film.watchlisted_on = some_day(rng)
    return film


def some_library(seed, member, films=120, first=1):
    rng = random.Random(seed)
    library = Library(member, [some_film(rng, first + n)
                               for n in range(films)],
                      version=rng.randrange(1000))
    library.lists = [
        {"slug": f"list-{n}", "name": f"List {n}",
         "created_on": some_day(rng),
         "films": rng.sample(library.films, rng.randrange(9))}
        for n in range(3)]
    return library


def ask(database, member, name, *first, **given):
    """The body of the answer, or None for no row; parameters by name, but for
    the first ones; missing ones are NULL."""
    asked = statement(name)
    given |= dict(zip(asked.types, first))
    values = [None if v is None else str(v) for v in asked.arguments(given)]
    with database.connect("rewatch_api", member) as db:
        db.execute("PREPARE q AS " + asked.text)
        call = "EXECUTE q"
        if values:
            call += "(" + ", ".join(["%s"] * len(values)) + ")"
        row = psycopg.ClientCursor(db).execute(call, values).fetchone()
    return row[0] if row else None

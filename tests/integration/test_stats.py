"""The dashboard against a recount in plain Python of the rows put in."""

import collections
import datetime
import decimal
import json
import random

import pytest

import synthetic
from synthetic import Film, Library, Title, Watch, ask, store

DAY = datetime.timedelta(days=1)


def stars(half_stars):
    return None if half_stars is None else half_stars / 2


def rounded(number, places):
    unit = decimal.Decimal(1).scaleb(-places)
    return float(number.quantize(unit, decimal.ROUND_HALF_UP))


def average(half_stars):
    """Mean of half-stars as stars, to two places."""
    if not half_stars:
        return None
    return rounded(decimal.Decimal(sum(half_stars)) / 2 / len(half_stars), 2)


def iso(day):
    return day.isoformat() if day else None


class Recount:
    """Every panel from the Python objects of a library."""

    def __init__(self, library, year=None, genre=None, country=None,
                 language=None, decade=None, director=None, rating=None):
        self.library = library
        self.year = year

        def passes(film):
            t = film.tmdb
            return ((genre is None or t and genre in t.genres)
                    and (country is None or t and country in t.countries)
                    and (language is None or t and language in t.languages)
                    and (director is None or t and director in t.directors)
                    and (decade is None or film.year is not None
                         and film.year // 10 == decade // 10)
                    and (rating is None or film.rating == rating * 2))

        self.kept = [f for f in library.films if passes(f)]
        self.views = []  # (film, watch, again)
        for film in self.kept:
            in_order = sorted(film.watches, key=lambda w: (
                w.watched_on or datetime.date.min,
                w.logged_on or datetime.date.min, w.id))
            for n, watch in enumerate(in_order):
                if year is None or (watch.watched_on
                                    and watch.watched_on.year == year):
                    self.views.append((film, watch, watch.rewatch or n > 0))
        self.count = collections.Counter(f.id for f, _, _ in self.views)
        self.films = [f for f in self.kept
                      if self.count[f.id] or (year is None and f.watched)]
        self.dated = [(f, w) for f, w, _ in self.views if w.watched_on]

    def in_year(self, day):
        return day is not None and (self.year is None
                                    or day.year == self.year)

    def film(self, film):
        return {"id": film.id, "title": film.title, "year": film.year,
                "poster_path": film.tmdb.poster_path if film.tmdb else None}

    def distinct(self, field):
        return len({x for f in self.films if f.tmdb
                    for x in getattr(f.tmdb, field)})

    def overview(self):
        days = collections.defaultdict(set)
        for film, watch in self.dated:
            days[watch.watched_on].add(film.id)
        minutes = sum(f.tmdb.runtime for f, _, _ in self.views
                      if f.tmdb and f.tmdb.runtime)
        ratings = [f.rating for f in self.films if f.rating]
        return {
            "films": len(self.films),
            "watches": len(self.views),
            "dated_watches": len(self.dated),
            "first_watch": iso(min(days, default=None)),
            "last_watch": iso(max(days, default=None)),
            "rewatched_films": sum(n > 1 for n in self.count.values()),
            "rewatches": sum(again for _, _, again in self.views),
            "reviews": sum(w.review is not None for _, w, _ in self.views),
            "rated": len(ratings),
            "average_rating": average(ratings),
            "liked": sum(self.in_year(f.liked_on) for f in self.kept),
            "watchlist": sum(self.in_year(f.watchlisted_on)
                             for f in self.kept),
            "lists": sum(self.in_year(x["created_on"])
                         for x in self.library.lists),
            "hours": rounded(decimal.Decimal(minutes) / 60, 1),
            "runtime_unknown": sum(
                1 for f, _, _ in self.views
                if not (f.tmdb and f.tmdb.runtime)),
            "without_tmdb": sum(f.tmdb is None for f in self.films),
            "directors": self.distinct("directors"),
            "countries": self.distinct("countries"),
            "languages": self.distinct("languages"),
            "days": len(days),
            "days_with_2_films": sum(len(x) > 1 for x in days.values()),
            "longest_streak_weeks": self.streak(),
        }

    def mondays(self):
        return collections.Counter(
            w.watched_on - w.watched_on.weekday() * DAY
            for _, w in self.dated)

    def streak(self):
        mondays = set(self.mondays())
        longest = 0
        for monday in mondays:
            length = 0
            while monday + 7 * length * DAY in mondays:
                length += 1
            longest = max(longest, length)
        return longest

    def years(self):
        return sorted({w.watched_on.year for f in self.library.films
                       for w in f.watches if w.watched_on})

    def by_month(self):
        months = collections.Counter(w.watched_on.strftime("%Y-%m")
                                     for _, w in self.dated)
        return [{"month": m, "watches": months[m]} for m in sorted(months)]

    def by_week(self):
        weeks = self.mondays()
        return [{"week": iso(w), "watches": weeks[w]} for w in sorted(weeks)]

    def by_weekday(self):
        days = collections.Counter(w.watched_on.isoweekday()
                                   for _, w in self.dated)
        return [{"weekday": n, "watches": days[n]} for n in range(1, 8)]

    def calendar(self):
        days = collections.Counter(w.watched_on for _, w in self.dated)
        return [{"date": iso(d), "watches": days[d]} for d in sorted(days)]

    def figures(self, films):
        ratings = [f.rating for f in films if f.rating]
        return {"films": len(films),
                "watches": sum(self.count[f.id] for f in films),
                "rated": len(ratings), "average_rating": average(ratings)}

    def by_release_year(self):
        years = sorted({f.year for f in self.films if f.year})
        return [{"year": y, **self.figures([f for f in self.films
                                            if f.year == y])} for y in years]

    def by_decade(self):
        decades = sorted({f.year // 10 * 10 for f in self.films if f.year})
        return [{"decade": d, **self.figures(
            [f for f in self.films if f.year and f.year // 10 * 10 == d])}
            for d in decades]

    def ratings(self):
        return [{"rating": n / 2,
                 "films": sum(f.rating == n for f in self.films)}
                for n in range(1, 11)]

    def ranking(self, field, most, describe):
        groups = collections.defaultdict(list)
        for film in self.films:
            for key in getattr(film.tmdb, field) if film.tmdb else []:
                groups[key].append(film)
        rows = {key: {**describe(key), **self.figures(films)}
                for key, films in groups.items()}
        exact = {key: sum(f.rating for f in films if f.rating)
                 / max(1, sum(f.rating is not None for f in films))
                 for key, films in groups.items()}
        watched = sorted(rows, key=lambda k: (
            -rows[k]["films"], -rows[k]["watches"], k))
        rated = sorted((k for k in rows if rows[k]["rated"] >= 3),
                       key=lambda k: (-exact[k], -rows[k]["rated"], k))
        return {"total": len(rows),
                "most_watched": [rows[k] for k in watched[:most]],
                "highest_rated": [rows[k] for k in rated[:20]]}

    def labels(self, field, most=250):
        return self.ranking(field, most, lambda name: {"name": name})

    def people(self, field):
        return self.ranking(field, 20, lambda number: {
            "id": number, "name": synthetic.person_name(number),
            "profile_path": synthetic.person_photo(number)})

    def rewatches(self):
        often = sorted((f for f in self.films if self.count[f.id] > 1),
                       key=lambda f: (-self.count[f.id], f.title, f.id))
        return {"films": len(often),
                "first_time": sum(not a for _, _, a in self.views),
                "again": sum(a for _, _, a in self.views),
                "most_rewatched": [
                    {**self.film(f), "watches": self.count[f.id],
                     "rating": stars(f.rating)} for f in often[:20]]}

    def against_tmdb(self, sign):
        rows = []
        for f in self.films:
            if not (f.rating and f.tmdb and f.tmdb.vote_average
                    and f.tmdb.vote_count >= 10):
                continue
            theirs = decimal.Decimal(f.tmdb.vote_average) / 2
            theirs = theirs.quantize(decimal.Decimal("0.01"),
                                     decimal.ROUND_HALF_UP)
            difference = decimal.Decimal(f.rating) / 2 - theirs
            if difference * sign > 0:
                rows.append((-difference * sign, f.title, f.id, {
                    **self.film(f), "rating": stars(f.rating),
                    "tmdb_rating": float(theirs),
                    "difference": float(difference)}))
        return [row[-1] for row in sorted(rows, key=lambda r: r[:3])[:10]]

    def milestones(self):
        step = 100 if self.year is None else 50
        in_order = sorted(self.dated, key=lambda x: (
            x[1].watched_on, x[1].logged_on or datetime.date.max, x[1].id))
        return [{"number": n, "date": iso(w.watched_on), **self.film(f)}
                for n, (f, w) in enumerate(in_order, 1)
                if n in (1, len(in_order)) or n % step == 0]

    def runtime(self):
        known = [f for f in self.films if f.tmdb and f.tmdb.runtime]

        def rows(sign):
            films = sorted(known, key=lambda f: (sign * f.tmdb.runtime,
                                                 f.title, f.id))
            return [{**self.film(f), "runtime": f.tmdb.runtime}
                    for f in films[:10]]

        total = decimal.Decimal(sum(f.tmdb.runtime for f in known))
        return {"known": len(known),
                "unknown": len(self.films) - len(known),
                "average": rounded(total / len(known), 1) if known else None,
                "shortest": rows(1), "longest": rows(-1)}

    def version(self):
        return "%d-%d-0" % (self.library.version,
                          sum(f.version for f in self.library.films))

    def everything(self):
        return {
            "version": self.version(), "overview": self.overview(),
            "years": self.years(), "by_month": self.by_month(),
            "by_week": self.by_week(), "by_weekday": self.by_weekday(),
            "calendar": self.calendar(),
            "by_release_year": self.by_release_year(),
            "by_decade": self.by_decade(), "ratings": self.ratings(),
            "genres": self.labels("genres"),
            "countries": self.labels("countries"),
            "languages": self.labels("languages"),
            "studios": self.labels("studios", 20),
            "directors": self.people("directors"),
            "actors": self.people("cast"),
            "writers": self.people("writers"),
            "rewatches": self.rewatches(),
            "higher": self.against_tmdb(1), "lower": self.against_tmdb(-1),
            "milestones": self.milestones(), "runtime": self.runtime(),
        }


def dashboard(database, member, panel=None, **filters):
    rating = filters.get("rating")
    if rating is not None:
        filters["rating"] = f"{rating:g}"
    return ask(database, member, "stats/panels", panel=panel, **filters)


def same(answer, expected):
    assert answer.keys() == expected.keys()
    for panel in expected:
        assert answer[panel] == expected[panel], panel


@pytest.fixture
def library(database):
    return store(database, synthetic.some_library(seed=1, member=1))


@pytest.mark.parametrize("seed", range(4))
def test_all_panels_agree_with_a_recount(database, seed):
    library = store(database, synthetic.some_library(seed, 1,
                                                     films=60 + 90 * seed))
    same(dashboard(database, 1), Recount(library).everything())


@pytest.mark.parametrize("filters", [
    {"year": 2020}, {"year": 1999}, {"genre": "Drama"}, {"country": "FR"},
    {"language": "ja"}, {"decade": 1994}, {"director": 1007},
    {"rating": 3.5}, {"rating": 4.0}, {"genre": "Opera"},
    {"year": 2020, "genre": "Comedy", "decade": 2000},
    {"country": "US", "language": "en", "rating": 2.0},
], ids=str)
def test_filters_agree_with_a_recount(database, library, filters):
    same(dashboard(database, 1, **filters),
         Recount(library, **filters).everything())


def test_one_panel_is_that_member_of_all(database, library):
    everything = dashboard(database, 1, year=2020)
    for panel in everything:
        if panel != "version":
            assert dashboard(database, 1, panel, year=2020) == {
                "version": everything["version"],
                panel: everything[panel]}


def test_nothing_yet(database):
    library = store(database, Library(7, []))
    answer = dashboard(database, 7)
    same(answer, Recount(library).everything())
    assert answer["version"] == "0-0-0"
    assert answer["overview"]["films"] == 0
    assert answer["overview"]["hours"] == 0
    assert [r["films"] for r in answer["ratings"]] == [0] * 10
    assert answer["directors"] == {"total": 0, "most_watched": [],
                                   "highest_rated": []}


def test_a_small_library_counted_by_hand(database):
    """Three films: seen thrice, only marked, only rated; a fourth wanted."""
    day = datetime.date
    store(database, Library(1, [
        Film("Alien", 1979, "boxd:1", marked_on=day(2018, 1, 1), rating=9,
             csv_rating=9, csv_rated_on=day(2018, 1, 1),
             rating_source="ratings", liked_on=day(2020, 5, 1),
             tmdb=Title(348, "Alien", runtime=117, genres=["Horror"],
                        directors=[578], vote_average="8.2",
                        vote_count=15000),
             watches=[Watch(day(2020, 2, 29)), Watch(day(2020, 3, 1)),
                      Watch(None, source="reviews", review="again!",
                            rewatch=True)]),
        Film("Marked", 2001, "boxd:2", marked_on=day(2021, 6, 1),
             watches=[Watch(source="watched")]),
        Film("Rated", None, "boxd:3", rating=4, csv_rating=4,
             csv_rated_on=day(2022, 1, 1), rating_source="ratings"),
        Film("Wanted", 2025, "boxd:4", watchlisted_on=day(2024, 1, 1)),
    ]))
    answer = dashboard(database, 1)
    assert answer["overview"] == {
        "films": 3, "watches": 4, "dated_watches": 2,
        "first_watch": "2020-02-29", "last_watch": "2020-03-01",
        "rewatched_films": 1,
        # of Alien: the flagged one without a date and both dated ones,
        # which are not its first
        "rewatches": 3,
        "reviews": 1, "rated": 2, "average_rating": 3.25, "liked": 1,
        "watchlist": 1, "lists": 0,
        "hours": 5.9,  # 3 x 117 minutes = 5.85
        "runtime_unknown": 1, "without_tmdb": 2, "directors": 1,
        "countries": 0, "languages": 0, "days": 2, "days_with_2_films": 0,
        "longest_streak_weeks": 1}  # Saturday and Sunday of one week
    assert answer["by_month"] == [{"month": "2020-02", "watches": 1},
                                  {"month": "2020-03", "watches": 1}]
    # The day a film was marked is in no chart over time.
    assert answer["years"] == [2020]
    assert answer["by_decade"] == [
        {"decade": 1970, "films": 1, "watches": 3, "rated": 1,
         "average_rating": 4.5},
        {"decade": 2000, "films": 1, "watches": 1, "rated": 0,
         "average_rating": None}]
    assert answer["higher"][0]["difference"] == 0.4  # 4.5 to 4.1
    assert answer["rewatches"]["first_time"] == 1

    of_2020 = dashboard(database, 1, year=2020)["overview"]
    assert (of_2020["films"], of_2020["watches"], of_2020["rewatches"],
            of_2020["hours"]) == (1, 2, 2, 3.9)
    assert dashboard(database, 1, year=2021)["overview"]["films"] == 0


def test_an_undated_film_is_in_no_chart_over_time(database):
    store(database, Library(1, [
        Film("Marked", 2001, "boxd:2", marked_on=datetime.date(2021, 6, 1),
             watches=[Watch(source="watched")])]))
    answer = dashboard(database, 1)
    assert answer["overview"]["films"] == answer["overview"]["watches"] == 1
    for panel in ("years", "by_month", "by_week", "calendar", "milestones"):
        assert answer[panel] == []
    assert sum(d["watches"] for d in answer["by_weekday"]) == 0


def test_one_name_two_people(database):
    """Counted by id: two people may share a name."""
    store(database, Library(1, [
        Film("A", 2001, "boxd:1", tmdb=Title(1, "A", directors=[11]),
             watches=[Watch()]),
        Film("B", 2002, "boxd:2", tmdb=Title(2, "B", directors=[12]),
             watches=[Watch()])]))
    database.query("UPDATE person SET name = 'Steve McQueen'")
    directors = dashboard(database, 1)["directors"]
    assert directors["total"] == 2
    assert [d["id"] for d in directors["most_watched"]] == [11, 12]


def test_members_see_their_own_alone(database):
    one = synthetic.some_library(seed=5, member=1, films=40)
    store(database, one)
    # The other one has half of the films and other viewings of them.
    other = synthetic.some_library(seed=6, member=2, films=40, first=500)
    rng = random.Random(7)
    for film in one.films[:20]:
        other.films.append(Film(
            film.title, film.year, film.ref, film.tmdb, film.state,
            version=film.version, id=film.id,
            watches=synthetic.some_watches(rng), rating=2, csv_rating=2,
            csv_rated_on=datetime.date(2020, 1, 1),
            rating_source="ratings"))
    store(database, other)
    same(dashboard(database, 1), Recount(one).everything())
    same(dashboard(database, 2), Recount(other).everything())


def test_no_member_no_data(database, library):
    """A transaction that has set nobody sees an empty library."""
    answer = dashboard(database, None)
    assert answer["version"] is None
    assert answer["overview"]["films"] == 0
    assert answer["overview"]["lists"] == 0
    assert answer["years"] == [] and answer["calendar"] == []
    everyone = json.dumps(answer)
    assert not any(film.title in everyone for film in library.films)

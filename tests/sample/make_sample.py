#!/usr/bin/env python3
"""Makes tests/sample/letterboxd-sample.zip: an export of a member who never
was. The films are real (from the stand-in's catalogue); links, dates, ratings
and texts are invented. The same bytes every time.

    tests/sample/make_sample.py [--check]

--check: fails when the file is not what this makes.
"""

import csv
import datetime
import io
import pathlib
import random
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
CATALOGUE = HERE.parent / "tmdb-stub/catalogue.tsv"
TARGET = HERE / "letterboxd-sample.zip"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
FILM, ENTRY, LIST = 0, 1, 2
FIRST = datetime.date(2019, 1, 5)
LAST = datetime.date(2026, 10, 31)

TAGS = ["cinema", "home", "with friends", "35mm", "festival", "on the train"]
REVIEWS = [
    "Better every time.\r\n\r\nThe last ten minutes are still a <i>wonder</i>.",
    "Fell asleep. My fault, not the film's.",
    'He said "one more scene" and then it was two in the morning.',
    "I had forgotten how funny this is, and how sad.",
    "Sat in the front row, saw nothing but grain. No regrets.",
    "The sound alone is worth it; the rest is a <b>bonus</b>.",
    "Not for me, but I see what others see, I think.",
    "Watched with my mother. She liked it more than I did, and she was right.",
]


def link(number, kind):
    value, code = number * 10 + kind, ""
    while value:
        value, digit = divmod(value, 62)
        code = DIGITS[digit] + code
    return "https://boxd.it/" + code


def table(header, rows):
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def stars(half):
    return f"{half / 2:g}" if half else ""


class Film:
    def __init__(self, number, name, year):
        self.name, self.year = name, year
        self.link = link(40000 + number * 7, FILM)


def read_films():
    films = []
    rows = [line.split("\t") for line
            in CATALOGUE.read_text(encoding="utf-8").splitlines()
            if not line.startswith("#")]
    # Anthologies are for the tests of episodes.
    anthologies = {row[3] for row in rows if row[0] == "episode"}
    for column in rows:
        if column[0] == "episode" or column[1] in anthologies:
            continue
        films.append(Film(len(films), column[2], int(column[4][:4])))
    # Letterboxd has the year of the first festival, TMDB that of the release.
    earlier = {"Sound of Metal": 2019, "Nomadland": 2020, "Raw": 2016,
               "Perfect Blue": 1997}
    for film in films:
        film.year = earlier.get(film.name, film.year)
    return films


class Sample:
    def __init__(self):
        self.random = random.Random(1895)
        self.films = read_films()
        self.entries = 700000
        self.diary, self.reviews, self.ratings = [], [], {}
        self.marked = {}

    def rating(self, film):
        # A taste: older and shorter names do well; the dice do the rest.
        base = 8.2 - (film.year - 1960) / 40 + self.random.gauss(0, 1.7)
        return max(1, min(10, round(base)))

    def log(self, film, day, rating, rewatch=False, tags=(), review=None):
        self.entries += self.random.randint(1, 40)
        logged = day + datetime.timedelta(days=self.random.choice((0, 0, 1)))
        row = [logged, film.name, film.year, link(self.entries, ENTRY),
               stars(rating), "Yes" if rewatch else "", ", ".join(tags), day]
        self.diary.append(row)
        if review:
            self.reviews.append(row[:6] + [review] + row[6:])
        self.marked.setdefault(film, logged)

    def live(self):
        """Eight years of films, a few of them again and again."""
        pick = self.random
        unseen = self.films[:]
        pick.shuffle(unseen)
        unseen = unseen[:-34]
        loved = pick.sample(unseen, 14)
        seen = []
        day = FIRST
        while day <= LAST:
            again = seen and pick.random() < 0.22
            film = pick.choice([f for f in loved if f in seen] or seen) \
                if again else (unseen.pop() if unseen else pick.choice(seen))
            rating = self.rating(film) if pick.random() < 0.8 else 0
            self.log(film, day, rating, rewatch=film in seen or
                     pick.random() < 0.08,
                     tags=pick.sample(TAGS, pick.choice((0, 0, 1, 2))),
                     review=pick.choice(REVIEWS) if pick.random() < 0.09
                     else None)
            if film not in seen:
                seen.append(film)
            if rating:
                self.ratings[film] = (rating, self.diary[-1][0])
            day += datetime.timedelta(days=pick.choice(
                (0, 1, 2, 3, 4, 6, 7, 7, 9, 14, 21)))
        # Before the diary began: marked on one evening, without a date.
        for film in unseen[:30]:
            self.marked[film] = FIRST
            if pick.random() < 0.7:
                self.ratings[film] = (self.rating(film), FIRST)
        # Changed their mind later: ratings.csv differs from the diary.
        for film in pick.sample(sorted(self.ratings, key=lambda f: f.link),
                                12):
            rating, _ = self.ratings[film]
            self.ratings[film] = (rating - 1 if rating > 5 else rating + 2,
                                  LAST)

    def special(self):
        """What exports hold that simple importers trip over."""
        rains = [f for f in self.films if f.name == "Black Rain"]
        for film, rating in zip(rains, (9, 5)):
            self.ratings[film] = (rating, LAST)
            self.log(film, LAST, rating)
        lost = Film(9001, "Grandmother's Super 8 Reels", 2018)
        self.log(lost, datetime.date(2024, 12, 24), 10)
        shorts = Film(9002, "Evening Class Graduation Shorts", 2022)
        self.marked[shorts] = datetime.date(2022, 7, 3)

    def files(self):
        film_header = ["Date", "Name", "Year", "Letterboxd URI"]
        entry = ["Date", "Name", "Year", "Letterboxd URI", "Rating", "Rewatch"]
        pick = self.random
        by_date = sorted(self.marked.items(),
                         key=lambda item: (item[1], item[0].link))
        seen = [film for film, _ in by_date]
        unseen = [f for f in self.films if f not in self.marked]
        liked = pick.sample(seen, 48)
        yield "profile.csv", table(
            ["Date Joined", "Username", "Given Name", "Family Name",
             "Email Address", "Location", "Website", "Bio", "Pronoun",
             "Favorite Films"],
            [["2018-11-02", "sample", "", "", "sample@example.org", "", "",
              "Nobody in particular.", "They / their",
              ", ".join(f.link for f in liked[:4])]])
        yield "watched.csv", table(film_header, [
            [day, f.name, f.year, f.link] for f, day in by_date])
        yield "ratings.csv", table(film_header + ["Rating"], [
            [day, f.name, f.year, f.link, stars(rating)]
            for f, (rating, day) in sorted(
                self.ratings.items(), key=lambda i: (i[1][1], i[0].link))])
        yield "diary.csv", table(entry + ["Tags", "Watched Date"], sorted(
            self.diary, key=lambda row: row[7]))
        yield "reviews.csv", table(entry + ["Review", "Tags", "Watched Date"],
                                   self.reviews)
        yield "watchlist.csv", table(film_header, [
            [LAST, f.name, f.year, f.link] for f in unseen[:24]])
        yield "comments.csv", table(["Date", "Content", "Comment"], [
            [LAST, link(1234, LIST), "Agreed."]])
        yield "deleted/diary.csv", table(entry + ["Tags", "Watched Date"], [
            ["2020-03-01", "Heat", 1995, link(699999, ENTRY), "4", "", "",
             "2020-02-29"]])
        yield "orphaned/diary.csv", table(entry + ["Tags", "Watched Date"], [
            ["2021-02-08", "Half-Time Show", 2021, "", "", "", "", "2021-02-07"],
            ["2023-06-11", "An Evening of Amateur Theatre", "", "", "3.5", "",
             "with friends", "2023-06-10"]])
        yield "likes/films.csv", table(film_header, [
            [self.marked[f], f.name, f.year, f.link] for f in liked])
        yield "likes/reviews.csv", table(["Date", "Content"], [
            [LAST, link(4321, ENTRY)]])
        yield from self.lists(seen)

    def lists(self, seen):
        animated = [f for f in seen if f.name in (
            "Spirited Away", "My Neighbor Totoro", "Akira", "Toy Story",
            "Princess Mononoke", "Grave of the Fireflies", "Ratatouille",
            "Howl's Moving Castle", "Perfect Blue", "WALL·E")]
        chosen = [("rainy-sundays", "Rainy Sundays", "home",
                   "Long ones,\r\nfor when there is nothing else to do.",
                   [f for f in seen if f.name in (
                       "Yi Yi", "Magnolia", "Fanny and Alexander", "Heat",
                       "A Brighter Summer Day", "The Godfather", "Boyhood")]),
                  ("drawn-by-hand", "Drawn by Hand", "", "", animated)]
        for number, (slug, name, tags, text, films) in enumerate(chosen):
            yield f"lists/{slug}.csv", (
                "Letterboxd list export v7\r\n"
                + table(["Date", "Name", "Tags", "URL", "Description"], [
                    [LAST, name, tags, link(8000 + number, LIST), text]])
                + "\r\n"
                + table(["Position", "Name", "Year", "URL", "Description"], [
                    [i + 1, f.name, f.year, f.link,
                     "the first one" if i == 0 else ""]
                    for i, f in enumerate(films)]))


def make():
    sample = Sample()
    sample.live()
    sample.special()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sample.files():
            info = zipfile.ZipInfo(path, (2026, 11, 1, 12, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, text.encode("utf-8"))
    return out.getvalue()


def content(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(n, archive.read(n)) for n in archive.namelist()]


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if content(TARGET.read_bytes()) != content(make()):
            sys.exit(f"{TARGET.name} is not what make_sample.py makes; run it")
    else:
        TARGET.write_bytes(make())

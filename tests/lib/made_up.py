"""Films that never were, as many as a test wants: an export of them, and a
catalogue for TMDB's stand-in in which each is found with two calls."""

import datetime
import urllib.parse

from export_maker import Export, Film

YEAR = 2000


def made_up(name, count, first=1000):
    """first: number of the first one's link."""
    return [Film(f"{name} {i}", YEAR, first + i) for i in range(count)]


def export_of(films):
    """They are watched, and so asked for, in the order of the list."""
    export = Export()
    day = datetime.date(1980, 1, 1)
    for i, film in enumerate(films):
        export.watched(film, str(day + datetime.timedelta(days=i)))
    return export.zip()


def write_catalogue(path, films):
    """Its columns: tests/tmdb-stub/tsv.h."""
    with open(path, "w", encoding="utf-8") as out:
        for film in films:
            out.write("\t".join([
                "movie", str(film.number), film.title, "", f"{YEAR}-05-17",
                "90", "", "Drama", "FR", "fr", "A Studio",
                f"Director {film.number % 500}", "A Writer",
                f"An Actor=Somebody|Actor {film.number % 900}=Another",
                "100", "7.0", "", "", ""]) + "\n")
    return path


def asked_for(tmdb):
    """Titles that were looked for, in the order of the calls, each once."""
    titles = []
    for line in tmdb.get("/_stub/log").body.decode().splitlines():
        path = urllib.parse.urlsplit(line.split()[2])
        if path.path.startswith("/3/search/"):
            titles += urllib.parse.parse_qs(path.query)["query"]
    return list(dict.fromkeys(titles))

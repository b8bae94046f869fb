"""TMDB's lists of what has changed, as tests of the daemon make and see them."""

import datetime
import json
import urllib.parse

from enrich_queue import QUICK, add_facts, unfinished
from harness import merged, wait_until

PAGE = 100
# Looks for what has changed at the start; then a look is far away.
SLOW = merged(QUICK, {"enrich": {"refresh_every": "1s"},
                      "tmdb": {"timeout": "1s"},
                      "log": {"repeats": "0s"}})  # each trouble is a line
# Reads again and again.
OFTEN = merged(SLOW, {"tmdb": {"changes_every": "200ms"}})


def settle(database, start_daemon, wanted):
    """Their films, matched and stored; {film id: Fact}"""
    films = add_facts(database, wanted)
    daemon = start_daemon(settings=QUICK, tag="-settle")
    wait_until(lambda: unfinished(database) == 0, f"settled\n{daemon.log()}")
    assert daemon.stop() == 0
    return films


def age(database, hours, *tmdb_ids):
    database.query("UPDATE title SET fetched_at = fetched_at "
                   "- make_interval(hours => %s) "
                   "WHERE tmdb_id = ANY(%s) OR %s", hours, list(tmdb_ids),
                   not tmdb_ids)


def today():
    return datetime.datetime.now(datetime.timezone.utc).date()


def day(ago):
    return today() - datetime.timedelta(days=ago)


def make_due(database, ago=1):
    """The lists were last read so many days ago."""
    database.query("UPDATE tmdb_changes SET from_day = %s, begun_at = NULL, "
                   "to_day = NULL, read_at = now() - make_interval(days => %s)"
                   " - interval '1 minute'", day(ago), ago)


def change(tmdb, movie=(), tv=(), ago=0):
    answer = tmdb.post("/_stub/changes", json.dumps(
        {"day": str(day(ago)), "movie": list(movie), "tv": list(tv)}).encode())
    assert answer.status == 204, answer


def calls(tmdb):
    """[(status, path, {parameter: value})] since the last reset."""
    found = []
    for line in tmdb.get("/_stub/log").body.decode().splitlines():
        _, status, url = line.split("\t")
        parts = urllib.parse.urlsplit(url)
        found.append((int(status), parts.path,
                      dict(urllib.parse.parse_qsl(parts.query))))
    return found


def pages_read(tmdb, kind="movie"):
    return [int(query["page"]) for status, path, query in calls(tmdb)
            if path == f"/3/{kind}/changes" and status == 200]


def details(tmdb):
    """[(kind, id)] of the calls for titles."""
    return [tuple(path.split("/")[2:4]) for _, path, _ in calls(tmdb)
            if path.split("/")[-1].isdigit()]


def is_read(database):
    """Both lists, to their end, and nothing is left to do."""
    return database.value("SELECT bool_and(begun_at IS NULL AND epoch IS NULL "
                          "AND read_at > now() - interval '10 minutes') "
                          "FROM tmdb_changes")


def is_done(database):
    return is_read(database) and database.value(
        "SELECT count(*) FROM enrich_job") == 0 and not database.value(
        "SELECT count(*) FROM title WHERE changed_at > fetched_at "
        "AND fetched_at < now() - interval '1 day'")


def young(database):
    """The ids of titles fetched just now."""
    return {row[0] for row in database.query(
        "SELECT tmdb_id FROM title WHERE fetched_at > now() "
        "- interval '10 minutes'")}


def unknown(count, first=5_000_000):
    return list(range(first, first + count))


def halfway(database, tmdb, start_daemon, known, pages=10):
    """A daemon that is in the middle of so many pages; ours are on all."""
    settle(database, start_daemon, known)
    age(database, 48)
    tmdb.post("/_stub/reset")
    tmdb.misbehave(delay_ms=60)
    change(tmdb, movie=[f.id for f in known] + unknown(PAGE * pages
                                                       - len(known)))
    make_due(database)
    daemon = start_daemon(settings=SLOW, tag="-first")
    wait_until(lambda: len(pages_read(tmdb)) >= 4, "in the middle")
    return daemon

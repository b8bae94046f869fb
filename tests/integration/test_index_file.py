"""The file that the index is made from: which one it is, what of it is taken,
and that nothing which may be wrong with it does any harm."""

import datetime

import pytest

from harness import wait_until
from index_exports import (GOOD, WHOLE, in_force, line, loaded, packed,
                           rows_in_all, with_index)
from metrics import Metrics

TOO_LARGE = 400  # bytes of a name
BROKEN = {
    "html": (200, b"<html><body><h1>Service</h1></body></html>"),
    "packed html": (200, packed("<html>\n<body>\n</html>\n")),
    "nothing": (200, b""),
    "no row": (200, packed("\n")),
    "cut off": (200, WHOLE[:len(WHOLE) // 2]),
    "without its last byte": (200, WHOLE[:-1]),
    "with more behind": (200, WHOLE + b"\0"),
    "a changed byte": (200, WHOLE[:9000] + bytes([WHOLE[9000] ^ 255])
                       + WHOLE[9001:]),
    "series": (200, packed('{"id":1,"original_name":"A","popularity":1}\n')),
    "many bad lines": (200, packed(*GOOD[:150], *["{oops\n"] * 2)),
    "an endless line": (200, packed("x" * 3_000_000)),
    "a bomb": (200, packed("\n" * 20_000_000)),
    "unavailable": (503, b"<html></html>"),
    "moved": (302, WHOLE),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_leaves_the_old_index_in_force(database, start_daemon,
                                                     exports, tmdb, what):
    server = exports((200, packed(line(7, "Seven Samurai", 70))),
                     BROKEN[what])
    first = start_daemon(settings=with_index(server.url))
    old = loaded(database)
    assert old == {7: ("Seven Samurai", 70.0)}
    assert first.stop() == 0

    # It has grown old, but what comes instead is no good.
    database.query("UPDATE tmdb_export SET loaded_at = loaded_at "
                   "- interval '8 days'")
    daemon = start_daemon(settings=with_index(server.url))
    wait_until(lambda: Metrics(daemon).of(
        "rewatch_index_load_failures_total") >= 2
        if daemon.up("/healthz") else False, "tried twice")
    assert in_force(database) == old
    # A person reads of it once, not each time.
    assert daemon.log().count("index of titles not loaded") == 1

    server.answers = [(200, WHOLE)]
    wait_until(lambda: len(in_force(database)) == 2500, "the good file")
    wait_until(lambda: rows_in_all(database) == 2500, "the old one is gone")
    assert "index of titles loaded" in daemon.log()
    assert rows_in_all(database) == len(in_force(database))
    assert in_force(database)[2500] == ("Film Number 2500", 250.0)


def test_rows_that_no_film_is_are_left_out(database, start_daemon, exports,
                                           tmdb):
    server = exports((200, packed(
        line(1, "Ordinary", 1.5), line(2, "Adult", adult=True),
        line(3, "Making Of", video=True), line(4, ""),
        line(5, "x" * (TOO_LARGE + 1)), line(6, "ü" * (TOO_LARGE // 2)),
        line(8, 'Quote "\\ {,} NULL'), line(9, "NULL"),
        *[line(n, "Filler", 0) for n in range(100, 300)],
        "not json\n", line(10, "Last", 2).rstrip("\n"))))
    start_daemon(settings=with_index(server.url))
    index = {i: name for i, (name, _) in loaded(database).items() if i < 100}
    assert index == {1: "Ordinary", 6: "ü" * (TOO_LARGE // 2),
                     8: 'Quote "\\ {,} NULL', 9: "NULL", 10: "Last"}


@pytest.mark.parametrize("status", [404, 403])
def test_before_todays_file_is_made_yesterdays_is_taken(database, start_daemon,
                                                        exports, tmdb,
                                                        status):
    server = exports((status, b"<Error/>"), (200, WHOLE))
    now = datetime.datetime.now(datetime.timezone.utc)
    daemon = start_daemon(settings=with_index(server.url))
    loaded(database)
    days = [now.date() - datetime.timedelta(days=n) for n in (0, 1)]
    assert server.asked == [f"/exports/movie_ids_{day:%m_%d_%Y}.json.gz"
                            for day in days]
    assert database.value("SELECT export_on FROM tmdb_export") == days[1]
    assert "not loaded" not in daemon.log()
    # Another host has no business with our token.
    assert not [h for h in server.headers if "eyJ" in str(h)]

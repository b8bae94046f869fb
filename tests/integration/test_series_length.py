"""A series is as long as its episodes are, not as one of them times all."""

from enrich_queue import QUICK, add_film, check_final, wait_finished
from harness import wait_until

HEAD = "{kind}\t{id}\t{title}\t{of}\t{date}\t{minutes}\t{episodes}"
REST = "\tDrama\tGB\ten\tThe Studio\tAda Writer\tAda Writer\tCora Player=She" \
       "\t90\t7.0\tinvented\t\t\n"
SERIES = 700000100


def line(kind, number, title, date, minutes, episodes, of=""):
    return HEAD.format(kind=kind, id=number, title=title, of=of, date=date,
                       minutes=minutes, episodes=episodes) + REST


def catalogue(path, *episodes):
    """A series whose first episode is a double one, and its episodes."""
    path.write_text(
        line("tv", SERIES, "The Long Double", "2015-01-10", 90, len(episodes))
        + "".join(line("episode", SERIES + n, f"Part {n}", "2015-01-10",
                       minutes, place, SERIES)
                  for n, (place, minutes) in enumerate(episodes, 1)))
    return path


def calls(tmdb):
    return [row.split("\t")[2].replace("&language=en-US", "")
            for row in tmdb.get("/_stub/log").body.decode().splitlines()]


def test_a_series_is_the_sum_of_its_episodes(database, start_tmdb,
                                             start_daemon, tmp_path):
    tmdb = start_tmdb(catalogue=catalogue(
        tmp_path / "c.tsv", ("1x1", 90), ("1x2", 45), ("2x1", 47),
        ("0x1", 200)))
    film = add_film(database, "The Long Double", 2015)
    daemon = start_daemon(settings=QUICK, tmdb_url=tmdb.url)
    wait_finished(database)
    assert daemon.stop() == 0
    check_final(database)
    # Of four episodes, says the series; the special is none of them: the
    # fourth counts as the median, 47.
    assert database.query("SELECT kind, tmdb_id, runtime FROM title") == [
        ("tv", SERIES, 90 + 45 + 47 + 47)]
    assert calls(tmdb)[-2:] == [
        f"/3/tv/{SERIES}?append_to_response="
        "aggregate_credits,keywords,content_ratings,external_ids",
        f"/3/tv/{SERIES}?append_to_response=season/1,season/2"]

    # What is kept has the ETag of the details: nothing new costs one call.
    before = len(calls(tmdb))
    database.query("UPDATE title SET fetched_at = now() - interval "
                   "'151 days'")
    database.query("INSERT INTO enrich_job (film_id, tag) VALUES (%s, 1)",
                   film)
    daemon = start_daemon(settings=QUICK, tmdb_url=tmdb.url)
    wait_until(lambda: database.value("SELECT count(*) FROM enrich_job") == 0,
               "refreshed")
    assert daemon.stop() == 0
    log = tmdb.get("/_stub/log").body.decode().splitlines()
    assert [row.split("\t")[1] for row in log[before:]] == ["304"]
    assert database.value("SELECT runtime FROM title") == 229


def test_without_episodes_nothing_more_is_asked(database, start_tmdb,
                                                start_daemon, tmp_path):
    path = tmp_path / "c.tsv"
    path.write_text(line("tv", SERIES, "The Long Double", "2015-01-10", 50, 6))
    tmdb = start_tmdb(catalogue=path)
    add_film(database, "The Long Double", 2015)
    daemon = start_daemon(settings=QUICK, tmdb_url=tmdb.url)
    wait_finished(database)
    assert daemon.stop() == 0
    assert database.value("SELECT runtime FROM title") == 300
    assert [path for path in calls(tmdb) if "season/" in path] == []

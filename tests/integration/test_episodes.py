"""Episodes of anthologies that are logged as films, from the export to the
page; TMDB's stand-in knows some series with their episodes."""

import json

import pytest

from enrich_queue import (CATALOGUE, QUICK, add_film, check_final, job_of,
                          state_of, unfinished)
from harness import merged, wait_until
from importing import import_csv
from schema import check

MIRROR = 800000284
NOSEDIVE, CHRISTMAS, AQUILA = 800010003, 800010002, 800010012
CELLAR = 800010041
WATCHED = """Date,Name,Year,Letterboxd URI
2020-01-01,Black Mirror: Nosedive,2016,https://letterboxd.com/film/a/
2020-01-02,Black Mirror: San Junipero,2016,https://letterboxd.com/film/b/
2020-01-03,"Love, Death & Robots: Beyond the Aquila Rift",2019,https://letterboxd.com/film/c/
2020-01-04,Black Mirror: White Christmas,2014,https://letterboxd.com/film/d/
2020-01-05,The Twilight Zone: Replay,2019,https://letterboxd.com/film/e/
2020-01-06,The Twilight Zone: Nightmare at 20000 Feet,1963,https://letterboxd.com/film/f/
"""
EAGER = merged(QUICK, {"enrich": {"refresh_every": "1s"}})


def settle(database, daemon):
    wait_until(lambda: unfinished(database) == 0, f"settled\n{daemon.log()}")
    assert daemon.stop() == 0


def matched(database, start_daemon, title, year):
    """(film id, its state) of a film that is looked up now."""
    film = add_film(database, title, year, "boxd:1")
    settle(database, start_daemon(settings=QUICK))
    return film, state_of(database, film)


def test_episodes_in_an_export_become_titles(api, database, start_daemon):
    import_csv(api, "watched.csv", WATCHED.encode())
    settle(database, start_daemon(settings=QUICK))
    assert database.query(
        "SELECT f.title, f.match_method, f.confidence, t.name, t.runtime, "
        "t.released_on::text, e.series_id, e.season, e.number FROM film f "
        "JOIN title t USING (kind, tmdb_id) JOIN episode e "
        "USING (kind, tmdb_id) ORDER BY f.ref") == [
            (title, "episode", "high", name, runtime, released, *place)
            for title, name, runtime, released, *place in [
                ("Black Mirror: Nosedive", "Nosedive", 63, "2016-10-21",
                 MIRROR, 3, 1),
                ("Black Mirror: San Junipero", "San Junipero", 61,
                 "2016-10-21", MIRROR, 3, 4),
                ("Love, Death & Robots: Beyond the Aquila Rift",
                 "Beyond the Aquila Rift", 17, "2019-03-15", 800000285, 1, 7),
                ("Black Mirror: White Christmas", "White Christmas", 74,
                 "2014-12-16", MIRROR, 0, 1),
                ("The Twilight Zone: Replay", "Replay", 46, "2019-04-11",
                 800000287, 1, 3),
                ("The Twilight Zone: Nightmare at 20000 Feet",
                 "Nightmare at 20,000 Feet", 25, "1963-10-11", 800000286, 5,
                 3)]]
    check_final(database)
    # The series themselves are no titles here.
    assert database.value("SELECT count(*) FROM title") == 6
    stats = api.get("/v1/stats").json()
    assert stats["overview"]["hours"] == round(
        (63 + 61 + 17 + 74 + 46 + 25) / 60, 1)
    assert "Richard Donner" in str(stats["directors"])
    assert "Charlie Brooker" not in str(stats["directors"])


def test_the_page_is_told_where_an_episode_is(api, database, start_daemon):
    import_csv(api, "watched.csv", WATCHED.encode())
    settle(database, start_daemon(settings=QUICK))
    films = api.get("/v1/films?limit=500").json()
    check(films, "FilmPage")
    row = next(f for f in films["films"] if "Nosedive" in f["title"])
    assert row["tmdb"] == {"kind": "tv_episode", "id": NOSEDIVE}
    film = api.get(f"/v1/films/{row['id']}").json()
    check(film, "FilmDetails")
    place = {"series_id": MIRROR, "season": 3, "number": 1}
    tmdb = film["tmdb"]
    assert (tmdb["episode"], tmdb["name"], tmdb["original_name"]) == (
        place, "Nosedive", "Black Mirror: Nosedive")
    # Its own people, what is said of the series.
    assert [p["name"] for p in tmdb["directors"]] == ["Joe Wright"]
    assert [p["name"] for p in tmdb["cast"]] == [
        "Bryce Dallas Howard", "Alice Eve", "Cherry Jones"]
    assert (tmdb["genres"], tmdb["countries"], tmdb["languages"]) == (
        ["Drama", "Sci-Fi & Fantasy"], ["GB"], ["en"])
    assert film["match"]["candidates"][0]["episode"] == place
    assert film["match"]["candidates"][1]["kind"] == "tv"


@pytest.mark.parametrize("title,year,state,confidence", [
    # Two of that name in one season.
    ("Lamplight Tales: The Late Visitor", 2005,
     ("ambiguous", None, None), None),
    # A year beside it.
    ("Lamplight Tales: The Cellar Door", 2006,
     ("matched", "tv_episode", CELLAR), "medium"),
    # No such episode: the series if it is of that year.
    ("Lamplight Tales: Nobody Knows", 2005,
     ("matched", "tv", 800000288), "medium"),
    ("Black Mirror: Nobody Knows", 2016, ("not_found", None, None), None),
    # The name of an episode of that series, but years away.
    ("Black Mirror: Nosedive", 2019, ("not_found", None, None), None),
    # Both series have a year in which it may be, one has the episode.
    ("The Twilight Zone: Nightmare at 30,000 Feet", 2019,
     ("matched", "tv_episode", 800010031), "high"),
])
def test_it_is_never_sure_of_a_namesake(database, start_daemon, title, year,
                                        state, confidence):
    film, found = matched(database, start_daemon, title, year)
    assert found == state
    assert database.value("SELECT confidence FROM film WHERE id = %s",
                          film) == confidence
    check_final(database)


def test_an_ambiguous_episode_is_mended(api, database, start_daemon):
    """The candidates say where they are, and are chosen by it."""
    start_daemon(settings=QUICK)
    import_csv(api, "watched.csv", b"Date,Name,Year,Letterboxd URI\n"
               b"2020-01-01,Lamplight Tales: The Late Visitor,2005,"
               b"https://letterboxd.com/film/a/\n")
    wait_until(lambda: unfinished(database) == 0, "looked up")
    page = api.get("/v1/enrichment/unmatched").json()
    check(page, "UnmatchedPage")
    row = page["films"][0]
    assert {c["episode"]["number"] for c in row["candidates"]
            if c["kind"] == "tv_episode"} == {2, 3}

    for choice, number, minutes in (
            ("tv:800000288/season/1/episode/3", 3, 29),
            ("https://www.themoviedb.org/tv/800000288-lamplight-tales/"
             "season/1/episode/2/cast", 2, 31)):
        answer = api.request("PUT", f"/v1/films/{row['id']}/match",
                             json.dumps({"choice": choice}),
                             {"Content-Type": "application/json"})
        assert answer.status == 200, answer
        film = wait_until(
            lambda: (lambda f: f["match"]["state"] != "pending" and f)(
                api.get(f"/v1/films/{row['id']}").json()), "chosen")
        check(film, "FilmDetails")
        assert film["match"]["choice"] == (
            f"tv:800000288/season/1/episode/{number}")
        assert (film["match"]["state"], film["match"]["confidence"]) == (
            "matched", "high")
        assert (film["tmdb"]["kind"], film["tmdb"]["runtime"]) == (
            "tv_episode", minutes)
        assert film["tmdb"]["episode"]["number"] == number
    # One that TMDB does not have.
    api.request("PUT", f"/v1/films/{row['id']}/match",
                json.dumps({"choice": "tv:800000288/season/1/episode/9"}),
                {"Content-Type": "application/json"})
    film = wait_until(
        lambda: (lambda f: f["match"]["state"] != "pending" and f)(
            api.get(f"/v1/films/{row['id']}").json()), "not chosen")
    assert (film["match"]["state"], film["tmdb"]) == ("not_found", None)


def test_an_episode_is_chosen_by_its_imdb_id(api, database, start_daemon):
    start_daemon(settings=QUICK)
    import_csv(api, "watched.csv", WATCHED.encode())
    wait_until(lambda: unfinished(database) == 0, "looked up")
    film = database.value("SELECT min(id) FROM film")
    api.request("PUT", f"/v1/films/{film}/match",
                json.dumps({"choice": f"imdb:tt{AQUILA}"}),
                {"Content-Type": "application/json"})
    wait_until(lambda: (api.get(f"/v1/films/{film}").json()["tmdb"] or {})
               .get("id") == AQUILA, "chosen")


def test_a_shared_link_takes_the_episode_without_a_call(database,
                                                        start_daemon, tmdb):
    first, found = matched(database, start_daemon, "Black Mirror: Nosedive",
                           2016)
    calls = tmdb.stats()["calls"]
    second = add_film(database, "Black Mirror: Nosedive", 2017, "boxd:1")
    settle(database, start_daemon(settings=QUICK))
    assert state_of(database, second) == found
    assert tmdb.stats()["calls"] == calls
    assert first != second


def test_two_films_of_one_episode_are_one_title(database, start_daemon, tmdb):
    """At once, so that both are stored by one transaction."""
    films = [add_film(database, "Black Mirror: Nosedive", 2016, f"boxd:{n}")
             for n in (1, 2, 3)]
    settle(database, start_daemon(settings=QUICK))
    for film in films:
        assert state_of(database, film) == ("matched", "tv_episode", NOSEDIVE)
    assert database.value("SELECT count(*) FROM title") == 1
    assert tmdb.stats()["calls"] <= 3 * 6
    check_final(database)


def age(database):
    database.query("UPDATE title SET fetched_at = now() - interval '151 days'")


def young(database):
    return database.value("SELECT bool_and(fetched_at > now() - interval "
                          "'1 minute') FROM title")


def test_an_old_episode_is_fetched_again_then_renewed(database, start_daemon,
                                                      tmdb):
    film, found = matched(database, start_daemon, "Black Mirror: Nosedive",
                          2016)
    calls = tmdb.stats()["calls"]
    # Found by a look it has no ETag yet; from then on a 304 is enough.
    for call, renewed in (1, 0), (2, 1):
        age(database)
        daemon = start_daemon(settings=EAGER)
        wait_until(lambda: young(database) and job_of(database, film) is None,
                   "fetched again")
        assert daemon.stop() == 0
        assert tmdb.stats()["calls"] == calls + call
        assert tmdb.stats()["by_status"].get("304", 0) == renewed
    assert state_of(database, film) == found
    assert database.query("SELECT match_method, confidence FROM film") == [
        ("episode", "high")]
    check_final(database)


@pytest.fixture
def without(tmp_path):
    """The catalogue with one line changed, or left out for None."""
    def make(wanted, change):
        path = tmp_path / "catalogue.tsv"
        lines = CATALOGUE.read_text(encoding="utf-8").splitlines()
        rows = [line.split("\t") for line in lines]
        kept = [change(row) if row[1:2] == [str(wanted)] else row
                for row in rows]
        path.write_text("\n".join("\t".join(row) for row in kept if row)
                        + "\n", encoding="utf-8")
        return path
    return make


def moved(row):
    return row[:6] + ["4x9"] + row[7:]


@pytest.mark.parametrize("what,change,state", [
    # The episode has gone, or its series.
    (NOSEDIVE, lambda row: None, ("not_found", None, None)),
    (MIRROR, lambda row: None, ("not_found", None, None)),
    # It is in another season now: found there, and known to be there.
    (NOSEDIVE, moved, ("matched", "tv_episode", NOSEDIVE)),
])
def test_films_of_an_episode_that_is_gone_are_matched_anew(
        database, start_daemon, start_tmdb, without, what, change, state):
    films = [add_film(database, "Black Mirror: Nosedive", 2016, f"boxd:{n}")
             for n in (1, 2)]
    settle(database, start_daemon(settings=QUICK))
    age(database)
    tmdb = start_tmdb(catalogue=without(what, change))
    start_daemon(settings=EAGER, tmdb_url=tmdb.url)
    if state[0] == "matched":
        wait_until(lambda: young(database), "fetched anew")
        assert database.query("SELECT season, number FROM episode") == [
            (4, 9)]
    for film in films:
        wait_until(lambda f=film: state_of(database, f) == state
                   and job_of(database, f) is None, "matched anew")
    check_final(database)


def test_an_episode_that_nobody_has_is_forgotten(database, start_daemon):
    film, _ = matched(database, start_daemon, "Black Mirror: White Christmas",
                      2014)
    assert database.value("SELECT tmdb_id FROM episode") == CHRISTMAS
    database.query("UPDATE film SET match_state = 'not_found', kind = NULL, "
                   "tmdb_id = NULL WHERE id = %s", film)
    database.query("UPDATE title SET fetched_at = now() - interval "
                   "'181 days'")
    start_daemon(settings=EAGER)
    wait_until(lambda: database.value("SELECT count(*) FROM title") == 0,
               "forgotten")
    assert database.value("SELECT count(*) FROM episode") == 0

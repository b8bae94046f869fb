"""Films that have the name of a known one: TMDB's date of a film is that of the
cinemas, the year of an export that of the first showing. A film nobody knows
that bears exactly that year is not simply the one that is meant."""

import json

import pytest

from enrich_queue import QUICK, add_film, check_final, wait_finished

KNOWN, OBSCURE = 700000001, 700000002


def title(number, name, votes, *dates):
    """A film as TMDB has it; the first date is the one it is shown with."""
    return {
        "id": number, "title": name, "original_title": name,
        "release_date": dates[0], "vote_count": votes, "vote_average": 6.5,
        "popularity": votes / 100, "adult": False, "video": False,
        "release_dates": {"results": [
            {"iso_3166_1": country, "release_dates": [
                {"release_date": f"{date}T00:00:00.000Z", "type": 3}]}
            for country, date in zip(("US", "CA", "FR", "GB"), dates)]},
        "credits": {"cast": [], "crew": []}}


@pytest.fixture
def look_up(database, start_tmdb, start_daemon, tmp_path):
    """look_up(titles, film...): of each film its state, title and confidence;
    then what TMDB was asked for."""
    def run(titles, *films):
        catalogue = tmp_path / "catalogue.jsonl"
        catalogue.write_text("".join(json.dumps(t) + "\n" for t in titles))
        tmdb = start_tmdb(catalogue=catalogue)
        ids = [add_film(database, name, year, f"boxd:{n}")
               for n, (name, year) in enumerate(films, 1)]
        daemon = start_daemon(settings=QUICK, tmdb_url=tmdb.url)
        wait_finished(database)
        assert daemon.stop() == 0
        check_final(database)
        found = {row[0]: row[1:] for row in database.query(
            "SELECT id, match_state, tmdb_id, confidence FROM film")}
        return [found[i] for i in ids], tmdb.get("/_stub/stats").json()
    return run


@pytest.mark.parametrize("votes", [0, 3, 20])
@pytest.mark.parametrize("name, year, dates", [
    ("Revenge", 2017, ("2018-02-07", "2017-09-11")),
    ("Nomadland", 2020, ("2021-01-29", "2020-09-11")),
    ("The Climb", 2019, ("2020-07-22", "2019-05-17", "2021-01-01"))])
def test_the_known_film_was_shown_in_that_year(look_up, name, year, dates,
                                               votes):
    found, stats = look_up([title(KNOWN, name, 1800, *dates),
                            title(OBSCURE, name, votes, f"{year}-05-01")],
                           (name, year))
    assert found == [("matched", KNOWN, "high")]
    assert stats["calls"] == 2  # as many as without the other one


def test_it_was_shown_in_that_year_but_not_first(look_up, database):
    found, _ = look_up(
        [title(KNOWN, "Revenge", 1800, "2018-02-07", "2017-09-11",
               "2016-12-20"),
         title(OBSCURE, "Revenge", 3, "2017-05-01")], ("Revenge", 2017))
    assert found == [("ambiguous", None, None)]
    assert {c["id"] for c in database.value("SELECT candidates FROM film")} \
        == {KNOWN, OBSCURE}


@pytest.mark.parametrize("dates", [("2018-02-07",),
                                   ("2018-02-07", "2018-01-20", "2019-03-01"),
                                   ("2016-02-07",)])
def test_it_was_never_shown_in_that_year(look_up, dates):
    """The one that nobody knows it is, though that is worth a look."""
    found, _ = look_up([title(KNOWN, "Revenge", 1800, *dates),
                        title(OBSCURE, "Revenge", 3, "2017-05-01")],
                       ("Revenge", 2017))
    assert found == [("matched", OBSCURE, "low")]


def test_nobody_knows_either(look_up):
    found, _ = look_up([title(OBSCURE, "The Quiet Harbour", 3, "2017-05-01")],
                       ("The Quiet Harbour", 2017))
    assert found == [("matched", OBSCURE, "high")]


def test_two_names_that_differ_by_a_sign(look_up):
    found, _ = look_up([title(KNOWN, "+1", 600, "2013-09-20"),
                        title(OBSCURE, "1", 120, "2013-09-30")],
                       ("+1", 2013), ("1", 2013))
    assert found == [("matched", KNOWN, "high"),
                     ("matched", OBSCURE, "high")]

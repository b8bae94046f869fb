"""A match is mended on the page: by a candidate, by a number, and back."""

import json

import pytest

from harness import ROOT, wait_until
from importing import import_csv

SAMPLE = ROOT / "tests/sample/letterboxd-sample.zip"
QUICK = {"enrich": {"poll": "200ms", "store_delay": "0ms"}}
STATE = "dialog .match-state"


@pytest.fixture
def rain(api, start_daemon, tmdb):
    """The sample's library, looked up; the id of one of its "Black Rain"."""
    start_daemon(settings=QUICK)
    assert api.import_zip(SAMPLE.read_bytes()).status == 201
    wait_until(lambda: api.get("/v1/enrichment").json()["percent"] == 100,
               "all films looked up", 60)
    found = [f["id"] for f in unmatched(api) if f["title"] == "Black Rain"]
    assert found
    return found[0]


def unmatched(api):
    return api.get("/v1/enrichment/unmatched?limit=500").json()["films"]


def item(film):
    return f".unmatched li:has(> a[data-film='{film}'])"


def this_one(date):
    """The candidate of that date."""
    return f"button[aria-label='This one: Black Rain, {date}']"


def test_an_ambiguous_film_is_mended_in_its_dialog(browser, rain):
    browser.open(f"#/unmatched?film={rain}")
    browser.until_text(STATE, "Several films at TMDB fit")
    assert "Directed by" not in browser.text("dialog .film-head")

    browser.click("dialog " + this_one("May 13, 1989"))
    browser.until_text("dialog .film-head", "Directed by Shōhei Imamura")
    assert "2 h 3 min" in browser.text("dialog .film-head")
    assert "chosen by you" in browser.text("dialog .mend")
    browser.until(lambda: not browser.all(item(rain)), "it left the list")
    assert browser.js("return document.activeElement.className"
                      ) == "match-state"

    browser.click("dialog .mend button", "Undo")
    browser.until_text(STATE, "Several films at TMDB fit")
    assert "Directed by" not in browser.text("dialog .film-head")
    assert "chosen by you" not in browser.text("dialog .mend")
    browser.until(lambda: browser.all(item(rain)), "it is in the list again")


def test_a_film_is_mended_in_the_list(api, browser, rain):
    browser.open("#/unmatched")
    row = item(rain)
    browser.click(f"{row} > details > summary")
    browser.click(f"{row} .mend summary")
    field = browser.all(f"{row} input")[0]
    field.send_keys("Black Rain")
    browser.click(f"{row} .choice button", "Use it")
    browser.until_text(f"{row} .problem", "names no title: give tmdb:550")
    # Chromium itself puts the status of a failed request on the console.
    assert all("status of 422" in e for e in browser.errors())

    field.clear()
    field.send_keys("tmdb:800000124")
    browser.click(f"{row} .choice button", "Use it")
    browser.until(lambda: not browser.all(row), "it left the list")
    assert "chosen by you" in browser.text(".view [role=status]")
    film = wait_until(lambda: (lambda f: f["tmdb"] and f)(
        api.get(f"/v1/films/{rain}").json()), "its data is there")
    assert film["tmdb"]["directors"][0]["name"] == "Ridley Scott"

    api.request("PUT", f"/v1/films/{rain}/match", json.dumps(
        {"choice": "tmdb:899999999"}), {"Content-Type": "application/json"})
    browser.until(lambda: browser.all(row), "TMDB does not know that one")
    browser.click(f"{row} > details > summary")
    browser.click(f"{row} .mend summary")
    browser.click(f"{row} .choice button", "Not on TMDB")
    browser.until(lambda: not browser.all(row), "it left the list")
    assert api.get(f"/v1/films/{rain}").json()["match"]["choice"] == "none"


def test_what_was_not_found_is_tried_again(api, browser, rain, tmdb, database):
    again = [f for f in unmatched(api) if f["state"] != "ambiguous"]
    assert again
    calls = tmdb.stats()["calls"]
    browser.open("#/unmatched")
    browser.click(".view.text button", "Try again")
    browser.until_text(".view [role=status]", "try those tomorrow")
    assert tmdb.stats()["calls"] == calls
    database.query("UPDATE film SET matched_at = now() - interval '2 days' "
                   "WHERE match_state = 'not_found'")
    browser.click(".view.text button", "Try again")
    browser.until_text(".view [role=status]", f"{len(again)} film")
    assert "looked up again" in browser.text(".view [role=status]")
    browser.until(lambda: tmdb.stats()["calls"] > calls, "TMDB is asked")
    browser.until(lambda: len(browser.all(
        ".unmatched-part:not([data-state=matched]) .unmatched > li"))
        == len(unmatched(api)) >= len(again), "listed again")


def test_an_episode_is_chosen_and_linked(api, browser, database,
                                         start_daemon):
    """By the candidate, which is one of two episodes of that name."""
    start_daemon(settings=QUICK)
    import_csv(api, "watched.csv", b"Date,Name,Year,Letterboxd URI\n"
               b"2020-01-01,Lamplight Tales: The Late Visitor,2005,"
               b"https://letterboxd.com/film/a/\n")
    wait_until(lambda: unmatched(api), "looked up")
    film = unmatched(api)[0]["id"]
    browser.open(f"#/unmatched?film={film}")
    browser.until_text("dialog .candidates", "season 1, episode 3")
    assert "season 1, episode 2" in browser.text("dialog .candidates")
    browser.click("dialog button[aria-label='This one: Lamplight Tales: "
                  "The Late Visitor, Feb 7, 2005']")
    browser.until_text("dialog .film-head", "29 min")

    # The stand-in's titles have no page at TMDB: give it an id that has.
    database.query(
        "WITH t AS (INSERT INTO title (kind, tmdb_id, name, original_name, "
        "fetched_at) VALUES ('tv_episode', 5, 'E', 'S: E', now())), "
        "e AS (INSERT INTO episode VALUES ('tv_episode', 5, 42009, 3, 1)) "
        "UPDATE film SET tmdb_id = 5 WHERE kind = 'tv_episode'")
    browser.open(f"#/films?film={film}")
    browser.until(lambda: browser.js(
        "return document.querySelector('dialog a[href*=themoviedb]')?.href")
        == "https://www.themoviedb.org/tv/42009/season/3/episode/1",
        "the link")

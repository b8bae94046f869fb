"""A member says which title a film is: what it changes, for whom, how long."""

import json
import subprocess
import threading

import psycopg
import pytest

from harness import ROOT, wait_until
from importing import import_csv, second_member
from schema import check

WATCHED = """Date,Name,Year,Letterboxd URI
2020-01-01,Black Rain,1989,https://boxd.it/29Ys
2020-01-02,Citizen Kane,1941,https://boxd.it/29Yi
2020-01-03,Casablanca,1942,https://boxd.it/29Y8
"""
LISTED = """Letterboxd list export v7
Date,Name,Tags,URL,Description
2021-01-01,Later,,https://boxd.it/aaaac,

Position,Name,Year,URL,Description
1,City Lights,1931,https://boxd.it/2a9q,
"""
# Of the catalogue: the two films that "Black Rain" of 1989 may be.
IMAMURA, SCOTT = 800000123, 800000124
KANE, LIGHTS = 800000009, 800000004
QUICK = {"enrich": {"poll": "200ms", "store_delay": "0ms"}}


@pytest.fixture
def start_quick(start_daemon):
    return lambda **more: start_daemon(settings=QUICK, **more)


def show(api, film):
    answer = api.get(f"/v1/films/{film}")
    assert answer.status == 200, answer
    check(answer.json(), "FilmDetails")
    return answer.json()


def put(api, film, choice):
    return api.request("PUT", f"/v1/films/{film}/match",
                       json.dumps({"choice": choice}),
                       {"Content-Type": "application/json"})


def choose(api, film, choice):
    answer = put(api, film, choice)
    assert answer.status == 200, answer
    check(answer.json(), "FilmDetails")
    assert answer.json()["match"]["chosen"]
    return answer.json()


def take_back(api, film):
    answer = api.delete(f"/v1/films/{film}/match")
    assert answer.status == 200, answer
    check(answer.json(), "FilmDetails")
    match = answer.json()["match"]
    assert (match["chosen"], match["choice"]) == (False, None)
    return answer.json()


def settled(api, film):
    """The film once nothing is pending about it."""
    return wait_until(
        lambda: (lambda f: f["match"]["state"] != "pending" and f)(
            show(api, film)), f"film {film} is looked up")


def listed(api, film):
    films = api.get("/v1/films?limit=500").json()
    check(films, "FilmPage")
    return next(f for f in films["films"] if f["id"] == film)


def progress(api):
    return api.get("/v1/enrichment").json()


def unmatched(api):
    page = api.get("/v1/enrichment/unmatched").json()
    check(page, "UnmatchedPage")
    return {f["title"]: (f["state"], f["chosen"]) for f in page["films"]}


def imported(api, database):
    """{title: film id} of the library, everything of it looked up."""
    import_csv(api, "watched.csv", WATCHED.encode())
    wait_until(lambda: progress(api)["pending"] == 0, "all are looked up")
    return ids(database)


def ids(database):
    return dict(database.query(
        "SELECT title, id FROM film WHERE ref LIKE 'boxd:%%'"))


def jobs(database):
    return dict(database.query(
        "SELECT ref, tag FROM enrich_job JOIN film "
        "ON film.id = film_id WHERE ref ~ '^(tmdb|imdb):'"))


def test_a_choice_made_with_the_stand_in_is_asked_of_tmdb(api, database):
    """Its answer goes like that for a film of the library."""
    import_csv(api, "watched.csv", WATCHED.encode())
    assert put(api, ids(database)["Casablanca"], "tmdb:15").status == 200
    asked = sorted(database.query("SELECT film_id FROM enrich_job"))
    assert len(asked) == 4
    database.query("DELETE FROM enrich_job")
    database.query("UPDATE film SET match_state = 'not_found'")
    database.query("INSERT INTO demo DEFAULT VALUES")
    subprocess.run(["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1",
                    database.url("rewatch_owner"), "-f",
                    ROOT / "sql/tools/forget-stand-in.sql"], check=True)
    assert sorted(database.query("SELECT film_id FROM enrich_job")) == asked


@pytest.mark.parametrize("change", ["choose", "take back"])
def test_a_film_that_an_import_is_just_removing(api, database, change):
    """The change waits for the import, and then the film is not theirs."""
    import_csv(api, "watched.csv", WATCHED.encode())
    film = ids(database)["Casablanca"]
    answers = []

    def run():
        answers.append(put(api, film, f"tmdb:{KANE}") if change == "choose"
                       else api.delete(f"/v1/films/{film}/match"))

    with database.connect() as db:
        with db.transaction():
            db.execute("SELECT FROM member FOR NO KEY UPDATE")
            db.execute("DELETE FROM library_entry WHERE film_id = %s", (film,))
            thread = threading.Thread(target=run)
            thread.start()
            wait_until(lambda: database.value(
                "SELECT count(*) FROM pg_stat_activity WHERE "
                "wait_event_type = 'Lock' AND datname = current_database()"),
                "the change waits")
        thread.join(20)
    assert [answer.status for answer in answers] == [404]
    assert database.value("SELECT count(*) FROM film_choice") == 0
    assert api.up()


def test_an_ambiguous_film_is_mended(api, database, start_quick, tmdb):
    start_quick()
    rain = imported(api, database)["Black Rain"]
    before = show(api, rain)
    assert before["match"]["state"] == "ambiguous"
    assert {c["id"] for c in before["match"]["candidates"]} == {IMAMURA,
                                                               SCOTT}
    assert unmatched(api) == {"Black Rain": ("ambiguous", False)}
    version = api.get("/v1/stats").json()["version"]
    calls = tmdb.stats()["calls"]

    assert choose(api, rain, f"tmdb:{IMAMURA}")["tmdb"] is None
    film = settled(api, rain)
    assert film["title"] == "Black Rain" and film["year"] == 1989
    assert film["match"]["state"] == "matched"
    assert film["match"]["choice"] == f"tmdb:{IMAMURA}"
    assert film["match"]["method"] == "chosen"
    assert film["match"]["candidates"] == before["match"]["candidates"]
    assert (film["tmdb"]["id"], film["tmdb"]["runtime"]) == (IMAMURA, 123)
    assert tmdb.stats()["calls"] == calls + 1
    row = listed(api, rain)
    assert (row["match_state"], row["chosen"], row["tmdb"]["id"]) == (
        "matched", True, IMAMURA)
    assert unmatched(api) == {}
    assert (progress(api)["matched"], progress(api)["ambiguous"]) == (3, 0)
    stats = wait_until(
        lambda: (lambda s: s["version"] != version and "Shōhei Imamura" in
                 str(s["directors"]) and s)(api.get("/v1/stats").json()),
        "the statistics know it")
    assert "JP" in str(stats["countries"])

    # The other of the two, then nothing, then what the matching said.
    choose(api, rain, f"movie:{SCOTT}")
    assert settled(api, rain)["tmdb"]["runtime"] == 125
    back = take_back(api, rain)
    assert back == before
    assert unmatched(api) == {"Black Rain": ("ambiguous", False)}
    # It is known by now: at once, and without a call.
    calls = tmdb.stats()["calls"]
    assert choose(api, rain, f"tmdb:{IMAMURA}")["tmdb"]["id"] == IMAMURA
    assert jobs(database) == {} and tmdb.stats()["calls"] == calls


def test_every_kind_of_choice_reaches_its_title(api, database, start_quick):
    start_quick()
    kane = imported(api, database)["Citizen Kane"]
    for choice, kind, tmdb_id, shown in [
            ("https://www.themoviedb.org/tv/800000281-x", "tv", 800000281,
             "tv:800000281"),
            (f"imdb:tt{SCOTT}", "movie", SCOTT, f"imdb:tt{SCOTT}"),
            ("https://www.imdb.com/title/tt800000281/?ref_=x", "tv",
             800000281, "imdb:tt800000281")]:
        choose(api, kane, choice)
        film = settled(api, kane)
        assert film["match"]["choice"] == shown
        assert (film["match"]["state"], film["match"]["confidence"]) == (
            "matched", "high")
        assert (film["tmdb"]["kind"], film["tmdb"]["id"]) == (kind, tmdb_id)


def test_an_unknown_id_and_no_match_at_all(api, database, start_quick, tmdb):
    start_quick()
    kane = imported(api, database)["Citizen Kane"]
    for choice in ("tmdb:899999999", "imdb:tt899999999"):
        choose(api, kane, choice)
        film = settled(api, kane)
        assert film["match"]["state"] == "not_found"
        assert film["match"]["choice"] == choice and film["tmdb"] is None
        assert unmatched(api)["Citizen Kane"] == ("not_found", True)
        # It did not fall back to a search by the name.
        assert film["match"]["candidates"] == (
            take_back(api, kane)["match"]["candidates"])
    calls = tmdb.stats()["calls"]

    film = choose(api, kane, "none")
    assert (film["match"]["state"], film["match"]["choice"]) == ("not_found",
                                                                 "none")
    assert film["tmdb"] is None
    assert listed(api, kane)["tmdb"] is None
    # Nothing is left to mend, though TMDB has nothing for it.
    assert "Citizen Kane" not in unmatched(api)
    assert progress(api)["not_found"] == 1
    assert "Orson Welles" not in str(api.get("/v1/stats").json()["directors"])
    assert take_back(api, kane)["tmdb"]["id"] == KANE
    assert "Orson Welles" in str(api.get("/v1/stats").json()["directors"])
    assert tmdb.stats()["calls"] == calls


def test_it_outlives_imports_an_emptied_library_and_another_matching(
        api, database, start_quick):
    start_quick()
    films = imported(api, database)
    rain, kane = films["Black Rain"], films["Citizen Kane"]
    choose(api, rain, f"tmdb:{IMAMURA}")
    choose(api, kane, "none")
    assert settled(api, rain)["tmdb"]["id"] == IMAMURA
    import_csv(api, "watched.csv", WATCHED.encode())
    assert show(api, rain)["tmdb"]["id"] == IMAMURA

    assert api.delete("/v1/library").status == 204
    assert api.get(f"/v1/films/{rain}").status == 404
    assert put(api, rain, "none").status == 404
    import_csv(api, "watched.csv", WATCHED.encode())
    assert ids(database) == films
    # The matching may look at the films again: they stay as chosen.
    database.query("UPDATE film SET match_state = NULL, kind = NULL, "
                   "tmdb_id = NULL WHERE ref LIKE 'boxd:%%'")
    database.query("INSERT INTO enrich_job (film_id, tag) SELECT id, 1 "
                   "FROM film WHERE ref LIKE 'boxd:%%'")
    database.query("NOTIFY enrich_job")
    wait_until(lambda: database.value(
        "SELECT count(*) FROM film WHERE match_state IS NULL") == 0,
        "they are looked up again")
    assert show(api, rain)["tmdb"]["id"] == IMAMURA
    assert show(api, kane)["match"]["choice"] == "none"


def test_a_film_of_a_list_can_be_chosen(api, database, start_quick):
    start_quick()
    answer = api.post("/v1/imports?file_name=lists%2Flater.csv",
                      LISTED.encode(), "text/csv")
    assert answer.status == 201, answer
    lights = ids(database)["City Lights"]
    choose(api, lights, f"tmdb:{LIGHTS}")
    film = settled(api, lights)
    assert film["entry"] is None and film["tmdb"]["id"] == LIGHTS
    assert (progress(api)["films"], progress(api)["matched"]) == (1, 1)


@pytest.fixture
def two_members(database, start_api):
    """Servers of members 1 and 2 of one database, who have seen the same;
    nobody works on the queue."""
    url = second_member(database)
    both = start_api(), start_api(url=url)
    for api in both:
        import_csv(api, "watched.csv", WATCHED.encode())
    return both


def all_films(database):
    return database.query("SELECT * FROM film WHERE ref LIKE "
                          "'boxd:%%' ORDER BY id")


def test_it_is_the_members_own(two_members, database):
    mine, other = two_members
    kane = ids(database)["Citizen Kane"]
    films, theirs = all_films(database), show(other, kane)
    version = other.get("/v1/stats").json()["version"]
    choose(mine, kane, "none")
    assert show(other, kane) == theirs
    assert not listed(other, kane)["chosen"]
    assert other.get("/v1/stats").json()["version"] == version
    assert all_films(database) == films

    choose(other, kane, f"tmdb:{SCOTT}")
    assert show(mine, kane)["match"]["choice"] == "none"
    with database.connect("rewatch_api", member=2) as db:
        assert db.execute("SELECT member_id, film_id FROM film_choice"
                          ).fetchall() == [(2, kane)]
        assert db.execute("UPDATE film_choice SET target_film_id = NULL "
                          "WHERE member_id = 1").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("INSERT INTO film_choice VALUES (1, %s, NULL)",
                       (ids(database)["Casablanca"],))
    with database.connect("rewatch_api") as db:
        assert db.execute("SELECT count(*) FROM film_choice"
                          ).fetchone() == (0,)
    with database.connect("rewatch_daemon") as db:
        for table in ("film_choice", "member_film"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(f"SELECT FROM {table}")
    # With the account go its choices, the other member's stay.
    database.query("DELETE FROM member WHERE id = 1")
    assert database.query("SELECT member_id FROM film_choice") == [(2,)]


DIARY = """Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
2020-01-01,{title},1989,https://boxd.it/aEh4eZ,4,,,2020-01-01
"""


def test_it_follows_a_film_that_gets_its_link(start_api, database):
    """A diary alone knows films by name; with watched.csv come the links, and
    another member's row for this one is there already."""
    url = second_member(database)
    mine, other = start_api(), start_api(url=url)
    import_csv(other, "watched.csv", WATCHED.encode())
    import_csv(mine, "diary.csv", DIARY.format(title="Black Rain").encode())
    linked = ids(database)["Black Rain"]
    named = database.value("SELECT id FROM film WHERE ref = ''")
    choose(mine, named, f"tmdb:{IMAMURA}")
    import_csv(mine, "watched.csv", WATCHED.encode())
    assert mine.get(f"/v1/films/{named}").status == 404
    assert show(mine, linked)["match"]["choice"] == f"tmdb:{IMAMURA}"
    assert not show(other, linked)["match"]["chosen"]

    # Another film of that name and year is another film.
    import_csv(mine, "watched.csv", WATCHED.replace("29Ys", "2a9q").encode())
    import_csv(mine, "diary.csv", DIARY.format(title="Pi").replace(
        "aEh4eZ", "aEh4f9").encode())
    again = database.value("SELECT id FROM film WHERE title = 'Black Rain' "
                           "AND ref = 'boxd:51568'")
    assert mine.get(f"/v1/films/{linked}").status == 404
    assert not show(mine, again)["match"]["chosen"]
    import_csv(mine, "watched.csv", WATCHED.encode())
    assert show(mine, linked)["match"]["choice"] == f"tmdb:{IMAMURA}"


def test_one_job_a_title_and_at_the_front(two_members, database):
    mine, other = two_members
    films = ids(database)
    front = database.value("SELECT min(tag) FROM enrich_job")
    shares = "SELECT member_id, last_tag FROM enrich_share ORDER BY member_id"
    share = database.query(shares)
    choose(mine, films["Black Rain"], f"tmdb:{SCOTT}")
    assert jobs(database) == {f"tmdb:movie:{SCOTT}": front}
    choose(other, films["Casablanca"],
           f"https://www.themoviedb.org/movie/{SCOTT}")
    choose(mine, films["Black Rain"], f"tmdb:{SCOTT}")
    assert jobs(database) == {f"tmdb:movie:{SCOTT}": front}
    assert database.query(shares) == share
    # One that waits far behind is moved up.
    database.query("UPDATE enrich_job SET tag = tag + 1000 FROM film "
                   "WHERE film.id = film_id AND ref LIKE 'tmdb:%%'")
    choose(other, films["Casablanca"], f"tmdb:{SCOTT}")
    assert jobs(database) == {f"tmdb:movie:{SCOTT}": front}


def test_a_title_given_up_is_asked_again(api, database):
    import_csv(api, "watched.csv", WATCHED.encode())
    kane = ids(database)["Citizen Kane"]
    choose(api, kane, "tv:800000281")
    target = database.value("SELECT target_film_id FROM film_choice")
    database.query("DELETE FROM enrich_job WHERE film_id = %s", target)
    database.query("INSERT INTO enrich_dead (film_id, attempt, last_error) "
                   "VALUES (%s, 8, 'TMDB answered 500')", target)
    database.query("UPDATE film SET match_state = 'failed' WHERE id = %s",
                   target)
    film = show(api, kane)
    assert film["match"]["state"] == "failed"
    assert film["match"]["error"] == "TMDB answered 500"
    film = choose(api, kane, "tv:800000281")
    assert (film["match"]["state"], film["match"]["error"]) == ("pending",
                                                                None)
    assert list(jobs(database)) == ["tmdb:tv:800000281"]


@pytest.mark.parametrize("days, asked", [(179, False), (181, True)])
def test_what_is_here_is_asked_for_when_it_is_old(api, database, days, asked):
    import_csv(api, "watched.csv", WATCHED.encode())
    kane = ids(database)["Citizen Kane"]
    database.query(
        "INSERT INTO title (kind, tmdb_id, name, original_name, fetched_at) "
        "VALUES ('movie', 550, 'Fight Club', 'Fight Club', now() - %s * "
        "interval '1 day')", days)
    for _ in range(2):
        film = choose(api, kane, "tmdb:550")
        assert film["match"]["state"] == ("pending" if asked else "matched")
        assert (film["tmdb"] is None) == asked
        assert list(jobs(database)) == (["tmdb:movie:550"] if asked else [])


def test_what_is_refused(api, database):
    import_csv(api, "watched.csv", WATCHED.encode())
    kane = ids(database)["Citizen Kane"]
    before = show(api, kane), api.get("/v1/library").json()

    def refused(answer, status, problem):
        assert answer.status == status, answer
        check(answer.json(), "Problem")
        assert answer.json()["type"] == f"/problems/{problem}"
        return answer.json()["detail"] or ""

    for choice in ("", "Citizen Kane", "tmdb:x", "tmdb:0", "é" * 100,
                   "https://letterboxd.com/film/citizen-kane/"):
        detail = refused(put(api, kane, choice), 422, "bad-choice")
        for form in ("tmdb:550", "tv:87108", "imdb:tt0137523", "none",
                     "themoviedb.org"):
            assert form in detail
    for body in ("", "{", "[]", "{}", '"none"', '{"choice": null}',
                 '{"choice": 550}', '{"choise": "none"}',
                 '{"choice": "none", "film": 1}'):
        refused(api.request("PUT", f"/v1/films/{kane}/match", body), 400,
                "bad-json")
    refused(api.request("PUT", f"/v1/films/{kane}/match",
                        '{"choice": "%s"}' % ("x" * 5000)), 413, "too-large")
    refused(api.request("PUT", f"/v1/films/{kane}/match", "choice=none", {
        "Content-Type": "application/x-www-form-urlencoded"}), 415,
        "unsupported-media-type")
    refused(put(api, 999999999, "none"), 404, "not-found")
    refused(api.delete("/v1/films/999999999/match"), 404, "not-found")
    refused(api.get(f"/v1/films/{kane}/match"), 405, "method-not-allowed")
    assert (show(api, kane), api.get("/v1/library").json()) == before
    assert database.query("SELECT * FROM film_choice") == []
    assert jobs(database) == {}
    # Nothing was chosen: nothing to take back.
    assert take_back(api, kane) == before[0]


def test_a_title_nobody_chooses_any_more_is_not_asked_for(api, database,
                                                          start_api):
    """Its job goes with the choice; that of a title somebody else chose stays."""
    other = start_api(url=second_member(database))
    import_csv(api, "watched.csv", WATCHED.encode())
    import_csv(other, "watched.csv", WATCHED.encode())
    film = ids(database)["Casablanca"]
    choose(api, film, "tmdb:15")
    choose(other, film, "tmdb:15")
    choose(api, film, "tmdb:289")
    assert set(jobs(database)) == {"tmdb:movie:15", "tmdb:movie:289"}
    choose(api, film, "tmdb:289")
    choose(other, film, "none")
    assert set(jobs(database)) == {"tmdb:movie:289"}
    take_back(api, film)
    assert jobs(database) == {}
    # One that a daemon has taken is left to it.
    choose(api, film, "tmdb:15")
    database.query("UPDATE enrich_job SET token = 1")
    choose(api, film, "tmdb:289")
    assert set(jobs(database)) == {"tmdb:movie:15", "tmdb:movie:289"}


def test_two_choices_the_other_way_round_do_not_wait_for_each_other(
        api, database, start_api):
    """Each locks the title it leaves and the one it comes to, by id."""
    other = start_api(url=second_member(database))
    import_csv(api, "watched.csv", WATCHED.encode())
    import_csv(other, "watched.csv", WATCHED.encode())
    film = ids(database)["Casablanca"]
    choose(api, film, "tmdb:15")
    choose(other, film, "tmdb:289")
    failed = []

    def there_and_back(server, choices):
        for n in range(30):
            answer = put(server, film, choices[n % 2])
            if answer.status != 200:
                failed.append(answer)

    threads = [threading.Thread(target=there_and_back, args=args) for args in (
        (api, ("tmdb:289", "tmdb:15")), (other, ("tmdb:15", "tmdb:289")))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []

"""Progress of the enrichment and what it leaves open, as members see it."""

import datetime

import pytest

from synthetic import Film, Library, Title, ask, store

MARKED = datetime.date(2020, 1, 1)


def film(number, **more):
    return Film(f"Film {number}", 2000, f"boxd:{number}", marked_on=MARKED,
                **more)


def library_of(database, member=1, first=1, matched=0, not_found=0,
               ambiguous=0, failed=0, jobs=0, not_asked=0):
    films = []

    def add(count, **more):
        for _ in range(count):
            number = first + len(films)
            films.append(film(number, **{
                key: value(number) if callable(value) else value
                for key, value in more.items()}))

    add(matched, tmdb=lambda n: Title(n, f"Film {n}"))
    add(not_found, state="not_found")
    add(ambiguous, state="ambiguous")
    add(failed, state="failed")
    add(jobs + not_asked)
    library = store(database, Library(member, films))
    waiting = films[len(films) - jobs - not_asked:len(films) - not_asked]
    for one in waiting:
        give_job(database, one)
    return library


def give_job(database, one):
    database.query("INSERT INTO enrich_job (film_id, tag) VALUES (%s, 1)",
                   one.id)


def progress(database, member=1):
    return ask(database, member, "enrichment/progress")


def test_every_kind_is_counted(database):
    library_of(database, matched=4, not_found=3, ambiguous=2, failed=1,
               jobs=5, not_asked=6)
    database.query("UPDATE tmdb_rate SET calls = 77")
    assert progress(database) == {
        "films": 15, "matched": 4, "doubtful": 0, "not_found": 3,
        "ambiguous": 2, "failed": 1, "pending": 5, "not_asked": 6, "percent": 66.6,
        "calls": 77, "eta_seconds": None, "paused_until": None}


@pytest.mark.parametrize("matched, jobs, percent", [
    (0, 0, 100), (3, 0, 100), (0, 3, 0), (2, 1, 66.6), (1999, 1, 99.9)])
def test_percent_is_100_only_at_the_end(database, matched, jobs, percent):
    library_of(database, matched=matched, jobs=jobs)
    assert progress(database)["percent"] == percent


def test_a_matched_film_being_refreshed_is_matched(database):
    library = library_of(database, matched=2)
    give_job(database, library.films[0])
    answer = progress(database)
    assert (answer["matched"], answer["pending"]) == (2, 0)
    assert answer["percent"] == 100


def test_a_failed_film_that_is_tried_again_is_pending(database):
    library = library_of(database, matched=1, failed=1)
    give_job(database, library.films[1])
    answer = progress(database)
    assert (answer["failed"], answer["pending"]) == (0, 1)
    assert answer["percent"] == 50


def test_films_of_lists_are_counted_once(database):
    listed, both = film(900), film(901)
    store(database, Library(1, [both], [
        {"slug": "a", "name": "A", "created_on": None,
         "films": [listed, both]}]))
    give_job(database, listed)
    give_job(database, both)
    assert progress(database)["films"] == 2


def test_eta_from_what_was_done_in_the_last_minute(database):
    """30 films in 20 s, 60 to go: 40 s."""
    library = library_of(database, matched=30, jobs=60)
    database.query(
        "UPDATE film SET matched_at = now() - make_interval(secs => "
        "20.0 * (id - %s + 1) / 30) WHERE match_state = 'matched'",
        library.films[0].id)
    assert progress(database)["eta_seconds"] == pytest.approx(40, abs=2)
    database.query("DELETE FROM enrich_job")
    assert progress(database)["eta_seconds"] == 0


def test_a_clock_that_was_set_back_makes_no_nonsense(database):
    """What was done before lies in the future, and so does a pause that was
    said then; neither counts."""
    library_of(database, matched=3, jobs=60)
    database.query("UPDATE film SET matched_at = now() + interval '1 hour' "
                   "WHERE match_state = 'matched'")
    database.query("UPDATE tmdb_rate SET blocked_at = now() + interval "
                   "'59 minutes', blocked_until = now() + interval '1 hour'")
    assert progress(database)["eta_seconds"] is None
    assert progress(database)["paused_until"] is None


def test_a_closed_budget_says_until_when(database):
    library_of(database, jobs=1)
    database.query("UPDATE tmdb_rate SET blocked_until = "
                   "'2100-01-02 03:04:05+00'")
    assert progress(database)["paused_until"] == "2100-01-02T03:04:05Z"
    database.query("UPDATE tmdb_rate SET blocked_until = now()")
    assert progress(database)["paused_until"] is None


def test_progress_is_the_members_own(database):
    library_of(database, 1, matched=3, jobs=1)
    library_of(database, 2, first=100, matched=1)
    assert progress(database, 1)["films"] == 4
    assert progress(database, 2)["films"] == 1
    nobody = progress(database, None)
    assert (nobody["films"], nobody["percent"]) == (0, 100)


def unmatched(database, member=1, doubtful="false", after=None, limit=50,
              state=None):
    return ask(database, member, "enrichment/unmatched", doubtful=doubtful,
               after=after, limit=limit, state=state)


def test_unmatched_films_say_why(database):
    guess = '[{"kind": "movie", "id": 9, "title": "Film", "score": 0.7}]'
    films = [film(1, tmdb=Title(1, "Film 1")),
             film(2, state="not_found"),
             film(3, state="ambiguous", candidates=guess),
             film(4, state="failed"),
             film(5, tmdb=Title(5, "Film V", poster_path="/5.jpg"),
                  confidence="medium", candidates=guess),
             film(6)]
    store(database, Library(1, films))
    database.query("INSERT INTO enrich_dead (film_id, attempt, last_error) "
                   "VALUES (%s, 6, 'TMDB answered 500')", films[3].id)
    answer = unmatched(database)
    assert answer["total"] == 3 and answer["next"] is None
    assert [(f["title"], f["state"]) for f in answer["films"]] == [
        ("Film 2", "not_found"), ("Film 3", "ambiguous"),
        ("Film 4", "failed")]
    assert answer["films"][1]["candidates"] == [
        {"kind": "movie", "id": 9, "title": "Film", "score": 0.7}]
    assert answer["films"][1]["error"] is None
    assert (answer["films"][2]["error"], answer["films"][2]["attempts"]) == (
        "TMDB answered 500", 6)

    doubtful = unmatched(database, doubtful="true")["films"]
    assert [f["title"] for f in doubtful] == ["Film 2", "Film 3", "Film 4",
                                              "Film 5"]
    assert doubtful[3]["tmdb"] == {
        "kind": "movie", "id": 5, "episode": None, "name": "Film V",
        "released_on": None, "poster_path": "/5.jpg"}
    # One that is tried again is pending, no longer open.
    give_job(database, films[3])
    assert unmatched(database)["total"] == 2


def test_doubtful_matches_are_counted_and_listed(database):
    """Not those that are sure, and not those that the member chose."""
    films = [film(n, tmdb=Title(n, f"Title {n}"), confidence=confidence)
             for n, confidence in enumerate(
                 ["high", "medium", "low", "medium", "high"], 1)]
    films += [film(6, state="not_found"), film(7, state="ambiguous")]
    store(database, Library(1, films))
    database.query("INSERT INTO film_choice (member_id, film_id, "
                   "target_film_id) VALUES (1, %s, %s)", films[3].id,
                   films[1].id)
    answer = progress(database)
    assert (answer["matched"], answer["doubtful"]) == (5, 2)
    assert {state: [f["title"] for f in
                    unmatched(database, state=state)["films"]]
            for state in ("matched", "not_found", "ambiguous", "failed")} == {
        "matched": ["Film 2", "Film 3"], "not_found": ["Film 6"],
        "ambiguous": ["Film 7"], "failed": []}
    assert unmatched(database, state="matched")["total"] == 2
    assert unmatched(database, doubtful="true")["total"] == 4
    # Its data is only fetched again.
    give_job(database, films[1])
    assert progress(database)["doubtful"] == 2
    assert unmatched(database, state="matched")["total"] == 2


def test_pages_of_unmatched(database):
    library = library_of(database, matched=2, not_found=7)
    got, after = [], None
    while True:
        page = unmatched(database, after=after, limit=3)
        got += [f["id"] for f in page["films"]]
        after = page["next"]
        if after is None:
            break
    assert got == [f.id for f in library.films[2:]]


def test_unmatched_are_the_members_own(database):
    library_of(database, 1, not_found=2)
    store(database, Library(2, []))
    assert unmatched(database, 2)["total"] == 0
    assert unmatched(database, None)["total"] == 0

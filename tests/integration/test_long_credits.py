"""A title with more people than are kept says so."""

import json

from enrich_queue import QUICK, add_film, check_final, wait_finished

FILM = 700000200


def person(number, **more):
    return {"id": number, "name": f"Person {number}", "gender": 0,
            "profile_path": None, **more}


def test_what_is_cut_is_said(database, start_tmdb, start_daemon, tmp_path):
    crew = [person(n, department="Art", job="Painter")
            for n in range(1, 601)]
    crew += [person(601, department="Directing", job="Director"),
             person(602, department="Writing", job="Screenplay")]
    cast = [person(n, character="", order=n) for n in range(1001, 1511)]
    path = tmp_path / "catalogue.jsonl"
    path.write_text(json.dumps({
        "id": FILM, "title": "The Crowd", "original_title": "The Crowd",
        "release_date": "2011-05-05", "vote_count": 500,
        "credits": {"cast": cast, "crew": crew}}) + "\n")
    tmdb = start_tmdb(catalogue=path)
    add_film(database, "The Crowd", 2011)
    daemon = start_daemon(settings=QUICK, tmdb_url=tmdb.url)
    wait_finished(database)
    assert daemon.stop() == 0
    check_final(database)
    kept, cut, cast_kept, cast_cut, directors = database.query(
        "SELECT crew_ids, crew_cut, cast_ids, cast_cut, director_ids "
        "FROM title")[0]
    assert (kept, cut) == ([601, *range(1, 499), 602], 102)
    assert (cast_kept, cast_cut) == (list(range(1001, 1501)), 10)
    assert directors == [601]

"""Cached answers: computed once per change of the library, never stale."""

import concurrent.futures
import subprocess
import time

import pytest

from harness import wait_until
from metrics import Metrics
from stalled import add_film, later, stalled, waiting


def lookups(api, how):
    return Metrics(api).of("rewatch_cache_lookups_total", how=how) or 0


def transactions(api):
    return Metrics(api).of("rewatch_pg_transactions_total", outcome="ok") or 0


def films(api):
    answer = api.get("/v1/stats")
    assert answer.status == 200, answer
    return answer.json()["overview"]["films"]


def add(database, title, notify=None, raise_version=True):
    """A watched film, with or without anybody being told."""
    film = add_film(database, title)
    database.query("INSERT INTO watch (member_id, film_id, source, entry) "
                   "VALUES (1, %s, 'watched', %s)", film, title)
    if raise_version:
        database.query("UPDATE member SET library_version = "
                       "library_version + 1 WHERE id = 1")
    if notify:
        database.query(f"NOTIFY {notify}")
    return film


@pytest.fixture
def served(api):
    """A server with its statistics in the cache, and sure of them."""
    api.get("/v1/stats")
    wait_until(lambda: is_hit(api), "cached and sure")
    return api


def is_hit(api):
    before = transactions(api)
    api.get("/v1/stats")
    return transactions(api) == before


def test_hit_does_not_touch_the_database(served):
    before, hits = transactions(served), lookups(served, "hit")
    first = served.get("/v1/stats")
    for _ in range(50):
        again = served.get("/v1/stats")
        assert again.body == first.body
        assert again.headers["etag"] == first.headers["etag"]
    assert transactions(served) == before
    assert lookups(served, "hit") == hits + 51


def test_tag_contains_the_version(served, database):
    assert served.get("/v1/stats").headers["etag"].startswith('"0-0-')
    add(database, "Solaris", notify="library, '1'")
    wait_until(lambda: served.get("/v1/stats").headers["etag"]
               .startswith('"1-0-'), "the next version")


def test_parameters_make_another_answer(served):
    computed = lookups(served, "computed")
    for path in ("/v1/stats?year=2020", "/v1/stats?year=2021",
                 "/v1/stats?year=2020"):
        assert served.get(path).status == 200
    assert lookups(served, "computed") == computed + 2


def test_change_by_another_server(served, database):
    """It notifies: the answer is new at once."""
    assert films(served) == 0
    add(database, "Solaris", notify="library, '1'")
    wait_until(lambda: films(served) == 1, "the new film", 1)


def test_change_of_another_member(served, database):
    database.query("NOTIFY library, '2'")
    time.sleep(0.3)
    assert is_hit(served)


def test_change_by_this_server(served, database):
    add(database, "Solaris", notify="library, '1'")
    wait_until(lambda: films(served) == 1, "the new film", 1)
    assert served.delete("/v1/library").status == 204
    assert films(served) == 0


def test_enriched_film(served, database):
    film = add(database, "Solaris", notify="library, '1'")
    wait_until(lambda: films(served) == 1, "the new film", 1)
    time.sleep(1.1)
    # Another member's film: nothing to do with this one.
    database.query("NOTIFY enriched, '2,3'")
    time.sleep(0.5)
    assert is_hit(served)
    # A film of this member, and perhaps nothing that is shown of it: the
    # version is asked for, the answer is the same.
    computed, checked = lookups(served, "computed"), lookups(served, "checked")
    database.query("NOTIFY enriched, '2,1'")
    wait_until(lambda: films(served) and lookups(served, "checked") > checked,
               "asked")
    assert lookups(served, "computed") == computed
    assert is_hit(served)
    # Something that is shown: computed anew.
    time.sleep(1.1)
    tag = served.get("/v1/stats").headers["etag"]
    database.query("UPDATE film SET match_state = 'not_found', "
                   "version = version + 1 WHERE id = %s", film)
    database.query("NOTIFY enriched, '1'")
    wait_until(lambda: served.get("/v1/stats").headers["etag"] != tag,
               "the next version", 3)


def test_version_is_asked_for_once_a_second(served, database):
    before = transactions(served)
    begin = time.monotonic()
    while time.monotonic() - begin < 3:
        database.query("NOTIFY enriched")
        assert films(served) == 0
    assert 2 <= transactions(served) - before <= 4


def test_change_that_nobody_heard_of(served, database):
    """The listener's connection is lost with the notification."""
    with database.connect() as db:
        db.execute("BEGIN")
        film = db.execute("INSERT INTO film (title, year) VALUES "
                          "('Mirror', 1975) RETURNING id").fetchone()[0]
        db.execute("INSERT INTO library_entry (member_id, film_id, marked_on) "
                   "VALUES (1, %s, '2024-01-01')", (film,))
        db.execute("INSERT INTO watch (member_id, film_id, source, entry) "
                   "VALUES (1, %s, 'watched', 'name:1')", (film,))
        db.execute("UPDATE member SET library_version = 7 WHERE id = 1")
        db.execute("COMMIT")
        assert films(served) == 0  # nobody was told
        db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                   "WHERE datname = current_database() "
                   "AND application_name LIKE '%listen%'")
    wait_until(lambda: films(served) == 1, "noticed all the same", 3)
    wait_until(lambda: is_hit(served), "sure again")


def test_one_computation_for_all(served, database):
    database.query("NOTIFY library, '1'")
    time.sleep(0.2)
    computed, shared = lookups(served, "computed"), lookups(served, "shared")
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        with stalled(database):
            answers = [pool.submit(served.get, "/v1/stats")
                       for _ in range(20)]
            wait_until(lambda: lookups(served, "shared") == shared + 19,
                       "all wait for one")
            assert waiting(database) == 1
        assert len({a.result(10).body for a in answers}) == 1
    assert lookups(served, "computed") == computed + 1


def test_no_answer_from_before_a_change(served, database):
    """A computation that was under way takes no passengers after a change."""
    database.query("NOTIFY library, '1'")
    time.sleep(0.2)
    computed = lookups(served, "computed")
    with stalled(database):
        early = later(served.get, "/v1/stats")
        wait_until(lambda: waiting(database) == 1, "it waits")
        database.query("NOTIFY library, '1'")
        time.sleep(0.2)
        late = later(served.get, "/v1/stats")
        wait_until(lambda: waiting(database) == 2, "its own computation")
    assert early.result(10).status == late.result(10).status == 200
    assert lookups(served, "computed") == computed + 2


def test_failed_computation_fails_all(start_api, database):
    api = start_api(settings={"database": {"deadline": "500ms"}})
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        with stalled(database):
            answers = [pool.submit(api.get, "/v1/stats") for _ in range(5)]
            assert {a.result(10).status for a in answers} == {503}
    wait_until(lambda: api.get("/v1/stats").status == 200, "works again")


def test_waiters_are_bounded(served, database):
    database.query("NOTIFY library, '1'")
    time.sleep(0.2)
    with concurrent.futures.ThreadPoolExecutor(300) as pool:
        with stalled(database):
            answers = [pool.submit(served.get, "/v1/stats")
                       for _ in range(300)]
            wait_until(lambda: sum(a.done() for a in answers) >= 44,
                       "256 wait, the others are refused", 30)
        status = [a.result(20).status for a in answers]
    assert status.count(200) == 256 and status.count(503) == 44


def test_memory_is_bounded(start_api):
    api = start_api(settings={"cache": {"bytes_max": "64KiB"}})
    for year in range(1900, 2000):
        assert api.get(f"/v1/stats?year={year}").status == 200
    assert 0 < Metrics(api).of("rewatch_cache_bytes") <= 65536


def test_without_a_cache(start_api):
    api = start_api(settings={"cache": {"bytes_max": 0}})
    first = api.get("/v1/stats")
    assert first.status == 200
    assert api.get("/v1/stats").headers["etag"] == first.headers["etag"]
    assert Metrics(api).of("rewatch_cache_bytes") == 0


def test_a_database_restored_under_the_server(served, database, tmp_path):
    """Nobody is notified of it: what is kept is compared with the database all
    the same, soon."""
    dump = tmp_path / "dump"
    subprocess.run(["pg_dump", "-Fc", "-f", dump, database.url()], check=True)
    add(database, "Lost", "library, '1'")
    wait_until(lambda: films(served) == 1, "the film is shown")
    wait_until(lambda: is_hit(served), "cached and sure")
    subprocess.run(["pg_restore", "--clean", "--if-exists", "-d",
                    database.url(), dump], check=True)
    wait_until(lambda: films(served) == 0, "what was restored is shown", 10)

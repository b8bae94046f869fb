"""What an upload may cost, and what is kept of it: counted, whatever is sent."""

import contextlib
import io
import threading
import time
import zipfile

import pytest

import costly
from export_maker import Export, Film
from harness import wait_until
from importing import committed, counts, parts

SHOWN = 1000
REPORTS = 100
MANY = 10_000
ALIEN, CURE = Film("Alien", 1979, 11), Film("Cure", 1997, 13)
WATCHED = b"Date,Name,Year,Letterboxd URI\n"
LIST = (b"Letterboxd list export v7\nDate,Name,Tags,URL,Description\n"
        b"2024-01-01,%s,,,\n\nPosition,Name,Year,URL,Description\n")


def packed(**files):
    """watched_csv=b"..." -> the ZIP with watched.csv"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            z.writestr(name.replace("__", "/").replace("_csv", ".csv"), data)
    return out.getvalue()


def good(count, first=1):
    return costly.films(count, first)[len(WATCHED):]


def bad(count, date=b"yesterday"):
    """Nobody can tell which films they are."""
    return b"".join(b"%s,Film %d,no year,\n" % (date, i) for i in range(count))


def problem(answer, status, name, *words):
    body = answer.json()
    assert (answer.status, body["type"]) == (status, f"/problems/{name}"), body
    for word in words:
        assert word in body["detail"], body["detail"]


def kept(api, report, outcome="rejected"):
    """All pages of its rows."""
    lines, after = [], ""
    while after is not None:
        page = api.get(f"/v1/imports/{report['id']}/rows?outcome={outcome}"
                       f"&limit=500{after}").json()
        lines += page["rows"]
        after = page["next"] and f"&after={page['next']}"
    return lines


# --- rows of a report

def test_the_first_thousand_rejected_rows_are_kept(api, database):
    report = committed(api.import_zip(packed(
        ratings_csv=b"Date,Name,Year,Letterboxd URI,Rating\n"
        b"2024-01-01,Alien,1979,https://boxd.it/1M,4\n"
        + b"2024-01-01,Alien,1979,https://boxd.it/1M,4\n" * 700,
        watched_csv=WATCHED + good(10) + bad(500))))
    assert counts(report, "ratings.csv") == {"rows": 701, "new": 1,
                                             "rejected": 700}
    assert counts(report, "watched.csv") == {"rows": 510, "new": 10,
                                             "rejected": 500}
    assert report["rows_not_kept"] == 200
    assert [(r["file"], r["rows"], r["line"]) for r in report["reasons"]] == [
        ("ratings.csv", 700, 3), ("watched.csv", 500, 12)]
    lines = kept(api, report)
    assert len(lines) == SHOWN
    assert lines[-1]["raw"].startswith("yesterday,Film 299,")
    assert database.value("SELECT count(*) FROM import_row") == SHOWN


def test_what_is_not_kept_still_takes_nothing_away(api):
    """The rows of likes/films.csv use up what is shown; those of watched.csv
    are counted only, and yet nobody can tell which films they are."""
    committed(api.import_zip(packed(
        watched_csv=WATCHED + good(5),
        likes__films_csv=WATCHED + good(5))))
    report = committed(api.import_zip(packed(
        likes__films_csv=WATCHED + good(20) + bad(1000),
        watched_csv=WATCHED + good(1) + bad(50))))
    assert report["rows_not_kept"] == 50
    assert counts(report, "watched.csv") == {"rows": 51, "unchanged": 1,
                                             "rejected": 50}
    assert api.get("/v1/library").json()["films"] == 20


def test_the_newest_of_what_is_not_kept_says_how_old_an_import_is(api):
    """The row that stands for the others has the newest of their dates."""
    committed(api.import_zip(packed(
        watched_csv=WATCHED + b"2024-05-01,Alien,1979,https://boxd.it/1M\n")))
    old = WATCHED + good(20) + bad(1010, b"2024-01-01")
    warned = api.import_zip(packed(watched_csv=old))
    assert [w["kind"] for w in committed(warned)["warnings"]] == ["older"]
    newer = old + bad(1, b"2024-06-01") + bad(1, b"2024-01-01")
    assert committed(api.import_zip(packed(watched_csv=newer)))[
        "warnings"] == []


def test_the_first_thousand_ambiguous_rows_are_kept(api):
    export = Export()
    for n in range(2):
        export.watched(Film("Twin", 2001, 500 + n), "2024-01-01")
    for n in range(1200):
        export.diary(Film("Twin", 2001, None), 9000 + n, "2024-02-02")
    report = committed(api.import_zip(export.zip()))
    assert counts(report, "diary.csv") == {"rows": 1200, "new": 1200,
                                           "ambiguous": 1200}
    assert report["rows_not_kept"] == 200
    assert sum(r["rows"] for r in report["reasons"]) == 1200
    assert len(kept(api, report, "ambiguous")) == SHOWN


def test_a_dry_run_says_how_many_are_not_shown(api):
    answer = api.post("/v1/imports?dry_run=1", packed(
        watched_csv=WATCHED + good(20) + bad(1500)), "application/zip")
    assert (answer.status, answer.json()["rows_not_kept"]) == (200, 500)


# --- reports and undos of a member

def test_the_newest_hundred_reports_are_kept(api, database):
    first = committed(api.import_zip(packed(
        watched_csv=WATCHED + good(1) + b"x\n")))
    for n in range(REPORTS):
        last = committed(api.import_zip(packed(
            watched_csv=WATCHED + good(1 + n % 2))))
    assert database.value("SELECT count(*) FROM import") == REPORTS
    assert database.value("SELECT count(*) FROM import_row") == 0
    assert api.get(f"/v1/imports/{first['id']}").status == 404
    assert api.get(f"/v1/imports/{last['id']}").json()["undoable"]


def test_the_oldest_undo_of_large_imports_goes(api, database):
    reports = [committed(api.import_zip(packed(
        watched_csv=WATCHED + good(n + 1)))) for n in range(3)]
    database.query("UPDATE import SET undo_bytes = 40 * 1024 * 1024")
    reports.append(committed(api.import_zip(packed(
        watched_csv=WATCHED + good(9)))))
    assert [api.get(f"/v1/imports/{r['id']}").json()["undoable"]
            for r in reports] == [False, False, True, True]
    assert database.value("SELECT count(DISTINCT import_id) FROM import_undo "
                          "WHERE import_id <= %s", reports[1]["id"]) == 0
    problem(api.post(f"/v1/imports/{reports[1]['id']}/undo"), 409,
            "cannot-undo", "not kept any more")


def test_the_undo_of_one_huge_import_is_kept(api, database):
    """The newest one is, whatever it takes: its bytes are those of its rows."""
    report = committed(api.import_zip(packed(watched_csv=WATCHED + good(50))))
    assert database.value("SELECT undo_bytes FROM import") == 100 * 100
    database.query("UPDATE import SET undo_bytes = 1024 * 1024 * 1024")
    assert api.post(f"/v1/imports/{report['id']}/undo").status == 200


# --- nearly all of it is illegible

def test_a_file_of_which_nearly_nothing_can_be_read_is_refused(api):
    """Of many rows less than one in a hundred is as good as none."""
    few = good(MANY // 100 - 1)
    problem(api.import_zip(packed(watched_csv=WATCHED + few
                                  + bad(MANY - MANY // 100 + 1))),
            422, "unreadable-csv", "watched.csv",
            f"only {MANY // 100 - 1} of its first {MANY} rows",
            f"{MANY - MANY // 100 + 1} of the others like line")
    committed(api.import_zip(packed(watched_csv=WATCHED + few + good(1, 500)
                                    + bad(MANY - MANY // 100))))


def test_of_few_rows_one_that_can_be_read_is_taken(api):
    report = committed(api.import_zip(packed(
        watched_csv=WATCHED + good(1) + bad(MANY - 2))))
    assert counts(report, "watched.csv") == {"rows": MANY - 1, "new": 1,
                                             "rejected": MANY - 2}


def test_it_is_refused_early(api):
    """What stands behind is not read: there it would be legible."""
    problem(api.import_zip(packed(watched_csv=WATCHED + bad(MANY)
                                  + good(30_000))),
            422, "unreadable-csv", f"none of its first {MANY} rows",
            "like line 2")


def test_a_list_of_which_nearly_nothing_can_be_read_stays(api):
    first = packed(watched_csv=WATCHED + good(2), lists__a_csv=LIST % b"a"
                   + b"1,Film 1,2001,,\n2,Film 2,2001,,\n")
    committed(api.import_zip(first))
    report = committed(api.import_zip(packed(
        watched_csv=WATCHED + good(2),
        lists__a_csv=LIST % b"b" + b"x,Film,2001,,\n" * (MANY + 10))))
    found = {f["path"]: f for f in report["files"]}["lists/a.csv"]
    assert "none of its first 10000 rows" in found["reason"]
    assert [(x["name"], x["films"]) for x in
            api.get("/v1/lists").json()["lists"]] == [("a", 2)]


def test_a_list_given_up_after_many_rows_leaves_none(api, database):
    """Its first rows are on their way when its last turns out broken."""
    items = b"".join(b"%d,Film %d,2001,,\n" % (i, i) for i in range(1, 3001))
    report = committed(api.import_zip(packed(
        watched_csv=WATCHED + good(2),
        lists__a_csv=LIST % b"a" + items + b'3001,"Open,2001,,\n')))
    found = {f["path"]: f for f in report["files"]}["lists/a.csv"]
    assert "unclosed quote" in found["reason"]
    assert (found["rows"], found["new"]) == (0, 0)
    assert database.value("SELECT count(*) FROM list_item") == 0
    assert database.value("SELECT count(*) FROM film") == 2


# --- memory

SMALL = {"import": {"memory_max": "8MiB", "upload_max": "4MiB",
                    "rows_max": 30_000}}


@pytest.mark.parametrize("what, files", [
    ("rows", lambda: {"diary_csv": costly.entries(29_000)}),
    ("text", lambda: {"watched_csv": WATCHED + b"x" * 9_000_000}),
    ("lists", lambda: {"watched_csv": WATCHED + good(1), **{
        f"lists__l{i}_csv": LIST.replace(b"%s,,,", b"a,,,\"" + b"x" * 250_000
                                         + b"\"") for i in range(40)}}),
])
def test_running_out_of_memory_is_the_uploads_failure(start_api, what, files):
    api = start_api(settings=SMALL)
    problem(api.import_zip(packed(**files(), pad_bin=costly.noise(100_000))),
            413, "too-costly", "8388608 bytes", "import.memory_max",
            "one by one")
    committed(api.import_zip(packed(watched_csv=WATCHED + good(100))))


def test_a_form_of_long_names(start_api):
    """Their files are found before anything is read."""
    api = start_api(settings={"import": {"memory_max": "64MiB"}})
    for name in (b"n" * 7900, b"n" * 390):
        body = parts({f"{i}{name.decode()}.csv": b"" for i in range(4000)})
        answer = api.post("/v1/imports", body,
                          "multipart/form-data; boundary=bound")
        assert answer.status in (413, 422), answer
    body = parts({"n" * 500 + ".csv": costly.films(1), "a.csv": b""})
    problem(api.post("/v1/imports", body,
                     "multipart/form-data; boundary=bound"),
            422, "bad-path", "too long")


# --- how many at once

@contextlib.contextmanager
def member_locked(database):
    with database.connect() as db, db.transaction():
        db.execute("SELECT id FROM member FOR NO KEY UPDATE")
        yield


def test_an_undo_counts_as_an_import(start_api, database):
    api = start_api(settings={"import": {"concurrent": 1}})
    report = committed(api.import_zip(packed(watched_csv=WATCHED + good(1))))
    undo = f"/v1/imports/{report['id']}/undo"
    answers = []
    with member_locked(database):
        waiting = threading.Thread(
            target=lambda: answers.append(api.post(undo)))
        waiting.start()
        wait_until(lambda: database.value(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE wait_event_type = 'Lock'") > 0, "the undo waits")
        problem(api.post(undo), 503, "busy", "1 other imports are running")
        problem(api.import_zip(packed(watched_csv=WATCHED + good(1))), 503,
                "busy")
    waiting.join()
    assert answers[0].status == 200


def test_a_large_import_waits_for_another(api, database):
    """Longer than a connection may be that takes nothing (tcp_user_timeout):
    its rows stay here until it is its turn."""
    committed(api.import_zip(packed(watched_csv=WATCHED + good(1))))
    body = packed(reviews_csv=costly.REVIEW + b"".join(
        b"2024-01-01,Film %d,2001,%s,,,%s,,2024-01-01\n" % (
            i, costly.entry(i + 1), b"x" * 20_000) for i in range(300)),
                  pad_bin=costly.noise(100_000))
    answers = []
    with member_locked(database):
        waiting = threading.Thread(
            target=lambda: answers.append(api.import_zip(body)))
        waiting.start()
        time.sleep(8)
    waiting.join()
    assert counts(committed(answers[0]), "reviews.csv")["new"] == 300

"""Bad input: each kind of it gets its answer, and the library stays as it is.

The server of this module has a member with a library. Refused uploads leave
every table of the member as it was, to the byte; accepted oddities are read as
what they mean; damage to one row costs that row alone.
"""

import concurrent.futures
import contextlib
import functools
import re
import socket
import threading
import time
import zlib

import pytest

import harness
import hostile_zip
from export_maker import COLUMNS, Export, Film, table
from hostile_zip import Entry, by_hand, form, noise, pack
from importing import checked, committed, counts, parts, rows

ALIEN = Film("Alien", 1979, 11, "alien")
BRAZIL = Film("Brazil", 1985, 12, "brazil")
CURE = Film("Cure", 1997, 13, "cure")

MEMBER_TABLES = ["member", "import", "import_file", "import_row", "import_cause",
                 "library_entry", "watch", "list", "list_item", "enrich_share"]

WATCHED_HEAD = b"Date,Name,Year,Letterboxd URI\r\n"
DIARY_HEAD = (b"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,"
              b"Watched Date\r\n")


def base():
    export = Export()
    for film, day in ((ALIEN, 1), (BRAZIL, 2), (CURE, 3)):
        export.watched(film, f"2024-01-0{day}")
    export.rating(ALIEN, "2024-02-01", 4.5)
    export.diary(ALIEN, 901, "2024-01-01", stars=4, tags=["home"])
    export.diary(BRAZIL, 902, "2024-01-02", stars=3)
    export.review(BRAZIL, 902, "2024-01-02", "Papers, please.", stars=3)
    export.likes(ALIEN, "2024-01-05")
    export.list("best", [ALIEN, CURE], tags=["a"])
    return export


def base_files(**changed):
    """The files of base(), some replaced: watched_csv=b"..."."""
    export = base()
    files = {path: export.csv(path) for path in export.paths()}
    files.update({k.replace("_csv", ".csv"): v for k, v in changed.items()})
    return files


def checksums(database):
    return {t: database.value(
        f"SELECT md5(string_agg(x::text, '|' ORDER BY x::text)) FROM {t} x")
        for t in MEMBER_TABLES}


def library(database):
    """The library without its versions and reports."""
    everything = checksums(database)
    return {t: everything[t] for t in ("library_entry", "watch", "list",
                                       "list_item")}


@pytest.fixture(scope="module")
def place(cluster):
    database = cluster.new_database()
    api = harness.ApiServer(database, settings={"http": {"head_timeout": "3s"}})
    yield api, database
    try:
        api.finish()
    finally:
        database.drop()


@pytest.fixture
def api(place):
    """The server, with the library of base() and nothing else."""
    server, database = place
    state = library(database)
    if getattr(server, "untouched", None) != state:
        assert server.delete("/v1/library").status == 204
        committed(server.import_zip(base().zip()))
        server.untouched = library(database)
    return server


@pytest.fixture
def database(place):
    return place[1]


@contextlib.contextmanager
def responsive(api, limit=1.0 * harness.PATIENCE):
    """Meanwhile another client is answered within a second (of a quiet
    machine), each time."""
    times, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            begin = time.monotonic()
            assert api.get("/healthz", timeout=10).status == 200
            times.append(time.monotonic() - begin)
            stop.wait(0.02)

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        try:
            yield
        finally:
            stop.set()
            asking.result(30)
    assert times and max(times) < limit, max(times)


def assert_problem(answer, status, name, *words):
    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"/problems/{name}"
    for word in words:
        assert word in problem["detail"], problem["detail"]


# --- refused as a whole

def zipped(**changed):
    return pack(base_files(**changed))


def watched(*lines, end=b"\r\n"):
    return WATCHED_HEAD + b"".join(line + end for line in lines)


def bomb_by_ratio():
    """60 MB out of 60 KB."""
    return pack({"watched.csv": WATCHED_HEAD + b" " * 60_000_000})


def bomb_by_entry():
    """One file of more than entry_max, out of a ZIP large enough for it."""
    return pack({"watched.csv": WATCHED_HEAD + b" " * 34_000_000,
                 "photo.jpg": noise(400_000)})


def bomb_by_total():
    """Three files within entry_max, more than total_max together."""
    data = WATCHED_HEAD + b"\n" * 30_000_000
    packed, crc = hostile_zip.deflated(data), zlib.crc32(data)
    names = ["watched.csv", "watchlist.csv", "likes/films.csv"]
    return by_hand([Entry(n, packed=packed, claims=len(data), crc=crc)
                    for n in names]
                   + [Entry("photo.jpg", noise(400_000), 0)])


def bomb_by_overlap():
    """300 lists of 1 MB, which share nearly all of the archive."""
    return hostile_zip.overlapping(
        [f"lists/{i}.csv" for i in range(300)], b" " * 1_000_000)


def bomb_that_lies():
    """Says that it unpacks to 100 bytes."""
    return by_hand([Entry("watched.csv", WATCHED_HEAD + b" " * 60_000_000,
                          claims=100)])


def renamed(old, new):
    return base_files()["watched.csv"].replace(old, new, 1)


WHOLE = {
    "not a ZIP": (b"GIF89a" + bytes(500), "application/zip", 422,
                  "not-a-zip", ["ZIP", "download the export"]),
    "no CSV either": (b"\x7fELF" + bytes(500), None, 422,
                      "unreadable-csv", ["NUL", "upload"]),
    "a web page": (b"<!doctype html><title>Sign in</title>", None, 422,
                   "not-an-export", ["neither a ZIP nor a CSV", "doctype"]),
    "a ZIP of something else": (pack({"cat.jpg": b"meow"}), None, 422,
                                "not-an-export", ["cat.jpg", "watched.csv"]),
    "an empty ZIP": (pack({}), None, 422, "not-an-export", ["watched.csv"]),
    "cut-off ZIP": (lambda: zipped()[:-200], None, 422, "damaged-zip",
                    ["cut off", "download"]),
    "wrong bytes in a ZIP": (
        lambda: by_hand([Entry("watched.csv", watched(), crc=1)]), None, 422,
        "damaged-zip", ["watched.csv", "download"]),
    "encrypted ZIP": (
        lambda: hostile_zip.encrypted("watched.csv", watched()), None, 422,
        "zip-encrypted", ["encrypted", "password"]),
    "unusual method": (
        lambda: by_hand([Entry("watched.csv", watched(),
                               hostile_zip.LZMA)]), None, 422,
        "zip-method", ["watched.csv", "ordinary ZIP"]),
    "bomb by ratio": (bomb_by_ratio, None, 413, "zip-bomb",
                      ["watched.csv", "ZIP of this size"]),
    "bomb by entry": (bomb_by_entry, None, 413, "zip-bomb",
                      ["watched.csv", "one file"]),
    "bomb by total": (bomb_by_total, None, 413, "zip-bomb",
                      ["all files together"]),
    "bomb by overlap": (bomb_by_overlap, None, 413, "zip-bomb", ["lists/"]),
    "bomb that lies": (bomb_that_lies, None, 413, "zip-bomb",
                       ["watched.csv"]),
    "100,000 entries": (lambda: hostile_zip.many_entries(100_000), None, 413,
                        "too-many-entries", ["100000", "5000"]),
    "more lists than are read": (
        lambda: pack({f"lists/{i}.csv": b"" for i in range(2001)}), None, 413,
        "too-many-lists", ["2001", "2000"]),
    "path out of the ZIP": (
        lambda: pack({"../../etc/passwd": b"root", **base_files()}), None,
        422, "bad-path", ["../../etc/passwd", "leads out"]),
    "path from the root": (
        lambda: pack({"/etc/passwd": b"root", **base_files()}), None, 422,
        "bad-path", ["/etc/passwd", "slash"]),
    "link instead of a file": (
        lambda: by_hand([Entry("watched.csv", b"/etc/passwd",
                               mode=hostile_zip.MODE_LINK)]), None, 422,
        "bad-path", ["watched.csv", "link"]),
    "name as long as it gets": (
        lambda: by_hand([Entry("é" * 30_000 + ".csv", b"")]), None, 422,
        "bad-path", ["too long"]),
    "a file twice": (
        lambda: by_hand([Entry("watched.csv", watched()),
                         Entry("watched.csv", watched())]), None, 422,
        "duplicate-file", ["watched.csv", "twice"]),
    "two exports": (
        lambda: pack({f"{d}/{n}": b for d in "ab"
                      for n, b in base_files().items()}), None, 422,
        "not-an-export", ["more than one"]),
    "none of the rows": (
        lambda: zipped(watched_csv=watched(
            b"1/29/2024,Alien,1979,https://boxd.it/1M",
            b"1/30/2024,Brazil,1985,https://boxd.it/1W")), None, 422,
        "unreadable-csv", ["watched.csv", "none of its 2 rows", "1/29/2024",
                           "upload the file as it was downloaded"]),
    "missing column": (
        lambda: zipped(watched_csv=renamed(b"Letterboxd URI", b"Link")),
        None, 422, "unreadable-csv",
        ["watched.csv", '"Letterboxd URI"', "Date,Name,Year,Link"]),
    "column twice": (
        lambda: zipped(watched_csv=renamed(b"Year", b"Name")), None, 422,
        "unreadable-csv", ["watched.csv"]),
    "unclosed quote": (
        lambda: zipped(watched_csv=watched(
            b'2024-01-01,"Alien,1979,https://boxd.it/1M',
            b"2024-01-02,Brazil,1985,https://boxd.it/1W")), None, 422,
        "unreadable-csv", ["watched.csv", "line 2", "quote"]),
    "UTF-16": (lambda: zipped(watched_csv=watched().decode().encode("utf-16")),
               None, 422, "unreadable-csv",
               ["watched.csv", "UTF-16", "UTF-8"]),
    "first line of 1 MB": (lambda: zipped(watched_csv=b"Date" * 250_000), None,
                           422, "unreadable-csv",
                           ["watched.csv", "first line", "262144 bytes"]),
    "quote in the first line": (
        lambda: zipped(watched_csv=watched().replace(b"Name", b'Na"me')), None,
        422, "unreadable-csv", ["watched.csv", "first line", "quote"]),
    "nothing but NULs": (lambda: zipped(watched_csv=bytes(4000)), None, 422,
                         "unreadable-csv", ["watched.csv", "NUL"]),
    "empty file": (lambda: zipped(watched_csv=b""), None, 422,
                   "unreadable-csv", ["watched.csv", "empty"]),
    "too many rows": (
        lambda: pack({"watched.csv": watched(
            *[b"2024-01-01,Alien,1979,"] * 200_001),
                      "photo.jpg": noise(100_000)}), None, 413,
        "too-many-rows", ["200000"]),
    "40 MB body": (lambda: noise(40_000_000), "application/zip", 413,
                   "too-large", ["40000000", "33554432"]),
    "empty body": (b"", "application/zip", 400, "empty-body",
                   ["ZIP of a Letterboxd export"]),
    "wrong content type": (
        lambda: zipped(), "application/x-tar", 415, "unsupported-type",
        ["application/x-tar", "application/zip", "text/csv"]),
    "truncated form": (
        lambda: form(zipped())[:-20], "multipart/form-data; boundary=bound",
        400, "bad-multipart", ["cut off", "send it again"]),
    "form without its boundary": (
        lambda: form(zipped()), "multipart/form-data", 400, "bad-multipart",
        ["boundary"]),
    "form with another boundary": (
        lambda: form(zipped()), "multipart/form-data; boundary=other", 400,
        "bad-multipart", ["boundary"]),
    "form without a file": (
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--',
        "multipart/form-data; boundary=b", 400, "bad-multipart",
        ["no file"]),
    "form with two ZIPs": (
        lambda: parts({"a.zip": zipped(), "b.zip": zipped()}),
        "multipart/form-data; boundary=bound", 422, "not-an-export",
        ["more than one export"]),
    "form with an empty file": (
        lambda: form(b""), "multipart/form-data; boundary=bound", 400,
        "empty-body", []),
}


@pytest.mark.parametrize("what", WHOLE)
def test_refused(api, database, what):
    body, content_type, status, name, words = WHOLE[what]
    body = body() if callable(body) else body
    before = checksums(database)
    with responsive(api):
        answer = api.post("/v1/imports", body, content_type)
    assert_problem(answer, status, name, *words)
    assert checksums(database) == before


def test_client_stops_sending(api, database):
    """It is refused after http.head_timeout, and holds up nobody until then."""
    data, before = zipped(), checksums(database)
    head = (b"POST /v1/imports HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/zip\r\nContent-Length: %d\r\n\r\n"
            % len(data))
    with responsive(api), socket.create_connection(
            ("127.0.0.1", api.port), 20) as s:
        s.sendall(head + data[:-1])
        begin = time.monotonic()
        assert s.recv(1000).startswith(b"HTTP/1.1 408 ")
        assert 2 < time.monotonic() - begin < 10
    assert checksums(database) == before


# --- odd, and right all the same

MINE = base_files()
OUT_OF_MAC = {**{f"__MACOSX/._{n}": b"\x00\x05\x16\x07" for n in MINE},
              "__MACOSX/watched.csv": b"not this one", ".DS_Store": b"\x00"}
EXTRA_COLUMN = (b"Date,Name,Year,Letterboxd URI,Mood\r\n" + b"".join(
    line + b",fine\r\n"
    for line in MINE["watched.csv"].split(b"\r\n")[1:] if line))

SAME = {
    "directory wrapper": lambda: pack(
        {f"letterboxd-me-2024/{n}": b for n, b in MINE.items()}),
    "directory with entries of its own": lambda: pack(
        {"export/": b"", "export/lists/": b"",
         **{f"export/{n}": b for n, b in MINE.items()}}),
    "__MACOSX": lambda: pack({**MINE, **OUT_OF_MAC}),
    "wrapper and __MACOSX": lambda: pack(
        {**{f"export/{n}": b for n, b in MINE.items()}, **OUT_OF_MAC}),
    "BOM": lambda: pack({n: b"\xef\xbb\xbf" + b for n, b in MINE.items()}),
    "LF": lambda: pack({n: b.replace(b"\r\n", b"\n")
                        for n, b in MINE.items()}),
    "no newline at the end": lambda: pack({n: b.rstrip(b"\r\n")
                                           for n, b in MINE.items()}),
    "unknown column": lambda: zipped(watched_csv=EXTRA_COLUMN),
    "semicolons": lambda: zipped(
        watched_csv=MINE["watched.csv"].replace(b",", b";")),
    "sep=": lambda: pack({n: b"sep=,\r\n" + b for n, b in MINE.items()}),
    "trailing commas": lambda: zipped(
        watched_csv=MINE["watched.csv"].replace(b"\r\n", b",,\r\n")),
    "years with a fraction": lambda: zipped(watched_csv=re.sub(
        rb",(\d{4}),", rb",\1.0,", MINE["watched.csv"])),
    "links without a scheme": lambda: zipped(
        watched_csv=MINE["watched.csv"].replace(b"https://", b" ")),
    "files it does not know": lambda: pack(
        {**MINE, "notes.txt": b"\xff", "lists/sub/x.csv": b"x"}),
    "a name that is no text": lambda: by_hand(
        [Entry(b"\xff\xfe.csv", b"", flags=0)]
        + [Entry(n, b) for n, b in MINE.items()]),
    "stored, not packed": lambda: by_hand(
        [Entry(n, b, hostile_zip.STORED) for n, b in MINE.items()]),
    "a form": lambda: form(zipped()),
    "a form of its files": lambda: parts(MINE),
    "a form of its folder": lambda: parts(
        {f"letterboxd-me/{n}": b for n, b in MINE.items()}),
}


@pytest.mark.parametrize("what", SAME)
def test_read_as_the_same(api, database, what):
    before = library(database)
    content_type = ("multipart/form-data; boundary=bound"
                    if what.startswith("a form") else None)
    report = committed(api.post("/v1/imports", SAME[what](), content_type))
    for f in report["files"]:
        assert f["rows"] == f["unchanged"], f
    assert len([f for f in report["files"]
                if f["kind"] != "unread"]) == len(MINE)
    assert library(database) == before


# --- one row

GOOD = b"2024-01-01,Alien,1979,https://boxd.it/1M"
FILLER = b"2024-01-02,Brazil,1985,https://boxd.it/1W"


def entry_row(**changed):
    row = {"Date": "2024-01-02", "Name": "Brazil", "Year": "1985",
           "Letterboxd URI": Export().entry_link(BRAZIL, 990), "Rating": "3",
           "Watched Date": "2024-01-02", **changed}
    return table(COLUMNS["diary.csv"], [row]).split(b"\r\n")[1]


def film_row(**changed):
    row = {"Date": "2024-01-04", "Name": "Duel", "Year": "1971",
           "Letterboxd URI": Export().film_link(Film("Duel", 1971, 14)),
           **changed}
    return table(COLUMNS["watched.csv"], [row]).split(b"\r\n")[1]


# path, the row, what the reason says, what of it raw has
ROWS = {
    "too few columns": ("watched.csv", b"2024-01-04,Duel,1971", "3 fields",
                        "2024-01-04,Duel,1971"),
    "too many columns": ("watched.csv", film_row() + b",x", "5 fields",
                         "Duel"),
    "unquoted comma": ("diary.csv", entry_row().replace(b",3,", b",4,5,"),
                       "9 fields", "4,5"),
    "NUL": ("watched.csv", film_row().replace(b"Duel", b"Du\0el"), "NUL",
            "Du\ufffdel"),
    "invalid UTF-8": ("watched.csv", film_row().replace(b"Duel", b"Du\xe9l"),
                      "UTF-8", "Du\ufffdl"),
    "overlong UTF-8": ("watched.csv",
                       film_row().replace(b"Duel", b"Du\xc0\xafl"), "UTF-8",
                       "Du\ufffd\ufffdl"),
    "surrogate": ("watched.csv",
                  film_row().replace(b"Duel", b"\xed\xa0\x80"), "UTF-8",
                  "\ufffd\ufffd\ufffd"),
    "rating 6": ("diary.csv", entry_row(Rating="6"), '"6"', ",6,"),
    "rating 4,7": ("diary.csv", entry_row(Rating="4,7"), '"4,7"', '"4,7"'),
    "rating 0": ("diary.csv", entry_row(Rating="0"), '"0"', ",0,"),
    "date 2024-02-30": ("watched.csv", film_row(Date="2024-02-30"),
                        "2024-02-30", "2024-02-30"),
    "date of Excel": ("watched.csv", film_row(Date="1/4/2024"),
                      "Excel", "1/4/2024"),
    "year 0000": ("watched.csv", film_row(Date="0000-01-01"), "0000-01-01",
                  "0000-01-01"),
    "year abc": ("watched.csv", film_row(Year="abc"), '"abc"', ",abc,"),
    "year as long as a number gets": (
        "watched.csv", film_row(Year="9" * 40), "1800 to 2200", "9" * 40),
    "no title": ("watched.csv", film_row(Name=""), "no title", "2024-01-04,,"),
    "title of 1,001 bytes": ("watched.csv", film_row(Name="x" * 1001),
                             "1000 bytes", "xxx"),
    "link of another site": (
        "watched.csv", film_row(**{"Letterboxd URI": "https://boxd.it.evil/1"}),
        "not a link", "evil"),
    "link of script": (
        "watched.csv", film_row(**{"Letterboxd URI": "javascript:alert(1)"}),
        "not a link", "javascript"),
    "link that overflows": (
        "watched.csv",
        film_row(**{"Letterboxd URI": "https://boxd.it/" + "Z" * 60}),
        "not a link", "ZZZ"),
    "quote in a field": ("watched.csv", film_row().replace(b"Duel", b'Du"el'),
                         "quote", 'Du"el'),
    "1 MB field": ("watched.csv", film_row(Name="x" * 1_000_000),
                   "262144 bytes", "xxxx"),
    "1 MB row": ("watched.csv", film_row() + b"," * 1_000_000, "bytes", ",,"),
    "a thousand fields": ("watched.csv", film_row() + b",x" * 1000,
                          "more than 64 fields", ",x,x"),
}


@pytest.mark.parametrize("what", ROWS)
def test_one_row_is_rejected(api, database, what):
    path, row, reason, raw = ROWS[what]
    before = library(database)
    lines = MINE[path].split(b"\r\n")
    lines.insert(2, row)  # line 3 of the file
    files = {**MINE, path: b"\r\n".join(lines)}
    report = committed(api.import_zip(pack(files)))
    for f in report["files"]:
        bad = 1 if f["path"] == path else 0
        assert (f["rejected"], f["unchanged"]) == (bad, f["rows"] - bad), f
    found, = rows(api, report, "?outcome=rejected")
    assert (found["file"], found["line"]) == (path, 3)
    assert reason in found["reason"], found
    assert raw in found["raw"], found["raw"][:200]
    assert len(found["raw"].encode()) <= 3 * 2000
    assert library(database) == before


def test_empty_year_and_empty_link(api, database):
    """Both are in exports: a film without a year, one gone from the site."""
    data = MINE["watched.csv"] + film_row(Year="") + b"\r\n" + film_row(
        Name="Gone", **{"Letterboxd URI": ""}) + b"\r\n"
    report = committed(api.import_zip(zipped(watched_csv=data)))
    assert counts(report, "watched.csv") == {"rows": 5, "new": 2,
                                             "unchanged": 3}
    films = api.get("/v1/films?q=Duel").json()["films"]
    assert [f["year"] for f in films] == [None]
    gone, = api.get("/v1/films?q=Gone").json()["films"]
    assert gone["letterboxd_ref"] == "" and gone["year"] == 1971


# --- time and memory

def test_thousands_of_namesakes(api, database):
    """Each of 20,000 viewings could be of each of 20,000 films."""
    count = 20_000
    films = watched(*[b"2024-01-01,A,2000,%s" % Export().film_link(
        Film("A", 2000, 1000 + i)).encode() for i in range(count)])
    with responsive(api):
        report = committed(api.post("/v1/imports?confirm=1", pack({
            "watched.csv": films, "photo.jpg": noise(100_000),
            "diary.csv": DIARY_HEAD + b"".join(
                b"2024-01-01,A,2000,%s,3,,,2024-01-01\r\n"
                % Export().entry_link(ALIEN, 1000 + i).encode()
                for i in range(count))}), timeout=120))
    assert counts(report, "diary.csv") == {
        "rows": count, "new": count, "ambiguous": count, "removed": 2}
    assert database.value("SELECT count(DISTINCT film_id) FROM watch "
                          "WHERE source = 'diary'") == count


def backslashes(size):
    """Tags that take four times their room in an array of arrays."""
    return b"\\" * size


def diary_of(tags, count, first):
    return DIARY_HEAD + b"".join(
        b"2024-01-02,Brazil,1985,%s,3,,%s,2024-01-02\r\n" % (
            Export().entry_link(BRAZIL, first + i).encode(), tags)
        for i in range(count))


@functools.cache
def heavy_export():
    """Within all limits, and nearly all of total_max are tags."""
    tags = backslashes(250_000)
    reviews = diary_of(tags, 120, 5000).replace(
        b"Watched Date\r\n", b"Watched Date,Review\r\n").replace(
        b",2024-01-02\r\n", b",2024-01-02,x\r\n")
    return pack({"diary.csv": diary_of(tags, 120, 1000),
                 "reviews.csv": reviews,
                 "photo.jpg": noise(400_000)})


def test_heavy_rows(api, database):
    """Whatever the answer is, the server lives and the library is whole."""
    before = checksums(database)
    pid = api.pid
    with responsive(api, 5):
        answer = api.post("/v1/imports", heavy_export(), timeout=300)
    assert api.alive() and api.pid == pid
    if answer.status == 201:
        checked(answer.json())
    else:
        assert 400 <= answer.status < 600
        assert checksums(database) == before

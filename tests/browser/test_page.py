"""The page in Chromium, against the real programs.

Numbers that it must show are counted from the CSV files in Python
(export_oracle.py), never asked of the API.
"""

import http.client
from collections import Counter

import pytest

import export_oracle
from export_maker import Export, Film
from harness import ROOT, wait_until

SAMPLE = ROOT / "tests/sample/letterboxd-sample.zip"
STALKER = Film("Stalker", 1979, 5106)
MIRROR = Film("Mirror", 1975, 5107)
SOLARIS = Film("Solaris", 1972, 5108)
VIEWS = ["#/", "#/2025", "#/films", "#/unmatched", "#/imports", "#/imports/1"]


def counted(data):
    """The overview of an export's library, from its rows."""
    library = export_oracle.expected(data)
    seen = library.watched() | {
        film for film, e in library.entries.items() if e["csv_rating"]}
    ratings = [e["rating"] for e in library.entries.values() if e["rating"]]
    by_film = Counter(w["film"] for w in library.watches)
    dates = [w["watched_on"] for w in library.watches if w["watched_on"]]
    return {
        "films": len(seen),
        "watches": len(library.watches),
        "average_rating": round(sum(ratings) / len(ratings) / 2, 2),
        "rated": len(ratings),
        "rewatched_films": sum(n > 1 for n in by_film.values()),
        "reviews": sum(w["review"] is not None for w in library.watches),
        "liked": sum(bool(e["liked_on"]) for e in library.entries.values()),
        "days": len(set(dates)),
    }, Counter(date[:7] for date in dates), Counter(ratings)


def small_export():
    export = Export()
    for film in (STALKER, MIRROR, SOLARIS):
        export.watched(film, "2024-01-02")
    export.diary(STALKER, 9001, "2024-01-01", stars=4)
    export.diary(STALKER, 9002, "2025-03-04", stars=5, rewatch=True)
    export.diary(MIRROR, 9003, "2025-03-05", stars=3)
    export.rating(STALKER, "2024-01-01", 4.5)
    return export


def imported(api, data):
    answer = api.import_zip(data)
    assert answer.status == 201, answer


def by_hand(browser):
    """Closes the report as a person would."""
    browser.click(".import .actions button.primary")


# --- getting a library in

def test_an_empty_library_says_how_to_begin(browser):
    assert "Letterboxd export" in browser.text(".welcome .drop")
    assert len(browser.all(".welcome .steps-list li")) == 3
    assert "TMDB APIs but is not endorsed" in browser.text(".foot")
    assert not browser.all(".stats")


def test_a_dropped_zip_becomes_the_dashboard(browser, start_daemon, tmdb):
    """Drop, report, look-ups to 100 %, numbers of the CSV files."""
    data = SAMPLE.read_bytes()
    wanted, months, ratings = counted(data)

    browser.drop("letterboxd-sample.zip", data)
    browser.until_text(".import h2", "Imported")
    rows = {row[0]: row[1:] for row in browser.table(".files")[1:]}
    assert rows["watched.csv"][:2] == ["252", "252"]
    assert rows["deleted/diary.csv not imported"][:2] == ["1", "–"]
    by_hand(browser)

    browser.until(lambda: browser.all(".looking[data-percent='0']"), "0 %")
    start_daemon()
    browser.until(lambda: browser.all(".looking[data-percent='100']"),
                  "100 %", 60)
    browser.until_text(".overview .note a", "without data")
    browser.until(lambda: not browser.all(".looking")[0].is_displayed(),
                  "the banner has left")

    for key, number in wanted.items():
        assert browser.number(f"[data-stat={key}]") == number, key
    assert browser.number("[data-stat=hours]") > 500
    assert "Akira Kurosawa" in browser.texts(".bars a")

    # The charts' tables have what the pictures show.
    assert numbers_of(browser, "Viewings by month", {
        f"{name(month)}": n for month, n in months.items()})
    assert numbers_of(browser, "Ratings", {
        f"{half_stars / 2:g}": n for half_stars, n in ratings.items()})


def name(month):
    year, number = month.split("-")
    return ["January", "February", "March", "April", "May", "June", "July",
            "August", "September", "October", "November",
            "December"][int(number) - 1] + " " + year


def numbers_of(browser, title, wanted):
    """The table of a chart, without its zeros, is what was counted."""
    panel = browser.js(
        "return [...document.querySelectorAll('.panel')].find((p) =>"
        " p.querySelector('h2').textContent === arguments[0])", title)
    rows = browser.js(
        "return [...arguments[0].querySelectorAll('.chart-table tbody tr')]"
        ".map((tr) => [...tr.cells].map((c) => c.textContent))", panel)
    found = {text: int(number.replace(",", "")) for text, number in rows}
    assert {k: n for k, n in found.items() if n} == wanted
    return True


def test_a_chosen_file_is_imported(browser, tmp_path):
    path = tmp_path / "export.zip"
    path.write_bytes(small_export().zip())
    browser.choose(path)
    browser.until_text(".import h2", "Imported")
    by_hand(browser)
    browser.until(lambda: browser.text("[data-stat=films]") == "3", "3 films")
    assert browser.text("[data-stat=watches]") == "4"


def test_a_csv_alone_is_imported(browser):
    export = small_export()
    browser.drop("watched.csv", export.csv("watched.csv"), "text/csv")
    browser.until_text(".import h2", "Imported")
    assert browser.table(".files")[1][:3] == ["watched.csv", "3", "3"]


def folder(around="letterboxd-me/"):
    export = small_export()
    export.list("best", [STALKER, MIRROR])
    export.likes(SOLARIS, "2024-01-02")
    return {around + path: export.csv(path) for path in export.paths()}


def test_a_dropped_folder_is_imported(browser):
    browser.drop_tree({**folder(), "letterboxd-me/.DS_Store": b"x",
                       "letterboxd-me/cover.jpg": b"\xff\xd8\xff"})
    browser.until_text(".import h2", "Imported")
    rows = {row[0]: row[1:3] for row in browser.table(".files")[1:]}
    assert rows["likes/films.csv"] == ["1", "1"]
    assert rows["lists/best.csv"] == ["2", "2"]
    assert rows["diary.csv"] == ["3", "3"]
    assert [name for name in rows if "not read" in name] == [
        next(name for name in rows if name.startswith("cover.jpg"))]
    by_hand(browser)
    browser.until(lambda: browser.text("[data-stat=watches]") == "4",
                  "4 viewings")


def test_a_chosen_folder_is_imported(browser, tmp_path):
    for path, data in folder("unpacked/").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    browser.choose_folder(tmp_path / "unpacked")
    browser.until_text(".import h2", "Imported")
    assert len(browser.table(".files")) == len(folder()) + 2
    by_hand(browser)
    browser.go("#/imports")
    browser.until_text("main", "unpacked")


def test_three_csvs_are_one_import(api, browser, tmp_path):
    export = small_export()
    names = ["watched.csv", "ratings.csv", "diary.csv"]
    for name in names:
        (tmp_path / name).write_bytes(export.csv(name))
    browser.choose(*[tmp_path / name for name in names])
    browser.until_text(".import h2", "Imported")
    assert sorted(row[0] for row in browser.table(".files")[1:-1]) == [
        "diary.csv", "ratings.csv", "watched.csv"]
    assert len(api.get("/v1/imports").json()["imports"]) == 1


def test_drops_add_up_until_they_are_imported(api, browser):
    export = small_export()
    imported(api, export.zip())
    browser.open()
    export.diary(SOLARIS, 9004, "2025-06-01", stars=2)
    browser.drop_tree({"diary.csv": export.csv("diary.csv")})
    browser.until_text(".import h2", "Import this file?")
    browser.click(".actions button", "What would change?")
    browser.until_text(".import h2", "What would change")
    export.watched(Film("Nostalghia", 1983, 5109), "2025-06-02")
    browser.drop_tree({"watched.csv": export.csv("watched.csv"),
                       "diary.csv": export.csv("diary.csv")})
    browser.until_text(".import h2", "Import these 2 files?")
    assert [line.split()[0] for line in browser.texts(".chosen li")] == [
        "diary.csv", "watched.csv"]
    browser.click(".actions button", "Import")
    browser.until_text(".import h2", "Imported")
    by_hand(browser)
    browser.until(lambda: browser.text("[data-stat=films]") == "4", "4 films")
    assert len(api.get("/v1/imports").json()["imports"]) == 2


def test_an_empty_folder_is_told_in_words(browser):
    browser.drop_tree({"letterboxd-me/.DS_Store": b"x"})
    browser.until_text(".import h2", "There is nothing in it")
    assert "Nothing was changed" in browser.text(".import")


def test_what_would_change_changes_nothing(api, browser):
    export = small_export()
    imported(api, export.zip())
    browser.open()
    export.diary(SOLARIS, 9004, "2025-06-01", stars=2)
    export.diary(SOLARIS, 9005, "2025-06-02")["Rating"] = "6"
    browser.drop("export.zip", export.zip())
    browser.until_text(".import h2", "Import this file?")
    browser.click(".actions button", "What would change?")
    browser.until_text(".import h2", "What would change")
    browser.until(lambda: browser.all(".bad-rows li"), "the rejected row")
    head, *rows = browser.table(".files")
    diary = next(r for r in rows if r[0] == "diary.csv")
    assert dict(zip(head, diary)) == {
        "File": "diary.csv", "rows": "5", "new": "1", "unchanged": "3",
        "rejected": "1"}
    rejected = browser.text(".causes > ol > li > p")
    assert "diary.csv, line 6" in rejected and '"6"' in rejected
    assert "2025-06-02" in browser.text(".bad-rows li")
    assert api.get("/v1/stats").json()["overview"]["watches"] == 4

    browser.click(".actions button", "Import it")
    browser.until_text(".import h2", "Imported")
    browser.until_text(".causes > ol > li", "diary.csv, line 6")
    by_hand(browser)
    # Solaris had an undated viewing, which its dated one replaces.
    browser.until(lambda: browser.text("[data-stat=rated]") == "3", "3 rated")
    assert browser.text("[data-stat=watches]") == "4"


def test_rejected_rows_are_paged(api, browser):
    export = small_export()
    for n in range(70):
        export.diary(SOLARIS, 9100 + n, "2025-06-01")["Rating"] = "6"
    imported(api, export.zip())
    browser.open("#/imports/1")
    browser.click(".causes summary", "Show the rows")
    browser.until(lambda: len(browser.all(".bad-rows li")) == 50, "a page")
    browser.click(".causes .button", "And 20 more")
    browser.until(lambda: len(browser.all(".bad-rows li")) == 70, "all rows")
    assert not browser.all(".causes .button")[0].is_displayed()


def test_a_problem_is_told_in_words(browser):
    browser.drop("holiday.zip", b"this is not a ZIP")
    browser.until_text(".import h2", "The upload is not a ZIP")
    assert len(browser.text(".import .problem")) > 20
    assert "{" not in browser.text(".import")
    assert "Nothing was changed" in browser.text(".import")
    # Chromium itself puts the status of a failed request on the console.
    assert all("status of 4" in e for e in browser.errors())


def test_the_sample_says_that_it_is_one(api, browser, daemon):
    answer = api.import_zip(SAMPLE.read_bytes(), "?sample=1")
    assert answer.status == 201, answer
    browser.until(lambda: api.get("/v1/enrichment").json()["percent"] == 100,
                  "all films looked up", 60)
    browser.open()
    browser.until_text(".about", "This is a sample library")
    assert "a stand-in answers for TMDB" in browser.text(".about")
    browser.drop("own.zip", small_export().zip())
    browser.until_text(".import h2", "Imported")
    by_hand(browser)
    browser.until(lambda: browser.text("[data-stat=films]") == "3", "own films")
    assert "sample" not in browser.text(".about")


# --- following the look-ups

def test_the_charts_follow_while_data_arrives(api, browser, start_daemon):
    imported(api, SAMPLE.read_bytes())
    browser.open()
    assert browser.text("[data-stat=directors]") == "–"
    start_daemon(settings={"tmdb": {"rate": 20}})
    browser.until(lambda: browser.text("[data-stat=directors]") != "–",
                  "directors appear by themselves", 30)
    assert "to go" in browser.text(".looking")


def test_polls_when_events_are_refused(start_api, chromium):
    api = start_api(settings={"events": {"max": 1}})
    imported(api, small_export().zip())
    taken = http.client.HTTPConnection("127.0.0.1", api.port, timeout=10)
    taken.request("GET", "/v1/enrichment/events")
    following = taken.getresponse()
    assert following.status == 200
    chromium.visit(api)
    chromium.until_text(".looking", "3 to go")
    assert any("503" in e for e in chromium.errors())
    chromium.leave()
    following.close()


def test_the_page_comes_to_life_with_its_database(database, start_api,
                                                  chromium):
    """Loaded while the database is away, and left alone."""
    api = start_api()
    imported(api, small_export().zip())
    database.cluster.stop()
    try:
        wait_until(lambda: not api.up(), "the database's end is noticed")
        chromium.visit_broken(api)
        chromium.until(lambda: len(chromium.text("#notices .problem")) > 20,
                       "the problem is told")
    finally:
        database.cluster.start()
    chromium.until(lambda: chromium.text("[data-stat=films]") == "3",
                   "the library is there", 60)
    assert not chromium.all("#notices .problem")[0].is_displayed()
    chromium.leave()


# --- how it looks

@pytest.mark.parametrize("scheme, background", [
    ("light", "rgb(255, 255, 255)"), ("dark", "rgb(19, 21, 23)")])
@pytest.mark.parametrize("width", [375, 1280])
def test_fits_and_follows_the_colour_scheme(api, browser, width, scheme,
                                            background):
    imported(api, SAMPLE.read_bytes())
    browser.resize(width, 800)
    browser.scheme(scheme)
    for view in VIEWS:
        browser.open(view)
        assert browser.sideways() <= 0, view
        assert browser.js("return getComputedStyle(document.documentElement)"
                          ".backgroundColor") == background
    browser.open()
    browser.until(lambda: len(browser.all(".chart svg")) >= 5, "charts")
    browser.click("#import")
    browser.until(lambda: browser.all("dialog[open]"), "the dialog")
    assert browser.sideways() <= 0
    browser.open("#/?film=2")
    browser.until(lambda: browser.all(".film-head"), "the film")
    assert browser.sideways() <= 0


def test_charts_change_colour_with_the_scheme(api, browser):
    imported(api, small_export().zip())
    browser.open()

    def bar_colours():
        return set(browser.attributes(".chart svg path[fill]", "fill"))
    browser.until(lambda: "#0a7f5a" in bar_colours(), "light bars")
    browser.scheme("dark")
    browser.until(lambda: "#41c993" in bar_colours()
                  and "#0a7f5a" not in bar_colours(), "dark bars")


def test_every_chart_can_be_read_without_seeing_it(api, browser):
    imported(api, SAMPLE.read_bytes())
    browser.open()
    labels = browser.attributes(".chart[role=img]", "aria-label")
    assert len(labels) == 5
    assert all(len(label) > 30 for label in labels)
    toggles = [b for b in browser.all("button[aria-expanded]")]
    assert len(toggles) == 5
    for toggle in toggles:
        browser.js("arguments[0].click()", toggle)
    assert len([t for t in browser.all(".chart-table table")
                if t.is_displayed()]) == 5


# --- going about

def test_the_year_is_in_the_address(api, browser):
    imported(api, small_export().zip())
    browser.open()
    browser.click(".years a", "2025")
    browser.until(lambda: browser.text("[data-stat=watches]") == "2", "2025")
    assert browser.driver.current_url.endswith("#/2025")
    browser.driver.refresh()
    browser.ready()
    assert browser.text("[data-stat=watches]") == "2"
    assert browser.text(".years [aria-current]") == "2025"
    browser.driver.back()
    browser.until(lambda: browser.text("[data-stat=watches]") == "4",
                  "all time")
    browser.driver.forward()
    browser.until(lambda: browser.text("[data-stat=watches]") == "2", "2025")


def test_dates_do_not_move_with_the_time_zone(api, browser):
    imported(api, small_export().zip())
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        browser.driver.execute_cdp_cmd("Emulation.setTimezoneOverride",
                                       {"timezoneId": zone})
        browser.open()
        assert "Jan 1, 2024 to Mar 5, 2025" in browser.text(".overview .note")
    browser.driver.execute_cdp_cmd("Emulation.setTimezoneOverride",
                                   {"timezoneId": ""})


def test_films_are_searched_sorted_and_filtered(api, browser):
    imported(api, small_export().zip())
    browser.open("#/films?sort=title")
    titles = ".films .row-text b"
    assert browser.texts(titles) == ["Mirror 1975", "Solaris 1972",
                                     "Stalker 1979"]
    browser.all(".filters input")[0].send_keys("sta")
    browser.until(lambda: browser.texts(titles) == ["Stalker 1979"], "found")
    assert "q=sta" in browser.driver.current_url
    browser.go("#/films?rating=3")
    browser.until(lambda: browser.texts(titles) == ["Mirror 1975"], "3 stars")
    browser.go("#/films?show=unrated")
    browser.until(lambda: browser.texts(titles) == ["Solaris 1972"],
                  "not rated")
    browser.go("#/films?show=rewatched")
    browser.until(lambda: browser.texts(titles) == ["Stalker 1979"], "again")


def test_a_long_list_has_more(api, browser):
    imported(api, SAMPLE.read_bytes())
    browser.open("#/films")
    assert len(browser.all(".films li")) == 60
    browser.click(".more button", "Show more")
    browser.until(lambda: len(browser.all(".films li")) == 120, "the next 60")
    assert len(set(browser.attributes(".films a", "data-film"))) == 120


def test_a_rating_is_explained(api, browser):
    imported(api, small_export().zip())
    browser.open("#/films?q=stalker")
    browser.click(".films a")
    browser.until_text(".film h2", "Stalker")
    assert browser.texts(".viewings b") == ["Mar 4, 2025", "Jan 1, 2024"]
    assert "ratings.csv says 4.5" in browser.text(".rule")
    used = browser.text(".evidence .used")
    assert "ratings.csv" in used and "★★★★½" in used
    lost = browser.texts(".evidence .lost")
    assert len(lost) == 2
    assert all("ratings.csv has priority" in text for text in lost)
    browser.click("dialog[open] .close")
    browser.until(lambda: not browser.all("dialog[open]"), "closed")
    assert browser.driver.current_url.endswith("#/films?q=stalker")


# --- what exports and reviews may not do

HOSTILE = ("I <b>loved</b> it.<script>window.stolen = 1</script>"
           "<img src=x onerror='window.stolen = 2'>"
           "<a href='javascript:window.stolen = 3'>click</a> "
           "<a href='https://example.org/' onclick='window.stolen = 4'>"
           "link</a><svg onload='window.stolen = 5'></svg>"
           "<iframe srcdoc='<script>parent.stolen = 6</script>'></iframe>")


def test_reviews_cannot_run_or_load_anything(api, browser):
    export = small_export()
    nasty = Film("<img src=x onerror='window.stolen = 7'>", 2020, 5200)
    export.watched(nasty, "2025-01-01")
    export.diary(STALKER, 9010, "2025-07-01", tags=["<b>tag</b>"])
    export.review(STALKER, 9010, "2025-07-01", HOSTILE)
    imported(api, export.zip())
    browser.open("#/films")
    assert any(text.startswith("<img src=x")
               for text in browser.texts(".films b"))
    stalker = api.get("/v1/films?q=stalker").json()["films"][0]["id"]
    browser.open(f"#/films?film={stalker}")
    browser.until(lambda: browser.all(".review"), "the review")
    review = browser.all(".review")[0]
    assert review.text == "I loved it.click link"
    assert browser.js(
        "return [...arguments[0].querySelectorAll('*')].map((e) => e.tagName"
        " + [...e.attributes].map((a) => ' ' + a.name + '=' + a.value))",
        review) == ["B", "A href=https://example.org/,"
                    " rel=noopener noreferrer nofollow, target=_blank"]
    assert "<b>tag</b>" in browser.texts(".tag")
    assert browser.js("return window.stolen ?? null") is None
    # The policy of the server would not have let the handlers run either.
    assert all("inline event handler" in e for e in browser.errors())


@pytest.mark.parametrize("html, wanted", [
    ("plain & simple", "plain &amp; simple"),
    ("one\ntwo\r\nthree", "one<br>two<br>three"),
    ("<em>a</em> <strong>b</strong><blockquote>c</blockquote>",
     "<em>a</em> <strong>b</strong><blockquote>c</blockquote>"),
    ("<div class=x><p style='color:red' id=y>text</p></div>", "<p>text</p>"),
    ("<style>body{display:none}</style>seen", "seen"),
    ("<a href=' JavaScript:alert(1)'>x</a>", "x"),
    ("<a href='data:text/html,x'>x</a><a>y</a>", "xy"),
    ("<math><mtext><table><mglyph><style><img src=x onerror=1>", ""),
    ("<b><i>never closed", "<b><i>never closed</i></b>"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;",
     "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("a<!-- comment -->b", "ab"),
])
def test_only_what_reviews_may_hold_comes_through(browser, html, wanted):
    assert browser.module(
        "const { sanitized } = await import('/sanitize.js');"
        "const box = document.createElement('div');"
        "box.append(sanitized(args[0]));"
        "return box.innerHTML;", html) == wanted


def test_nothing_is_asked_of_others(api, browser):
    """Without posters the page talks to its own server alone."""
    imported(api, SAMPLE.read_bytes())
    for view in VIEWS:
        browser.open(view)
    browser.open()
    browser.until(lambda: len(browser.all(".chart svg")) >= 5, "charts")
    names = browser.js("return performance.getEntriesByType('resource')"
                       ".map((r) => r.name)")
    assert all(name.startswith(browser.address) for name in names)


def test_a_poster_that_does_not_come_leaves_its_title(api, browser):
    imported(api, small_export().zip())
    browser.open()
    found = browser.module(
        "const { poster } = await import('/poster.js');"
        "const made = poster({ title: 'Stalker', year: 1979,"
        " poster_path: '/none.jpg' });"
        "const img = made.querySelector('img');"
        "const src = img.src;"
        "img.dispatchEvent(new Event('error'));"
        "return [src, made.innerText || made.textContent,"
        " made.querySelectorAll('img').length];")
    assert found == ["https://image.tmdb.org/t/p/w185/none.jpg",
                     "Stalker1979", 0]

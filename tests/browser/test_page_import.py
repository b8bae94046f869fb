"""What the page says of an import: before it destroys, of what was not taken, of
viewings that may be of another film; and that it can be undone."""

import export_maker
from export_maker import Export, Film
from harness import wait_until

ANNA, OTHER_ANNA = Film("Anna", 2019, 21), Film("Anna", 2019, 22)
HEADING = ".import h2"
FILMS = [Film(f"Film {n:02}", 2000, 100 + n) for n in range(30)]


def export_of(films, user="somebody", date="2024-01-01"):
    export = Export()
    for film in films:
        export.watched(film, date)
    export.files["profile.csv"] = [{"Date Joined": "2018-01-01",
                                    "Username": user}]
    return export


WRONG = export_of([Film("Another 1", 2001, 901), Film("Another 2", 2001, 902)],
                  "another", "2020-01-01").zip()


def imported(api, export):
    answer = api.import_zip(export.zip())
    assert answer.status == 201, answer
    return answer.json()


def films_of(api):
    return {f["title"] for f in api.get("/v1/films?limit=500").json()["films"]}


def refused_with(browser, status):
    """Chromium itself puts the status of a failed request on the console."""
    errors = browser.errors()
    assert errors and all(f"status of {status}" in e for e in errors), errors


def focused(browser):
    return browser.js("return document.activeElement.innerText")


# --- before it destroys

def test_a_wrong_zip_is_said_to_be_one_before_it_destroys(api, browser):
    imported(api, export_of(FILMS))
    browser.open()
    browser.drop("theirs.zip", WRONG)
    browser.click(".import button", "Import")
    browser.until_text(HEADING, "Is this the right file?")
    refused_with(browser, 409)
    said = browser.texts(".warnings li")
    assert len(said) == 3
    assert "30 of the 30" in said[0]
    assert "2020-01-01" in said[1] and "2024-01-01" in said[1]
    assert '"another"' in said[2] and '"somebody"' in said[2]
    assert browser.text(".report .lead") == \
        "30 films would go, 2 would come."
    shown = ".fold[open] .changed-films li"
    browser.until(lambda: len(browser.all(shown)) == 20, "the first that go")
    assert browser.texts(shown)[:2] == ["Film 00 2000", "Film 01 2000"]
    browser.click(".fold .button", "And 10 more")
    browser.until(lambda: len(browser.all(shown)) == 30, "all that go")
    assert focused(browser) == "Film 20 2000"

    browser.click(".import button", "Leave it")
    browser.until(lambda: not browser.all("dialog[open]"), "closed")
    assert films_of(api) == {f.title for f in FILMS}


def test_leaving_it_is_what_enter_does(api, browser):
    imported(api, export_of(FILMS))
    browser.open()
    browser.drop("theirs.zip", WRONG)
    browser.click(".import button", "What would change?")
    browser.until_text(HEADING, "Is this the right file?")
    assert focused(browser) == "Leave it"


def test_confirmed_it_is_imported_and_undone_from_its_report(api, browser):
    imported(api, export_of(FILMS))
    browser.open()
    browser.drop("theirs.zip", WRONG)
    browser.click(".import button", "Import")
    browser.click(".import button", "Import it all the same")
    browser.until_text(HEADING, "Imported")
    refused_with(browser, 409)
    assert focused(browser) == "Imported"
    assert browser.text(".report .lead") == "30 films went, 2 came."
    assert films_of(api) == {"Another 1", "Another 2"}

    browser.click(".import button", "Undo this import")
    browser.until_text(".asked h2", "Undo this import?")
    assert focused(browser) == "Keep it"
    browser.click(".asked button", "Keep it")
    browser.until(lambda: not browser.all(".asked"), "kept")
    assert films_of(api) == {"Another 1", "Another 2"}

    browser.click(".import button", "Undo this import")
    browser.click(".asked button", "Undo it")
    browser.until_text(HEADING, "Undone")
    assert "30 films" in browser.text(".import")
    assert films_of(api) == {f.title for f in FILMS}
    browser.click(".import button", "Show my films")
    browser.until(lambda: browser.text("[data-stat=films]") == "30",
                  "they are shown")


def test_a_harmless_import_is_not_asked_about(api, browser):
    imported(api, export_of(FILMS))
    browser.open()
    browser.drop("mine.zip", export_of(FILMS + [ANNA]).zip())
    browser.click(".import button", "What would change?")
    browser.until_text(HEADING, "What would change")
    assert browser.text(".report .lead") == "1 film would come."
    assert not browser.all(".warnings")
    browser.click(".fold summary", "1 film would come")
    browser.js("document.querySelector('.fold').open = true")
    browser.until_text(".changed-films", "Anna 2019")
    # It has no page yet.
    assert not browser.all(".changed-films a")
    browser.click(".import button", "Import it")
    browser.until_text(HEADING, "Imported")


# --- undone

def test_undone_from_the_list_of_imports(api, browser):
    for n in (1, 2, 3):
        imported(api, export_of(FILMS[:10 * n]))
    browser.open("#/imports")
    buttons = ".imports button"
    browser.until(lambda: len(browser.all(buttons)) == 3, "three buttons")
    browser.js("document.querySelectorAll(arguments[0])[1].click()", buttons)
    browser.until_text(".asked", "The import after it is undone as well.")
    browser.click(".asked button", "Undo 2 imports")
    browser.until_text(".view .said", "Undone. Your library is what it was "
                       "before this import and the one after it: 10 films.")
    assert focused(browser) == browser.text(".view .said")
    assert len(films_of(api)) == 10
    assert len(browser.all(buttons)) == 1
    said = browser.texts(".imports .undone")
    assert len(said) == 2
    assert all(text.startswith("Undone on") for text in said)


def test_undone_from_its_page(api, browser):
    imported(api, export_of(FILMS[:10]))
    second = imported(api, export_of(FILMS))
    browser.open(f"#/imports/{second['id']}")
    browser.click(".view button", "Undo this import")
    assert "as well" not in browser.text(".asked")
    browser.click(".asked button", "Undo it")
    browser.until_text(".view .said", "10 films")
    browser.until_text(".view .undone", "Undone on")
    assert not [b for b in browser.texts(".view button") if "Undo" in b]
    # Its films are no more in the library: they have no page.
    browser.click(".fold summary", "20 films came")
    browser.until(lambda: len(browser.all(".changed-films li")) == 20,
                  "what it did can be read")
    assert not browser.all(".changed-films a")


def test_what_cannot_be_undone_any_more_says_why(api, browser):
    first = imported(api, export_of(FILMS[:10]))
    browser.open(f"#/imports/{first['id']}")
    browser.until_text(".view .actions", "Undo this import")
    assert api.post(f"/v1/imports/{first['id']}/undo").status == 200
    browser.click(".view button", "Undo this import")
    browser.click(".asked button", "Undo it")
    browser.until_text(".view .said", "This import is undone already.")
    refused_with(browser, 409)


# --- true, whole and useful

def spreadsheet(export):
    for row in export.files["diary.csv"]:
        row["Date"] = row["Watched Date"] = "1/29/2024"
    return export


def diary_of(films, first=9000):
    export = export_of(films)
    for n, film in enumerate(films):
        export.diary(film, first + n, "2024-02-02", stars=3)
    return export


def test_a_wholly_rejected_file_changes_nothing_and_says_so(api, browser):
    export = diary_of(FILMS)
    imported(api, export)
    browser.open()
    browser.drop("diary.csv", spreadsheet(export).csv("diary.csv"),
                 "text/csv")
    browser.click(".import button", "Import")
    browser.until_text(".import .problem", "1/29/2024")
    refused_with(browser, 422)
    said = browser.text(".import")
    assert "diary.csv" in said and "30" in said
    assert "Nothing was changed." in said
    assert "had all of this" not in said
    assert api.get("/v1/stats").json()["overview"]["watches"] == 30


def test_rows_that_were_rejected_are_not_called_nothing(api, browser):
    export = diary_of(FILMS)
    imported(api, export)
    export.files["diary.csv"][4]["Rating"] = "6"
    made = imported(api, export)
    browser.open(f"#/imports/{made['id']}")
    assert browser.text(".report .lead") == \
        "Nothing changed: 1 row could not be read."
    browser.until_text(".causes", "diary.csv, line 6")
    imported(api, diary_of(FILMS))
    browser.go("#/imports/3")
    browser.until_text(".report .lead", "your library had all of this")


def test_325_rows_of_one_cause_are_one_line(api, browser):
    export = export_of(FILMS)
    export.diary(FILMS[0], 9000, "2024-02-02")
    for n in range(325):
        export.diary(FILMS[n % 30], 9001 + n, "2024-02-02")["Watched Date"] \
            = f"1/{n % 28 + 1}/2024"
    export.diary(FILMS[0], 9900, "2024-02-02")["Rating"] = "6"
    made = imported(api, export)
    browser.open(f"#/imports/{made['id']}")
    browser.until(lambda: len(browser.all(".causes > ol > li")) == 2,
                  "two causes")
    assert browser.text(".causes h3") == "326 rows could not be read"
    many, one = browser.texts(".causes > ol > li > p")
    assert many.startswith("325 rows of diary.csv: ")
    assert "1/1/2024" in many
    assert one.startswith("diary.csv, line 328: ") and '"6"' in one
    rows = ".causes > ol > li:first-child .bad-rows li"
    assert not browser.all(rows)

    browser.click(".causes > ol > li:first-child summary", "Show the rows")
    browser.until(lambda: len(browser.all(rows)) == 50, "a page of its rows")
    assert all("/2024" in text for text in browser.texts(rows))
    # Once, however often it is asked for meanwhile.
    browser.js("for (let i = 0; i < 3; i++)"
               " document.querySelector('.causes .button').click()")
    browser.until_text(".causes .button", "And 225 more")
    lines = browser.texts(f"{rows} > b")
    assert len(lines) == len(set(lines)) == 100
    browser.click(".causes > ol > li:last-child summary", "Show the row")
    browser.until_text(".causes > ol > li:last-child .bad-rows", "Film 00")
    assert len(browser.all(".causes > ol > li:last-child .bad-rows li")) == 1


def test_every_file_is_named(api, browser):
    """Lists are one line; a column of zeros is none; a list that was refused
    says why, and what is only counted is not called unchanged."""
    export = export_of(FILMS)
    export.add("comments.csv", Date="2024-01-01", Comment="So true.")
    for n in range(12):
        export.list(f"list-{n:02}", FILMS[:3], name=f"List {n}")
    for item in export.lists["list-05"][1]:
        item.update(Year="x", Position="y")
    made = imported(api, export)
    browser.open(f"#/imports/{made['id']}")
    assert browser.text(".report .lead") == \
        "30 films came. But 1 file was not taken."
    assert browser.text(".not-taken li").startswith("lists/list-05.csv: ")
    head, *rows = browser.table(".files")
    assert head == ["File", "rows", "new"]
    found = {row[0]: row[1:] for row in rows}
    assert found["comments.csv not imported"] == ["1", "–"]
    assert found["12 lists"] == ["33", "33"]
    assert not browser.all("#lists-of-export")[0].is_displayed()
    browser.click(".files button", "12 lists")
    assert browser.all("#lists-of-export")[0].is_displayed()


# --- viewings of namesakes

def namesakes():
    export = Export()
    export.watched(ANNA, "2024-01-01")
    export.watched(OTHER_ANNA, "2024-02-02")
    export.diary(ANNA, 901, "2024-02-02")
    return export


def link_of(film):
    return "https://boxd.it/" + export_maker.code(film.number,
                                                  export_maker.FILM)


def seen(api):
    """Where the dated viewing is, by the film's link."""
    return [f["letterboxd_ref"] for f in
            api.get("/v1/films").json()["films"] if f["last_watched"]]


def test_a_viewing_of_a_namesake_is_given_to_the_other(api, browser):
    browser.drop("mine.zip", namesakes().zip())
    browser.until_text(HEADING, "Imported")
    rows = ".import .namesakes li"
    browser.until(lambda: len(browser.all(rows)) == 2, "both films")
    assert "marked" in browser.text(".causes > ol > li > p")
    assert seen(api) == ["boxd:22"]
    assert browser.js("return [...document.querySelectorAll(arguments[0])]"
                      ".map((a) => a.href)", rows + " a[target]") == [
        link_of(ANNA), link_of(OTHER_ANNA)]
    assert "taken" in browser.texts(rows)[1]

    browser.click(rows + " button", "It was this one")
    browser.until_text(".namesakes .said", "of this film now")
    assert focused(browser) == browser.text(".namesakes .said")
    assert "taken" in browser.texts(rows)[0]
    assert len(browser.all(rows + " button")) == 1
    assert seen(api) == ["boxd:21"]


def test_a_viewing_is_given_to_the_other_on_its_films_page(api, browser):
    imported(api, namesakes())
    film = next(f["id"] for f in api.get("/v1/films").json()["films"]
                if f["letterboxd_ref"] == "boxd:22")
    browser.open(f"#/films?film={film}")
    browser.click(".film .viewings summary", "Another film of this name?")
    browser.click(".film .namesakes button", "It was this one")
    browser.until(lambda: seen(api) == ["boxd:21"], "it has moved")
    browser.until_text(".film .viewings", "Without a date")
    assert not browser.all(".film .namesakes")


def test_links_to_letterboxd(browser):
    refs = {"boxd:51068": "https://boxd.it/" + export_maker.code(51068, 0),
            "boxd:1": "https://boxd.it/a",
            "boxd:99999999999": "https://boxd.it/"
            + export_maker.code(99999999999, 0),
            "slug:a-b": "https://letterboxd.com/film/a-b/", "": None}
    assert browser.module(
        "const { letterboxdHref } = await import('/letterboxd.js');"
        "return args[0].map(letterboxdHref);", list(refs)) == \
        list(refs.values())


# --- doubtful matches

def doubt(database, film, name, year, candidates="[]"):
    database.query(
        "INSERT INTO title (kind, tmdb_id, name, original_name, released_on,"
        " runtime, fetched_at) VALUES ('movie', %s, %s, %s, %s, 90, now())",
        film.number, name, name, f"{year}-05-05")
    database.query(
        "UPDATE film SET match_state = 'matched', kind = 'movie',"
        " tmdb_id = %s, match_method = 'title', confidence = 'medium',"
        " match_score = 0.8, matched_at = now(), candidates = %s::jsonb"
        " WHERE ref = %s", film.number, candidates, f"boxd:{film.number}")


def test_doubtful_matches_are_listed_and_confirmed(api, browser, database):
    revenge, drive = Film("Revenge", 2017, 31), Film("Drive", 2011, 32)
    imported(api, export_of([revenge, drive, ANNA]))
    doubt(database, revenge, "Revenge", 2018, """[
        {"kind": "movie", "id": 31, "title": "Revenge", "date": "2018-05-05",
         "votes": 4, "score": 0.8},
        {"kind": "movie", "id": 77, "title": "Revenge", "date": "2017-09-09",
         "votes": 900, "score": 0.79}]""")
    doubt(database, drive, "Drive: A Tale", 2011)
    database.query("UPDATE film SET match_state = 'not_found',"
                   " matched_at = now() WHERE ref = 'boxd:21'")
    database.query("DELETE FROM enrich_job")
    wait_until(lambda: api.get("/v1/enrichment").json()["doubtful"] == 2,
               "counted")
    browser.open()
    browser.until_text(".overview .note a",
                       "1 film without data, 2 doubtful matches")
    browser.open("#/unmatched")
    part = ".unmatched-part[data-state=matched]"
    assert browser.text(f"{part} h2") == "Doubtful matches (2)"
    first, second = browser.texts(f"{part} li:has(> a[data-film])")
    assert "TMDB has it in 2018, Letterboxd in 2017" in first
    assert "only 4 votes" in first and "1 other title of this name" in first
    assert "taken for Drive: A Tale 2011" in second
    assert "its title at TMDB is Drive: A Tale" in second

    browser.click(f"{part} button", "It is right")
    browser.until(lambda: browser.text(f"{part} h2")
                  == "Doubtful matches (1)", "it left the list")
    browser.until_text(".view .said",
                       "Revenge: found at TMDB, chosen by you.")
    match = next(f for f in api.get("/v1/films").json()["films"]
                 if f["title"] == "Revenge")
    assert (match["chosen"], match["tmdb"]["id"]) == (True, 31)
    assert api.get("/v1/enrichment").json()["doubtful"] == 1
    browser.open("#/")
    browser.until_text(".overview .note a", "1 doubtful match")

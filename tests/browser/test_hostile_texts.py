"""Whatever texts an export holds, in each place that has a text: in no view does
any of it run or load a thing."""

from export_maker import Export, Film
from harness import quote
from importing import committed

RAN = "window.ran = (window.ran || 0) + 1"
HOSTILE = [
    f"<script>{RAN}</script>",
    f"<img src=x onerror='{RAN}'>",
    f"<svg/onload='{RAN}'>",
    f"<svg><animate onbegin='{RAN}' attributeName=x dur=1s>",
    f"<math><mtext><table><mglyph><style><img src=x onerror='{RAN}'>",
    f"<noscript><p title=\"</noscript><img src=x onerror='{RAN}'>\">",
    f"<iframe srcdoc='<script>parent.{RAN}</script>'></iframe>",
    f"<template><script>{RAN}</script></template>",
    "<base href='http://127.0.0.1:1/'>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:1/'>",
    f"<a href='javascript:{RAN}'>a</a>",
    f"<a href='data:text/html,<script>{RAN}</script>'>b</a>",
    f"\"'><script>{RAN}</script>",
    f"`${{{RAN}}}`",
    "<link rel=stylesheet href='http://127.0.0.1:1/x.css'>",
    "<form action='http://127.0.0.1:1/'><button autofocus>x",
    "__proto__", "constructor",
    "<b>" * 20000, "a\n" * 50000,
]


def export():
    """Each in a title, a review, a tag, a list's name, description, notes, and
    in a row that is rejected."""
    made = Export()
    made.rating(Film("Alien", 1979, 99), "2024-01-01", 4)
    for n, text in enumerate(HOSTILE):
        short = text[:200].replace("\n", " ")
        film = Film(short, 1950 + n, 100 + n)
        made.watched(film, "2024-01-01")
        made.diary(film, 900 + n, "2024-01-01", tags=[short.replace(",", "")])
        made.review(film, 900 + n, "2024-01-01", text)
        made.list(f"list-{n}", [film], name=short, description=text,
                  notes={1: text})
        made.rating(film, "2024-01-01", 4)["Rating"] = short
    return made.zip()


def is_untouched(browser, api, where):
    assert browser.js("return window.ran ?? null") is None, where
    foreign = browser.js(
        "return performance.getEntriesByType('resource').map((r) => r.name)"
        ".filter((n) => !n.startsWith(arguments[0]))", browser.address)
    assert foreign == [], (where, foreign)
    assert browser.driver.current_url.startswith(browser.address), where
    assert browser.js("return document.querySelectorAll("
                      "'base, meta[http-equiv=refresh], iframe, form[action^="
                      "http]').length") == 0, where


def test_no_text_runs(api, chromium):
    name = quote("<img src=x onerror=window.ran=1>.zip")
    report = committed(api.post(f"/v1/imports?confirm=1&file_name={name}",
                                export(), "application/zip"))
    assert sum(f["rejected"] for f in report["files"]) == len(HOSTILE)
    chromium.visit(api)
    for view in ("#/", "#/2024", "#/films", "#/unmatched", "#/imports",
                 "#/imports/1", "#/films?q=%3Cimg%20src%3Dx%20onerror%3D"
                 "window.ran%3D1%3E", "#/<img src=x onerror=window.ran=1>"):
        chromium.visit_broken(api)
        chromium.open(view)
        is_untouched(chromium, api, view)
    films = api.get("/v1/films?limit=100").json()["films"]
    assert len(films) == len(HOSTILE) + 1
    for film in films:
        if film["title"] == "Alien":
            continue
        chromium.open(f"#/films?film={film['id']}")
        chromium.until(lambda: chromium.all("dialog[open] h2"), "the film")
        chromium.until(lambda: chromium.all(".review"), "its review", 5)
        is_untouched(chromium, api, film["title"][:60])
    chromium.leave()
    # The sanitiser gave the policy nothing to forbid but what tries to load.
    assert not [e for e in chromium.errors() if "127.0.0.1:1/" in e
                and "base" not in e]

"""What a report can be asked: the rows of one cause, which imports are undone."""

from urllib.parse import quote

from export_maker import Export, Film
from importing import committed, rows

ALIEN, CURE = Film("Alien", 1979, 11), Film("Cure", 1997, 13)


def with_faults():
    """Three causes in two files."""
    export = Export()
    export.watched(ALIEN, "2024-01-01")
    export.watched(CURE, "2024-01-02")
    export.rating(ALIEN, "2024-01-01", 4)
    export.rating(CURE, "2024-01-01", 4)["Rating"] = "7"
    export.diary(ALIEN, 900, "2024-01-01", stars=4)
    for n in range(5):
        export.diary(CURE, 901 + n, "2024-01-02")["Rating"] = f"{6 + n}"
    export.diary(CURE, 910, "2024-01-02")["Watched Date"] = "2024-13-01"
    return export


def of_cause(api, report, cause, query=""):
    return rows(api, report, f"?outcome=rejected&file={quote(cause['file'])}"
                f"&reason={quote(cause['reason'])}" + query)


def test_the_rows_of_a_cause(api):
    report = committed(api.import_zip(with_faults().zip()))
    found = {(c["file"], c["line"]): c for c in report["reasons"]}
    assert {key: c["rows"] for key, c in found.items()} == {
        ("diary.csv", 3): 5, ("diary.csv", 8): 1, ("ratings.csv", 3): 1}
    assert report["reasons"][0] == found["diary.csv", 3]
    for (file, line), cause in found.items():
        lines = [r["line"] for r in of_cause(api, report, cause)]
        assert lines == list(range(line, line + cause["rows"]))
    many = found["diary.csv", 3]
    page = of_cause(api, report, many, "&limit=2")
    assert [r["line"] for r in page] == [3, 4]
    assert of_cause(api, report, dict(many, file="reviews.csv")) == []
    assert of_cause(api, report, dict(many, reason="other")) == []


def test_the_list_says_what_is_undone_and_what_can_be(api):
    reports = []
    for n in range(3):
        export = Export()
        export.watched(ALIEN, f"2024-01-0{n + 1}")
        reports.append(committed(api.import_zip(export.zip())))

    def listed():
        return [(i["undoable"], i["undone_at"] is not None)
                for i in api.get("/v1/imports").json()["imports"]]
    assert listed() == [(True, False)] * 3
    path = f"/v1/imports/{reports[1]['id']}/undo"
    assert api.post(path).status == 200
    assert listed() == [(False, True), (False, True), (True, False)]

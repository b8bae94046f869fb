"""The model of a library, by cases worked out by hand, and against itself.

Each case is a history (lib/histories.py) and the lines that the library has at
its end. No server is asked here; test_histories.py asks one the same.
"""

import pytest

import histories
import history_maker
import library_model
import upload_reader
from history_cases import CASES


def play(history):
    model = library_model.Library()
    for verb, *given in history:
        if verb in ("zip", "csv"):
            upload = histories.as_upload((verb, *given))
            report = model.import_upload(*upload)
        elif verb == "again":
            report = model.import_upload(*upload)
        elif verb == "undo":
            model.undo()
        else:
            entry, film = given
            model.choose("boxd:" + entry[1:], "boxd:" + film[1:])
    return model, report


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    history, wanted = CASES[case]
    model, _ = play(history)
    assert model.dump() == sorted(wanted)


@pytest.mark.parametrize("case", CASES)
def test_again(case):
    """Once more: nothing changes."""
    history, wanted = CASES[case]
    imported = [step for step in history if step[0] in ("zip", "csv")]
    if history[-1] == imported[-1]:
        model, _ = play(history + [("again",)])
        assert model.dump() == sorted(wanted)


def test_a_file_without_a_legible_row_is_refused():
    row = ("1/29/2024", "A", "2000", "F1")
    _, report = play([("csv", [("watched.csv", [row])])])
    assert report.refused


def test_several_candidates_are_reported():
    history, _ = CASES["in turn, the film with fewest viewings first"]
    _, report = play(history)
    assert report.ambiguous == {"diary.csv": 4}


class Faulty:
    """Differs when film 3 is wanted after film 2 was marked, and when film 9
    is marked, of which the model has a doubt."""

    def run(self, history):
        marked = False
        for n, step in enumerate(history):
            files = dict(histories.files_of(step))
            links = {path: {row[3] for row in rows}
                     for path, rows in files.items()}
            doubts = {"9"} if "F9" in links.get("watched.csv", ()) else ()
            if doubts or marked and "F3" in links.get("watchlist.csv", ()):
                raise histories.Difference(n, "it differs", doubts)
            marked = marked or "F2" in links.get("watched.csv", ())


def test_a_history_is_shrunk_to_what_matters():
    def row(n):
        return ("2024-01-01", f"A{n}", "2000", f"F{n}")

    films = [row(n) for n in range(1, 9)]
    history = [("csv", [("watched.csv", films)]), ("again",),
               ("zip", [("watched.csv", films), ("ratings.csv", [])]),
               ("zip", [("watched.csv", films), ("watchlist.csv", films)]),
               ("csv", [("watched.csv", [row(9)])]), ("again",)]
    runner = Faulty()
    shortest, found = histories.shrink(
        runner, history, histories.difference(runner, history))
    assert [histories.files_of(step) for step in shortest] == [
        [("watched.csv", [row(2)])], [("watchlist.csv", [row(3)])]]
    assert (found.step, found.doubts) == (1, set())


COMPLETE = library_model.COMPLETE | {
    "likes/films.csv", "profile.csv", *upload_reader.ORPHANS}


def whole(files):
    """A complete export, all of which can be read."""
    read = [upload_reader.File(*one) for one in files]
    return COMPLETE <= {f.path for f in read} and not any(
        f.left or f.blind for f in read)


@pytest.mark.parametrize("part", range(4))
def test_rules_agree_with_each_other(part):
    """Of made-up uploads: again changes nothing, undo gives the state before,
    and after a whole export the library is that export's, unless an earlier
    one had to say which film a viewing is of."""
    for seed in range(part, 300, 4):
        model = library_model.Library()
        for step in history_maker.some_history(seed):
            if step[0] not in ("zip", "csv"):
                continue
            upload, before = histories.as_upload(step), model.dump()
            report = model.import_upload(*upload)
            after, doubts = model.dump(), model.doubts
            again = model.import_upload(*upload)
            assert model.dump() == after, (seed, step, doubts)
            assert again.refused == report.refused
            if report.refused:
                continue
            fresh = library_model.Library()
            alone = fresh.import_upload(*upload)
            if whole(upload[1]) and not (
                    report.by_history or alone.by_history or doubts):
                assert fresh.dump() == after, (seed, step)
            model.undo()
            model.undo()
            assert model.dump() == before
            model.import_upload(*upload)

"""Histories of imports: run against a server and the model beside it, and
shrunk when they differ. history_maker.py makes them up.

A history is a list of steps, plain Python that can be pasted into a test:

    [("zip", [("watched.csv", [("2024-01-01", "A", "2000", "F1")]),
              ("diary.csv", [...])]),       the files of a ZIP, in its order
     ("csv", [("watched.csv", [...])]),     one file alone
     ("again",),                            the upload before, once more
     ("undo",),                             of the newest import
     ("choose", "E7", "F2")]                the viewing is of that film

A step that cannot be done (no import to undo, no such entry) is left out.

Rows are as upload_reader.py says. Links are short: "F1" is film 1, "E7" entry
7, "S1" film 1 by its old long link, "S1/2" an entry of it by that. In a run
they become links, and titles become titles, that no other run has (`base`):
what films and choices of others are in the database does not matter. Base 0
leaves them as they are.
"""

import csv
import io
import json
import pprint
import re
import urllib.parse
import zipfile

import export_maker
import library_lines
import library_model
import upload_reader
from importing import checked, moved

LINKS = {"Letterboxd URI", "URL"}


# --- a history as files

def link(text, base):
    found = re.fullmatch(r"([FES])(\d+)(?:/(\d+))?", text)
    if not found:
        return text
    kind, number, nth = found[1], base + int(found[2]), found[3]
    if kind == "S":
        where = "somebody/film" if nth else "film"
        behind = f"{nth}/" if nth and nth != "0" else ""
        return f"https://letterboxd.com/{where}/film-{number}/{behind}"
    return "https://boxd.it/" + export_maker.code(
        number, export_maker.FILM if kind == "F" else export_maker.ENTRY)


def own_row(columns, row, base):
    """A row with too many fields has its title where titles are."""
    cells = []
    for column, text in zip(columns + [""] * len(row), row):
        if column in LINKS:
            text = link(text, base)
        elif column == "Name" and text and base:
            text = f"{text} {base}"
        cells.append(text)
    return tuple(cells)


def own_rows(path, rows, base):
    columns = upload_reader.kind_of(path)[1]
    about = [tuple(rows[0])] if path.startswith("lists/") else []
    return about + [own_row(columns, row, base) for row in rows[len(about):]]


def lines(*rows):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def file_bytes(path, rows):
    columns = upload_reader.kind_of(path)[1]
    if path.startswith("lists/"):
        text = ("Letterboxd list export v7\r\n"
                + lines(export_maker.LIST_COLUMNS, rows[0]) + "\r\n"
                + lines(columns, *rows[1:]))
    elif path == "profile.csv":
        favourites = ", ".join(favourite for favourite, in rows)
        text = lines(export_maker.PROFILE_COLUMNS,
                     ["2018-01-01", "somebody", *[""] * 7, favourites])
    else:
        text = lines(columns, *rows)
    return text.encode()


def zip_bytes(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, rows in files:
            archive.writestr(path, file_bytes(path, rows))
    return out.getvalue()


def as_upload(step, base=0):
    """(zipped, files), as the model takes it."""
    verb, files = step
    return verb == "zip", [(path, own_rows(path, rows, base))
                           for path, rows in files]


# --- running one

class Wrong(Exception):
    """The server's answer or the library is not as the model."""


class Difference(Exception):
    """step: its place in the history; what: in words and lines, missing lines
    with -, unexpected ones with +; doubts: the model's at that step."""

    def __init__(self, step, what, doubts):
        super().__init__(what)
        self.step, self.what, self.doubts = step, what, set(doubts)


class Runner:
    """One server, whose member has one history after the other.

    api answers requests; db is a connection of the owner to its database."""

    def __init__(self, api, db):
        self.api, self.db = api, db
        self.runs = 0

    def run(self, history):
        """Raises Difference at the first step that is not as the model."""
        self.runs += 1
        self.base = 1000 * (100 + self.runs)  # no year
        self.model = library_model.Library()
        self.upload, self.stands, self.imports = None, False, []
        answer = self.api.delete("/v1/library")
        assert answer.status == 204, answer
        for n, (verb, *given) in enumerate(history):
            try:
                getattr(self, "step_" + verb)(*given)
                self.compare()
            except Wrong as wrong:
                raise Difference(n, self.readable(str(wrong)),
                                 self.model.doubts) from None

    def readable(self, text):
        """With the links and titles of the history, not of the run."""
        text = re.sub(r"(?<=boxd:)\d+|(?<=film-)\d+",
                      lambda found: str(int(found[0]) - self.base), text)
        return text.replace(f" {self.base}", "")

    def compare(self):
        wanted, found = self.model.dump(), library_lines.stored(self.db)
        if wanted != found:
            raise Wrong("\n".join(
                [f"- {one}" for one in wanted if one not in found]
                + [f"+ {one}" for one in found if one not in wanted]
                or [f"a line more than once: {found}"]))

    # --- steps

    def step_zip(self, files):
        self.upload = as_upload(("zip", files), self.base)
        self.import_upload()

    def step_csv(self, files):
        self.upload = as_upload(("csv", files), self.base)
        self.import_upload()

    def step_again(self):
        if not self.upload:
            return
        stood = self.stands
        report = self.import_upload()
        if stood and report and moved(report):
            raise Wrong(f"again, and changed: {moved(report)}")

    def step_undo(self):
        if not self.imports:
            return
        self.expect(200, self.api.post(
            f"/v1/imports/{self.imports.pop()}/undo"))
        self.model.undo()
        self.stands = False

    def step_choose(self, entry, film):
        """What came before can be undone no more: what an undo makes of a
        later choice is nobody's rule."""
        entry = f"boxd:{int(entry[1:]) + self.base}"
        key = upload_reader.film_ref(link(film, self.base))
        if not (entry in self.model.viewings
                and self.model.has_entry(key)):
            return
        watch, = self.db.execute(
            "SELECT id FROM watch WHERE member_id = 1 AND entry = %s",
            (entry,)).fetchone()
        number, = self.db.execute(
            "SELECT film_id FROM library_entry JOIN film f ON f.id = film_id"
            " WHERE member_id = 1 AND ref = %s", (key,)).fetchone()
        self.expect(200, self.api.request(
            "PUT", f"/v1/watches/{watch}/film", json.dumps({"film": number}),
            {"Content-Type": "application/json"}), 204)
        self.model.choose(entry, key)
        self.imports.clear()

    def import_upload(self):
        """The report; None: refused, as it should be."""
        zipped, files = self.upload
        before = self.model.dump()
        wanted = self.model.import_upload(zipped, files)
        answer = self.send(zipped, files)
        if wanted.refused:
            self.expect(422, answer)
            return None
        report = checked(self.expect(201, answer).json())
        if self.model.dump() != before:
            self.imports.append(report["id"])
        else:  # an import that changed nothing is not there to be undone
            self.model.past.pop()
        self.stands = True
        found = sum(f["ambiguous"] for f in report["files"]
                    if f["path"] == upload_reader.DIARY)
        if found != wanted.ambiguous[upload_reader.DIARY]:
            raise Wrong(f"ambiguous rows of the diary: {found}, "
                        f"not {wanted.ambiguous[upload_reader.DIARY]}")
        return report

    def send(self, zipped, files):
        if zipped:
            return self.api.import_zip(zip_bytes(files),
                                       "?file_name=my.zip&confirm=1")
        (path, rows), = files
        name = urllib.parse.quote(path, safe="")
        return self.api.post(f"/v1/imports?file_name={name}&confirm=1",
                             file_bytes(path, rows), "text/csv")

    @staticmethod
    def expect(status, answer, *others):
        if answer.status not in (status, *others):
            raise Wrong(f"answered {answer}, not {status}")
        return answer


# --- shrinking

def difference(runner, history):
    """None: there is none."""
    try:
        runner.run(history)
    except Difference as found:
        return found
    return None


def shrink(runner, history, found, limit=400):
    """A history as short as can be found in so many runs that differs still,
    with no doubt that was not there, and its difference."""
    history = history[:found.step + 1]
    tried = set()
    progress = True
    while progress and limit > 0:
        progress = False
        for shorter in reductions(history):
            if repr(shorter) in tried or limit <= 0:
                continue
            tried.add(repr(shorter))
            limit -= 1
            now = difference(runner, shorter)
            if now and now.doubts <= found.doubts:
                history, found = shorter[:now.step + 1], now
                progress = True
                break
    return history, found


def reductions(history):
    """Shorter histories, the much shorter ones first."""
    for n in range(len(history)):
        yield history[:n] + history[n + 1:]
    for name in {row_name(path, row): None
                 for path, row in every_row(history)}:
        yield without(history, lambda path, row, name=name:
                      row_name(path, row) == name)
    for path in {path: None for path, _ in every_row(history)}:
        yield without_file(history, lambda n, p, path=path: p == path)
    for n, path in [(n, path) for n, step in enumerate(history)
                    for path, _ in files_of(step)]:
        yield without_file(history, lambda *here, it=(n, path): here == it)
    for row in {row: None for _, row in every_row(history)}:
        yield without(history, lambda _, other, row=row: other == row)
    yield from without_one_row(history)


def files_of(step):
    return step[1] if step[0] in ("zip", "csv") else []


def rows_of(path, rows):
    """Without the row of a list that is the list itself."""
    return rows[path.startswith("lists/"):]


def every_row(history):
    for step in history:
        for path, rows in files_of(step):
            for row in rows_of(path, rows):
                yield path, row


def row_name(path, row):
    return row[1:3]


def with_files(history, change):
    """change(n, path, rows) gives the rows, or None for no file; a step left
    without a file goes."""
    steps = []
    for n, step in enumerate(history):
        files = [(path, change(n, path, rows))
                 for path, rows in files_of(step)]
        files = [(path, rows) for path, rows in files if rows is not None]
        if files:
            steps.append((step[0], files))
        elif not files_of(step):
            steps.append(step)
    return steps


def without(history, goes):
    def change(_, path, rows):
        about = rows[:path.startswith("lists/")]
        return about + [row for row in rows_of(path, rows)
                        if not goes(path, row)]
    return with_files(history, change)


def without_file(history, goes):
    return with_files(history, lambda n, path, rows:
                      None if goes(n, path) else rows)


def without_one_row(history):
    for n, step in enumerate(history):
        for path, rows in files_of(step):
            first = len(rows) - len(rows_of(path, rows))
            for i in range(first, len(rows)):
                yield with_files(history, lambda m, p, r, at=(n, path), i=i:
                                 r[:i] + r[i + 1:] if (m, p) == at else r)


def told(seed, history, found):
    """The failure as a person reads it, with a history to paste."""
    doubts = "".join(f"\nthe rules leave room: {one}"
                     for one in sorted(found.doubts))
    return (f"history {seed}, step {found.step}:\n{found.what}{doubts}\n"
            + pprint.pformat(history, width=79, compact=True))

"""An import against psql doing the same COPY and merge of the same rows.

Ours is POST /v1/imports of the largest export as a client sees it: the request,
the ZIP, the CSV, the rows as parameters, the merge, the commit, the report.

The floor has none of that in front: the server's own log of one such import
says which statements it sent and with which parameters. The ones that fill the
working tables are replaced by a COPY of the rows that they filled them with;
all others are run as they are, in their order, in one transaction, by one psql
that stays connected, has the working tables made, and has done it before. Its
time is from "\\i" of that script to the end of the COMMIT.

Each repetition begins with an empty database, so every film, entry, viewing
and job is new; what both have made is compared at the end.
"""

import time

import ground
import harness
import merge_floor
import statement_log
from figure import against, in_turn

MEMBER = 1
EMPTY = ("TRUNCATE film, watch, title, person, import, list, enrich_share "
         "CASCADE",
         "UPDATE enrich_clock SET last_tag = 0")
MADE = """SELECT (SELECT count(*) FROM film),
    (SELECT count(*) FROM library_entry WHERE rating IS NOT NULL),
    (SELECT count(*) FROM library_entry), (SELECT count(*) FROM watch),
    (SELECT count(*) FROM list_item), (SELECT count(*) FROM enrich_job),
    (SELECT count(*) FROM import_row), (SELECT sum(rows) FROM import_file)"""


class Sides:
    """The two ways to import the same export."""

    def __init__(self, database, api, export):
        self.database = database
        self.api = api
        self.export = export
        self.admin = database.connect()
        self.made = {}
        self.psql = None

    def empty(self):
        for statement in EMPTY:
            self.admin.execute(statement)

    def keep_made(self, who):
        self.made[who] = self.admin.execute(MADE).fetchone()

    def ours(self):
        self.empty()
        began = time.monotonic()
        answer = self.api.import_zip(self.export)
        seconds = time.monotonic() - began
        if answer.status != 201:
            raise RuntimeError(answer)
        self.keep_made("ours")
        return seconds

    def floor(self):
        self.empty()
        seconds = self.psql.seconds()
        self.keep_made("floor")
        return seconds

    def make_floor(self):
        with statement_log.recorded(self.database.cluster) as statements:
            self.ours()
        self.empty()
        url = self.database.url("rewatch_api")
        self.psql = merge_floor.Psql(url, merge_floor.script(
            url, merge_floor.one_import(statements), MEMBER))

    def close(self):
        self.admin.close()
        if self.psql:
            self.psql.close()


def measure(sides, times):
    sides.ours()  # makes the member, warms the connection
    sides.make_floor()
    sides.ours()
    sides.floor()
    samples = in_turn(times, ours=sides.ours, floor=sides.floor)
    if sides.made["ours"] != sides.made["floor"]:
        raise RuntimeError(f"the two have made different things: {sides.made}")
    return samples


def run(quick):
    name, export = ground.largest_export()
    with ground.cluster() as cluster:
        database = cluster.new_database()
        with ground.running(harness.ApiServer(database)) as api:
            sides = Sides(database, api, export)
            try:
                samples = measure(sides, 3 if quick else 9)
            finally:
                sides.close()
            rows = sides.made["ours"][-1]
            yield against("import: time", samples["ours"], samples["floor"],
                          "<= 2", "ms", 1000, f"; {name}, {rows:,} rows")
            yield ground.rss_figure("import", api)

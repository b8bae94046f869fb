"""Enrichment of an export against the least time the rate limit allows.

TMDB's stand-in answers after 50 ms; the daemon may make 40 calls a second. The
floor is the number of calls the stand-in has counted divided by 40; ours is
the time from the answer to the import until no job is left. Meanwhile the
enrichment's progress is asked for once a second, as an open dashboard does.
"""

import time

import ground
import harness
from figure import Figure

RATE = 40
DELAY_MS = 50


def import_export(api, export):
    answer = api.import_zip(export)
    if answer.status != 201:
        raise RuntimeError(answer)
    return answer.json()["jobs"]


def wait_for_queue(database, api, timeout):
    """Seconds until no job is left."""
    began = time.monotonic()
    next_look = began
    with database.connect() as db:
        while db.execute("SELECT EXISTS (SELECT FROM enrich_job)"
                         ).fetchone()[0]:
            now = time.monotonic()
            if now - began > timeout:
                raise RuntimeError(f"after {timeout} s jobs are left")
            if now >= next_look:
                next_look += 1
                api.get("/v1/enrichment")
            time.sleep(0.02)
    return time.monotonic() - began


def check_all_finished(database):
    states = dict(database.query(
        "SELECT COALESCE(match_state, 'none'), count(*) FROM film "
        "GROUP BY 1"))
    dead = database.value("SELECT count(*) FROM enrich_dead")
    if dead or "failed" in states:
        raise RuntimeError(f"jobs were given up: {dead}, films: {states}")
    return states


def rate_use(tmdb):
    """Calls of the middle eight tenths of the time, while there is more work
    than calls, against what the rate would have allowed."""
    at = [int(line.split("\t")[0]) / 1000
          for line in tmdb.get("/_stub/log").body.decode().splitlines()]
    begin, end = 0.1 * at[-1], 0.9 * at[-1]
    calls = sum(begin <= t < end for t in at)
    most = RATE * (end - begin)
    return Figure("enrichment: rate use", calls / most, ">= 0.97",
                  f"{calls} calls : {most:.0f} in {end - begin:.1f} s",
                  {"calls": calls})


def figures(seconds, jobs, stats, states, data):
    calls = stats["calls"]
    floor = calls / RATE
    busiest = stats["max_in_a_second"]
    return [
        Figure("enrichment: time", seconds / floor, "<= 1.05",
               f"{seconds:.1f} s : {floor:.1f} s ({calls} calls / {RATE}); "
               f"{data.name}, {jobs} films",
               {"seconds": round(seconds, 3), "floor_seconds": floor,
                "calls": calls, "films": jobs, "states": states}),
        Figure("enrichment: calls per film", calls / jobs, "",
               f"{stats['searches']} searches, {stats['details']} details, "
               f"{stats['repeated_details']} of them repeated",
               {k: stats[k] for k in ("searches", "details",
                                      "repeated_details")}),
        Figure("enrichment: busiest second", busiest / RATE, "<= 1",
               f"{busiest} calls : {RATE} calls", {"calls": busiest}),
    ]


def run(quick):
    data = ground.enrichable(quick)
    with ground.cluster() as cluster:
        database = cluster.new_database()
        with ground.running(harness.Tmdb(data.catalogue, DELAY_MS)) as tmdb, \
                ground.running(harness.ApiServer(database)) as api, \
                ground.running(harness.Daemon(
                    database, tmdb.url, {"tmdb": {"rate": RATE}},
                    ready=True)) as daemon:
            jobs = import_export(api, data.export)
            seconds = wait_for_queue(database, api, 60 + jobs)
            yield from figures(seconds, jobs, tmdb.stats(),
                               check_all_finished(database), data)
            yield rate_use(tmdb)
            yield ground.rss_figure("enrichment", daemon)
            yield ground.rss_figure("enrichment", api)

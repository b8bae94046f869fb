"""The cached dashboard against an evhttp server with nothing to do.

Ours is GET /v1/stats of a member with a large library whose films are all
enriched; the floor is bench_static, an evhttp that answers everything with one
header and as many bytes from memory. The same load for both, in turns: wrk with
one thread and a few connections that stay open. Three kinds of request: plain,
with gzip accepted (the floor sends as many bytes as ours has compressed), and
with the tag of the answer (304 without a body from both).
"""

import subprocess

import ground
import harness
import wrk
from figure import against, in_turn

PATH = "/v1/stats"
GOAL = ">= 0.4"


def enrich(database):
    """Titles for all films, by the daemon's own store, without TMDB."""
    subprocess.run([ground.tool("bench_queue"), "title", "50"], check=True,
                   env={"DATABASE_URL": database.url("rewatch_daemon")},
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kinds(api):
    """Headers of each kind of request, and the answer it has to get."""
    etag = api.get(PATH).headers["etag"]
    asked = {"plain": {}, "gzip": {"Accept-Encoding": "gzip"},
             "304": {"If-None-Match": etag}}
    answers = {}
    for name, headers in asked.items():
        answer = api.get(PATH, headers=headers)
        if answer.status != (304 if name == "304" else 200) or \
                ("content-encoding" in answer.headers) != (name == "gzip"):
            raise RuntimeError(f"{name}: {answer.status} {answer.headers}")
        answers[name] = answer
    return asked, answers


def measure(api, headers, answer, times, seconds):
    port = harness.free_port()
    size = len(answer.body)
    with ground.start_tool("bench_static", port, answer.status, size):
        harness.wait_until(lambda: reachable(port), "bench_static up")
        urls = {"ours": f"http://127.0.0.1:{api.port}{PATH}",
                "floor": f"http://127.0.0.1:{port}/"}
        return in_turn(times, **{
            who: lambda url=url: wrk.requests_per_second(url, seconds,
                                                         headers)
            for who, url in urls.items()})


def reachable(port):
    try:
        return harness.Http(port).get("/").status
    except OSError:
        return None


def run(quick):
    wrk.check()
    name, export = ground.largest_export()
    times, seconds = (3, 1) if quick else (7, 2)
    with ground.cluster() as cluster:
        database = cluster.new_database()
        with ground.running(harness.ApiServer(database)) as api:
            if api.import_zip(export).status != 201:
                raise RuntimeError("the import failed")
            enrich(database)
            asked, answers = kinds(api)
            for kind, headers in asked.items():
                samples = measure(api, headers, answers[kind], times, seconds)
                size = len(answers[kind].body)
                yield against(
                    f"dashboard: requests/s, {kind}", samples["ours"],
                    samples["floor"], GOAL, "/s", 1, f"; {size:,} bytes")
            yield ground.rss_figure("dashboard", api)

"""TMDB's export files as tests of the index make and serve them, and what the
database has of them."""

import gzip
import http.server
import json
import threading
import time

from enrich_queue import QUICK, facts
from harness import merged, wait_until


def line(tmdb_id, name, popularity=1.0, **more):
    return json.dumps({"adult": False, "id": tmdb_id, "original_title": name,
                       "popularity": popularity, "video": False, **more},
                      ensure_ascii=False) + "\n"


def packed(*lines):
    return gzip.compress("".join(lines).encode())


GOOD = [line(n, f"Film Number {n}", n / 10) for n in range(1, 2501)]
WHOLE = packed(*GOOD)


def large(count):
    return packed(*[line(n, f"Film Number {n} of a Large Export", n % 97 / 10)
                    for n in range(1, count + 1)])


class Exports:
    """A server of export files; what it does is `answer`, a list of
    (status, body), the last one for ever; `slow` is a pause after each
    64 KiB."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.headers = []
        self.slow = 0.0
        self.content_type = "application/gzip"
        self.open_end = False
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.serve(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/exports/"
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    def serve(self, request):
        self.asked.append(request.path)
        self.headers.append(dict(request.headers))
        answer = self.answers[0]
        if len(self.answers) > 1:
            self.answers.pop(0)
        status, body = answer
        request.send_response(status)
        request.send_header("Content-Type", self.content_type)
        request.send_header("Content-Length",
                            str(len(body) + (1000 if self.open_end else 0)))
        request.end_headers()
        try:
            for at in range(0, len(body), 65536):
                request.wfile.write(body[at:at + 65536])
                time.sleep(self.slow)
            if self.open_end:
                request.wfile.flush()
                time.sleep(30)
        except OSError:
            pass  # it has heard enough

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def with_index(url, **more):
    return merged(QUICK, {"tmdb": {"index": True, "index_url": url,
                                   "index_retry": "200ms", **more}})


def in_force(database):
    """What claims see: {id: (name, popularity)}; None: no export."""
    if database.value("SELECT slot IS NULL FROM tmdb_export"):
        return None
    return {row[0]: row[1:] for row in database.query(
        "SELECT tmdb_id, name, popularity FROM tmdb_index "
        "WHERE slot = (SELECT slot FROM tmdb_export)")}


def rows_in_all(database):
    return database.value("SELECT count(*) FROM tmdb_index")


def loaded(database, timeout=20):
    return wait_until(lambda: in_force(database), "an export is in force",
                      timeout)


def is_long(fact):
    return sum(c.isalnum() for c in fact.title) > 4


def found_by_index():
    """Films that it must find: their names are theirs alone, also among
    original ones, and are the original ones."""
    known = facts()
    return [f for f in known if f.original == f.title and is_long(f)
            and f.votes >= 100
            and sum(f.title.lower() == o.original.lower() for o in known) == 1]

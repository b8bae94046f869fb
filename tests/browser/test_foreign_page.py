"""A page of another origin, open in the browser of somebody whose server runs
here: it changes nothing and reads nothing."""

import contextlib
import http.server
import threading
import time

import pytest

from export_maker import Export, Film
from importing import committed

MARK = "onlymine"

# Every way a page has to send something elsewhere, as code; `server` is there.
ATTEMPTS = {
    "DELETE": "await fetch(server + '/v1/library', {method: 'DELETE'})",
    "DELETE without asking": "await fetch(server + '/v1/library', "
                             "{method: 'DELETE', mode: 'no-cors'})",
    "PUT": "await fetch(server + '/v1/films/1/match', {method: 'PUT', "
           "headers: {'Content-Type': 'application/json'}, body: '{}'})",
    "POST as text": "await fetch(server + '/v1/imports', {method: 'POST', "
                    "mode: 'no-cors', headers: {'Content-Type': "
                    "'text/plain'}, body: csv})",
    "POST as a form": "const form = new FormData(); form.append('file', "
                      "new File([csv], 'watched.csv', {type: 'text/csv'})); "
                      "await fetch(server + '/v1/imports?confirm=1', "
                      "{method: 'POST', mode: 'no-cors', body: form})",
    "POST without credentials":
        "await fetch(server + '/v1/imports/1/undo', {method: 'POST', "
        "mode: 'no-cors', credentials: 'omit', referrerPolicy: "
        "'no-referrer'})",
    "beacon": "navigator.sendBeacon(server + '/v1/imports?confirm=1', "
              "new Blob([csv], {type: 'text/plain'}))",
    "form": "submit('')",
    "form of nowhere": "submit('allow-forms')",
    "read": "seen.push(await (await fetch(server + '/v1/films')).text())",
    "script": "await load('script', server + '/v1/films')",
    "module": "seen.push(JSON.stringify(await import(server + "
              "'/v1/films')))",
    "picture": "await load('img', server + '/v1/library')",
    "frame": "const frame = await load('iframe', server + '/'); "
             "seen.push(frame.contentDocument.body.innerText)",
}
PAGE = """<!doctype html><script>
const server = %r, csv = "Date,Name,Year,Letterboxd URI\\n";
const seen = [];
const load = (tag, src) => new Promise((ok) => {
    const e = document.createElement(tag);
    e.onload = e.onerror = () => ok(e);
    e.src = src;
    document.body.append(e);
});
const submit = (sandbox) => new Promise((ok) => {
    const f = document.createElement("iframe");
    if (sandbox) f.setAttribute("sandbox", sandbox + " allow-scripts");
    f.srcdoc = `<form method=post enctype=multipart/form-data
        action="${server}/v1/imports/1/undo"><input name=a value=b></form>
        <script>document.forms[0].submit()<\\/script>`;
    document.body.append(f);
    setTimeout(ok, 500);
});
</script><body>another page"""


@contextlib.contextmanager
def another_site(page):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def library(api, database):
    export = Export()
    export.watched(Film(f"Film {MARK}", 1999, 77), "2024-01-01")
    committed(api.import_zip(export.zip()))

    def state():
        return database.query(
            "SELECT (SELECT library_version FROM member), "
            "(SELECT count(*) FROM library_entry), "
            "(SELECT count(*) FROM import WHERE undone_at IS NULL)")
    return state


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_another_page_changes_and_reads_nothing(api, chromium, library, name):
    before = library()
    with another_site(PAGE % f"http://{name}:{api.port}") as site:
        for what, code in ATTEMPTS.items():
            chromium.driver.get(site)
            seen = chromium.driver.execute_async_script(
                "const done = arguments[0]; (async () => {" + code +
                "})().catch((e) => seen.push(String(e)))"
                ".then(() => done(seen));")
            assert MARK not in str(seen), what
            assert library() == before, what
        time.sleep(0.5)  # a beacon takes its time
    chromium.leave()
    chromium.errors()
    assert library() == before
    assert api.get("/v1/films").json()["films"][0]["title"] == f"Film {MARK}"

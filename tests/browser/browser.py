"""Chromium as a person uses it: goes to the page, clicks, drops files, looks.
"""

import base64
import json
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from harness import wait_until

ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
    "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--lang=en-US",
]
DROP = """
const [name, type, data] = arguments;
const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
const transfer = new DataTransfer();
transfer.items.add(new File([bytes], name, { type }));
for (const kind of ["dragenter", "dragover", "drop"])
    document.querySelector("main").dispatchEvent(new DragEvent(kind,
        { bubbles: true, cancelable: true, dataTransfer: transfer }));
"""


# What a browser says of dropped folders cannot be made by a script, so its part
# of the event is played: directory entries that tell their children in pieces.
DROP_TREE = """
const [files] = arguments;
const fileOf = (path, data) => new File([Uint8Array.from(atob(data),
    (c) => c.charCodeAt(0))], path.split("/").pop());
const entryOf = (name, node) => typeof node === "string"
    ? { name, isFile: true, file: (ok) => ok(fileOf(name, node)) }
    : { name, isFile: false, createReader: () => {
        const rest = Object.entries(node).map(([n, c]) => entryOf(n, c));
        return { readEntries: (ok) => ok(rest.splice(0, 2)) };
    } };
const tree = {};
for (const [path, data] of Object.entries(files)) {
    const names = path.split("/");
    const last = names.pop();
    names.reduce((at, name) => at[name] ??= {}, tree)[last] = data;
}
const transfer = { types: ["Files"], files: [],
    items: Object.entries(tree).map(([name, node]) => ({ kind: "file",
        webkitGetAsEntry: () => entryOf(name, node) })) };
for (const kind of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(kind, { bubbles: true, cancelable: true });
    Object.defineProperty(event, "dataTransfer", { value: transfer });
    document.querySelector("main").dispatchEvent(event);
}
"""


class Browser:
    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(prefix="rewatch-chromium-")
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ARGUMENTS + [f"--user-data-dir={self.profile.name}"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(
            service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(20)
        self.address = None

    def quit(self):
        self.driver.quit()
        self.profile.cleanup()

    # --- where it is and how it looks

    def visit(self, api):
        self.visit_broken(api)
        self.ready()

    def visit_broken(self, api):
        """A page that may not be able to draw itself."""
        self.address = f"http://127.0.0.1:{api.port}/"
        self.errors()  # what the test before left
        self.resize(1280)
        self.scheme("light")
        self.driver.get(self.address + "#/")

    def leave(self):
        self.driver.get("about:blank")

    def open(self, place="#/"):
        """Loads the page there, and waits until it has drawn it."""
        self.driver.get("about:blank")
        self.driver.get(self.address + place)
        self.ready()

    def ready(self):
        self.until(lambda: self.js(
            "return document.body?.dataset.ready === 'true'"), "page drawn")

    def go(self, place):
        """To another place on the loaded page."""
        self.js("location.hash = arguments[0]", place)

    def resize(self, width, height=900):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1,
            "mobile": width < 600})

    def scheme(self, name):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": name}]})

    def errors(self):
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING")]

    # --- looking

    def js(self, code, *args):
        return self.driver.execute_script(code, *args)

    def module(self, code, *args):
        """The value of an async function body that may import the page's
        modules; its arguments are in `args`."""
        return self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "const args = [...arguments].slice(0, -1);"
            "(async () => {" + code + "})().then(done, (e) => done({error:"
            " String(e)}));", *args)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return next(iter(self.texts(selector)), "")

    def texts(self, selector):
        """At one moment: elements may be replaced in the next."""
        return self.js("return [...document.querySelectorAll(arguments[0])]"
                       ".map((e) => e.innerText.trim())", selector)

    def attributes(self, selector, name):
        return self.js("return [...document.querySelectorAll(arguments[0])]"
                       ".map((e) => e.getAttribute(arguments[1]))",
                       selector, name)

    def number(self, selector):
        return float(self.text(selector).replace(",", ""))

    def until(self, check, what, timeout=20):
        return wait_until(check, what, timeout)

    def until_text(self, selector, wanted, timeout=20):
        self.until(lambda: wanted in self.text(selector),
                   f"{wanted!r} in {selector}", timeout)

    def sideways(self):
        """Pixels by which the page is wider than its window."""
        return self.js("return document.documentElement.scrollWidth"
                       " - document.documentElement.clientWidth")

    # --- doing

    def click(self, selector, text=None):
        def target():
            return [e for e in self.all(selector) if e.is_displayed()
                    and (text is None or e.text.strip() == text)]
        self.until(target, f"something to click: {selector} {text or ''}")
        self.js("arguments[0].click()", target()[0])

    def drop(self, name, data, kind="application/zip"):
        self.js(DROP, name, kind, base64.b64encode(data).decode())

    def drop_tree(self, files):
        """{path: bytes}: files, and folders with what lies in them."""
        self.js(DROP_TREE, {path: base64.b64encode(data).decode()
                            for path, data in files.items()})

    def choose(self, *paths):
        self.all("input[type=file]:not([webkitdirectory])")[0].send_keys(
            "\n".join(map(str, paths)))

    def choose_folder(self, path):
        self.all("input[webkitdirectory]")[0].send_keys(str(path))

    def table(self, selector):
        """Rows of texts, as they stand in the document."""
        return json.loads(self.js(
            "return JSON.stringify([...document.querySelectorAll("
            "arguments[0] + ' tr')].map((tr) => [...tr.cells].map("
            "(c) => c.innerText.trim())))", selector))

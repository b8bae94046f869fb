"""The HTML of reviews, broken by a seeded hand: what the page makes of it has
nothing but what Letterboxd lets people write, and runs nothing."""

import json
import os
import random
import time

COUNT = int(os.environ.get("MUTATIONS", "3000"))
SEED = int(os.environ.get("MUTATIONS_SEED", str(int(time.time()))))

SEEDS = [
    "<i>good</i> and <b>bad</b>", "<a href=\"https://a.example/\">link</a>",
    "<blockquote>said<br>he</blockquote>", "<p>one</p><p>two</p>",
    "<script>ran()</script>", "<img src=x onerror=ran()>",
    "<svg onload=ran()><script>ran()</script></svg>",
    "<math><mi><mglyph><style><img src onerror=ran()></style></mi></math>",
    "<noscript><p title=\"</noscript><img src onerror=ran()>\">",
    "<a href=\"javascript:ran()\">x</a>", "<a href=' java\tscript:ran()'>x</a>",
    "<a href=\"https://a.example/\" onclick=ran() style=color:red>x</a>",
    "<iframe srcdoc=\"<script>parent.ran()</script>\"></iframe>",
    "<template><img src onerror=ran()></template>",
    "<form action=javascript:ran()><input autofocus onfocus=ran()></form>",
    "<table><td background=javascript:ran()><base href=//evil.example>",
    "<style>@import '//evil.example'</style>", "<!-- <b> --><![CDATA[<i>]]>",
    "<details open ontoggle=ran()>x</details>", "<i a=1 class=x id=y>i</i>",
    "<p><svg><p><style><a title=\"</style><img src onerror=ran()>\">",
    "<select><option><script>ran()</script></select>", "&lt;b&gt;&#x3c;i&#62;",
]
PIECES = ["<", ">", "\"", "'", "=", "/", "\0", "\n", "<!--", "-->", "</p>",
          "<b>", "</b>", "<svg>", "</svg>", "<math>", "<style>", "</style>",
          "<template>", " onload=ran() ", " href=javascript:ran() ", "&",
          "<textarea>", "</textarea>", "<title>", "<plaintext>", "<a ",
          "<noscript>", "]]>", "<foreignObject>", "<xmp>", "￿", "𐀀"]

# In the page itself, under its own policy.
JUDGE = """
const [texts] = args;
const { sanitized } = await import("/sanitize.js");
const allowed = new Set(["I", "B", "EM", "STRONG", "A", "BLOCKQUOTE", "BR", "P"]);
const isPlain = (node) => allowed.has(node.nodeName)
    && node.namespaceURI === "http://www.w3.org/1999/xhtml"
    && (node.nodeName !== "A" ? node.getAttributeNames().length === 0
        : node.getAttributeNames().sort().join() === "href,rel,target"
            && /^(https?)?:$/.test(node.protocol)
            && node.rel === "noopener noreferrer nofollow");
const words = (node) => node.textContent.replace(/\\s/g, "");
const wrong = [];
const place = document.createElement("div");
window.ran = () => { window.ranOnce = true; };
document.body.append(place);
for (const text of texts) {
    place.replaceChildren(sanitized(text));
    // Read again it says the same: nothing is left to be understood later.
    const again = document.createElement("div");
    again.append(sanitized(place.innerHTML));
    if (![...place.querySelectorAll("*")].every(isPlain)
        || words(again) !== words(place))
        wrong.push([text, place.innerHTML, again.innerHTML]);
}
place.remove();
await new Promise((done) => setTimeout(done, 200));
return [wrong, Boolean(window.ranOnce)];
"""


def mutated(rng):
    text = "".join(rng.choices(SEEDS, k=rng.randint(1, 3)))
    for _ in range(rng.randint(0, 6)):
        at, to = rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)
        text = rng.choice([
            lambda: text[:at] + rng.choice(PIECES) + text[at:],
            lambda: text[:at] + text[at + rng.randint(1, 9):],
            lambda: text[:at] + text[to:to + 30] + text[at:],
        ])()
    return text


def test_reviews_broken_by_hand(browser):
    rng = random.Random(SEED)
    print(f"MUTATIONS_SEED={SEED}")
    browser.open("#/")
    for begin in range(0, COUNT, 500):
        texts = SEEDS + [mutated(rng) for _ in range(min(500, COUNT - begin))]
        wrong, ran = browser.module(JUDGE, texts)
        assert wrong == [], json.dumps(wrong[:3])
        assert not ran
    # Said while such HTML is parsed, of a document that is never shown.
    others = [said for said in browser.errors()
              if "inline event handler" not in said
              and "document's base URI" not in said.replace("\\'", "'")]
    assert others == []

#!/usr/bin/python3
"""The shape of the sources in figures: `make figures`.

    .c, .h               lines of a file: median, nine in ten, the longest
    functions            lines of one, from its name to its brace
    small one-use        static functions of at most 8 lines that are called once
    used by one          functions of a header that one other file calls

They judge nothing. A file that became long may hold one thought; many small
helpers that are called once are a story told in pieces.
"""

import json
import pathlib
import re
import subprocess
import sys

TREES = ("common", "api-server", "enrich-daemon")
SMALL = 8


def nine_in_ten(values):
    return sorted(values)[len(values) * 9 // 10]


def median(values):
    return sorted(values)[len(values) // 2]


def three(values):
    return f"{median(values)} / {nine_in_ten(values)} / {max(values)}"


def functions(path):
    """(name, lines, is static) of each."""
    out = subprocess.run(
        ["ctags", "--output-format=json", "--fields=+neS", "--kinds-C=f",
         "-o", "-", path], check=True, capture_output=True, text=True).stdout
    for line in out.splitlines():
        tag = json.loads(line)
        if tag["_type"] == "tag":
            yield (tag["name"], tag["end"] - tag["line"] + 1,
                   tag.get("file", False))


def main(trees):
    sources = {p: p.read_text(encoding="utf-8") for tree in trees
               for p in sorted(pathlib.Path(tree).rglob("*.[ch]"))
               if "node_modules" not in p.parts}
    code = {p: t for p, t in sources.items() if p.suffix == ".c"}
    words = {p: re.findall(r"\w+", t) for p, t in code.items()}
    lengths, small, external, once = [], 0, 0, 0
    for path in code:
        for name, lines, static in functions(path):
            lengths.append(lines)
            if static:
                # Its definition, perhaps a prototype, and one call.
                small += (lines <= SMALL and len(re.findall(
                    rf"\b{name}\b(?!\([^;{{]*\)\s*[;{{])", code[path])) == 1)
            elif name != "main":
                external += 1
                once += sum(name in w for p, w in words.items()
                            if p != path) == 1
    print("| what | median / nine in ten / max |")
    print("|---|---|")
    print("| lines of a .c |",
          three([t.count("\n") for t in code.values()]), "|")
    print("| lines of a .h |",
          three([t.count("\n") for p, t in sources.items()
                 if p.suffix == ".h"]), "|")
    print("| lines of a function |", three(lengths), "|")
    print(f"| small one-use helpers | {100 * small // len(lengths)} % of "
          f"{len(lengths)} functions |")
    print(f"| external functions used by one other file | "
          f"{100 * once // external} % of {external} |")


main(sys.argv[1:] or TREES)

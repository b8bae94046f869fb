"""A program's log (logfmt) as events."""

import shlex


def events(program, name=None):
    """[{field: text}] of all lines, or of those of one event."""
    found = []
    for line in program.log().splitlines():
        if line.startswith("time="):
            found.append(dict(word.split("=", 1) for word in shlex.split(line)
                              if "=" in word))
    return [e for e in found if name is None or e["event"] == name]


def lines_that_are_no_events(program):
    return [line for line in program.log().splitlines()
            if not line.startswith("time=")]

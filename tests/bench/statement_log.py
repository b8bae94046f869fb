"""What a program sent to Postgres: the statements and their parameters."""

import contextlib
import json
import re
from dataclasses import dataclass

import psycopg

PARAMETER = re.compile(r"\$(\d+) = (?:(NULL)|'((?:[^']|'')*)')")


@dataclass
class Statement:
    name: str
    text: str
    values: list  # of text; None: NULL

    def literal(self):
        """The text with the values in it, as psql takes it."""
        def value(match):
            v = self.values[int(match[1]) - 1]
            return "NULL" if v is None else "'" + v.replace("'", "''") + "'"
        return re.sub(r"\$(\d+)", value, without_comments(self.text))


def without_comments(text):
    return "\n".join(line for line in text.split("\n")
                     if not line.startswith("--"))


def parameters(detail):
    found = {int(n): None if null else text.replace("''", "'")
             for n, null, text in PARAMETER.findall(detail or "")}
    return [found[n] for n in sorted(found)]


def _set(cluster, value):
    with psycopg.connect(cluster.url(), autocommit=True) as db:
        db.execute(f"ALTER SYSTEM SET log_statement = '{value}'")
        db.execute("SELECT pg_reload_conf()")
        db.execute("SELECT pg_sleep(0.5)")


def _read(cluster):
    for path in sorted((cluster.dir / "data/log").glob("*.json")):
        for line in open(path, encoding="utf-8"):
            yield json.loads(line)


@contextlib.contextmanager
def recorded(cluster):
    """A list that holds, afterwards, the Statements run within."""
    statements = []
    _set(cluster, "all")
    try:
        yield statements
    finally:
        _set(cluster, "none")
    for entry in _read(cluster):
        kind, _, text = entry["message"].partition(": ")
        if kind.startswith("execute ") and kind != "execute <unnamed>":
            statements.append(Statement(kind[len("execute "):], text,
                                        parameters(entry.get("detail"))))

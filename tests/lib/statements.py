"""The statements of sql/queries as the programs send them: read by the tool
that compiles them in, with parameters by number, and their names beside."""

import dataclasses
import functools
import re
import subprocess

from harness import ROOT

QUERIES = ROOT / "sql/queries"
TOOL = ROOT / "sql/tools/sqlgen.awk"


@dataclasses.dataclass(frozen=True)
class Statement:
    name: str    # "film/list"
    text: str    # with $1, $2, ...
    types: dict  # type by name of the parameter, in that order

    def arguments(self, values):
        """The values, by name, in the order of the parameters; NULL for what
        is not given."""
        assert values.keys() <= self.types.keys(), (values, self.types)
        return [values.get(name) for name in self.types]

    def marked(self):
        """The text with %(name)s for each parameter, for psycopg."""
        names = list(self.types)
        return re.sub(r"\$(\d+)", lambda n: f"%({names[int(n[1]) - 1]})s",
                      self.text.replace("%", "%%"))

    def written(self, values):
        """"(1, NULL)" behind EXECUTE, of what can be written as it is."""
        words = ", ".join("NULL" if v is None else str(v)
                          for v in self.arguments(values))
        return f" ({words})" if words else ""


@functools.cache
def statement(name):
    """That of sql/queries/NAME.sql."""
    out = subprocess.run(
        ["awk", "-v", "mode=text", "-f", TOOL, QUERIES / f"{name}.sql"],
        check=True, capture_output=True, text=True).stdout
    types = dict(re.findall(r"^-- \$\d+ (\w+) (.*)$", out, re.M))
    return Statement(name, re.sub(r"^-- .*\n", "", out, flags=re.M).strip(),
                     types)


def constant(name):
    """What C calls it."""
    return "SQL_" + re.sub(r"[/-]", "_", name).upper()


def statements_of(program):
    """The names of those that a program runs, by the names in its sources."""
    words = set()
    for source in (ROOT / program).rglob("*.c"):
        words.update(re.findall(r"\bSQL_[A-Z_]+\b", source.read_text()))
    names = (f"{path.parent.name}/{path.stem}"
             for path in sorted(QUERIES.glob("*/*.sql")))
    return [name for name in names if constant(name) in words]

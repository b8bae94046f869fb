"""psql doing the COPY and the merge of an import. See part_import.py."""

import pathlib
import re
import subprocess
import tempfile
import time

import psycopg

from ground import ROOT

SESSION_SQL = (ROOT / "sql/session/api.sql").read_text()
STAGES = {"import_stage_files": "import_part", "import_stage": "import_line",
          "import_stage_causes": "import_why"}


def one_import(statements):
    """From the first statement of the only import among them to its last."""
    names = [s.name for s in statements]
    first = names.index("import_settings")
    last = names.index("import_report", first)
    if names.count("import_settings") != 1:
        raise RuntimeError("the log has more than one import")
    return statements[first:last + 1]


def staged_columns(statement):
    return re.search(r"INSERT INTO \w+ \(([^)]*)\)", statement.text)[1]


def staged_rows(url, statements):
    """{name of the first statement that fills a table: COPY with its rows}"""
    copies = {}
    with psycopg.connect(url) as db:
        db.execute(SESSION_SQL)
        db.execute("SELECT import_tables()")
        for s in statements:
            if s.name in STAGES:
                result = db.pgconn.exec_params(
                    s.text.encode(),
                    [None if v is None else v.encode() for v in s.values])
                if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
                    raise RuntimeError(result.error_message.decode())
                copies[s.name] = staged_columns(s)
        for name, columns in copies.items():
            with db.cursor().copy(f"COPY {STAGES[name]} ({columns}) "
                                  "TO STDOUT") as copy:
                rows = b"".join(copy)
            head = f"COPY {STAGES[name]} ({columns}) FROM STDIN;\n"
            copies[name] = head + rows.decode() + "\\.\n"
        db.rollback()
    return copies


def script(url, statements, member):
    copies = staged_rows(url, statements)
    out = ["BEGIN;\n",
           f"SELECT set_config('rewatch.member_id', '{member}', true);\n"]
    for s in statements:
        if s.name in STAGES:
            out.append(copies.pop(s.name, ""))
        else:
            out.append(s.literal().rstrip().rstrip(";") + ";\n")
    out.append("COMMIT;\n")
    return "".join(out)


class Psql:
    """One psql that stays, as the server's connections do."""

    def __init__(self, url, text):
        self.dir = tempfile.TemporaryDirectory(prefix="rewatch-bench-")
        self.file = pathlib.Path(self.dir.name) / "merge.sql"
        self.file.write_text(text)
        self.proc = subprocess.Popen(
            ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.run(SESSION_SQL)

    def run(self, text):
        self.proc.stdin.write(text + "\n\\echo done\n")
        self.proc.stdin.flush()
        if self.proc.stdout.readline().strip() != "done":
            raise RuntimeError("psql failed; its message is above")

    def seconds(self):
        began = time.monotonic()
        self.run(f"\\i {self.file}")
        return time.monotonic() - began

    def close(self):
        self.proc.stdin.close()
        self.proc.wait()
        self.dir.cleanup()

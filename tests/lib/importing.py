"""What the tests of imports share: answers in short, a second member."""

COUNTS = ["rows", "new", "changed", "unchanged", "removed", "rejected",
          "ambiguous"]


def committed(answer):
    assert answer.status == 201, answer
    return checked(answer.json())


def checked(report):
    """Every row of every file is accounted for."""
    for f in report["files"]:
        assert f["rows"] == (f["new"] + f["changed"] + f["unchanged"]
                             + f["rejected"]), f
        assert f["ambiguous"] <= f["rows"]
    return report


def counts(report, path):
    """Of one file, without the zeros: {"rows": 3, "new": 3}"""
    found = [f for f in report["files"] if f["path"] == path]
    assert len(found) == 1, (path, report["files"])
    return {k: found[0][k] for k in COUNTS if found[0][k]}


def moved(report):
    """What the import changed, by file."""
    return {f["path"]: {k: f[k] for k in ("new", "changed", "removed")
                        if f[k]}
            for f in report["files"]
            if f["new"] or f["changed"] or f["removed"]}


def import_csv(api, path, data, query=""):
    answer = api.post("/v1/imports?confirm=1&file_name="
                      + path.replace("/", "%2F") + query, data, "text/csv")
    return committed(answer)


def parts(files, boundary=b"bound"):
    """{path: bytes} as the body of a form, as a browser sends a folder."""
    return b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="file"; filename="%s"'
        b"\r\nContent-Type: text/csv\r\n\r\n%s\r\n"
        % (boundary, path.encode(), data)
        for path, data in files.items()) + b"--%s--\r\n" % boundary


def post_parts(api, files, query=""):
    return api.post("/v1/imports" + query, parts(files),
                    "multipart/form-data; boundary=bound")


def kinds(report):
    """What every file of the upload was read as: {path: kind}."""
    return {f["path"]: f["kind"] for f in report["files"]}


def version(database, member=1):
    return database.value("SELECT library_version FROM member WHERE id = %s",
                          member)


def rows(api, report, query=""):
    answer = api.get(f"/v1/imports/{report['id']}/rows" + query)
    assert answer.status == 200, answer
    return answer.json()["rows"]


def second_member(database):
    """Lets connections with rewatch.as_member set act as that member, so that
    two servers in single_user mode serve two members of one database."""
    database.query("""
        CREATE OR REPLACE FUNCTION current_member() RETURNS bigint
        LANGUAGE sql STABLE PARALLEL SAFE
        RETURN COALESCE(
            NULLIF(current_setting('rewatch.as_member', true), ''),
            NULLIF(current_setting('rewatch.member_id', true), ''))::bigint""")
    database.query("ALTER POLICY own ON member WITH CHECK (true)")
    database.query("INSERT INTO member (id, name) VALUES (1, 'local'),"
                   " (2, 'second')")
    return (database.url("rewatch_api")
            + "&options=-c%20rewatch.as_member%3D2")



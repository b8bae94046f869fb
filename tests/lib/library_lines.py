"""A library as lines, to be compared and shown: of the database here, of the
model in library_model.py. A film is told by its link, title and year, never by
a number of the database; what is NULL is not told.
"""

ENTRY_COLUMNS = ["marked_on", "marked_rating", "liked_on", "watchlisted_on",
                 "favourite", "csv_rating", "csv_rated_on", "rating",
                 "rating_source"]
WATCH_COLUMNS = ["entry", "source", "watched_on", "logged_on", "rating",
                 "rewatch", "tags", "review"]
LIST_COLUMNS = ["name", "url", "created_on", "tags", "description"]


def values_line(head, values):
    return head + ": " + ", ".join(
        f"{column} {value!r}" for column, value in sorted(values.items())
        if value is not None)


def film_text(film):
    ref, title, year = film
    return f"{ref or '-'} {title!r} {year or '-'}"


def film_line(film, values):
    """An orphan is of the diary, as far as its rating goes."""
    if values["rating_source"] == "orphaned":
        values["rating_source"] = "diary"
    return values_line(f"film {film_text(film)}", values)


def watch_line(film, values):
    entry = values.pop("entry")
    return values_line(f"viewing {entry} of {film_text(film)}", values)


def list_line(slug, values):
    return values_line(f"list {slug}", values)


def item_line(slug, position, film, note):
    return f"list {slug} {position}: {film_text(film)} {note!r}"


# --- the stored library

def plain(columns, row):
    return {c: str(v) if hasattr(v, "isoformat") else v
            for c, v in zip(columns, row)}


def stored(db, member=1):
    """The same lines of the database. db: a connection of the owner."""
    lines, listed, viewed = [], set(), set()
    for slug, position, note, *film in db.execute(
            "SELECT slug, position, note, ref, title, f.year FROM list_item i"
            " JOIN list l ON l.member_id = i.member_id AND l.id = i.list_id"
            " JOIN film f ON f.id = i.film_id WHERE i.member_id = %s",
            (member,)):
        lines.append(item_line(slug, position, film, note))
        listed.add(tuple(film))
    for slug, *row in db.execute(
            f"SELECT slug, {', '.join(LIST_COLUMNS)} FROM list"
            " WHERE member_id = %s", (member,)):
        lines.append(list_line(slug, plain(LIST_COLUMNS, row)))
    for *film, row in rows_of(db, "watch", WATCH_COLUMNS, member):
        if row["entry"].startswith(("name:", "watched:")):
            row["entry"] = row["entry"].split(":")[0]
        lines.append(watch_line(film, row))
        viewed.add(tuple(film))
    for *film, row in rows_of(db, "library_entry", ENTRY_COLUMNS, member):
        says = any(value is not None for value in row.values())
        # A film that is in lists only may have an entry that says nothing.
        if says or tuple(film) in viewed or tuple(film) not in listed:
            lines.append(film_line(film, row))
    return sorted(lines)


def rows_of(db, table, columns, member):
    """(ref, title, year, the columns by name) of each row."""
    for ref, title, year, *row in db.execute(
            f"SELECT f.ref, f.title, f.year, t.{', t.'.join(columns)}"
            f" FROM {table} t JOIN film f ON f.id = film_id"
            " WHERE member_id = %s", (member,)):
        yield ref, title, year, plain(columns, row)

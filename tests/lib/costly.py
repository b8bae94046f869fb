"""Uploads that are small and cost much, each within the limits as shipped.

Every function makes one, as bytes of a ZIP or of a CSV file. The sizes are those
of the largest that the limits let in: `ROWS` is a little less than
import.rows_max, `TEXT` a little less than import.entry_max.
"""

import io
import random
import zipfile

import export_maker
from export_maker import code

ROWS = 199_000
TEXT = 31_000_000
FILM = b"Date,Name,Year,Letterboxd URI\n"
ENTRY = (b"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,"
         b"Watched Date\n")
REVIEW = (b"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,"
          b"Watched Date\n")


def film(number):
    return b"https://boxd.it/" + code(number, export_maker.FILM).encode()


def entry(number):
    return b"https://boxd.it/" + code(number, export_maker.ENTRY).encode()


def noise(size):
    return random.Random(1).randbytes(size)


def packed(files, pad=700_000):
    """A ZIP; with so many random bytes beside the files that the ratio of
    packed to unpacked is kept."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            z.writestr(name, data)
        if pad:
            z.writestr(zipfile.ZipInfo("pad.bin"), noise(pad))
    return out.getvalue()


def films(count, first=1):
    return FILM + b"".join(b"2024-01-%02d,Film %d,2001,%s\n" % (
        i % 28 + 1, i, film(i + 1)) for i in range(first, first + count))


def entries(count, tail=b""):
    return ENTRY + b"".join(b"2024-01-%02d,Film %d,2001,%s,3.5,,%s,2024-01-%02d\n"
                            % (i % 28 + 1, i, entry(i + 1), tail,
                               i % 28 + 1) for i in range(count))


def rows_that_are_none(width=126, count=ROWS):
    line = b"\xff" * width + b"\n"
    return packed({"diary.csv": ENTRY + line * (count // 2),
                   "reviews.csv": REVIEW + line * (count // 2)})


def one_letter_lines(count=ROWS):
    return packed({"watched.csv": FILM + b"a\n" * count}, pad=0)


def nearly_illegible(count=ROWS):
    """Just legible enough not to be refused for it: two rows in a hundred."""
    line = b"\xff" * 120 + b"\n"
    good = b"".join(b"2024-01-01,Film %d,2001,%s,,,,2024-01-01\n"
                    % (i, entry(i + 1)) + line * 49
                    for i in range(count // 50))
    return packed({"diary.csv": ENTRY + good})


def illegible_but_known(count=ROWS):
    """Rows whose film is legible and whose date is not."""
    rows = b"".join(b"%s,Film %d,2001,%s\n" % (
        b"2024-01-01" if i % 50 == 0 else b"x" * 60, i, film(i + 1))
        for i in range(count))
    return packed({"watched.csv": FILM + rows})


def equal_rows(count=ROWS):
    row = b"2024-01-01,Alien,1979,%s\n" % film(1)
    return packed({"watched.csv": FILM + row * count}, pad=100_000)


def one_word_rows(count=ROWS):
    return packed({"diary.csv": ENTRY + b"2024-01-01,a,,,,,,\n" * (count // 2),
                   "reviews.csv": REVIEW
                   + b"2024-01-01,a,,,,,,,\n" * (count // 2)})


def all_films(count=ROWS):
    return packed({"watched.csv": films(count)}, pad=0)


def all_entries(count=ROWS):
    return packed({"diary.csv": entries(count)}, pad=0)


def a_library(films_seen=49_000):
    """Every film watched, rated, in the diary and liked."""
    rated = films(films_seen).replace(b"URI\n", b"URI,Rating\n")
    rated = rated.replace(b"\n2024", b",4\n2024")[:-1] + b",4\n"
    rated = rated.replace(b"Rating,4\n", b"Rating\n")
    return packed({"watched.csv": films(films_seen), "ratings.csv": rated,
                   "diary.csv": entries(films_seen),
                   "likes/films.csv": films(films_seen)}, pad=0)


def tags(one, count=118, width=250_000):
    tag = one * (width // len(one))
    rows = b"".join(b'2024-01-01,Film %d,2001,%s,,,"%s",2024-01-01\n' % (
        i, entry(i + 1), tag) for i in range(count))
    return packed({"diary.csv": ENTRY + rows})


def tags_and_reviews(one, count=60, width=250_000):
    text = one * (width // len(one))
    rows = b"".join(b'2024-01-01,Film %d,2001,%s,,,"%s","%s",2024-01-01\n' % (
        i, entry(i + 1), text, text) for i in range(count))
    return packed({"reviews.csv": REVIEW + rows})


def descriptions(count=110, width=250_000):
    """Lists, each with much to say of itself."""
    text = b"\\" * width
    files = {f"lists/l{i}.csv": b"Letterboxd list export v7\n"
             b"Date,Name,Tags,URL,Description\n2024-01-01,l,,,\"" + text
             + b"\"\n\nPosition,Name,Year,URL,Description\n"
             for i in range(count)}
    return packed({"watched.csv": films(1), **files})


def hex_reviews(size=TEXT):
    text = random.Random(2).randbytes(120_000 // 2).hex().encode()
    count = size // (len(text) + 100)
    rows = b"".join(b'2024-01-01,Film %d,2001,%s,,,%s,,2024-01-01\n' % (
        i, entry(i + 1), text) for i in range(count))
    return packed({"reviews.csv": REVIEW + rows}, pad=0)


def plain_csv(size=TEXT):
    """Not packed at all: the body is the text."""
    text = b"x" * 1000
    rows = b"".join(b'2024-01-01,Film %d,2001,%s,,,%s,,2024-01-01\n' % (
        i, entry(i + 1), text) for i in range(size // 1100))
    return REVIEW + rows


def one_long_line(size=TEXT):
    return packed({"watched.csv": FILM + b"x" * size})


def quotes(size=TEXT):
    return packed({"watched.csv": FILM + b'"' * size})


def commas(size=10_000_000):
    return packed({"watched.csv": FILM + b"," * size})


def blank_lines(size=TEXT):
    return packed({"watched.csv": FILM + b"\n" * size})


SHAPES = {
    "lines of 126 x 0xFF": rows_that_are_none,
    "lines of 250 x 0xFF": lambda: rows_that_are_none(250, ROWS // 2),
    "lines of one letter": one_letter_lines,
    "49 of 50 rows illegible": nearly_illegible,
    "49 of 50 dates illegible": illegible_but_known,
    "equal rows": equal_rows,
    "films": all_films,
    "entries": all_entries,
    "a library of 49,000 films": a_library,
    "one-word rows": one_word_rows,
    "tags of backslashes": lambda: tags(b"\\"),
    "tags of backslashes and commas": lambda: tags(b"\\, "),
    "tags and reviews of backslashes": lambda: tags_and_reviews(b"\\"),
    "lists with long descriptions": descriptions,
    "reviews of hex": hex_reviews,
    "a CSV of 31 MB": plain_csv,
    "one line of 31 MB": one_long_line,
    "31 M quotes": quotes,
    "10 M commas": commas,
    "31 M blank lines": blank_lines,
}

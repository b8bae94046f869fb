/* The favourite films of a profile, and nothing else of it. */
#include "api-server/import/profile_file.h"

#include <string.h>

#include "api-server/import/rows.h"
#include "api-server/import/rows_field.h"
#include "api-server/import/rows_header.h"

/* Letterboxd shows four; library_entry.favourite takes 20. */
#define FAVOURITES_MAX 20
#define USERNAME_MAX   100

enum {
	PROFILE_USERNAME,
	PROFILE_FAVOURITES
};

static const struct row_column columns[] = {
	[PROFILE_USERNAME] = { "Username", COLUMN_REACHED, NULL },
	[PROFILE_FAVOURITES] = { "Favorite Films", COLUMN_OPTIONAL, NULL },
	{ 0 }
};

static struct import_row *add(struct reading *reading, struct import_file *file,
                              int line)
{
	const struct csv_record nameless = { .line = line, .raw = STR_LIT("") };

	return rows_add(reading, file, &nameless);
}

static bool is_repeated(const struct import_file *file, const char *ref)
{
	for (size_t i = 0; i + 1 < file->held; i++) {
		if (strcmp(file->rows[i].ref, ref) == 0)
			return true;
	}
	return false;
}

/* False when the row was rejected. */
static bool fill_favourite(struct arena *arena, const struct import_file *file,
                           struct str link, struct import_row *row)
{
	if (file->count > FAVOURITES_MAX)
		return row_reject(arena, row,
		                  "there are more than %d favourite films",
		                  FAVOURITES_MAX);
	if (!field_film_link(arena, link, row))
		return false;
	if (!row->linked)
		return row_reject(arena, row,
		                  "one of the favourite films is empty");
	if (is_repeated(file, row->ref))
		return row_reject(arena, row,
		                  "a favourite film is there twice");
	row->position = (int)file->count;
	link = text_cut(link, ROW_RAW_MAX);
	row->raw = str_of(arena_strndup(arena, link.p, link.n));
	return true;
}

/* Nobody can tell which of the favourites it was. */
static void settle(struct reading *reading, struct import_file *file,
                   struct arena_mark mark)
{
	file->unread++;
	rows_settle_rejected(reading, file, mark, true);
}

static bool read_favourites(struct reading *reading, struct import_file *file,
                            struct str links, int line)
{
	struct str link;

	while (str_cut(&links, ',', &link)) {
		struct import_row *row = add(reading, file, line);

		if (row == NULL)
			return false;
		if (fill_favourite(reading->row_arena, file, str_trim(link),
		                   row))
			continue;
		/* The favourites stand in one row: all or none. */
		file->rows[0] = *row;
		file->rows[0].number = 1;
		file->held = 1;
		file->kept = 1;
		file->count = 1;
		settle(reading, file, arena_mark(reading->row_arena));
		return true;
	}
	return true;
}

static bool reject(struct reading *reading, struct import_file *file, int line,
                   const char *reason)
{
	struct import_row *row = add(reading, file, line);

	if (row == NULL)
		return false;
	const struct arena_mark mark = arena_mark(reading->row_arena);
	(void)row_reject(reading->row_arena, row, "%s", reason);
	settle(reading, file, mark);
	return true;
}

static const char *account_of(struct arena *arena, struct str name)
{
	const bool usable = name.n > 0 && name.n <= USERNAME_MAX &&
	                    memchr(name.p, '\0', name.n) == NULL &&
	                    str_is_utf8(name);

	return usable ? arena_strndup(arena, name.p, name.n) : NULL;
}

static bool read_record(struct reading *reading, struct import_file *file,
                        const struct header *header,
                        const struct csv_record *record)
{
	if (record->damage != NULL)
		return reject(reading, file, record->line, record->damage);
	if (!header_fits(header, record))
		return reject(reading, file, record->line,
		              "it has another number of fields than the "
		              "first line; upload the file as it was "
		              "downloaded");

	file->account = account_of(
		reading->arena, header_field(header, record, PROFILE_USERNAME));

	const struct str links =
		header_field(header, record, PROFILE_FAVOURITES);
	if (links.n == 0)
		return true;
	if (memchr(links.p, '\0', links.n) != NULL || !str_is_utf8(links))
		return reject(reading, file, record->line,
		              "the favourite films are not UTF-8; save the "
		              "file as \"CSV UTF-8\", or upload it as it was "
		              "downloaded");
	return read_favourites(reading, file, links, record->line);
}

static bool read_profile(struct reading *reading, struct import_file *file,
                         struct str text, struct csv_reader *csv)
{
	struct csv_record record;
	struct header header;

	if (!header_read(reading, file->path, text, csv, &record) ||
	    !header_bind(reading, file->path, &record, columns, &header))
		return false;
	switch (csv_reader_next(csv, &record)) {
	case CSV_END:
		return true;
	case CSV_UNCLOSED:
		return reading_fail_unclosed(reading, file->path, record.line);
	case CSV_RECORD:
		break;
	}
	if (!read_record(reading, file, &header, &record))
		return false;
	while (csv_reader_next(csv, &record) == CSV_RECORD) {
		if (!reject(reading, file, record.line,
		            "a profile has one row only"))
			return false;
	}
	return true;
}

bool profile_file_read(struct reading *reading, struct import_file *file,
                       struct str text)
{
	struct csv_reader *csv =
		csv_reader_new(text, reading_csv_limits(reading));
	const bool ok = read_profile(reading, file, text, csv);

	csv_reader_free(&csv);
	return ok;
}

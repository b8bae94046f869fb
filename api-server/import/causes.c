/* Why the rows of a file were rejected. */
#include "api-server/import/causes.h"

#include <stdbool.h>
#include <string.h>

#include "common/base/mem.h"

/* Behind a number, or behind what a reason quotes of its row. */
static const char *skip_value(const char *p)
{
	return *p == '"' ? strrchr(p, '"') + 1 : p + strspn(p, "0123456789");
}

/* Whether two reasons say the same of other values. */
static bool is_same(const char *a, const char *b)
{
	for (;; a++, b++) {
		a = skip_value(a);
		b = skip_value(b);
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
	}
}

void causes_add(struct arena *arena, struct import_file *file,
                const struct import_row *row)
{
	if (file->causes == NULL)
		file->causes =
			arena_alloc(arena, CAUSES_MAX * sizeof(*file->causes));
	for (size_t i = 0; i < file->cause_count; i++) {
		if (is_same(file->causes[i].reason, row->reason)) {
			file->causes[i].rows++;
			return;
		}
	}
	if (file->cause_count == CAUSES_MAX)
		return;
	file->causes[file->cause_count++] = (struct import_cause){
		.reason = arena_strdup(arena, row->reason),
		.line = row->line,
		.rows = 1,
	};
}

const struct import_cause *causes_commonest(const struct import_file *file)
{
	const struct import_cause *best = file->causes;

	ensure(file->cause_count > 0);
	for (size_t i = 1; i < file->cause_count; i++) {
		if (file->causes[i].rows > best->rows)
			best = &file->causes[i];
	}
	return best;
}

#ifndef API_SERVER_IMPORT_ROWS_FIELD_H
#define API_SERVER_IMPORT_ROWS_FIELD_H

#include <stdbool.h>

#include "api-server/import/record.h"
#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/str.h"

/*
 * What the columns of the export mean: each function reads one field (valid
 * UTF-8 without NUL, byte for byte as exported) into the row, or rejects the
 * row with a reason and returns false.
 *
 * What programs do to a field when they save it and what can mean only one
 * thing is taken: blanks around anything but text, a decimal comma, zeros
 * behind the point. What can mean two, as the date 1/2/2024, is rejected.
 */
bool field_date(struct arena *arena, struct str value, struct import_row *row);
/* The date of an entry may be empty: then it was logged on the day it was
 * watched, as field_watched_on() has it, which is to be called after this. */
bool field_logged_on(struct arena *arena, struct str value,
                     struct import_row *row);
/* Rejects an entry that has no date at all. */
bool field_watched_on(struct arena *arena, struct str value,
                      struct import_row *row);
bool field_title(struct arena *arena, struct str value, struct import_row *row);
bool field_year(struct arena *arena, struct str value, struct import_row *row);
/* 0.5 to 5, or stars as the site shows them ("★★★½"), to half-stars. Empty is
 * no rating, which the second one rejects. */
bool field_rating(struct arena *arena, struct str value,
                  struct import_row *row);
bool field_rating_required(struct arena *arena, struct str value,
                           struct import_row *row);
/* Yes or No, in any case; empty is No. */
bool field_rewatch(struct arena *arena, struct str value,
                   struct import_row *row);
bool field_tags(struct arena *arena, struct str value, struct import_row *row);
/* Reviews and descriptions. */
bool field_review(struct arena *arena, struct str value,
                  struct import_row *row);
/* Sets ref; empty is allowed. */
bool field_film_link(struct arena *arena, struct str value,
                     struct import_row *row);
/* Sets ref and entry; empty is allowed and leaves entry NULL. */
bool field_entry_link(struct arena *arena, struct str value,
                      struct import_row *row);
bool field_position(struct arena *arena, struct str value,
                    struct import_row *row);

/* Sets outcome and reason; the first reason stays. Always false. */
bool row_reject(struct arena *arena, struct import_row *row, const char *fmt,
                ...) PRINTF_LIKE(3, 4);

/* The beginning of text, at most max bytes, no character cut in two (where it
 * is UTF-8). */
struct str text_cut(struct str text, size_t max);

#endif

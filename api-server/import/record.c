/* The names of the kinds of files an export holds. */
#include "api-server/import/record.h"

#include "common/base/attr.h"
#include "common/base/mem.h"

static const char *const names[] = {
	[IMPORT_WATCHED] = "watched",
	[IMPORT_RATINGS] = "ratings",
	[IMPORT_DIARY] = "diary",
	[IMPORT_REVIEWS] = "reviews",
	[IMPORT_WATCHLIST] = "watchlist",
	[IMPORT_LIKES] = "likes",
	[IMPORT_PROFILE] = "profile",
	[IMPORT_LIST] = "list",
	[IMPORT_ORPHANED_DIARY] = "orphaned_diary",
	[IMPORT_ORPHANED_REVIEWS] = "orphaned_reviews",
	[IMPORT_COUNTED] = "counted",
	[IMPORT_UNREAD] = "unread",
};
_Static_assert(ARRAY_LEN(names) == IMPORT_KIND_COUNT, "a name for each kind");

const char *import_kind_name(enum import_kind kind)
{
	ensure((unsigned)kind < IMPORT_KIND_COUNT);
	return names[kind];
}

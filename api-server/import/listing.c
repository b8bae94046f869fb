/* Names that tell something without a look at the file. */
#include "api-server/import/listing.h"

#include <string.h>
#include <strings.h>

#include "common/base/attr.h"

static const char *const added_by_systems[] = {
	"__MACOSX",
	"Thumbs.db",
	"desktop.ini",
};

/* "." and ".." are steps, not names. */
static bool is_hidden(struct str name)
{
	return str_starts(name, ".") && !str_is(name, ".") &&
	       !str_is(name, "..");
}

static bool is_added(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(added_by_systems); i++) {
		const char *added = added_by_systems[i];

		if (name.n == strlen(added) &&
		    strncasecmp(name.p, added, name.n) == 0)
			return true;
	}
	return false;
}

bool listing_is_rubbish(const char *path)
{
	struct str rest = str_of(path);
	struct str name;

	while (str_cut(&rest, '/', &name)) {
		if (is_hidden(name) || is_added(name))
			return true;
	}
	return false;
}

static bool ends_in(const char *path, const char *ending)
{
	const size_t n = strlen(path);
	const size_t end = strlen(ending);

	return n > end && strcasecmp(path + n - end, ending) == 0;
}

bool listing_is_csv(const char *path)
{
	return ends_in(path, ".csv");
}

bool listing_is_zip(const char *path)
{
	return ends_in(path, ".zip");
}

void listing_append(struct arena *arena, struct listing *listing,
                    const struct listing *more)
{
	struct listing_file *files;

	if (more->count == 0)
		return;
	files = arena_alloc(arena,
	                    (listing->count + more->count) * sizeof(*files));
	if (listing->count > 0)
		memcpy(files, listing->files, listing->count * sizeof(*files));
	memcpy(files + listing->count, more->files,
	       more->count * sizeof(*files));
	listing->files = files;
	listing->count += more->count;
}

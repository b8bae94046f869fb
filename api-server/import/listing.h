#ifndef API_SERVER_IMPORT_LISTING_H
#define API_SERVER_IMPORT_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/str.h"

/*
 * What a member handed over, name by name: the entries of a ZIP, or the parts
 * of a form. Everything is borrowed from the upload's arena or its body.
 */
struct listing_file {
	const char *path; /* UTF-8, '/' between folders */
	/* How it begins, at most LISTING_HEAD_BYTES of a ZIP's entry. Empty:
	 * nobody looked, or it cannot be read. */
	struct str head;
	bool wanted; /* set by the caller: content is read */
	struct str content;
	size_t ordinal; /* in the archive, of everything in it */
};

struct listing {
	struct listing_file *files;
	size_t count;
	size_t folders; /* of the archive, that have an entry */
};

/* A header line of an export has 100. */
#define LISTING_HEAD_BYTES     4096
#define LISTING_PATH_BYTES_MAX 400

/* What systems add by themselves: hidden files and folders, __MACOSX/,
 * Thumbs.db, desktop.ini. No report names it. */
bool listing_is_rubbish(const char *path);

/* Does the name end so (".csv", ".zip"), in whatever case? */
bool listing_is_csv(const char *path);
bool listing_is_zip(const char *path);

/* Puts more behind the files of the listing, which are moved into the arena. */
void listing_append(struct arena *arena, struct listing *listing,
                    const struct listing *more);

#endif

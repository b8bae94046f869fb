#ifndef COMMON_CONF_CONF_H
#define COMMON_CONF_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "common/base/error.h"

/*
 * Configuration: a YAML file of sections with scalar keys, read into a
 * settings struct by a table. An unknown key, a repeated key, a value of the
 * wrong type or out of range is an error with file, line and column.
 *
 *	static const struct conf_key keys[] = {
 *		{ .path = "http.port", .type = CONF_INT,
 *		  .offset = offsetof(struct settings, http_port),
 *		  .def = "8080", .min = 1, .max = 65535 },
 *		...
 *		{ 0 }
 *	};
 *
 * Order of precedence: default, file, environment (.env, for secrets and for
 * what containers set), where "VAR_FILE" names a file that holds the value. An
 * empty variable counts as unset.
 */
enum conf_type {
	CONF_BOOL,     /* bool: true, false */
	CONF_INT,      /* int64_t: min..max */
	CONF_STRING,   /* char *: at most max bytes (0: 4096); never NULL */
	CONF_SECRET,   /* char *, like a string, never printed */
	CONF_CHOICE,   /* int: index into .choices */
	CONF_DURATION, /* int64_t, milliseconds: 250ms, 30s, 5m, 1h, 150d */
	CONF_SIZE      /* int64_t, bytes: 512, 64KiB, 32MiB, 1GiB */
};

struct conf_key {
	const char *path; /* "section.key" */
	enum conf_type type;
	bool reloadable;  /* taken over on SIGHUP */
	size_t offset;    /* of the field in the settings struct */
	const char *def;  /* as it would be written in the file */
	int64_t min, max; /* in the unit of the field; max 0: no limit */
	const char *const *choices; /* CONF_CHOICE: names, NULL at the end */
	const char *env; /* environment variable that overrides, or NULL */
};

/*
 * Fills settings (all bytes zero on entry). file may be NULL: defaults and
 * environment alone. On false nothing has to be freed.
 */
bool conf_load(const struct conf_key *keys, void *settings, const char *file,
               struct error *err) MUST_CHECK;
/* What no single key can say, of settings just read. */
typedef bool conf_check(const void *settings, struct error *err);
/* Keys that were changed. */
struct conf_changes {
	int taken;   /* and are in force */
	int ignored; /* need a restart; each is logged as a warning */
};
/*
 * Reads file anew and takes over the reloadable keys. On false, also of check
 * (may be NULL), settings is as it was.
 */
bool conf_reload(const struct conf_key *keys, void *settings, const char *file,
                 conf_check *check, struct conf_changes *changes_r,
                 struct error *err) MUST_CHECK;
void conf_free(const struct conf_key *keys, void *settings);
/* One line a key: path, type, default, reloadable; what --keys prints. */
void conf_print_keys(const struct conf_key *keys);

#endif

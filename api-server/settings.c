/*
 * The configuration keys of the API server, in the order of
 * config/api-server.yaml.
 */
#include "api-server/settings.h"

#include <stddef.h>

#include "common/base/attr.h"

#define KEY(name, kind, member)                                                \
	.path = (name), .type = (kind),                                        \
	.offset = offsetof(struct settings, member)

#define MIB (INT64_C(1) << 20)
#define GIB (INT64_C(1) << 30)

static const char *const access_modes[] = { "single_user", NULL };

const struct conf_key settings_keys[] = {
	{ KEY("access.mode", CONF_CHOICE, access_mode), .def = "single_user",
	  .choices = access_modes },
	{ KEY("access.published_on_loopback", CONF_BOOL, published_on_loopback),
	  .def = "false", .env = "REWATCH_PUBLISHED_ON_LOOPBACK" },
	{ KEY("http.address", CONF_STRING, http.address), .def = "127.0.0.1",
	  .max = 255, .env = "REWATCH_HTTP_ADDRESS" },
	{ KEY("http.port", CONF_INT, http.port), .def = "8080", .min = 1,
	  .max = 65535, .env = "PORT" },
	{ KEY("http.timeout", CONF_DURATION, http.timeout), .def = "30s",
	  .min = 1000, .max = 600000 },
	{ KEY("http.head_timeout", CONF_DURATION, http.head_timeout),
	  .def = "10s", .min = 100, .max = 600000 },
	{ KEY("http.body_rate", CONF_SIZE, http.body_rate), .def = "4KiB",
	  .min = 1, .max = MIB },
	{ KEY("http.bodies_max", CONF_SIZE, http.bodies_max), .def = "128MiB",
	  .min = MIB, .max = 16 * GIB },
	{ KEY("http.connections", CONF_INT, http.connections), .def = "10000",
	  .min = 1, .max = 1000000 },
	{ KEY("http.connections_per_address", CONF_INT,
	      http.connections_per_address),
	  .def = "256", .min = 0, .max = 1000000 },
	{ KEY("web.root", CONF_STRING, web_root), .def = "api-server/web",
	  .max = 4095, .env = "REWATCH_WEB_ROOT" },
	{ KEY("events.max", CONF_INT, events_max), .def = "64", .min = 1,
	  .max = 10000 },
	{ KEY("cache.bytes_max", CONF_SIZE, cache_bytes_max), .def = "16MiB",
	  .min = 0, .max = GIB },
	{ KEY("import.upload_max", CONF_SIZE, import.upload_max),
	  .def = "32MiB", .min = 1024, .max = GIB },
	{ KEY("import.entries_max", CONF_INT, import.limits.entries_max),
	  .def = "5000", .min = 1, .max = 30000 },
	{ KEY("import.entry_max", CONF_SIZE, import.limits.entry_bytes_max),
	  .def = "32MiB", .min = 1024, .max = GIB },
	{ KEY("import.total_max", CONF_SIZE, import.limits.total_bytes_max),
	  .def = "64MiB", .min = 1024, .max = 4 * GIB },
	{ KEY("import.ratio_max", CONF_INT, import.limits.ratio_max),
	  .def = "200", .min = 2, .max = 2000 },
	{ KEY("import.field_max", CONF_SIZE, import.limits.field_bytes_max),
	  .def = "256KiB", .min = 1024, .max = 64 * MIB },
	{ KEY("import.row_max", CONF_SIZE, import.limits.row_bytes_max),
	  .def = "512KiB", .min = 1024, .max = 64 * MIB },
	{ KEY("import.rows_max", CONF_INT, import.limits.rows_max),
	  .def = "200000", .min = 1, .max = 100000000 },
	{ KEY("import.lists_max", CONF_INT, import.limits.list_max),
	  .def = "2000", .min = 1, .max = 30000 },
	{ KEY("import.memory_max", CONF_SIZE, import.limits.memory_max),
	  .def = "96MiB", .min = 8 * MIB, .max = 8 * GIB },
	{ KEY("import.concurrent", CONF_INT, import.concurrent), .def = "2",
	  .min = 1, .max = 64 },
	{ KEY("import.deadline", CONF_DURATION, import.deadline), .def = "120s",
	  .min = 1000, .max = 600000, .reloadable = true },
	PG_KEYS(struct settings, pg, "4"),
	PROGRAM_KEYS(struct settings, program),
	{ 0 }
};

/* What a row takes at least, read and as parameters. */
#define ROW_BYTES 256
/*
 * Rows that are merged in a second, by half: on one core of an old server 100,000
 * films that are all new, or as many viewings, take the database 14 seconds.
 */
#define ROWS_A_SECOND 3500

bool import_settings_check(const struct import_settings *import,
                           struct error *err)
{
	const struct import_limits *l = &import->limits;
	const struct {
		int64_t less, more;
		const char *says;
	} pairs[] = {
		{ l->field_bytes_max, l->row_bytes_max,
		  "import.field_max is larger than import.row_max: no row "
		  "would hold such a field" },
		{ l->row_bytes_max, l->entry_bytes_max,
		  "import.row_max is larger than import.entry_max: no file "
		  "would hold such a row" },
		{ l->entry_bytes_max, l->total_bytes_max,
		  "import.entry_max is larger than import.total_max: no upload "
		  "would hold such a file" },
		{ import->upload_max, l->memory_max / 2,
		  "import.memory_max is less than twice import.upload_max: an "
		  "upload would not find room beside its rows" },
		{ l->rows_max, l->memory_max / ROW_BYTES,
		  "import.memory_max is less than 256 bytes for each row of "
		  "import.rows_max: so many would never be read" },
		{ l->rows_max, import->deadline * ROWS_A_SECOND / 1000,
		  "import.deadline is less than a second for each 3500 rows of "
		  "import.rows_max: so many may not be done in time" },
	};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		if (pairs[i].less > pairs[i].more)
			return error_set(err, "%s", pairs[i].says);
	}
	return true;
}

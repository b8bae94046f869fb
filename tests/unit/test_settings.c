/* api-server/settings: limits that contradict each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api-server/settings.h"

#define MIB (INT64_C(1) << 20)

static void shipped(struct settings *settings)
{
	struct error err;

	memset(settings, 0, sizeof(*settings));
	if (!conf_load(settings_keys, settings, NULL, &err))
		fail_msg("%s", err.message);
}

static void take_what_is_shipped(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	shipped(&settings);
	assert_true(import_settings_check(&settings.import, &err));
	conf_free(settings_keys, &settings);
}

/* Each limit at the last value that fits, and one beyond. */
static void say_which_limits_contradict(void **state)
{
	struct settings settings;
	struct import_settings *import = &settings.import;
	struct import_limits *limits = &import->limits;
	const struct {
		int64_t *key;
		int64_t fits;
		const char *says;
	} rows[] = {
		{ &limits->field_bytes_max, MIB / 2, "import.row_max" },
		{ &limits->row_bytes_max, 32 * MIB, "import.entry_max" },
		{ &limits->entry_bytes_max, 64 * MIB, "import.total_max" },
		{ &import->upload_max, 48 * MIB, "import.memory_max" },
		{ &limits->rows_max, 96 * MIB / 256, "import.memory_max" },
	};

	(void)state;
	shipped(&settings);
	import->deadline = INT64_C(600) * 1000;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const int64_t before = *rows[i].key;
		struct error err;

		*rows[i].key = rows[i].fits;
		assert_true(import_settings_check(import, &err));
		*rows[i].key = rows[i].fits + 1;
		assert_false(import_settings_check(import, &err));
		assert_non_null(strstr(err.message, rows[i].says));
		*rows[i].key = before;
	}
	conf_free(settings_keys, &settings);
}

/* 3,500 rows a second. */
static void hold_rows_against_the_deadline(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	shipped(&settings);
	settings.import.limits.rows_max = 7000;
	settings.import.deadline = 2000;
	assert_true(import_settings_check(&settings.import, &err));
	settings.import.deadline = 1999;
	assert_false(import_settings_check(&settings.import, &err));
	assert_non_null(strstr(err.message, "import.deadline"));
	conf_free(settings_keys, &settings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(take_what_is_shipped),
		cmocka_unit_test(say_which_limits_contradict),
		cmocka_unit_test(hold_rows_against_the_deadline),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}

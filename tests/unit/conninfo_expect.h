#ifndef TESTS_UNIT_CONNINFO_EXPECT_H
#define TESTS_UNIT_CONNINFO_EXPECT_H

#include "common/pg/pg_conninfo.h"

/* The keyword has that value; NULL: it has none. After cmocka.h. */
static inline void expect(const struct pg_conninfo *info, const char *keyword,
                          const char *value)
{
	const char *is = pg_conninfo_get(info, keyword);

	if (value == NULL)
		assert_null(is);
	else
		assert_string_equal(is, value);
}

#endif

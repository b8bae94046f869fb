/*
 * Reading results: by row and column name, in text format.
 */
#include "common/pg/pg_result.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/mem.h"
#include "common/pg/pg_tx_private.h"

static int column_of(const struct pg_rows *rows, int row, const char *column)
{
	int number = PQfnumber(rows->result, column);

	ensure(number >= 0);
	ensure(row >= 0 && row < PQntuples(rows->result));
	return number;
}

int pg_count(const struct pg_rows *rows)
{
	return PQntuples(rows->result);
}

bool pg_is_null(const struct pg_rows *rows, int row, const char *column)
{
	return PQgetisnull(rows->result, row, column_of(rows, row, column));
}

const char *pg_text(const struct pg_rows *rows, int row, const char *column)
{
	return PQgetvalue(rows->result, row, column_of(rows, row, column));
}

size_t pg_text_len(const struct pg_rows *rows, int row, const char *column)
{
	int number = column_of(rows, row, column);

	return (size_t)PQgetlength(rows->result, row, number);
}

int64_t pg_int(const struct pg_rows *rows, int row, const char *column)
{
	const char *text = pg_text(rows, row, column);
	char *end;
	int64_t value;

	errno = 0;
	value = strtoll(text, &end, 10);
	ensure(*end == '\0' && errno == 0);
	return value;
}

int pg_find_int(const struct pg_rows *rows, const char *column, int64_t value)
{
	int low = 0, high = pg_count(rows);

	while (low < high) {
		const int middle = low + (high - low) / 2;
		const int64_t there = pg_int(rows, middle, column);

		if (there == value)
			return middle;
		if (there < value)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

double pg_double(const struct pg_rows *rows, int row, const char *column)
{
	const char *text = pg_text(rows, row, column);
	char *end;
	double value = strtod(text, &end);

	ensure(*end == '\0');
	return value;
}

bool pg_bool(const struct pg_rows *rows, int row, const char *column)
{
	return pg_text(rows, row, column)[0] == 't';
}

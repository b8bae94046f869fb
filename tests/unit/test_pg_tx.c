/* common/pg_tx: each parameter of a statement is set, and set once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>

#include "common/base/attr.h"
#include "common/pg/pg_array.h"
#include "common/pg/pg_tx_private.h"
#include "tests/unit/child.h"

/* As the generator writes them. */
enum {
	two_FILM_INT = 0,
	two_REF_TEXT = 1,
};
static const char *const two_params[] = { "film", "ref", NULL };
static const struct sql two = { 0, "two", "SELECT $1, $2", 2, two_params };
enum {
	kinds_N_INT,
	kinds_R_REAL,
	kinds_B_BOOL,
	kinds_D_DATE,
	kinds_X_BYTES,
	kinds_A_ARRAY,
	kinds_Z_ARRAY,
	kinds_PARAMS
};
static const struct sql kinds = { 1, "kinds", "", kinds_PARAMS, NULL };

static void sets_by_name(void **state)
{
	struct pg_tx *tx = pg_tx_new();

	(void)state;
	pg_tx_add(tx, &two);
	PG_TEXT(tx, two, REF, "slug:x");
	PG_INT(tx, two, FILM, 7);
	pg_tx_add(tx, &two);
	PG_NULL(tx, two, FILM, INT);
	PG_TEXT(tx, two, REF, NULL);
	pg_tx_seal(tx);
	assert_string_equal(tx->statements[0].values[0], "7");
	assert_string_equal(tx->statements[0].values[1], "slug:x");
	assert_null(tx->statements[1].values[0]);
	assert_null(tx->statements[1].values[1]);
	pg_tx_free(&tx);
}

static void writes_each_kind(void **state)
{
	struct pg_array *array = pg_array_new();
	struct pg_tx *tx = pg_tx_new();
	const char *const *v;

	(void)state;
	pg_array_int(array, 5);
	pg_tx_add(tx, &kinds);
	PG_INT(tx, kinds, N, INT64_MIN);
	PG_REAL(tx, kinds, R, 0.5);
	PG_BOOL(tx, kinds, B, true);
	PG_DATE(tx, kinds, D, "2024-02-29");
	PG_BYTES(tx, kinds, X, "a\0b", 3);
	PG_ARRAY(tx, kinds, A, array);
	PG_ARRAY(tx, kinds, Z, pg_array_new());
	pg_tx_seal(tx);
	v = tx->statements[0].values;
	assert_string_equal(v[0], "-9223372036854775808");
	assert_string_equal(v[1], "0.5");
	assert_string_equal(v[2], "t");
	assert_string_equal(v[3], "2024-02-29");
	assert_memory_equal(v[4], "a\0b", 3);
	assert_int_equal(tx->statements[0].lengths[4], 3);
	assert_string_equal(v[5], "{5}");
	assert_string_equal(v[6], "{}");
	pg_tx_free(&tx);
}

static void adds_texts(void **state)
{
	static const char *const values[] = { "7", NULL };
	struct pg_tx *tx = pg_tx_new();

	(void)state;
	pg_tx_add_texts(tx, &two, values);
	pg_tx_seal(tx);
	assert_string_equal(tx->statements[0].values[0], "7");
	assert_null(tx->statements[0].values[1]);
	pg_tx_free(&tx);
}

/* --- programming errors ---------------------------------------------------
 */

static void leave_one_out(struct pg_tx *tx)
{
	pg_tx_add(tx, &two);
	PG_INT(tx, two, FILM, 7);
	pg_tx_seal(tx);
}

static void set_one_twice(struct pg_tx *tx)
{
	pg_tx_add(tx, &two);
	PG_INT(tx, two, FILM, 7);
	PG_INT(tx, two, FILM, 7);
}

static void set_one_of_another(struct pg_tx *tx)
{
	pg_tx_add(tx, &two);
	PG_INT(tx, kinds, N, 7);
}

static void set_one_of_none(struct pg_tx *tx)
{
	PG_INT(tx, two, FILM, 7);
}

static void set_one_that_is_not_there(struct pg_tx *tx)
{
	pg_tx_add(tx, &two);
	pg_tx_set_int(tx, &two, 2, 7);
}

static void seal_nothing(struct pg_tx *tx)
{
	pg_tx_seal(tx);
}

struct play {
	void (*play)(struct pg_tx *tx);
};

static void play(void *arg)
{
	const struct play *p = arg;
	struct pg_tx *tx = pg_tx_new();

	p->play(tx);
	pg_tx_free(&tx);
}

static void aborts(void **state)
{
	struct play rows[] = {
		{ leave_one_out },      { set_one_twice },
		{ set_one_of_another }, { set_one_of_none },
		{ seal_nothing },       { set_one_that_is_not_there },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const int status = child_run(play, &rows[i]);

		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_by_name),
		cmocka_unit_test(writes_each_kind),
		cmocka_unit_test(adds_texts),
		cmocka_unit_test(aborts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

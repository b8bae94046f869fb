/*
 * import/upload with somebody who takes the rows: they come in their order, once,
 * and the memory that is held meanwhile does not grow with them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "api-server/import/causes.h"
#include "api-server/import/upload.h"
#include "common/base/buf.h"

#define FILM "Date,Name,Year,Letterboxd URI\r\n"
#define DIARY                                                                  \
	"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\r\n"

#define TEXT_MAX ((size_t)4 << 20)
#define KIB      ((size_t)1024)

static const struct import_limits limits = {
	.entries_max = 50,
	.entry_bytes_max = TEXT_MAX,
	.total_bytes_max = TEXT_MAX,
	.ratio_max = 100,
	.field_bytes_max = 10000,
	.row_bytes_max = 20000,
	.rows_max = 100000,
	.list_max = 2,
	.memory_max = 8 << 20,
};

/* What the taker saw. */
struct taken {
	struct arena *arena;
	size_t begun, calls;
	size_t rows, rejected, shown;
	int number; /* of the last row */
	char date[11];
	size_t peak; /* of the arena */
};

static void begin_cb(void *arg, const struct import_set *set)
{
	struct taken *t = arg;

	t->begun++;
	assert_int_equal(set->content_count, 1);
	assert_non_null(set->files[0].path);
}

static void take_cb(void *arg, const struct import_file *file,
                    const struct import_row *rows, size_t count)
{
	struct taken *t = arg;

	assert_int_equal(t->begun, 1);
	assert_ptr_equal(file->rows, rows);
	t->calls++;
	t->rows += count;
	for (size_t i = 0; i < count; i++) {
		const bool rejected = rows[i].outcome == IMPORT_REJECTED;

		/* The row that stands for others comes last. */
		if (!rejected || rows[i].shown)
			assert_true(rows[i].number > t->number);
		t->number = rows[i].number;
		t->rejected += rejected;
		t->shown += rows[i].shown;
		(void)snprintf(t->date, sizeof(t->date), "%s",
		               rows[i].date != NULL ? rows[i].date : "");
	}
	if (t->peak < arena_bytes(t->arena))
		t->peak = arena_bytes(t->arena);
}

struct result {
	struct taken taken;
	struct import_set set;
	struct upload_problem problem;
	bool ok;
};

static void begin_text(struct buf *text, const char *header)
{
	buf_init(text, TEXT_MAX);
	buf_add_str(text, header);
}

/* Reads it as the file of that name, and frees the text. */
static struct result end_text(struct buf *text, const char *name,
                              const struct import_limits *with)
{
	struct result r = { 0 };
	const struct upload_source source = {
		.content_type = "text/csv",
		.file_name = name,
		.body = text->data,
		.len = text->len,
	};
	const struct row_taker taker = { begin_cb, take_cb, &r.taken };

	assert_false(buf_overflowed(text));
	r.taken.arena = arena_new_bounded((size_t)with->memory_max,
	                                  import_reserve_names(with));
	assert_non_null(r.taken.arena);
	r.ok = upload_read(r.taken.arena, &source, with, &taker, &r.set,
	                   &r.problem);
	buf_deinit(text);
	return r;
}

static void end(struct result *r)
{
	arena_free(&r->taken.arena);
}

static void hands_over_every_row(void **state)
{
	struct buf text;

	(void)state;
	begin_text(&text, FILM);
	for (int i = 0; i < 3210; i++)
		buf_printf(&text, "2024-01-03,Film %d,1979,\n", i);
	struct result r = end_text(&text, "watched.csv", &limits);
	assert_true(r.ok);
	assert_int_equal(r.taken.rows, 3210);
	assert_int_equal(r.taken.calls, 4);
	assert_int_equal(r.taken.number, 3210);
	assert_int_equal(r.set.files[0].count, 3210);
	assert_int_equal(r.set.files[0].kept, 3210);
	assert_int_equal(r.set.files[0].held, 0);
	end(&r);
}

/* Repeated rows and illegible ones cost nothing beyond those that are shown. */
static void counts_what_it_does_not_keep(void **state)
{
	struct buf text;

	(void)state;
	begin_text(&text, FILM);
	for (int i = 0; i < 3000; i++)
		buf_printf(&text, "2024-01-%02d,Film,%s,\n", i % 28 + 1,
		           i % 2 ? "none" : "1979");
	struct result r = end_text(&text, "watched.csv", &limits);
	const struct import_file *file = &r.set.files[0];

	assert_true(r.ok);
	assert_int_equal(file->count, 3000);
	assert_int_equal(file->unread, 1500);
	/* One is good, a thousand are shown, one stands for the illegible. */
	assert_int_equal(file->kept, 1 + IMPORT_SHOWN_MAX + 1);
	assert_int_equal(r.taken.rows, file->kept);
	assert_int_equal(r.taken.shown, IMPORT_SHOWN_MAX);
	assert_string_equal(r.taken.date, "2024-01-28");
	assert_int_equal(file->cause_count, 2);
	assert_int_equal(file->causes[0].rows + file->causes[1].rows, 2999);
	assert_int_equal(file->causes[0].line, 3);
	end(&r);
}

static void one_without_a_date_is_of_any(void **state)
{
	struct buf text;

	(void)state;
	begin_text(&text, FILM);
	for (int i = 0; i < 100; i++)
		buf_printf(&text, "2024-01-03,Film %d,1979,\n", i);
	for (int i = 0; i < 1200; i++)
		buf_printf(&text, "%s,Film,none,\n",
		           i == 1100 ? "" : "2024-01-03");
	struct result r = end_text(&text, "watched.csv", &limits);
	assert_true(r.ok);
	assert_string_equal(r.taken.date, "");
	end(&r);
}

/* What is held beside the body, by rows of so many entries. */
static size_t held(int rows, int entries)
{
	struct buf text;

	begin_text(&text, DIARY);
	for (int i = 0; i < rows; i++)
		buf_printf(&text,
		           "2024-01-03,A Film With A Title,1979,"
		           "https://letterboxd.com/me/film/a/%d/,3.5,No,,"
		           "2024-01-02\n",
		           i % entries);
	const size_t body = text.len;
	struct result r = end_text(&text, "diary.csv", &limits);
	if (!r.ok)
		fail_msg("%s", r.problem.error.message);
	const size_t peak = r.taken.peak;
	end(&r);
	print_message("%d rows, %d entries: %zu bytes of %zu\n", rows, entries,
	              peak, body);
	return peak;
}

/* Of each row its entry is remembered, and of a repeated one nothing. */
static void holds_little(void **state)
{
	const size_t few = held(2000, 2000);

	(void)state;
	assert_in_range(held(20000, 20000), few, few + (size_t)18000 * 96);
	assert_in_range(held(40000, 10), 1, few + 64 * KIB);
}

static void fails_when_memory_is_used_up(void **state)
{
	struct import_limits few = limits;
	struct buf text;

	(void)state;
	few.memory_max = (int64_t)512 * 1024;
	begin_text(&text, FILM);
	for (int i = 0; i < 50000; i++)
		buf_printf(&text, "2024-01-03,Film %d,1979,\n", i);
	struct result r = end_text(&text, "watched.csv", &few);
	assert_false(r.ok);
	assert_int_equal(r.problem.type, UPLOAD_TOO_COSTLY);
	assert_non_null(strstr(r.problem.error.message,
	                       "\"watched.csv\" takes more than 524288 bytes"));
	assert_in_range(r.taken.peak, 1, 512 * KIB);
	end(&r);
}

static void gives_up_early(void **state)
{
	struct buf text;

	(void)state;
	begin_text(&text, FILM);
	for (int i = 0; i < 30000; i++)
		buf_printf(&text, "2024-01-03,Film %d,%s,\n", i,
		           i % 200 == 0 ? "1979" : "none");
	struct result r = end_text(&text, "watched.csv", &limits);
	assert_false(r.ok);
	assert_int_equal(r.problem.type, UPLOAD_UNREADABLE_CSV);
	assert_non_null(strstr(r.problem.error.message,
	                       "only 50 of its first 10000 rows could be read; "
	                       "9950 of the others like line 3: "));
	assert_int_equal(r.set.files[0].count, READING_MANY_ROWS);
	end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_over_every_row),
		cmocka_unit_test(counts_what_it_does_not_keep),
		cmocka_unit_test(one_without_a_date_is_of_any),
		cmocka_unit_test(holds_little),
		cmocka_unit_test(fails_when_memory_is_used_up),
		cmocka_unit_test(gives_up_early),
	};

	return cmocka_run_group_tests_name("row_taker", tests, NULL, NULL);
}

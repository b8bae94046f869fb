/*
 * enrich-daemon/index/index_file: TMDB's export in pieces of any size, whole,
 * cut off, broken, or something else.
 */
#include "enrich-daemon/index/index_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#define ZLIB_CONST
#include <zlib.h>

#include "common/base/attr.h"
#include "common/base/buf.h"
#include "common/base/mem.h"

#define PACKED_MAX 1000000
#define ROWS_MAX   16
#define FIGHT_CLUB                                                             \
	"{\"adult\":false,\"id\":550,\"original_title\":\"Fight Club\","       \
	"\"popularity\":61.4,\"video\":false}\n"
#define AMELIE                                                                 \
	"{\"adult\":false,\"id\":194,\"original_title\":\"Le Fabuleux Destin " \
	"d'Am\u00e9lie Poulain\",\"popularity\":12,\"video\":false}\n"

struct kept {
	int64_t id;
	char name[64];
	double popularity;
};

struct result {
	enum index_read end;
	struct error err;
	struct kept rows[ROWS_MAX];
	int count; /* of all, also beyond ROWS_MAX */
};

static void pack(const char *text, size_t len, struct buf *out)
{
	static unsigned char packed[PACKED_MAX];
	z_stream z = { .next_in = (const unsigned char *)text,
		       .avail_in = (unsigned int)len,
		       .next_out = packed,
		       .avail_out = PACKED_MAX };

	assert_int_equal(
		deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
		Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	buf_add(out, packed, z.total_out);
	assert_int_equal(deflateEnd(&z), Z_OK);
}

static void take_all(struct index_file *f, struct result *r)
{
	struct index_row row;

	while ((r->end = index_file_next(f, &row, &r->err)) == INDEX_ROW) {
		if (r->count < ROWS_MAX) {
			struct kept *k = &r->rows[r->count];

			k->id = row.id;
			k->popularity = row.popularity;
			assert_true(strlen(row.name) < sizeof(k->name));
			memcpy(k->name, row.name, strlen(row.name) + 1);
		}
		r->count++;
	}
	assert_int_equal(index_file_state(f), r->end);
}

/* In pieces of so many bytes. */
static struct result read_pieces(const char *data, size_t len, size_t piece)
{
	struct index_file *f = index_file_new();
	struct result r = { .end = INDEX_HUNGRY };

	for (size_t at = 0; at < len && r.end != INDEX_BROKEN; at += piece) {
		index_file_feed(f, data + at,
		                len - at < piece ? len - at : piece);
		take_all(f, &r);
	}
	index_file_free(&f);
	assert_null(f);
	return r;
}

static struct result read_text(const char *text, size_t piece)
{
	struct result r;
	struct buf packed;

	buf_init(&packed, PACKED_MAX);
	pack(text, strlen(text), &packed);
	r = read_pieces(packed.data, packed.len, piece);
	buf_deinit(&packed);
	return r;
}

static void assert_broken(const struct result *r, const char *why)
{
	assert_int_equal(r->end, INDEX_BROKEN);
	assert_string_equal(r->err.message, why);
}

static void reads_rows_in_pieces_of_any_size(void **state)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 50, INDEX_PIECE_MAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		const struct result r = read_text(FIGHT_CLUB AMELIE, pieces[i]);

		assert_int_equal(r.end, INDEX_END);
		assert_int_equal(r.count, 2);
		assert_int_equal(r.rows[0].id, 550);
		assert_string_equal(r.rows[0].name, "Fight Club");
		assert_true(r.rows[0].popularity == 61.4);
		assert_int_equal(r.rows[1].id, 194);
		assert_string_equal(r.rows[1].name,
		                    "Le Fabuleux Destin d'Am\u00e9lie Poulain");
		assert_true(r.rows[1].popularity == 12);
	}
}

static void the_last_line_needs_no_newline(void **state)
{
	(void)state;
	const struct result r = read_text(
		"{\"id\":1,\"original_title\":\"A\"}\n\n"
		"{\"original_title\":\"B\",\"popularity\":0.5,\"id\":2}",
		5);

	assert_int_equal(r.end, INDEX_END);
	assert_int_equal(r.count, 2);
	assert_true(r.rows[0].popularity == 0);
	assert_string_equal(r.rows[1].name, "B");
	assert_true(r.rows[1].popularity == 0.5);
}

static void leaves_out_what_no_film_is_called(void **state)
{
	(void)state;
	char text[2000];
	char name[402];

	memset(name, 'x', sizeof(name));
	name[401] = '\0'; /* one more than a film's name may have */
	(void)snprintf(text, sizeof(text),
	               "{\"id\":1,\"original_title\":\"A\",\"adult\":true}\n"
	               "{\"id\":2,\"original_title\":\"B\",\"video\":true}\n"
	               "{\"id\":3,\"original_title\":\"\"}\n"
	               "{\"id\":4,\"original_title\":\"%s\"}\n"
	               "{\"id\":5,\"original_title\":\"E\","
	               "\"popularity\":-7}\n",
	               name);
	const struct result r = read_text(text, 100);

	assert_int_equal(r.end, INDEX_END);
	assert_int_equal(r.count, 1);
	assert_int_equal(r.rows[0].id, 5);
	assert_true(r.rows[0].popularity == 0);
}

/* The column is real: one that does not fit would end the load. */
static void bounds_popularities(void **state)
{
	(void)state;
	const struct result r = read_text(
		"{\"id\":1,\"original_title\":\"A\",\"popularity\":1e300}\n"
		"{\"id\":2,\"original_title\":\"B\",\"popularity\":1e-46}\n"
		"{\"id\":3,\"original_title\":\"C\",\"popularity\":\"x\"}\n",
		100);

	assert_int_equal(r.end, INDEX_END);
	assert_int_equal(r.count, 3);
	assert_true(r.rows[0].popularity == 1e9);
	assert_true(r.rows[1].popularity == 0);
	assert_true(r.rows[2].popularity == 0);
}

/* Ten kilobytes of gzip: they may keep nobody busy for long. */
static void breaks_at_more_lines_than_there_are_films(void **state)
{
	const size_t len = 10000001;
	char *text = xmalloc(len);
	struct buf packed;

	(void)state;
	memset(text, '\n', len);
	buf_init(&packed, PACKED_MAX);
	pack(text, len, &packed);
	const struct result r =
		read_pieces(packed.data, packed.len, INDEX_PIECE_MAX);
	assert_broken(&r, "it unpacks to far more than an export has");
	buf_deinit(&packed);
	free(text);
}

static void is_hungry_when_it_is_cut_off(void **state)
{
	struct buf packed;

	(void)state;
	buf_init(&packed, PACKED_MAX);
	pack(FIGHT_CLUB AMELIE, strlen(FIGHT_CLUB AMELIE), &packed);
	for (size_t len = 0; len < packed.len; len++)
		assert_int_equal(
			read_pieces(packed.data, len, INDEX_PIECE_MAX).end,
			INDEX_HUNGRY);
	buf_deinit(&packed);
}

static void refuses_what_is_no_gzip(void **state)
{
	static const char page[] = "<html><body>Service</body></html>";

	(void)state;
	for (size_t piece = 1; piece < 10; piece++) {
		const struct result r =
			read_pieces(page, sizeof(page) - 1, piece);

		assert_broken(&r, "not gzip");
		assert_int_equal(r.count, 0);
	}
}

static void refuses_a_broken_gzip(void **state)
{
	struct buf packed;

	(void)state;
	buf_init(&packed, PACKED_MAX);
	pack(FIGHT_CLUB AMELIE, strlen(FIGHT_CLUB AMELIE), &packed);
	/* The checksum at its end. */
	packed.data[packed.len - 5] ^= 1;
	const struct result r =
		read_pieces(packed.data, packed.len, INDEX_PIECE_MAX);
	assert_broken(&r, "the gzip is broken");
	buf_deinit(&packed);
}

static void refuses_what_comes_behind_its_end(void **state)
{
	static const size_t pieces[] = { 1, INDEX_PIECE_MAX };
	struct buf packed;

	(void)state;
	buf_init(&packed, PACKED_MAX);
	pack(FIGHT_CLUB, strlen(FIGHT_CLUB), &packed);
	buf_add_str(&packed, "more");
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		const struct result r =
			read_pieces(packed.data, packed.len, pieces[i]);

		assert_broken(&r,
		              "there is something behind the end of the gzip");
	}
	buf_deinit(&packed);
}

static void refuses_other_files(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "there is no film in it" },
		{ "\n\n", "there is no film in it" },
		{ "{\"id\":1,\"original_title\":\"A\",\"adult\":true}\n",
		  "there is no film in it" },
		/* TMDB's file of series. */
		{ "{\"id\":1,\"original_name\":\"A\",\"popularity\":1}\n",
		  "not an export of TMDB: line 1: it has no id or no "
		  "original_title" },
		{ FIGHT_CLUB "{\"id\":-1,\"original_title\":\"A\"}\n",
		  "not an export of TMDB: line 2: it has no id or no "
		  "original_title" },
		{ "[1,2]\n", "not an export of TMDB: line 1: it has no id or "
		             "no original_title" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct result r = read_text(rows[i].text, 1000);

		assert_broken(&r, rows[i].why);
	}
}

static void repeat(struct buf *b, const char *line, int times)
{
	for (int i = 0; i < times; i++)
		buf_add_str(b, line);
}

/* One bad line in a hundred is too many when there is one more. */
static void passes_a_bad_line_over(void **state)
{
	struct buf text;

	(void)state;
	for (int good = 98; good <= 99; good++) {
		buf_init(&text, 1 << 20);
		repeat(&text, FIGHT_CLUB, good / 2);
		buf_add_str(&text, "oops\n");
		repeat(&text, FIGHT_CLUB, good - good / 2);
		const struct result r = read_text(text.data, 4096);
		assert_int_equal(r.count, good);
		assert_int_equal(r.end, good == 99 ? INDEX_END : INDEX_BROKEN);
		buf_deinit(&text);
	}
}

static void gives_up_early_on_garbage(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 20);
	repeat(&text, "x\n", 1001);
	repeat(&text, FIGHT_CLUB, 1000);
	const struct result r = read_text(text.data, INDEX_PIECE_MAX);
	assert_int_equal(r.end, INDEX_BROKEN);
	assert_int_equal(r.count, 0);
	assert_memory_equal(r.err.message,
	                    "not an export of TMDB: line 1: ", 31);
	buf_deinit(&text);
}

/* A line as long as a file is no more memory than any other. */
static void an_endless_line_is_one_bad_line(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 22);
	repeat(&text, FIGHT_CLUB, 100);
	repeat(&text, "0123456789", 300000);
	buf_add_str(&text, "\n" AMELIE);
	const struct result r = read_text(text.data, INDEX_PIECE_MAX);
	assert_int_equal(r.end, INDEX_END);
	assert_int_equal(r.count, 101);
	buf_reset(&text);
	repeat(&text, "0123456789", 300000);
	const struct result bad = read_text(text.data, INDEX_PIECE_MAX);
	assert_broken(&bad, "not an export of TMDB: line 1: it is over 8192 "
	                    "bytes long");
	buf_deinit(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_rows_in_pieces_of_any_size),
		cmocka_unit_test(the_last_line_needs_no_newline),
		cmocka_unit_test(leaves_out_what_no_film_is_called),
		cmocka_unit_test(bounds_popularities),
		cmocka_unit_test(breaks_at_more_lines_than_there_are_films),
		cmocka_unit_test(is_hungry_when_it_is_cut_off),
		cmocka_unit_test(refuses_what_is_no_gzip),
		cmocka_unit_test(refuses_a_broken_gzip),
		cmocka_unit_test(refuses_what_comes_behind_its_end),
		cmocka_unit_test(refuses_other_files),
		cmocka_unit_test(passes_a_bad_line_over),
		cmocka_unit_test(gives_up_early_on_garbage),
		cmocka_unit_test(an_endless_line_is_one_bad_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

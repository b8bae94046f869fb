/*
 * import/csv: records with their lines. A case is written as one string: the
 * records that are expected, "LINE:field|field|...", or "LINE!" for a damaged
 * one and "LINE?" for a quote that is never closed, one after the other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "api-server/import/csv.h"
#include "common/base/buf.h"
#include "common/base/mem.h"

static const struct csv_limits limits = { 20, 40 };

static void describe_record(struct buf *out, const struct csv_record *record)
{
	if (record->damage != NULL) {
		assert_int_equal(record->count, 0);
		buf_printf(out, "%d! ", record->line);
		return;
	}
	buf_printf(out, "%d:", record->line);
	for (size_t i = 0; i < record->count; i++) {
		const struct str field = record->fields[i];

		assert_int_equal(field.p[field.n], '\0');
		buf_add_str(out, i > 0 ? "|" : "");
		buf_add(out, field.p, field.n);
	}
	buf_add_str(out, " ");
}

/* What the reader makes of the text. */
static void describe(struct buf *out, struct str text)
{
	struct csv_reader *r = csv_reader_new(text, limits);
	struct csv_record record;
	enum csv_result result;

	while ((result = csv_reader_next(r, &record)) == CSV_RECORD)
		describe_record(out, &record);
	if (result == CSV_UNCLOSED)
		buf_printf(out, "%d? ", record.line);
	assert_int_equal(csv_reader_next(r, &record), CSV_END);
	csv_reader_free(&r);
	assert_null(r);
}

static void check(struct str text, const char *expected)
{
	/* On the heap and without a NUL behind it: ASan sees one step over. */
	char *copy = xmalloc(text.n > 0 ? text.n : 1);
	struct buf got;

	memcpy(copy, text.p, text.n);
	buf_init(&got, 4096);
	describe(&got, (struct str){ copy, text.n });
	if (strcmp(got.data, expected) != 0)
		fail_msg("of \"%.*s\": got \"%s\", not \"%s\"", (int)text.n,
		         text.p, got.data, expected);
	buf_deinit(&got);
	free(copy);
}

static void reads_every_line_end(void **state)
{
	(void)state;
	check(STR_LIT(""), "");
	check(STR_LIT("a"), "1:a ");
	check(STR_LIT("a,b\r\nc,d\r\n"), "1:a|b 2:c|d ");
	check(STR_LIT("a,b\nc,d\n"), "1:a|b 2:c|d ");
	check(STR_LIT("a,b\rc,d\r"), "1:a|b 2:c|d ");
	check(STR_LIT("a,b\r\nc,d"), "1:a|b 2:c|d ");
	check(STR_LIT("a,b\nc,\"d\""), "1:a|b 2:c|d ");
	check(STR_LIT("a,b\nc,"), "1:a|b 2:c| ");
	check(STR_LIT("\xef\xbb\xbf"), "");
	check(STR_LIT("\xef\xbb\xbf"
	              "a,b\r\n"),
	      "1:a|b ");
	check(STR_LIT("\xef\xbb"), "1:\xef\xbb ");
}

static void skips_blank_lines_and_counts_them(void **state)
{
	(void)state;
	check(STR_LIT("\r\n"), "");
	check(STR_LIT("\n\n\na\n\r\n\rb\n\n"), "4:a 7:b ");
	check(STR_LIT("\r\na,b\r\n\r\nc,d"), "2:a|b 4:c|d ");
	check(STR_LIT(" \n\" \"\n"), "1:  2:  ");
	/* A spreadsheet fills them up. */
	check(STR_LIT(",,\n"), "");
	check(STR_LIT("a,b,c\r\n,,\r\n\"\",,\r\nd,e,f\r\n,,"),
	      "1:a|b|c 4:d|e|f ");
	check(STR_LIT("\"\"\n"), "");
}

static void keeps_fields_byte_for_byte(void **state)
{
	(void)state;
	check(STR_LIT("a, b ,\tc\n"), "1:a| b |\tc ");
	check(STR_LIT("a,,\n,, \n"), "1:a|| 2:||  ");
	check(STR_LIT("\"\",\"a,b\",\"c\"\"d\"\n"), "1:|a,b|c\"d ");
	check(STR_LIT("\"\"\"\"\n\"\"\"a\"\"\"\n"), "1:\" 2:\"a\" ");
	check(STR_LIT("\xff\xfe,\xc3\n"), "1:\xff\xfe|\xc3 ");
}

static void reads_records_over_several_lines(void **state)
{
	(void)state;
	check(STR_LIT("a,\"b\r\n\r\nc\"\r\nd,e\r\n"), "1:a|b\r\n\r\nc 4:d|e ");
	check(STR_LIT("\"a\nb\",\"c\nd\"\ne\n"), "1:a\nb|c\nd 4:e ");
	check(STR_LIT("\"\n\"\n\"\n\"\n"), "1:\n 3:\n ");
	check(STR_LIT("\"a\r\"\rb"), "1:a\r 3:b ");
}

static void loses_the_damaged_line_alone(void **state)
{
	(void)state;
	/* A quote inside a field without quotes. */
	check(STR_LIT("a,b\"c\nd,e\n"), "1! 2:d|e ");
	check(STR_LIT("a\"\nb"), "1! 2:b ");
	check(STR_LIT("a\""), "1! ");
	/* Text behind a closing quote, a blank too. */
	check(STR_LIT("\"a\"b,c\nd\n"), "1! 2:d ");
	check(STR_LIT("\"a\" ,c\nd\n"), "1! 2:d ");
	/* Never closed: the next quote is where it is noticed. */
	check(STR_LIT("a,\"b\nc,d\ne,\"f\"\ng,h\n"), "1! 2:c|d 3:e|f 4:g|h ");
	/* The first field spans two lines and is sound, the second is not. */
	check(STR_LIT("\"a\nb\",\"c\nd\"e\nf\n"), "1! 3! 4:f ");
	check(STR_LIT("x\n\"a\"b\r\n\r\ny\r\n"), "1:x 2! 4:y ");
}

static void names_the_line_of_an_unclosed_quote(void **state)
{
	(void)state;
	check(STR_LIT("\""), "1? ");
	check(STR_LIT("a,b\nc,\"d\ne,f\n"), "1:a|b 2? ");
	check(STR_LIT("\"a\nb\",\"c\nd\n"), "2? ");
	check(STR_LIT("\"a\"\"\n"), "1? ");
	check(STR_LIT("a\n\n\"\r\n\r\n"), "1:a 3? ");
}

static void keeps_the_limits(void **state)
{
	(void)state;
	check(STR_LIT("12345678901234567890,x\n"), "1:12345678901234567890|x ");
	check(STR_LIT("123456789012345678901,x\ny\n"), "1! 2:y ");
	check(STR_LIT("\"1234567890\n1234567890\"\ny\n"), "1! 3:y ");
	/* Forty bytes, then one more. */
	check(STR_LIT("1234567890123456789,12345678901234567890\n"),
	      "1:1234567890123456789|12345678901234567890 ");
	check(STR_LIT("12345678901234567890,12345678901234567890\ny"),
	      "1! 2:y ");
}

static void separates_as_the_first_line_does(void **state)
{
	(void)state;
	check(STR_LIT("a;b\n1,5;2\n"), "1:a|b 2:1,5|2 ");
	check(STR_LIT("a\tb\nc;d\te,f\n"), "1:a|b 2:c;d|e,f ");
	check(STR_LIT("\xef\xbb\xbf"
	              "a;b\n"),
	      "1:a|b ");
	/* A comma goes before the others, a semicolon before a tab. */
	check(STR_LIT("a;b,c\nd;e,f\n"), "1:a;b|c 2:d;e|f ");
	check(STR_LIT("a\tb;c\n"), "1:a\tb|c ");
	/* What stands in quotes separates nothing. */
	check(STR_LIT("\"a,b\";\"c\"\"\"\nd,e;f\n"), "1:a,b|c\" 2:d,e|f ");
	/* The first line that has any: a banner has none. */
	check(STR_LIT("v7\r\n\r\na;b\r\nc;d,e"), "1:v7 3:a|b 4:c|d,e ");
	check(STR_LIT(";;\na;b,c\n"), "2:a|b,c ");
	/* Also behind a damaged line. */
	check(STR_LIT("a;b\nc\"d;e\nf;g,h\n"), "1:a|b 2! 3:f|g,h ");
}

static void separates_as_a_sep_line_says(void **state)
{
	(void)state;
	check(STR_LIT("sep=;\r\na,b;c\r\n"), "2:a,b|c ");
	check(STR_LIT("sep=,\na;b,c\n"), "2:a;b|c ");
	check(STR_LIT("SEP=\t\ra,b\tc"), "2:a,b|c ");
	check(STR_LIT("\xef\xbb\xbfsep=;\na,b;c\n"), "2:a,b|c ");
	check(STR_LIT("sep=;"), "");
	/* None of them. */
	check(STR_LIT("sep="), "1:sep= ");
	check(STR_LIT("sep=|\na,b\n"), "1:sep=| 2:a|b ");
	check(STR_LIT("sep=;x\na;b\n"), "1:sep=|x 2:a|b ");
	check(STR_LIT("\nsep=;\na,b\n"), "2:sep=| 3:a,b ");
}

static void says_where_the_text_ends_without_a_line_end(void **state)
{
	static const struct {
		const char *text;
		bool unended;
	} rows[] = {
		{ "a,b", true },        { "a,b\n", false }, { "a,\"b\"", true },
		{ "a,\"b\"\r", false }, { "a", true },      { "a\n\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct csv_reader *r =
			csv_reader_new(str_of(rows[i].text), limits);
		struct csv_record record;

		assert_int_equal(csv_reader_next(r, &record), CSV_RECORD);
		assert_int_equal(record.unended, rows[i].unended);
		csv_reader_free(&r);
	}
}

static void counts_fields(void **state)
{
	char text[256] = "";
	struct csv_record record;
	struct csv_reader *r;

	(void)state;
	memset(text, ',', CSV_FIELDS_MAX);
	text[0] = 'x';
	text[CSV_FIELDS_MAX] = '\n';
	memset(text + CSV_FIELDS_MAX + 1, ',', CSV_FIELDS_MAX);
	r = csv_reader_new(str_of(text), (struct csv_limits){ 100, 100 });
	assert_int_equal(csv_reader_next(r, &record), CSV_RECORD);
	assert_null(record.damage);
	assert_int_equal(record.count, CSV_FIELDS_MAX);
	assert_int_equal(csv_reader_next(r, &record), CSV_RECORD);
	assert_non_null(record.damage);
	csv_reader_free(&r);
}

static void gives_the_raw_record(void **state)
{
	static const char text[] = "\xef\xbb\xbf"
				   "\r\na,\"b\r\n\0c\"\r\n\r\nd\"e\r\nf";
	struct csv_reader *r =
		csv_reader_new((struct str){ text, sizeof(text) - 1 }, limits);
	struct csv_record record;

	(void)state;
	assert_int_equal(csv_reader_next(r, &record), CSV_RECORD);
	assert_true(str_eq(record.raw, STR_LIT("a,\"b\r\n\0c\"")));
	assert_true(str_eq(record.fields[1], STR_LIT("b\r\n\0c")));
	assert_ptr_equal(record.raw.p, text + 5);
	assert_int_equal(csv_reader_next(r, &record), CSV_RECORD);
	assert_string_equal(record.damage,
	                    "there is a quote in a field without quotes on "
	                    "line 5; such a field is put in quotes");
	assert_true(str_is(record.raw, "d\"e"));
	assert_int_equal(csv_reader_next(r, &record), CSV_RECORD);
	assert_true(str_is(record.raw, "f"));
	assert_int_equal(record.line, 6);
	csv_reader_free(&r);
	csv_reader_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_line_end),
		cmocka_unit_test(skips_blank_lines_and_counts_them),
		cmocka_unit_test(keeps_fields_byte_for_byte),
		cmocka_unit_test(reads_records_over_several_lines),
		cmocka_unit_test(loses_the_damaged_line_alone),
		cmocka_unit_test(names_the_line_of_an_unclosed_quote),
		cmocka_unit_test(keeps_the_limits),
		cmocka_unit_test(separates_as_the_first_line_does),
		cmocka_unit_test(separates_as_a_sep_line_says),
		cmocka_unit_test(says_where_the_text_ends_without_a_line_end),
		cmocka_unit_test(counts_fields),
		cmocka_unit_test(gives_the_raw_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

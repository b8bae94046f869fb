/* Views: comparing, cutting and the few formats that are checked everywhere. */
#include "common/base/str.h"

#include <string.h>

struct str str_of(const char *s)
{
	return (struct str){ s, strlen(s) };
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(struct str a, const char *s)
{
	return str_eq(a, str_of(s));
}

bool str_starts(struct str a, const char *prefix)
{
	const size_t n = strlen(prefix);

	return a.n >= n && str_eq((struct str){ a.p, n }, str_of(prefix));
}

bool str_ends(struct str a, const char *suffix)
{
	const size_t n = strlen(suffix);

	return n == 0 || (a.n >= n && memcmp(a.p + (a.n - n), suffix, n) == 0);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str a)
{
	while (a.n > 0 && is_blank(a.p[0])) {
		a.p++;
		a.n--;
	}
	while (a.n > 0 && is_blank(a.p[a.n - 1]))
		a.n--;
	return a;
}

bool str_cut(struct str *rest, char sep, struct str *head)
{
	if (rest->p == NULL)
		return false;

	const char *at = memchr(rest->p, sep, rest->n);
	if (at == NULL) {
		*head = *rest;
		*rest = (struct str){ NULL, 0 };
		return true;
	}
	*head = (struct str){ rest->p, (size_t)(at - rest->p) };
	*rest = (struct str){ at + 1, rest->n - head->n - 1 };
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Counts downwards, since INT64_MIN has no positive counterpart. */
int str_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool str_to_int64(struct str a, int64_t min, int64_t max, int64_t *out_r)
{
	const bool negative = a.n > 0 && a.p[0] == '-';
	const size_t first = negative ? 1 : 0;
	int64_t value = 0;

	if (a.n == first)
		return false;
	for (size_t i = first; i < a.n; i++) {
		if (!is_digit(a.p[i]) ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, a.p[i] - '0', &value))
			return false;
	}
	if (!negative && __builtin_sub_overflow(0, value, &value))
		return false;
	if (value < min || value > max)
		return false;
	*out_r = value;
	return true;
}

static int days_of_month(int64_t year, int64_t month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
		                    31, 31, 30, 31, 30, 31 };
	const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

bool str_is_date(struct str a)
{
	int64_t year;
	int64_t month;
	int64_t day;

	return a.n == 10 && a.p[4] == '-' && a.p[7] == '-' &&
	       str_to_int64((struct str){ a.p, 4 }, 1, 9999, &year) &&
	       str_to_int64((struct str){ a.p + 5, 2 }, 1, 12, &month) &&
	       str_to_int64((struct str){ a.p + 8, 2 }, 1,
	                    days_of_month(year, month), &day);
}

/*
 * The well-formed UTF-8 sequences (Unicode, table 3-7) by their first byte,
 * without NUL. Bytes after the second are always 80..BF.
 */
static const struct utf8_form {
	unsigned char first_min, first_max;
	unsigned char second_min, second_max;
	size_t len;
} utf8_forms[] = {
	{ 0x01, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static bool utf8_fits(const struct utf8_form *form, const unsigned char *p,
                      size_t n)
{
	if (p[0] < form->first_min || p[0] > form->first_max || n < form->len)
		return false;
	if (form->len > 1 &&
	    (p[1] < form->second_min || p[1] > form->second_max))
		return false;
	for (size_t i = 2; i < form->len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return false;
	}
	return true;
}

size_t str_utf8_len(struct str a)
{
	const unsigned char *p = (const unsigned char *)a.p;

	for (size_t i = 0; a.n > 0 && i < ARRAY_LEN(utf8_forms); i++) {
		if (utf8_fits(&utf8_forms[i], p, a.n))
			return utf8_forms[i].len;
	}
	return 0;
}

bool str_is_utf8(struct str a)
{
	while (a.n > 0) {
		const size_t len = str_utf8_len(a);
		if (len == 0)
			return false;
		a.p += len;
		a.n -= len;
	}
	return true;
}

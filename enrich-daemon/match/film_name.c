/*
 * Names are folded by utf8proc (NFKD, case) and then letter by letter here:
 * Latin marks go, letters that do not decompose (ø, ł, æ) are written out,
 * everything that is neither letter nor digit becomes a blank. Marks of other
 * scripts stay: without them Japanese and Indian names would collide.
 */
#include "enrich-daemon/match/film_name.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "common/base/attr.h"
#include "common/base/buf.h"
#include "common/base/str.h"

#define WORDS_MAX 64

struct words {
	struct str items[WORDS_MAX];
	size_t count;
};

/* --- characters ----------------------------------------------------------- */

static bool is_combining(utf8proc_int32_t c)
{
	return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1AB0 && c <= 0x1AFF) ||
	       (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) ||
	       (c >= 0xFE20 && c <= 0xFE2F);
}

static bool is_apostrophe(utf8proc_int32_t c)
{
	return c == '\'' || c == 0x2018 || c == 0x2019 || c == 0x02BC ||
	       c == 0x02B9 || c == 0x02BB || c == 0x02BE || c == 0x02BF;
}

#define CATEGORY(name) (1U << UTF8PROC_CATEGORY_##name)

static bool is_any(utf8proc_int32_t c, unsigned int categories)
{
	return ((1U << utf8proc_category(c)) & categories) != 0;
}

static bool is_word(utf8proc_int32_t c)
{
	return is_any(c, CATEGORY(LU) | CATEGORY(LL) | CATEGORY(LT) |
	                         CATEGORY(LM) | CATEGORY(LO) | CATEGORY(MN) |
	                         CATEGORY(MC) | CATEGORY(ND) | CATEGORY(NL) |
	                         CATEGORY(NO));
}

static bool is_invisible(utf8proc_int32_t c)
{
	return is_any(c, CATEGORY(CF) | CATEGORY(CN));
}

static bool is_blank(utf8proc_int32_t c)
{
	return is_any(c, CATEGORY(ZS) | CATEGORY(ZL) | CATEGORY(ZP) |
	                         CATEGORY(CC));
}

/* The character at *at, which moves behind it; 0 at the end. */
static utf8proc_int32_t next_char(const char **at)
{
	utf8proc_int32_t c;
	const utf8proc_ssize_t n =
		utf8proc_iterate((const utf8proc_uint8_t *)*at, -1, &c);

	if (n <= 0 || c <= 0)
		return 0;
	*at += n;
	return c;
}

static void add_char(struct buf *out, utf8proc_int32_t c)
{
	utf8proc_uint8_t bytes[4];
	const utf8proc_ssize_t n = utf8proc_encode_char(c, bytes);

	if (n > 0)
		buf_add(out, bytes, (size_t)n);
}

/* One blank, but none at the beginning and no second. */
static void add_blank(struct buf *out)
{
	if (out->len > 0 && out->data[out->len - 1] != ' ')
		buf_add_char(out, ' ');
}

static const char *finish(struct arena *arena, struct buf *b)
{
	if (b->len > 0 && b->data[b->len - 1] == ' ')
		b->len--;
	const char *text = arena_strndup(arena, b->data, b->len);
	buf_deinit(b);
	return text;
}

static void begin(struct buf *b)
{
	buf_init(b, (size_t)16 * FILM_NAME_MAX);
}

/* --- text, caseless and plain --------------------------------------------- */

static const char *clean_text(struct arena *arena, const char *raw)
{
	struct buf b;
	utf8proc_uint8_t *nfc = NULL;
	struct str cut = { raw, strnlen(raw, FILM_NAME_MAX + 1) };

	if (cut.n > FILM_NAME_MAX) {
		cut.n = FILM_NAME_MAX;
		while (cut.n > 0 && ((unsigned char)raw[cut.n] & 0xC0) == 0x80)
			cut.n--;
	}
	if (utf8proc_map((const utf8proc_uint8_t *)cut.p,
	                 (utf8proc_ssize_t)cut.n, &nfc,
	                 UTF8PROC_STABLE | UTF8PROC_COMPOSE) < 0)
		return "";

	begin(&b);
	const char *at = (const char *)nfc;
	for (utf8proc_int32_t c; (c = next_char(&at)) != 0;) {
		if (is_blank(c))
			add_blank(&b);
		else if (!is_invisible(c))
			add_char(&b, c);
	}
	free(nfc);
	return finish(arena, &b);
}

static const char *make_caseless(struct arena *arena, const char *text)
{
	utf8proc_uint8_t *folded = NULL;

	if (utf8proc_map((const utf8proc_uint8_t *)text, 0, &folded,
	                 UTF8PROC_NULLTERM | UTF8PROC_STABLE |
	                         UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD) < 0)
		return text;
	const char *caseless = arena_strdup(arena, (const char *)folded);
	free(folded);
	return caseless;
}

static const char *make_plain(struct arena *arena, const char *text)
{
	struct buf b;

	begin(&b);
	for (utf8proc_int32_t c; (c = next_char(&text)) != 0;) {
		if (c == '&') {
			add_blank(&b);
			buf_add_str(&b, "and ");
		} else if (is_word(c) || is_apostrophe(c)) {
			add_char(&b, c);
		} else {
			add_blank(&b);
		}
	}
	return finish(arena, &b);
}

/* --- spaced and squashed -------------------------------------------------- */

/* Letters that do not decompose, and signs that are read as words. */
static const struct spelling {
	utf8proc_int32_t c;
	const char *as;
} spellings[] = {
	{ 0x00E6, "ae" },                             /* æ */
	{ 0x00F0, "d" },                              /* ð */
	{ 0x00F8, "o" },                              /* ø */
	{ 0x00FE, "th" },                             /* þ */
	{ 0x0111, "d" },                              /* đ */
	{ 0x0127, "h" },                              /* ħ */
	{ 0x0131, "i" },                              /* ı */
	{ 0x0142, "l" },                              /* ł */
	{ 0x0153, "oe" },                             /* œ */
	{ 0x0167, "t" },                              /* ŧ */
	{ '&', " and " },      { 0x2665, " heart " }, /* ♥ */
	{ 0x2764, " heart " },                        /* ❤ */
};

static const char *spelling_of(utf8proc_int32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++)
		if (spellings[i].c == c)
			return spellings[i].as;
	return NULL;
}

static void add_spelling(struct buf *out, const char *as)
{
	for (; *as != '\0'; as++) {
		if (*as == ' ')
			add_blank(out);
		else
			buf_add_char(out, *as);
	}
}

/* The elided article of "L'Avventura" is a word, other apostrophes are not. */
static void add_apostrophe(struct buf *out)
{
	const size_t n = out->len;

	if (n > 0 && (out->data[n - 1] == 'l' || out->data[n - 1] == 'd') &&
	    (n == 1 || out->data[n - 2] == ' '))
		buf_add_char(out, ' ');
}

/* "Romeo + Juliet", but not "C+". */
static bool is_plus_word(const struct buf *out, utf8proc_int32_t c,
                         const char *rest)
{
	return c == '+' && *rest == ' ' && out->len > 0 &&
	       out->data[out->len - 1] == ' ';
}

/* NFKD would write out these signs as letters. */
static utf8proc_int32_t drop_signs_cb(utf8proc_int32_t c, void *arg)
{
	(void)arg;
	return c == 0x2120 || c == 0x2122 ? ' ' : c;
}

static const char *make_spaced(struct arena *arena, const char *text)
{
	struct buf b;
	utf8proc_uint8_t *folded = NULL;

	if (utf8proc_map_custom((const utf8proc_uint8_t *)text, 0, &folded,
	                        UTF8PROC_NULLTERM | UTF8PROC_STABLE |
	                                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
	                                UTF8PROC_CASEFOLD,
	                        drop_signs_cb, NULL) < 0)
		return "";

	begin(&b);
	const char *at = (const char *)folded;
	for (utf8proc_int32_t c; (c = next_char(&at)) != 0;) {
		const char *as = spelling_of(c);

		if (as != NULL)
			add_spelling(&b, as);
		else if (is_plus_word(&b, c, at))
			add_spelling(&b, "and ");
		else if (is_apostrophe(c))
			add_apostrophe(&b);
		else if (is_combining(c))
			continue;
		else if (is_word(c))
			add_char(&b, c);
		else
			add_blank(&b);
	}
	free(folded);
	return finish(arena, &b);
}

static const char *make_squashed(struct arena *arena, const char *spaced)
{
	struct buf b;

	begin(&b);
	for (; *spaced != '\0'; spaced++)
		if (*spaced != ' ')
			buf_add_char(&b, *spaced);
	return finish(arena, &b);
}

static void split_words(const char *spaced, struct words *out)
{
	struct str rest = str_of(spaced), word;

	out->count = 0;
	while (out->count < WORDS_MAX && str_cut(&rest, ' ', &word))
		if (word.n > 0)
			out->items[out->count++] = word;
}

/* --- loose ---------------------------------------------------------------- */

static bool is_one_of(struct str word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(word, list[i]))
			return true;
	return false;
}
#define IS_ONE_OF(word, list) is_one_of((word), (list), ARRAY_LEN(list))

/* The index in these is the number. */
static const char *const number_words[] = {
	"zero",     "one",      "two",      "three",   "four",    "five",
	"six",      "seven",    "eight",    "nine",    "ten",     "eleven",
	"twelve",   "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
	"eighteen", "nineteen", "twenty"
};
static const char *const roman[] = { "",   "i",   "ii",   "iii",   "iv",
	                             "v",  "vi",  "vii",  "viii",  "ix",
	                             "x",  "xi",  "xii",  "xiii",  "xiv",
	                             "xv", "xvi", "xvii", "xviii", "xix",
	                             "xx" };
static const char *const counters[] = { "part",    "pt",      "vol", "volume",
	                                "chapter", "episode", "ep" };
static const char *const articles[] = { "the", "a", "an" };
/* As the first word only: elsewhere they are too often something else. */
static const char *const foreign_articles[] = { "le", "la", "les", "l",
	                                        "il", "el", "der", "das" };

static int index_in(struct str word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(word, list[i]))
			return (int)i;
	return -1;
}

/* "Chapter 27" begins with a word like any other. */
static bool is_counter(struct str word, bool first)
{
	return !first && IS_ONE_OF(word, counters);
}

/* The number that the word stands for, or -1. */
static int number_of(const struct words *w, size_t i)
{
	const int spelled =
		index_in(w->items[i], number_words, ARRAY_LEN(number_words));

	if (spelled >= 0)
		return spelled;
	/* "I, Robot" and "X" are no numbers, "Rocky V" and "Part I" are. */
	if (i == 0 ||
	    (str_is(w->items[i], "i") && !is_counter(w->items[i - 1], i == 1)))
		return -1;
	return index_in(w->items[i], roman, ARRAY_LEN(roman));
}

static bool is_number(const struct words *w, size_t i)
{
	return i < w->count &&
	       (number_of(w, i) >= 0 ||
	        (w->items[i].p[0] >= '0' && w->items[i].p[0] <= '9'));
}

/* "Plan A" and "Class of the" keep their last word. */
static bool is_article(const struct words *w, size_t i)
{
	if (i + 1 >= w->count)
		return false;
	return IS_ONE_OF(w->items[i], articles) ||
	       (i == 0 && IS_ONE_OF(w->items[i], foreign_articles));
}

static const char *make_loose(struct arena *arena, const char *spaced)
{
	struct words w;
	struct buf b;

	split_words(spaced, &w);
	begin(&b);
	for (size_t i = 0; i < w.count; i++) {
		const int number = number_of(&w, i);

		if (is_article(&w, i) || (i > 0 && str_is(w.items[i], "and")) ||
		    (is_counter(w.items[i], i == 0) && is_number(&w, i + 1)))
			continue;
		if (number >= 0)
			buf_printf(&b, "%d", number);
		else
			buf_add(&b, w.items[i].p, w.items[i].n);
	}
	return finish(arena, &b);
}

/* --- subtitles ------------------------------------------------------------ */

static const struct separator {
	const char *mark;
	bool colon;
} separators[] = {
	{ ": ", true },
	{ " - ", false },
	{ " \xE2\x80\x93 ", false },
	{ " \xE2\x80\x94 ", false },
	{ " or (", false },
	{ " (", false },
};

static const struct separator *separator_at(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(separators); i++)
		if (strncmp(text, separators[i].mark,
		            strlen(separators[i].mark)) == 0)
			return &separators[i];
	return NULL;
}

/* "Episode 2", "7": the name of what nobody named. */
static bool is_count(const char *spaced)
{
	struct words w;

	split_words(spaced, &w);
	return (w.count == 1 && is_number(&w, 0)) ||
	       (w.count == 2 && IS_ONE_OF(w.items[0], counters) &&
	        is_number(&w, 1));
}

static const char *loose_of(struct arena *arena, const char *text)
{
	return make_loose(arena, make_spaced(arena, text));
}

static void find_splits(struct arena *arena, struct film_name *name)
{
	const char *at = name->text;

	while (*at != '\0' && name->split_count < FILM_NAME_SPLITS_MAX) {
		const struct separator *s = separator_at(at);

		if (s == NULL || at == name->text) {
			at++;
			continue;
		}
		const char *tail = at + strlen(s->mark);
		const char *head = arena_strndup(arena, name->text,
		                                 (size_t)(at - name->text));
		name->splits[name->split_count++] = (struct film_name_split){
			.head = head,
			.head_loose = loose_of(arena, head),
			.tail_loose = loose_of(arena, tail),
			.colon = s->colon,
			.counts = is_count(make_spaced(arena, tail)),
		};
		at = tail;
	}
}

/* --- the name ------------------------------------------------------------- */

/* Catalogues sort "The Kid" as "Kid, The". */
static const char *unsorted(struct arena *arena, const char *text)
{
	const char *comma = strrchr(text, ',');
	const char *semicolon = strrchr(text, ';');

	if (comma == NULL || (semicolon != NULL && semicolon > comma))
		comma = semicolon;
	if (comma == NULL)
		return text;
	const char *last = make_spaced(arena, comma + 1);
	if (!IS_ONE_OF(str_of(last), articles) &&
	    !IS_ONE_OF(str_of(last), foreign_articles))
		return text;
	return arena_printf(arena, "%s %.*s", last, (int)(comma - text), text);
}

static size_t count_chars(const char *text)
{
	size_t n = 0;

	while (next_char(&text) != 0)
		n++;
	return n;
}

const struct film_name *film_name_new(struct arena *arena, const char *text)
{
	struct film_name *name = arena_alloc(arena, sizeof(*name));

	name->text = clean_text(arena, text);
	name->caseless = make_caseless(arena, name->text);
	name->plain = make_plain(arena, name->text);
	name->spaced = make_spaced(arena, unsorted(arena, name->text));
	name->squashed = make_squashed(arena, name->spaced);
	name->loose = make_loose(arena, name->spaced);
	if (*name->loose == '\0')
		name->loose = name->squashed;
	name->letters = count_chars(name->squashed);
	find_splits(arena, name);
	return name;
}

const struct film_name_split *film_name_colon(const struct film_name *name)
{
	for (int i = 0; i < name->split_count; i++)
		if (name->splits[i].colon)
			return &name->splits[i];
	return NULL;
}

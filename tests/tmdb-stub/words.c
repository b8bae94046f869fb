/* A name as search sees it. */

#include "tests/tmdb-stub/words.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "common/base/mem.h"

static char *fold(const char *name)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t n =
		utf8proc_map((const utf8proc_uint8_t *)name, 0, &folded,
	                     UTF8PROC_NULLTERM | UTF8PROC_STABLE |
	                             UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
	                             UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);

	if (n < 0)
		return xstrdup("");
	return (char *)folded;
}

static int is_word_byte(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
}

void words_init(struct words *w, const char *name)
{
	char *p;

	w->text = fold(name);
	w->count = 0;
	p = w->text;
	while (*p != '\0' && w->count < WORDS_MAX) {
		while (*p != '\0' && !is_word_byte((unsigned char)*p))
			*p++ = '\0';
		if (*p == '\0')
			break;
		w->word[w->count++] = p;
		while (*p != '\0' &&
		       (is_word_byte((unsigned char)*p) || *p == '\''))
			p++;
	}
	if (*p != '\0')
		*p = '\0';
}

void words_deinit(struct words *w)
{
	free(w->text);
	w->text = NULL;
	w->count = 0;
}

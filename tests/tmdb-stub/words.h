#ifndef TESTS_TMDB_STUB_WORDS_H
#define TESTS_TMDB_STUB_WORDS_H

#define WORDS_MAX 32

/* The words of a name, folded: no case, no marks, letters and digits only. */
struct words {
	char *text; /* owns the memory of all words */
	const char *word[WORDS_MAX];
	int count;
};

void words_init(struct words *w, const char *name);
void words_deinit(struct words *w);

#endif

#ifndef TESTS_UNIT_LOOKUP_SCRIPT_H
#define TESTS_UNIT_LOOKUP_SCRIPT_H

#include <stdint.h>
#include <string.h>

#include "enrich-daemon/match/lookup.h"
#include "tests/unit/arena_fixture.h"

/*
 * Lookups, call by call. Each test is a script: the call that must come next,
 * and what TMDB says to it. After cmocka.h.
 */
#define END       "&include_adult=true&language=en-US"
#define FILM_END  "?append_to_response=credits,keywords,release_dates"
#define NAMES_END ",alternative_titles,translations"
#define TV_END                                                                 \
	"?append_to_response=aggregate_credits,keywords,content_ratings,"      \
	"external_ids"
#define LANGUAGE "&language=en-US"
#define PROOF    "/3/configuration"
#define NOTHING  "{\"page\":1,\"results\":[],\"total_pages\":1}"
/* A search, and all three for a film or series of that year, in vain. */
#define IN_VAIN(search)                                                        \
	{                                                                      \
		"/3/search/" search END, 200, NOTHING                          \
	}
#define UNKNOWN(name, year)                                                    \
	IN_VAIN("movie?query=" name "&year=" year),                            \
		IN_VAIN("movie?query=" name),                                  \
		IN_VAIN("tv?query=" name "&first_air_date_year=" year)
/* TMDB's words for a title that it has no more, with status 404. */
#define GONE                                                                   \
	"{\"success\":false,\"status_code\":34,\"status_message\":"            \
	"\"The resource you requested could not be found.\"}"
/* In the answer of a season. */
#define EPISODE(id, season, number, name, date)                                \
	"{\"id\":" id ",\"season_number\":" season                             \
	",\"episode_number\":" number ",\"name\":\"" name                      \
	"\",\"air_date\":\"" date "\",\"vote_count\":90}"

struct exchange {
	const char *call;
	int status; /* 0: the end of the script */
	const char *body;
};

static inline const struct lookup_verdict *play(struct lookup *l,
                                                const struct exchange *script)
{
	enum title_kind kind;
	int64_t id;
	int calls = 0;

	for (; script->status != 0; script++, calls++) {
		struct error err = { "" };
		const char *call = lookup_wants(l, &kind, &id);

		assert_null(lookup_verdict(l));
		assert_non_null(call);
		assert_string_equal(call, script->call);
		const char *body = script->body != NULL ? script->body : "";
		if (!lookup_answer(l, script->status, body, strlen(body), &err))
			fail_msg("%s: %s", call, err.message);
	}
	assert_null(lookup_wants(l, &kind, &id));
	assert_int_equal(id, 0);
	const struct lookup_verdict *v = lookup_verdict(l);
	assert_non_null(v);
	assert_int_equal(v->calls, calls);
	return v;
}

static inline const struct lookup_verdict *
play_film(struct arena *arena, const char *title, int year,
          const struct exchange *script)
{
	const struct lookup_film film = { .title = title, .year = year };

	return play(lookup_new(arena, &film), script);
}

static inline void assert_matched(const struct lookup_verdict *v,
                                  enum title_kind kind, int64_t id,
                                  const char *method, const char *confidence)
{
	assert_int_equal(v->state, LOOKUP_MATCHED);
	assert_int_equal(v->title->kind, kind);
	assert_int_equal(v->title->id, id);
	assert_string_equal(v->method, method);
	assert_string_equal(v->confidence, confidence);
}

static inline void assert_none(const struct lookup_verdict *v,
                               enum lookup_state state)
{
	assert_int_equal(v->state, state);
	assert_string_equal(v->method, "");
	assert_null(v->confidence);
	assert_null(v->title);
	assert_null(v->raw);
}

#endif

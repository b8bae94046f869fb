#ifndef ENRICH_DAEMON_CLIENT_BREAKER_H
#define ENRICH_DAEMON_CLIENT_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "common/base/backoff.h"

/*
 * The circuit breaker before TMDB: may TMDB be called now? It learns from the
 * answers. Pure: the caller says what time it is, and shows the state.
 *
 *	CLOSED (calls pass) --429, 503, many faults in a row--> OPEN (a pause)
 *	CLOSED --no call could be made--> OPEN, for this daemon alone
 *	CLOSED --401, 403--> TOKEN_REFUSED (a pause of seconds to a minute)
 *	OPEN, TOKEN_REFUSED --the pause is over--> HALF_OPEN
 *	HALF_OPEN (one call at a time) --a good answer--> CLOSED, else as
 *		from CLOSED
 */
enum breaker_state {
	BREAKER_CLOSED,
	BREAKER_HALF_OPEN,
	BREAKER_OPEN,
	BREAKER_TOKEN_REFUSED,
	BREAKER_STATES
};

enum breaker_answer {
	ANSWER_GOOD,  /* what was asked for, or that it cannot be asked so */
	ANSWER_FAULT, /* 5xx, timeout, reset, nonsense */
	ANSWER_THROTTLED, /* 429 */
	ANSWER_OFFLINE,   /* 503 */
	ANSWER_UNMADE,    /* none: we had not what a call takes */
	ANSWER_REJECTED   /* 401, 403: the token is not accepted */
};

struct breaker {
	enum breaker_state state;
	int64_t until_ms; /* OPEN, TOKEN_REFUSED */
	int faults;       /* in a row */
	bool well;        /* the last answer was good */
	struct backoff backoff;
	struct backoff refusals; /* in a row */
	int trials;              /* since it was closed */
	int64_t trial_ms;        /* when the last one began */
};

void breaker_init(struct breaker *b);
/* With in_flight calls under way, may one more be made? */
bool breaker_admits(struct breaker *b, int64_t now_ms,
                    int in_flight) MUST_CHECK;
/*
 * An answer came; retry_after_ms as the server said it, or -1. Gives the pause
 * that all daemons should make in milliseconds, 0 for none.
 */
int64_t breaker_learn(struct breaker *b, enum breaker_answer answer,
                      int64_t retry_after_ms, int64_t now_ms) MUST_CHECK;
/* How long the call just admitted may take in milliseconds; 0: as any. */
int64_t breaker_call_limit(const struct breaker *b) MUST_CHECK;
/* The token has just been refused, for the first time since a good answer. */
bool breaker_token_refused_now(const struct breaker *b) MUST_CHECK;
/* There may be another token: TOKEN_REFUSED ends. */
void breaker_retry(struct breaker *b);
/* Milliseconds until a call may be made again; 0: now. */
int64_t breaker_open_for(const struct breaker *b, int64_t now_ms) MUST_CHECK;
const char *breaker_state_name(enum breaker_state state);

#endif
